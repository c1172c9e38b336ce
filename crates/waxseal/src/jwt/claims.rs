//! The registered claims (RFC 7519 §4.1) as one scan finds them.

use super::Wanted;
use crate::NumericDate;
use crate::json::{self, JsonStr, Kind, Value, Visitor};
use std::borrow::Cow;

/// The registered claims of a verified token.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, SecretKey, Signer, Verifier};
///
/// # let key = SecretKey::generate(Algorithm::Hs256)?;
/// # let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// # let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// # let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let token = signer.token(now).subject("alice").id("7f3a").sign()?;
/// let verified = verifier.verify::<serde_json::Value>(&token, now)?;
/// let registered = verified.registered();
/// assert_eq!((registered.sub.as_deref(), registered.jti.as_deref()), (Some("alice"), Some("7f3a")));
/// assert_eq!((registered.aud.as_slice(), registered.iat), (&["api".to_owned()][..], Some(now)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct RegisteredClaims {
    /// `iss`: who made the token.
    pub iss: Option<String>,
    /// `sub`: whom it is about.
    pub sub: Option<String>,
    /// `aud`: whom it is for; a single text counts as a list of one.
    pub aud: Vec<String>,
    /// `exp`: from this second on it is no longer valid.
    pub exp: Option<NumericDate>,
    /// `nbf`: before this second it is not valid yet.
    pub nbf: Option<NumericDate>,
    /// `iat`: when it was made.
    pub iat: Option<NumericDate>,
    /// `jti`: its id.
    pub jti: Option<String>,
}

/// The dates of a token, as far as it has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Dates {
    pub(super) exp: Option<NumericDate>,
    pub(super) nbf: Option<NumericDate>,
    pub(super) iat: Option<NumericDate>,
}

impl Dates {
    /// The dates of claims that were checked before.
    pub(super) fn read(slots: &Slots<'_>) -> Self {
        Self {
            exp: slots.exp.and_then(|value| date(value, Round::Down)),
            nbf: slots.nbf.and_then(|value| date(value, Round::Up)),
            iat: slots.iat.and_then(|value| date(value, Round::Down)),
        }
    }
}

/// Where the registered claims stand in the text, and which other claims of interest were seen.
#[derive(Default)]
pub(super) struct Slots<'c> {
    pub(super) iss: Option<Value<'c>>,
    pub(super) sub: Option<Value<'c>>,
    pub(super) aud: Option<Value<'c>>,
    pub(super) exp: Option<Value<'c>>,
    pub(super) nbf: Option<Value<'c>>,
    pub(super) iat: Option<Value<'c>>,
    pub(super) jti: Option<Value<'c>>,
    /// The other claims asked for.
    pub(super) wanted: Wanted<'c>,
}

impl<'c> Slots<'c> {
    #[inline]
    pub(super) fn wanting(names: &'c [String]) -> Self {
        Self { wanted: Wanted::new(names), ..Self::default() }
    }

    /// The claim called `name`, registered or asked for.
    pub(super) fn find(&self, name: &str) -> Option<Value<'c>> {
        match name {
            "iss" => self.iss,
            "sub" => self.sub,
            "aud" => self.aud,
            "exp" => self.exp,
            "nbf" => self.nbf,
            "iat" => self.iat,
            "jti" => self.jti,
            _ => self.wanted.find(name),
        }
    }

    #[inline]
    fn put(&mut self, name: &str, value: Value<'c>) {
        match self.registered(name) {
            Some(slot) => *slot = Some(value),
            None => self.wanted.put(name, value),
        }
    }

    /// All registered names have three letters, so that one comparison of numbers finds each.
    #[inline]
    fn registered(&mut self, name: &str) -> Option<&mut Option<Value<'c>>> {
        let letters = <[u8; 3]>::try_from(name.as_bytes()).ok()?;
        match &letters {
            b"iss" => Some(&mut self.iss),
            b"sub" => Some(&mut self.sub),
            b"aud" => Some(&mut self.aud),
            b"exp" => Some(&mut self.exp),
            b"nbf" => Some(&mut self.nbf),
            b"iat" => Some(&mut self.iat),
            b"jti" => Some(&mut self.jti),
            _ => None,
        }
    }
}

impl<'c> Visitor<'c> for Slots<'c> {
    #[inline]
    fn member(&mut self, name: JsonStr<'c>, value: Value<'c>) {
        match name.plain() {
            Some(name) => self.put(name, value),
            None => self.put(&name.decode(), value),
        }
    }
}

/// The text of a claim that must be one.
#[inline]
pub(super) fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    value.as_str().map(JsonStr::decode)
}

/// The audiences of a token: one text, or an array of texts (RFC 7519 §4.1.3).
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, Scratch, SecretKey, Signer, Verifier};
///
/// # let key = SecretKey::generate(Algorithm::Hs256)?;
/// # let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// # let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// # let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let token = signer.token(now).audience("api").audience("files").sign()?;
/// let mut scratch = Scratch::new();
/// let verified = verifier.verify_borrowed::<serde_json::Value>(&token, now, &mut scratch)?;
/// let audiences = verified.registered().aud();
/// assert!(audiences.contains("files"));
/// assert_eq!(audiences.iter().collect::<Vec<_>>(), ["api", "files"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Audiences<'c>(Option<Value<'c>>);

impl<'c> Audiences<'c> {
    /// `None` if the value is neither a text nor an array of texts.
    #[inline]
    pub(super) fn read(value: Value<'c>) -> Option<Self> {
        let texts = match value.kind {
            Kind::String => true,
            Kind::Array => json::all_elements(value, |element| element.kind == Kind::String),
            _ => false,
        };
        texts.then_some(Self(Some(value)))
    }

    /// Whether `audience` is among them.
    #[must_use]
    pub fn contains(&self, audience: &str) -> bool {
        self.any(|found| found.is(audience))
    }

    /// The audiences in the order of the token; none if it has no `aud`.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'c, str>> + use<'c> {
        let mut texts = Vec::new();
        self.any(|text| {
            texts.push(text.decode());
            false
        });
        texts.into_iter()
    }

    #[inline]
    pub(super) fn any(&self, mut test: impl FnMut(JsonStr<'c>) -> bool) -> bool {
        match self.0 {
            None => false,
            Some(value) if value.kind == Kind::Array => {
                !json::all_elements(value, |element| !element.as_str().is_some_and(&mut test))
            }
            Some(value) => value.as_str().is_some_and(test),
        }
    }
}

/// How to read a date that is not a whole second.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    Down,
    Up,
}

/// A date within the range of [`NumericDate`]; a fraction is rounded to the stricter side.
pub(super) fn date(value: Value<'_>, round: Round) -> Option<NumericDate> {
    if value.kind != Kind::Number {
        return None;
    }
    if let Ok(seconds) = value.raw.parse::<i64>() {
        return NumericDate::from_seconds(seconds);
    }
    let seconds: f64 = value.raw.parse().ok()?;
    let seconds = if round == Round::Up { seconds.ceil() } else { seconds.floor() };
    // Within this range every whole number is exact in an f64, so the cast changes nothing.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    if (0.0..=NumericDate::MAX.seconds() as f64).contains(&seconds) {
        return NumericDate::from_seconds(seconds as i64);
    }
    None
}

impl RegisteredClaims {
    /// Reads claims that were checked before; nothing in them can be wrong any more.
    pub(super) fn read(payload: &str) -> Self {
        let mut slots = Slots::default();
        if json::scan_object(payload, crate::Limits::MAX_DEPTH, &mut slots).is_err() {
            return Self::default();
        }
        let dates = Dates::read(&slots);
        let own = |slot: Option<Value<'_>>| slot.and_then(text).map(Cow::into_owned);
        Self {
            iss: own(slots.iss),
            sub: own(slots.sub),
            aud: Audiences(slots.aud).iter().map(Cow::into_owned).collect(),
            exp: dates.exp,
            nbf: dates.nbf,
            iat: dates.iat,
            jti: own(slots.jti),
        }
    }
}
