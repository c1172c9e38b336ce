//! Any claims and settings: what is signed verifies to the same claims, and nothing is signed that should not be.

use crate::claims::{reported, verifier};
use crate::model::Expected;
use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{agree, fixed, generate, reference};
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::time::Duration;
use waxseal::{Code, NumericDate, SignError, Signer, TokenBuilder, Verifier};

/// The longest token that is made.
const LIMIT: usize = 16 * 1024;

const NAMES: &[&str] = &[
    "role",
    "scope",
    "email",
    "a",
    "b",
    "c",
    "nonce",
    "x",
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "password",
    "userPassword",
    "CLIENT_SECRET",
    "pin",
    "card-number",
    "secretary",
    "ssn",
    "",
];

/// What the caller of a signer says.
struct Order {
    pair: usize,
    typ: &'static str,
    issuer: Option<&'static str>,
    audiences: Vec<&'static str>,
    subject: Option<String>,
    id: Option<String>,
    not_before: Option<i64>,
    lifetime: Option<u64>,
    without_expiry: bool,
    allowed: Vec<&'static str>,
    claims: Vec<Box<RawValue>>,
}

/// Panics if a token is signed that does not verify to what was ordered, or that should not exist.
pub fn property(data: &[u8]) {
    let order = Order::read(&mut Source::new(data));
    let signer = order.signer();
    let mut token = b"left over".to_vec();
    match order.token(&signer).sign_into(&mut token) {
        Ok(()) => order.check_token(str::from_utf8(&token).expect("ASCII")),
        Err(error) => {
            assert!(token.is_empty(), "half a token");
            order.check_refusal(&error);
            reached(format!("refused {}", error.code()));
        }
    }
}

impl Order {
    fn read(source: &mut Source<'_>) -> Self {
        let text = |source: &mut Source<'_>| source.one_in(4).then(|| source.text());
        let second = |source: &mut Source<'_>| i64::from(source.byte()) - 64;
        let mut order = Self {
            // Mostly HS256: every algorithm signs the same claims.
            pair: if source.one_in(16) { source.below(fixed::pairs().len()) } else { 0 },
            typ: source.pick(&["JWT", "JWT", "at+jwt", "x\\\"y"]),
            issuer: source.pick(&[None, Some(fixed::ISSUER), Some("\u{1F600}\"")]),
            audiences: Vec::new(),
            subject: text(source),
            id: text(source),
            not_before: source.one_in(4).then(|| second(source)),
            lifetime: source.pick(&[Some(60), None, Some(0), Some(1), Some(u64::MAX)]),
            without_expiry: source.one_in(4),
            allowed: Vec::new(),
            claims: Vec::new(),
        };
        for _ in 0..source.byte() % 3 {
            order.audiences.push(source.pick(&[fixed::AUDIENCE, "other", ""]));
        }
        for _ in 0..source.byte() % 3 {
            order.allowed.push(source.pick(&["password", "pin", "ssn", "CLIENT_SECRET", "role"]));
        }
        while !source.is_empty() && order.claims.len() < 3 {
            order.claims.extend(claims(source));
        }
        order
    }

    fn signer(&self) -> Signer {
        let signer = Signer::builder(fixed::pairs()[self.pair].signing.clone()).typ(self.typ);
        let signer = if let Some(issuer) = self.issuer { signer.issuer(issuer) } else { signer };
        signer.build().expect("a good signer")
    }

    fn token<'a>(&'a self, signer: &'a Signer) -> TokenBuilder<'a> {
        let mut token = signer.token(fixed::at(0)).audiences(&self.audiences);
        if let Some(subject) = &self.subject {
            token = token.subject(subject);
        }
        if let Some(id) = &self.id {
            token = token.id(id);
        }
        if let Some(second) = self.not_before {
            token = token.not_before(fixed::at(second));
        }
        if let Some(seconds) = self.lifetime {
            token = token.lifetime(Duration::from_secs(seconds));
        }
        if self.without_expiry {
            token = token.without_expiry();
        }
        let token = self.allowed.iter().fold(token, |token, name| token.allow_claim(name));
        self.claims.iter().fold(token, TokenBuilder::claims)
    }

    /// The members that the token has to have, in no order.
    fn members(&self) -> Vec<(String, Tree)> {
        let text = |text: &str| Tree::Text(text.to_owned());
        let number = |number: i64| Tree::Number(number.to_string());
        let lifetime = self.lifetime.filter(|_| !self.without_expiry);
        let exp = lifetime.and_then(|seconds| fixed::NOW.checked_add(i64::try_from(seconds).ok()?));
        let audiences = match &self.audiences[..] {
            [] => None,
            [one] => Some(text(one)),
            several => Some(Tree::Array(several.iter().map(|one| text(one)).collect())),
        };
        let registered = [
            ("iss", self.issuer.map(text)),
            ("sub", self.subject.as_deref().map(text)),
            ("jti", self.id.as_deref().map(text)),
            ("aud", audiences),
            ("exp", exp.map(number)),
            ("nbf", self.not_before.map(|second| number(fixed::at(second).seconds()))),
            ("iat", Some(number(fixed::NOW))),
        ];
        let set = registered.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let trees = self.claims.iter().filter_map(|claims| Tree::read(claims.get()));
        set.chain(trees.flat_map(|tree| tree.members().map(<[_]>::to_vec).unwrap_or_default())).collect()
    }

    fn check_token(&self, token: &str) {
        assert!(token.len() <= LIMIT, "a token of {} characters", token.len());
        let payload = token.split('.').nth(1).and_then(reference::decode).expect("base64url");
        let payload = String::from_utf8(payload).expect("UTF-8");
        let tree = Tree::read(&payload).expect("JSON");
        assert!(tree.is_strict_object(32), "claims that no verifier reads: {payload}");
        let sorted = |mut members: Vec<(String, Tree)>| {
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members
        };
        assert_eq!(sorted(tree.members().expect("an object").to_vec()), sorted(self.members()));
        for name in tree.names() {
            let allowed = self.allowed.contains(&name);
            assert!(allowed || !reference::certainly_secret(name), "a claim called {name}");
            if allowed && reference::certainly_secret(name) {
                reached("allowed by name");
            }
        }
        self.check_verdict(token, &payload, &tree);
    }

    /// A verifier accepts the token unless the model finds a fault with claims that the caller wrote.
    fn check_verdict(&self, token: &str, payload: &str, tree: &Tree) {
        let expected = Expected { expiry_optional: true, ..Expected::default() };
        let now = fixed::at(self.not_before.unwrap_or(0).max(0));
        let verdict = match fixed::pairs()[self.pair].algorithm {
            waxseal::Algorithm::Hs256 if self.typ == "JWT" => agree::verify(&verifier(&expected), token, now),
            _ => agree::verify(&self.verifier(), token, now),
        };
        let failures = expected.failures(tree, now.seconds());
        match verdict {
            Ok(verified) => {
                assert_eq!(failures, BTreeSet::new(), "accepted: {payload}");
                assert_eq!(verified.payload(), payload);
                reached("verified");
            }
            Err(error) => {
                assert_eq!(reported(&error), failures, "{error}: {payload}");
                assert!(
                    failures.iter().all(|(code, _)| code != "claim_invalid"),
                    "signed in vain: {payload}"
                );
            }
        }
    }

    fn verifier(&self) -> Verifier {
        let verifier = Verifier::builder().key(fixed::pairs()[self.pair].verifying.clone()).typ(self.typ);
        verifier.without_audience().without_expiry().build().expect("a good verifier")
    }

    /// Whether there is the reason that the error names.
    fn check_refusal(&self, error: &SignError) {
        let tree = Tree::Object(self.members());
        let objects = self.claims.iter().all(|claims| claims.get().starts_with('{'));
        let readable = self.claims.iter().all(|claims| Tree::read(claims.get()).is_some());
        let lifetime = self.lifetime.filter(|_| !self.without_expiry);
        let sound = objects && readable && tree.depth() <= 32;
        let reason = match error.code() {
            Code::SignLifetimeMissing => self.lifetime.is_none() && !self.without_expiry,
            Code::SignLifetimeInvalid => lifetime.is_some_and(|seconds| {
                let beyond = seconds > NumericDate::MAX.seconds().abs_diff(fixed::NOW);
                seconds == 0
                    || beyond
                    || self.not_before.is_some_and(|second| second.unsigned_abs() >= seconds)
            }),
            Code::SignClaimsInvalid => !sound || tree.repeats_a_member() || !types_fit(&tree),
            Code::SignClaimDuplicate => tree.repeats_a_member(),
            Code::SignClaimRefused => tree.names().iter().any(|name| !self.allowed.contains(name)),
            Code::SignTooLarge => self.claims.iter().map(|claims| claims.get().len()).sum::<usize>() > 10_000,
            _ => false,
        };
        assert!(reason, "{error}, and nothing of the kind is there: {tree:?}");
    }
}

/// Whether the registered claims have the types of RFC 7519 §4.1.
fn types_fit(claims: &Tree) -> bool {
    let expected = Expected { expiry_optional: true, ..Expected::default() };
    expected.failures(claims, fixed::NOW).iter().all(|(code, _)| code != "claim_invalid")
}

/// Claims as the caller's type would write them: any JSON, verbatim.
fn claims(source: &mut Source<'_>) -> Option<Box<RawValue>> {
    let text = match source.byte() % 8 {
        0 => String::from_utf8_lossy(source.rest()).into_owned(),
        // Around the limit on length.
        1 => format!("{{\"long\":\"{}\"}}", "x".repeat(11_000 + 8 * usize::from(source.byte()))),
        _ => generate::object(source, NAMES),
    };
    RawValue::from_string(text).ok()
}
