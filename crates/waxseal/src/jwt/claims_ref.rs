//! The claims of a checked token, borrowed from its text.

use super::claims::{Audiences, Dates, Slots};
use crate::NumericDate;
use crate::json::{self, JsonStr, Value, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The registered claims of a token that passed every check, as they stand in its text: nothing is copied.
///
/// Texts are borrowed unless they contain escapes. Other claims are looked up by name; for many of them a
/// type of one's own is quicker.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, Scratch, SecretKey, Signer, Verifier};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// let token = signer.token(now).subject("alice").claims(&serde_json::json!({"level": 3})).sign()?;
///
/// let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let mut scratch = Scratch::new();
/// let claims = verifier.verify_claims(&token, now, &mut scratch)?;
/// assert_eq!(claims.sub().as_deref(), Some("alice"));
/// assert!(claims.aud().contains("api"));
/// assert_eq!(claims.find("level"), Some("3"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ClaimsRef<'c> {
    payload: &'c str,
    iss: Option<JsonStr<'c>>,
    sub: Option<JsonStr<'c>>,
    jti: Option<JsonStr<'c>>,
    aud: Audiences<'c>,
    dates: Dates,
}

impl<'c> ClaimsRef<'c> {
    #[inline]
    pub(super) fn new(payload: &'c str, slots: &Slots<'c>, dates: Dates) -> Self {
        Self {
            payload,
            iss: slots.iss.and_then(Value::as_str),
            sub: slots.sub.and_then(Value::as_str),
            jti: slots.jti.and_then(Value::as_str),
            aud: slots.aud.and_then(Audiences::read).unwrap_or_default(),
            dates,
        }
    }

    /// Reads claims that were checked before; nothing in them can be wrong any more.
    pub(super) fn read(payload: &'c str) -> Self {
        let mut slots = Slots::default();
        let scanned = json::scan_object(payload, crate::Limits::MAX_DEPTH, &mut slots);
        let dates = if scanned.is_ok() { Dates::read(&slots) } else { Dates::default() };
        Self::new(payload, &slots, dates)
    }

    /// `iss`: who made the token.
    #[must_use]
    pub fn iss(&self) -> Option<Cow<'c, str>> {
        self.iss.map(JsonStr::decode)
    }

    /// `sub`: whom it is about.
    #[must_use]
    pub fn sub(&self) -> Option<Cow<'c, str>> {
        self.sub.map(JsonStr::decode)
    }

    /// `jti`: its id.
    #[must_use]
    pub fn jti(&self) -> Option<Cow<'c, str>> {
        self.jti.map(JsonStr::decode)
    }

    /// `aud`: whom it is for.
    #[must_use]
    pub fn aud(&self) -> Audiences<'c> {
        self.aud
    }

    /// `exp`: from this second on it is no longer valid.
    #[must_use]
    pub fn exp(&self) -> Option<NumericDate> {
        self.dates.exp
    }

    /// `nbf`: before this second it is not valid yet.
    #[must_use]
    pub fn nbf(&self) -> Option<NumericDate> {
        self.dates.nbf
    }

    /// `iat`: when it was made.
    #[must_use]
    pub fn iat(&self) -> Option<NumericDate> {
        self.dates.iat
    }

    /// The claim called `name` as JSON text; reads all claims again.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'c str> {
        self.value(name).map(|value| value.raw)
    }

    /// The claim called `name` if it is a text; reads all claims again.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'c, str>> {
        self.value(name).and_then(Value::as_str).map(JsonStr::decode)
    }

    /// All claims as the JSON text that was signed.
    #[must_use]
    pub fn payload(&self) -> &'c str {
        self.payload
    }

    fn value(&self, name: &str) -> Option<Value<'c>> {
        let mut find = Find { name, found: None };
        // Scanned before, so nothing in it can be wrong any more.
        json::scan_object(self.payload, crate::Limits::MAX_DEPTH, &mut find).ok()?;
        find.found
    }
}

struct Find<'n, 'c> {
    name: &'n str,
    found: Option<Value<'c>>,
}

impl<'c> Visitor<'c> for Find<'_, 'c> {
    fn member(&mut self, name: JsonStr<'c>, value: Value<'c>) {
        if name.is(self.name) {
            self.found = Some(value);
        }
    }
}

impl fmt::Debug for ClaimsRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClaimsRef").field(&self.payload).finish()
    }
}
