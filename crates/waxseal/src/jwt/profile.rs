//! Profiles: the common contracts between who makes a token and who reads it (RFC 8725 §3.11, §3.12).

use super::check::Expectations;
use super::claims::Slots;
use crate::Code;
use crate::json::{self, JsonStr, Kind, Value, Visitor};
use crate::{Rejection, Rejections};

/// What kind of token a verifier accepts. One kind can then not stand in for another.
///
/// `DPoP` proofs carry their own key and have a verifier of their own, [`DpopVerifier`](crate::DpopVerifier).
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, Code, NumericDate, Profile, SecretKey, Signer, Verifier};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let verifier = |profile| {
///     let builder = Verifier::builder().key(key.clone()).issuer("https://issuer.example").audience("api");
///     builder.profile(profile).build()
/// };
///
/// // An ID token is no access token, however well it is signed.
/// let signer = Signer::builder(key.clone()).issuer("https://issuer.example").audience("api").lifetime("5m").build()?;
/// let id_token = signer.token(now).subject("alice").sign()?;
/// assert!(verifier(Profile::IdToken)?.verify::<serde_json::Value>(&id_token, now).is_ok());
/// let error = verifier(Profile::AccessToken)?.verify::<serde_json::Value>(&id_token, now).unwrap_err();
/// assert_eq!(error.code(), Code::TypMismatch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Profile {
    /// A token of one's own: `typ` absent or `JWT`.
    #[default]
    FirstParty,
    /// An OAuth access token (RFC 9068): `typ` is `at+jwt`; `iss`, `exp`, `aud`, `sub`, `client_id`, `iat`
    /// and `jti` are required, and the verifier must know the issuer.
    AccessToken,
    /// An ID token (`OpenID` Connect Core §2, §3.1.3.7): `typ` absent or `JWT`; `iss`, `sub`, `aud`, `exp` and
    /// `iat` are required, and the verifier must know the issuer; its audience is the client id. With several
    /// audiences `azp` is required, and where present it must be one of the expected audiences.
    IdToken,
    /// A logout token (`OpenID` Connect Back-Channel Logout §2.4): `typ` is `logout+jwt`; `iss`, `aud`, `iat`,
    /// `exp`, `jti` and `events` with the logout event are required, `sub` or `sid` too; `nonce` is forbidden.
    LogoutToken,
    /// A client assertion (RFC 7523 §3): `typ` absent, `JWT` or `client-authentication+jwt`; `iss`, `sub`,
    /// `aud`, `exp` and `jti` are required, and `iss` and `sub` are the same client id.
    ClientAssertion,
    /// A security event token (RFC 8417): `typ` is `secevent+jwt`; `iss`, `iat`, `jti` and an object `events`
    /// are required. Events do not expire, so `exp` is not required.
    SecurityEvent,
}

/// The event that makes a token a logout token.
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

impl Profile {
    /// The claims that must be present.
    pub(super) const fn required(self) -> &'static [&'static str] {
        match self {
            Self::FirstParty => &[],
            Self::AccessToken => &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
            Self::IdToken => &["iss", "sub", "aud", "exp", "iat"],
            Self::LogoutToken => &["iss", "aud", "iat", "exp", "jti", "events"],
            Self::ClientAssertion => &["iss", "sub", "aud", "exp", "jti"],
            Self::SecurityEvent => &["iss", "iat", "jti", "events"],
        }
    }

    /// Claims beyond the registered and required ones that [`check`](Self::check) looks at.
    pub(super) const fn wanted(self) -> &'static [&'static str] {
        match self {
            Self::IdToken => &["azp", "nonce"],
            Self::LogoutToken => &["sid", "nonce"],
            _ => &[],
        }
    }

    /// The values of `typ` that are accepted.
    pub(super) const fn types(self) -> &'static [&'static str] {
        match self {
            Self::FirstParty | Self::IdToken => &["JWT"],
            Self::AccessToken => &["at+jwt"],
            Self::LogoutToken => &["logout+jwt"],
            Self::ClientAssertion => &["JWT", "client-authentication+jwt"],
            Self::SecurityEvent => &["secevent+jwt"],
        }
    }

    /// Whether `typ` may be absent.
    pub(super) const fn untyped(self) -> bool {
        matches!(self, Self::FirstParty | Self::IdToken | Self::ClientAssertion)
    }

    /// Whether the contract only means something for a known issuer.
    pub(super) const fn needs_issuer(self) -> bool {
        matches!(self, Self::AccessToken | Self::IdToken | Self::LogoutToken | Self::SecurityEvent)
    }

    pub(super) const fn needs_expiry(self) -> bool {
        !matches!(self, Self::SecurityEvent)
    }

    /// The rules beyond presence.
    pub(super) fn check(self, slots: &Slots<'_>, expected: &Expectations, broken: &mut Rejections) {
        match self {
            Self::FirstParty => {}
            Self::AccessToken => must_be_text("client_id", slots, broken),
            Self::IdToken => check_authorized_party(slots, expected, broken),
            Self::LogoutToken => check_logout(slots, broken),
            Self::ClientAssertion => check_same_client(slots, broken),
            Self::SecurityEvent => {
                if slots.find("events").is_some_and(|events| events.kind != Kind::Object) {
                    broken.push(Rejection::new(Code::ClaimInvalid, "events", "an object"));
                }
            }
        }
    }
}

fn must_be_text(claim: &'static str, slots: &Slots<'_>, broken: &mut Rejections) {
    if slots.find(claim).is_some_and(|value| value.kind != Kind::String) {
        broken.push(Rejection::new(Code::ClaimInvalid, claim, "a text"));
    }
}

/// `OpenID` Connect Core §3.1.3.7, rules 4 and 5: an ID token for several parties must be ours to use.
fn check_authorized_party(slots: &Slots<'_>, expected: &Expectations, broken: &mut Rejections) {
    let several = slots.aud.is_some_and(|aud| aud.kind == Kind::Array && json::elements(aud).len() > 1);
    match slots.find("azp") {
        None if several => broken.push(Rejection::new(Code::ClaimMissing, "azp", "present")),
        None => {}
        Some(azp) => {
            let ours = azp.as_str().is_some_and(|azp| expected.is_audience(azp));
            if !ours && expected.audiences.is_some() {
                broken.push(Rejection::new(Code::AudienceMismatch, "azp", "the expected client"));
            }
        }
    }
}

fn check_logout(slots: &Slots<'_>, broken: &mut Rejections) {
    if slots.find("events").is_some_and(|events| !names_logout(events)) {
        broken.push(Rejection::new(Code::ClaimInvalid, "events", "an object with the logout event"));
    }
    if slots.sub.is_none() && slots.find("sid").is_none() {
        broken.push(Rejection::new(Code::ClaimMissing, "sid", "present"));
    }
    must_be_text("sid", slots, broken);
    // So that an ID token, which may carry one, can never pass.
    if slots.find("nonce").is_some() {
        broken.push(Rejection::new(Code::ClaimInvalid, "nonce", "absent"));
    }
}

fn names_logout(events: Value<'_>) -> bool {
    struct Find(bool);
    impl<'a> Visitor<'a> for Find {
        fn member(&mut self, name: JsonStr<'a>, value: Value<'a>) {
            self.0 |= name.is(LOGOUT_EVENT) && value.kind == Kind::Object;
        }
    }
    let mut find = Find(false);
    json::scan_object(events.raw, crate::Limits::MAX_DEPTH, &mut find).is_ok() && find.0
}

fn check_same_client(slots: &Slots<'_>, broken: &mut Rejections) {
    let texts = slots.iss.and_then(Value::as_str).zip(slots.sub.and_then(Value::as_str));
    if texts.is_some_and(|(iss, sub)| !iss.same_as(sub)) {
        broken.push(Rejection::new(Code::SubjectMismatch, "sub", "the client that made the assertion"));
    }
}
