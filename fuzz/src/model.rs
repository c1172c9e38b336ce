//! What a verifier has to say about claims, from RFC 7519 and the documentation of `Verifier`.

use crate::tree::Tree;
use std::collections::BTreeSet;
use waxseal::{NumericDate, Profile, RegisteredClaims};

/// The event that makes a token a logout token.
pub(crate) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A failure: code and claim.
pub(crate) type Failure = (String, String);

/// What the claims are measured by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) issuer: Option<String>,
    /// Empty: any audience or none.
    pub(crate) audiences: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) required: Vec<String>,
    pub(crate) expiry_optional: bool,
    pub(crate) nonce: Option<String>,
    pub(crate) profile: Profile,
    pub(crate) leeway: i64,
    pub(crate) max_age: Option<i64>,
}

/// Which side of a fraction is the stricter one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    Down,
    Up,
}

fn date(value: &Tree, round: Round) -> Option<i64> {
    let Tree::Number(text) = value else { return None };
    if let Ok(whole) = text.parse::<i64>() {
        return NumericDate::from_seconds(whole).map(NumericDate::seconds);
    }
    let exact: f64 = text.parse().ok()?;
    let rounded = if round == Round::Up { exact.ceil() } else { exact.floor() };
    #[allow(clippy::cast_possible_truncation, reason = "casts of floats saturate, and the range is checked")]
    let seconds = rounded as i64;
    NumericDate::from_seconds(seconds).map(NumericDate::seconds)
}

/// `aud` is one text or an array of texts (RFC 7519 §4.1.3).
fn audiences(value: &Tree) -> Option<Vec<&str>> {
    match value {
        Tree::Text(one) => Some(vec![one]),
        Tree::Array(elements) => elements.iter().map(Tree::text).collect(),
        _ => None,
    }
}

impl Expected {
    /// Every failure that a verifier has to report for `claims`, an object that repeats no member.
    pub(crate) fn failures(&self, claims: &Tree, now: i64) -> BTreeSet<Failure> {
        let mut failures = BTreeSet::new();
        let mut fail = |code: &str, claim: &str| {
            failures.insert((code.to_owned(), claim.to_owned()));
        };
        for name in self.required_names() {
            if claims.member(&name).is_none() {
                fail("claim_missing", &name);
            }
        }
        self.check_texts(claims, &mut fail);
        match claims.member("aud").map(audiences) {
            Some(None) => fail("claim_invalid", "aud"),
            Some(Some(found)) if !self.audiences.is_empty() && !self.expects_one_of(&found) => {
                fail("audience_mismatch", "aud");
            }
            _ => {}
        }
        self.check_profile(claims, &mut fail);
        self.check_times(claims, now, &mut fail);
        failures
    }

    fn check_texts(&self, claims: &Tree, fail: &mut impl FnMut(&str, &str)) {
        let texts = [
            ("iss", self.issuer.as_deref(), "issuer_mismatch"),
            ("sub", self.subject.as_deref(), "subject_mismatch"),
            ("jti", self.id.as_deref(), "id_mismatch"),
            ("nonce", self.nonce.as_deref(), "nonce_mismatch"),
            ("client_id", None, "claim_invalid"),
            ("sid", None, "claim_invalid"),
        ];
        for (name, expected, code) in texts {
            let checked = match name {
                "nonce" => expected.is_some(),
                "client_id" => self.profile == Profile::AccessToken,
                "sid" => self.profile == Profile::LogoutToken,
                _ => true,
            };
            match claims.member(name).filter(|_| checked).map(Tree::text) {
                Some(None) => fail("claim_invalid", name),
                Some(found) if expected.is_some() && found != expected => fail(code, name),
                _ => {}
            }
        }
    }

    fn required_names(&self) -> Vec<String> {
        let mut names = self.required.clone();
        let mut add = |needed: bool, list: &[&str]| {
            if needed {
                names.extend(list.iter().map(|name| (*name).to_owned()));
            }
        };
        add(self.issuer.is_some(), &["iss"]);
        add(!self.audiences.is_empty(), &["aud"]);
        add(self.subject.is_some(), &["sub"]);
        add(self.id.is_some(), &["jti"]);
        add(!self.expiry_optional && self.profile != Profile::SecurityEvent, &["exp"]);
        add(self.max_age.is_some(), &["iat"]);
        add(self.nonce.is_some(), &["nonce"]);
        add(
            true,
            match self.profile {
                // RFC 9068 §2.2
                Profile::AccessToken => &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
                // OpenID Connect Core §2
                Profile::IdToken => &["iss", "sub", "aud", "exp", "iat"],
                // OpenID Connect Back-Channel Logout §2.4
                Profile::LogoutToken => &["iss", "aud", "iat", "exp", "jti", "events"],
                // RFC 7523 §3
                Profile::ClientAssertion => &["iss", "sub", "aud", "exp", "jti"],
                // RFC 8417 §2.2
                Profile::SecurityEvent => &["iss", "iat", "jti", "events"],
                _ => &[],
            },
        );
        names
    }

    fn expects_one_of(&self, found: &[&str]) -> bool {
        self.audiences.iter().any(|one| found.contains(&one.as_str()))
    }

    fn check_profile(&self, claims: &Tree, fail: &mut impl FnMut(&str, &str)) {
        match self.profile {
            Profile::IdToken => self.check_id_token(claims, fail),
            Profile::LogoutToken => check_logout_token(claims, fail),
            Profile::ClientAssertion => {
                let text = |name| claims.member(name).and_then(Tree::text);
                if text("iss").zip(text("sub")).is_some_and(|(iss, sub)| iss != sub) {
                    fail("subject_mismatch", "sub");
                }
            }
            Profile::SecurityEvent
                if claims.member("events").is_some_and(|events| events.members().is_none()) =>
            {
                fail("claim_invalid", "events");
            }
            _ => {}
        }
    }

    /// `OpenID` Connect Core §3.1.3.7, rules 4 and 5.
    fn check_id_token(&self, claims: &Tree, fail: &mut impl FnMut(&str, &str)) {
        let several = matches!(claims.member("aud"), Some(Tree::Array(list)) if list.len() > 1);
        let azp = claims.member("azp");
        if azp.is_none() && several {
            fail("claim_missing", "azp");
        }
        let ours = |azp: &Tree| azp.text().is_some_and(|azp| self.expects_one_of(&[azp]));
        if !self.audiences.is_empty() && azp.is_some_and(|azp| !ours(azp)) {
            fail("audience_mismatch", "azp");
        }
    }

    fn check_times(&self, claims: &Tree, now: i64, fail: &mut impl FnMut(&str, &str)) {
        let mut read = |name: &str, round| {
            let value = claims.member(name)?;
            let found = date(value, round);
            if found.is_none() {
                fail("claim_invalid", name);
            }
            found
        };
        let (exp, nbf, iat) = (read("exp", Round::Down), read("nbf", Round::Up), read("iat", Round::Down));
        let last = NumericDate::MAX.seconds();
        let later = |date: i64, seconds: i64| date.saturating_add(seconds).min(last);
        if exp.is_some_and(|exp| now >= later(exp, self.leeway)) {
            fail("token_expired", "exp");
        }
        if nbf.is_some_and(|nbf| nbf > later(now, self.leeway)) {
            fail("token_not_yet_valid", "nbf");
        }
        if let (Some(age), Some(iat)) = (self.max_age, iat) {
            if now > later(later(iat, age), self.leeway) {
                fail("token_too_old", "iat");
            }
            if iat > later(now, self.leeway) {
                fail("token_not_yet_valid", "iat");
            }
        }
    }
}

/// `OpenID` Connect Back-Channel Logout §2.4.
fn check_logout_token(claims: &Tree, fail: &mut impl FnMut(&str, &str)) {
    let event = |events: &Tree| events.member(LOGOUT_EVENT).is_some_and(|event| event.members().is_some());
    if claims.member("events").is_some_and(|events| !event(events)) {
        fail("claim_invalid", "events");
    }
    if claims.member("sub").is_none() && claims.member("sid").is_none() {
        fail("claim_missing", "sid");
    }
    if claims.member("nonce").is_some() {
        fail("claim_invalid", "nonce");
    }
}

/// The registered claims of accepted `claims`.
pub(crate) fn assert_registered(found: &RegisteredClaims, claims: &Tree) {
    let text = |name| claims.member(name).and_then(Tree::text);
    let seconds = |name, round| claims.member(name).and_then(|value| date(value, round));
    assert_eq!(found.iss.as_deref(), text("iss"), "iss");
    assert_eq!(found.sub.as_deref(), text("sub"), "sub");
    assert_eq!(found.jti.as_deref(), text("jti"), "jti");
    assert_eq!(found.aud, claims.member("aud").and_then(audiences).unwrap_or_default(), "aud");
    assert_eq!(found.exp.map(NumericDate::seconds), seconds("exp", Round::Down), "exp");
    assert_eq!(found.nbf.map(NumericDate::seconds), seconds("nbf", Round::Up), "nbf");
    assert_eq!(found.iat.map(NumericDate::seconds), seconds("iat", Round::Down), "iat");
}
