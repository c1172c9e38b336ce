//! The rules for claims (RFC 7519 §4.1). Pure: callers supply `now`. All failures are collected.

use super::claims::{Audiences, Dates, Round, Slots, date};
use super::custom::CustomCheck;
use super::{ClaimsRef, Profile};
use crate::json::{JsonStr, Kind, Value};
use crate::{Code, NumericDate};
use crate::{Rejection, Rejections, VerifyError};
use std::time::Duration;

/// What a verifier expects of the claims.
#[derive(Clone, Debug, Default)]
pub(super) struct Expectations {
    /// Any of these; empty for whoever.
    pub(super) issuers: Vec<String>,
    /// Any of these; `None` only after the caller opted out.
    pub(super) audiences: Option<Vec<String>>,
    /// The claim that names the audience; another than `aud` for issuers that leave that out.
    pub(super) audience_claim: Option<&'static str>,
    pub(super) subject: Option<String>,
    pub(super) id: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) profile: Profile,
    pub(super) window: Window,
    pub(super) required: Vec<String>,
    /// All of these must be in `scope`.
    pub(super) scopes: Vec<String>,
    /// Claims that the caller of [`check`](Self::check) wants to see afterwards.
    pub(super) also_wanted: &'static [&'static str],
    /// Claims of the profile that this issuer leaves out.
    pub(super) left_out: Vec<&'static str>,
    pub(super) expiry_optional: bool,
    pub(super) custom: Vec<CustomCheck>,
    /// Derived by [`prepare`](Self::prepare): every name that must be present, and those of them, and of
    /// the profile's rules, that are not registered.
    needed: Vec<String>,
    wanted: Vec<String>,
}

/// How far clocks may disagree, and how old a token may be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    pub(super) leeway: Duration,
    pub(super) max_age: Option<Duration>,
}

const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

impl Expectations {
    /// Works out, once, which claims matter.
    pub(super) fn prepare(&mut self) {
        self.needed = self.needed();
        let names = self.needed.iter().map(String::as_str);
        let names = names.chain(self.profile.wanted().iter().copied()).chain(self.audience_claim);
        let names = names.chain((!self.scopes.is_empty()).then_some("scope"));
        let names = names.chain(self.also_wanted.iter().copied());
        let mut wanted: Vec<String> = Vec::new();
        for name in names.filter(|name| !REGISTERED.contains(name)) {
            if !wanted.iter().any(|known| known == name) {
                wanted.push(name.to_owned());
            }
        }
        self.wanted = wanted;
    }

    /// An expectation makes its claim required: otherwise leaving the claim out would meet it.
    fn needed(&self) -> Vec<String> {
        let audience = self.audience_claim.unwrap_or("aud");
        let implied = [
            ("iss", !self.issuers.is_empty()),
            ("sub", self.subject.is_some()),
            (audience, self.audiences.is_some()),
            ("exp", !self.expiry_optional),
            ("iat", self.window.max_age.is_some()),
            ("jti", self.id.is_some()),
            ("nonce", self.nonce.is_some()),
        ];
        let implied = implied.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name);
        let left_out = |name: &&str| !self.left_out.contains(name);
        let profile = self.profile.required().iter().copied().filter(left_out);
        let mut needed: Vec<String> = Vec::new();
        for name in implied.chain(profile).chain(self.required.iter().map(String::as_str)) {
            if !needed.iter().any(|known| known == name) {
                needed.push(name.to_owned());
            }
        }
        needed
    }

    /// The names beyond the registered ones whose values matter.
    pub(super) fn wanted(&self) -> &[String] {
        &self.wanted
    }

    pub(super) fn is_audience(&self, found: JsonStr<'_>) -> bool {
        self.audiences.as_ref().is_some_and(|expected| expected.iter().any(|other| found.is(other)))
    }

    /// Every failure, lasting ones first: a client told "expired" would fetch a new token in vain if the
    /// audience is wrong as well.
    pub(super) fn check(&self, slots: &Slots<'_>, now: NumericDate) -> Result<Dates, Rejections> {
        let mut broken = Rejections::default();
        self.check_missing(slots, &mut broken);
        self.check_issuer(slots.iss, &mut broken);
        let mut text = |claim, slot, expected: &Option<String>, mismatch, wanted| {
            check_text(claim, slot, expected.as_deref(), mismatch, wanted, &mut broken);
        };
        text("sub", slots.sub, &self.subject, Code::SubjectMismatch, "the expected subject");
        self.check_audience(slots, &mut broken);
        let mut text = |claim, slot, expected: &Option<String>, mismatch, wanted| {
            check_text(claim, slot, expected.as_deref(), mismatch, wanted, &mut broken);
        };
        text("jti", slots.jti, &self.id, Code::IdMismatch, "the expected id");
        if self.nonce.is_some() {
            text("nonce", slots.find("nonce"), &self.nonce, Code::NonceMismatch, "the expected nonce");
        }
        self.profile.check(slots, self, &mut broken);
        let dates = read_dates(slots, &mut broken);
        self.window.check(dates, now, &mut broken);
        self.check_scopes(slots, &mut broken);
        if broken.0.is_empty() { Ok(dates) } else { Err(broken) }
    }

    /// The caller's own checks, once everything else is accepted: they see no claims that are not.
    #[inline]
    pub(super) fn run_custom<'c>(&self, claims: impl FnOnce() -> ClaimsRef<'c>) -> Result<(), VerifyError> {
        if self.custom.is_empty() {
            return Ok(());
        }
        let claims = claims();
        let mut broken = Rejections::default();
        for check in &self.custom {
            check.run(&claims, &mut broken);
        }
        if broken.0.is_empty() { Ok(()) } else { Err(VerifyError::Rejected(broken)) }
    }

    fn check_missing(&self, slots: &Slots<'_>, broken: &mut Rejections) {
        for name in &self.needed {
            if slots.find(name).is_none() {
                broken.push(Rejection::new(Code::ClaimMissing, name.clone(), "present"));
            }
        }
    }

    fn check_issuer(&self, slot: Option<Value<'_>>, broken: &mut Rejections) {
        let Some(value) = slot else { return };
        match value.as_str() {
            None => broken.push(Rejection::new(Code::ClaimInvalid, "iss", "a text")),
            Some(found) => {
                if !self.issuers.is_empty() && !self.issuers.iter().any(|issuer| found.is(issuer)) {
                    broken.push(Rejection::new(Code::IssuerMismatch, "iss", "the expected issuer"));
                }
            }
        }
    }

    /// Last, so that a token which is otherwise good is known by it.
    fn check_scopes(&self, slots: &Slots<'_>, broken: &mut Rejections) {
        if self.scopes.is_empty() {
            return;
        }
        let found = slots.find("scope").map(|value| value.as_str().map(JsonStr::decode));
        if found == Some(None) {
            broken.push(Rejection::new(Code::ClaimInvalid, "scope", "a text"));
            return;
        }
        // RFC 6749 §3.3: scopes are separated by spaces and compared exactly. A token without any has none.
        let found = found.flatten().unwrap_or_default();
        if self.scopes.iter().any(|scope| !found.split(' ').any(|one| one == scope)) {
            let wanted = format!("for {}", self.scopes.join(" "));
            broken.push(Rejection::new(Code::ScopeInsufficient, "scope", wanted));
        }
    }

    fn check_audience(&self, slots: &Slots<'_>, broken: &mut Rejections) {
        let valid = slots.aud.map(Audiences::read);
        if let Some(None) = valid {
            broken.push(Rejection::new(Code::ClaimInvalid, "aud", "a text or an array of texts"));
        }
        let Some(expected) = &self.audiences else { return };
        let named = valid.flatten().map(|found| found.any(|one| self.is_audience(one)));
        let meant = match self.audience_claim {
            // §4.1.3: an `aud` that is there says whom the token is for, whatever stands in for a missing one.
            _ if named == Some(false) => named,
            None => named,
            Some(claim) => {
                let text = slots.find(claim).map(Value::as_str);
                text.map(|text| text.is_some_and(|text| self.is_audience(text)))
            }
        };
        if meant == Some(false) {
            let wanted = format!("for {}", expected.join(" or "));
            let claim = self.audience_claim.filter(|_| named != Some(false)).unwrap_or("aud");
            broken.push(Rejection::new(Code::AudienceMismatch, claim, wanted));
        }
    }
}

impl Window {
    /// Adds every rule of time that a token breaks at `now` to `broken`.
    pub(super) fn check(self, dates: Dates, now: NumericDate, broken: &mut Rejections) {
        // §4.1.4 says "on or after": the second named by `exp` is already too late.
        if dates.exp.is_some_and(|exp| now >= exp.saturating_add(self.leeway)) {
            broken.push(Rejection::new(Code::TokenExpired, "exp", "in the future"));
        }
        let later = now.saturating_add(self.leeway);
        if dates.nbf.is_some_and(|nbf| later < nbf) {
            broken.push(Rejection::new(Code::TokenNotYetValid, "nbf", "in the past"));
        }
        if let (Some(age), Some(iat)) = (self.max_age, dates.iat) {
            if now > iat.saturating_add(age).saturating_add(self.leeway) {
                let limit = format!("{} seconds", age.as_secs());
                broken.push(Rejection::new(Code::TokenTooOld, "iat", limit));
            }
            // A token dated into the future would stay young for as long as it likes.
            if later < iat {
                broken.push(Rejection::new(Code::TokenNotYetValid, "iat", "in the past"));
            }
        }
    }
}

#[inline]
fn check_text(
    claim: &'static str,
    slot: Option<Value<'_>>,
    expected: Option<&str>,
    mismatch: Code,
    wanted: &'static str,
    broken: &mut Rejections,
) {
    let Some(value) = slot else { return };
    match (value.as_str(), expected) {
        // A wrong type is never "absent", whether or not anybody asked for the claim.
        (None, _) => broken.push(Rejection::new(Code::ClaimInvalid, claim, "a text")),
        (Some(found), Some(expected)) if !found.is(expected) => {
            broken.push(Rejection::new(mismatch, claim, wanted));
        }
        _ => {}
    }
}

fn read_dates(slots: &Slots<'_>, broken: &mut Rejections) -> Dates {
    let mut read = |claim, slot: Option<Value<'_>>, round| {
        let date = slot.and_then(|value| date(value, round));
        if slot.is_some() && date.is_none() {
            let wanted = "a date before the year 10000, in seconds";
            broken.push(Rejection::new(Code::ClaimInvalid, claim, wanted));
        }
        date
    };
    Dates {
        exp: read("exp", slots.exp, Round::Down),
        nbf: read("nbf", slots.nbf, Round::Up),
        iat: read("iat", slots.iat, Round::Down),
    }
}

/// Whether a registered claim can be what RFC 7519 §4.1 says; what no verifier would accept is not signed.
pub(super) fn types_fit(slots: &Slots<'_>) -> bool {
    let texts = [slots.iss, slots.sub, slots.jti].into_iter().flatten().all(|v| v.kind == Kind::String);
    // Rounded as a verifier rounds: at the ends of the range it decides.
    let dates = [(slots.exp, Round::Down), (slots.nbf, Round::Up), (slots.iat, Round::Down)];
    texts
        && dates.into_iter().all(|(slot, round)| slot.is_none_or(|value| date(value, round).is_some()))
        && slots.aud.is_none_or(|value| Audiences::read(value).is_some())
}
