//! The rules for claims (RFC 7519 §4.1). Pure: callers supply `now`. All failures are collected.

use super::claims::{Round, Slots, audiences, date, text};
use super::{Profile, Rejection, Rejections};
use crate::json::Value;
use crate::{Code, NumericDate};
use std::time::Duration;

/// What a verifier expects of the claims.
#[derive(Clone, Debug, Default)]
pub(super) struct Expectations {
    pub(super) issuer: Option<String>,
    /// Any of these; `None` only after the caller opted out.
    pub(super) audiences: Option<Vec<String>>,
    pub(super) subject: Option<String>,
    pub(super) id: Option<String>,
    pub(super) profile: Profile,
    pub(super) leeway: Duration,
    pub(super) max_age: Option<Duration>,
    pub(super) required: Vec<String>,
    pub(super) expiry_optional: bool,
}

impl Expectations {
    /// The names beyond the registered ones whose presence matters.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &str> {
        self.profile.required().iter().copied().chain(self.required.iter().map(String::as_str))
    }

    /// Every failure, lasting ones first: a client told "expired" would fetch a new token in vain if the
    /// audience is wrong as well.
    pub(super) fn check(&self, slots: &Slots<'_>, now: NumericDate) -> Result<(), Rejections> {
        let mut broken = Rejections::default();
        self.check_missing(slots, &mut broken);
        let issuer = self.issuer.as_deref();
        check_text("iss", slots.iss, issuer, Code::IssuerMismatch, "the expected issuer", &mut broken);
        let subject = self.subject.as_deref();
        check_text("sub", slots.sub, subject, Code::SubjectMismatch, "the expected subject", &mut broken);
        self.check_audience(slots.aud, &mut broken);
        check_text("jti", slots.jti, self.id.as_deref(), Code::IdMismatch, "the expected id", &mut broken);
        if self.profile == Profile::AccessToken {
            let client = slots.find("client_id");
            check_text("client_id", client, None, Code::ClaimInvalid, "a text", &mut broken);
        }
        self.check_times(slots, now, &mut broken);
        if broken.0.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// An expectation makes its claim required: otherwise leaving the claim out would meet it.
    fn check_missing(&self, slots: &Slots<'_>, broken: &mut Rejections) {
        let implied = [
            ("iss", self.issuer.is_some()),
            ("sub", self.subject.is_some()),
            ("aud", self.audiences.is_some()),
            ("exp", !self.expiry_optional),
            ("iat", self.max_age.is_some()),
            ("jti", self.id.is_some()),
        ];
        let implied = implied.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name);
        for name in implied.chain(self.wanted()) {
            let reported = |found: &Rejection| found.claim() == name;
            if slots.find(name).is_none() && !broken.iter().any(reported) {
                broken.push(Rejection::new(Code::ClaimMissing, name.to_owned(), "present"));
            }
        }
    }

    fn check_audience(&self, slot: Option<Value<'_>>, broken: &mut Rejections) {
        let Some(value) = slot else { return };
        let Some(found) = audiences(value) else {
            broken.push(Rejection::new(Code::ClaimInvalid, "aud", "a text or an array of texts"));
            return;
        };
        let Some(expected) = &self.audiences else { return };
        if !found.iter().any(|one| expected.iter().any(|other| other == one)) {
            let wanted = format!("for {}", expected.join(" or "));
            broken.push(Rejection::new(Code::AudienceMismatch, "aud", wanted));
        }
    }

    fn check_times(&self, slots: &Slots<'_>, now: NumericDate, broken: &mut Rejections) {
        let exp = read_date("exp", slots.exp, Round::Down, broken);
        let nbf = read_date("nbf", slots.nbf, Round::Up, broken);
        let iat = read_date("iat", slots.iat, Round::Down, broken);
        // §4.1.4 says "on or after": the second named by `exp` is already too late.
        if exp.is_some_and(|exp| now >= exp.saturating_add(self.leeway)) {
            broken.push(Rejection::new(Code::TokenExpired, "exp", "in the future"));
        }
        if nbf.is_some_and(|nbf| now.saturating_add(self.leeway) < nbf) {
            broken.push(Rejection::new(Code::TokenNotYetValid, "nbf", "in the past"));
        }
        if let (Some(age), Some(iat)) = (self.max_age, iat) {
            if now > iat.saturating_add(age).saturating_add(self.leeway) {
                let limit = format!("{} seconds", age.as_secs());
                broken.push(Rejection::new(Code::TokenTooOld, "iat", limit));
            }
            // A token dated into the future would stay young for as long as it likes.
            if now.saturating_add(self.leeway) < iat {
                broken.push(Rejection::new(Code::TokenNotYetValid, "iat", "in the past"));
            }
        }
    }
}

fn check_text(
    claim: &'static str,
    slot: Option<Value<'_>>,
    expected: Option<&str>,
    mismatch: Code,
    wanted: &'static str,
    broken: &mut Rejections,
) {
    let Some(value) = slot else { return };
    match (text(value), expected) {
        // A wrong type is never "absent", whether or not anybody asked for the claim.
        (None, _) => broken.push(Rejection::new(Code::ClaimInvalid, claim, "a text")),
        (Some(found), Some(expected)) if found != expected => {
            broken.push(Rejection::new(mismatch, claim, wanted));
        }
        _ => {}
    }
}

fn read_date(
    claim: &'static str,
    slot: Option<Value<'_>>,
    round: Round,
    broken: &mut Rejections,
) -> Option<NumericDate> {
    let value = slot?;
    let date = date(value, round);
    if date.is_none() {
        broken.push(Rejection::new(Code::ClaimInvalid, claim, "a date before the year 10000, in seconds"));
    }
    date
}
