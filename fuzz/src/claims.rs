//! Any claims, expectations and time: the verdict is that of the model, failure by failure.

use crate::model::{Expected, Failure, assert_registered};
use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{agree, fixed, generate, model};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;
use waxseal::{Code, Profile, Verifier, VerifyError};

const NAMES: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "role",
    "exp",
    "nbf",
    "iat",
    "aud",
    "x",
    "azp",
    "nonce",
    "events",
    "sid",
    model::LOGOUT_EVENT,
];

/// Members that a fair share of the generated claims starts with.
const GOOD: &[&str] = &[
    "",
    r#""iss":"https://issuer.example""#,
    r#""iss":"https://issuer.example","aud":"api","exp":1700000060"#,
    r#""aud":["other","api"],"exp":1.70000006e9,"iat":1699999999.5"#,
    r#""iss":"https://issuer.example","sub":"alice","aud":"api","exp":1700000060,"iat":1699999990,"jti":"k","client_id":"c""#,
    r#""iss":"https://issuer.example","sub":"alice","aud":["api","other"],"azp":"api","exp":1700000060,"iat":1699999990"#,
    r#""iss":"https://issuer.example","aud":"api","exp":1700000060,"iat":1699999990,"jti":"k","sub":"alice","events":{"http://schemas.openid.net/event/backchannel-logout":{}}"#,
    r#""iss":"alice","sub":"alice","aud":"api","exp":1700000060,"jti":"k""#,
];

/// Panics if the verifier and the model differ about a claim.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    let expected = expectations(&mut source);
    let now = fixed::at(i64::from(source.byte()) - 128);
    let text = claims(&mut source);
    let token = fixed::seal(header(expected.profile), &text);
    if token.len() > 16 * 1024 {
        return;
    }
    let verdict = agree::verify(&verifier(&expected), &token, now);
    let Some(tree) = Tree::read(&text).filter(|tree| tree.is_strict_object(32)) else {
        return assert!(verdict.is_err(), "no strict object: {text}");
    };
    let failures = expected.failures(&tree, now.seconds());
    match verdict {
        Ok(verified) => {
            assert_eq!(failures, BTreeSet::new(), "accepted: {text} by {expected:?}");
            assert_registered(verified.registered(), &tree);
            assert_eq!(verified.payload(), text);
            reached("accepted");
        }
        Err(error) => {
            assert_eq!(reported(&error), failures, "{error}: {text} by {expected:?}");
            for (code, claim) in failures {
                reached(format!("rejected {code}"));
                reached(format!("rejected {code} {claim}"));
            }
        }
    }
}

/// The failures in an error, which is one about claims and says each once.
pub(crate) fn reported(error: &VerifyError) -> BTreeSet<Failure> {
    let rejections = error.rejections();
    let failures: BTreeSet<_> =
        rejections.iter().map(|one| (one.code().to_string(), one.claim().to_owned())).collect();
    let distinct: HashSet<_> =
        rejections.iter().map(|one| (one.code(), one.claim(), one.expected())).collect();
    assert_eq!(distinct.len(), rejections.len(), "a failure reported twice: {error}");
    let first = rejections.first().map(waxseal::Rejection::code);
    assert_eq!(Some(error.code()), first, "the code of the first failure: {error}");
    let time = [Code::TokenExpired, Code::TokenNotYetValid, Code::TokenTooOld].map(|code| code.to_string());
    if failures.iter().any(|(code, _)| !time.contains(code)) {
        assert!(!time.contains(&error.code().to_string()), "a lasting failure comes first: {error}");
    }
    failures
}

/// The header of a token for `profile`.
fn header(profile: Profile) -> &'static str {
    match profile {
        Profile::AccessToken => r#"{"alg":"HS256","typ":"at+jwt"}"#,
        Profile::LogoutToken => r#"{"alg":"HS256","typ":"logout+jwt"}"#,
        Profile::SecurityEvent => r#"{"alg":"HS256","typ":"secevent+jwt"}"#,
        _ => r#"{"alg":"HS256"}"#,
    }
}

fn claims(source: &mut Source<'_>) -> String {
    let start = source.pick(GOOD);
    if source.one_in(4) {
        return String::from_utf8_lossy(source.rest()).into_owned();
    }
    let generated = generate::object(source, NAMES);
    let members = generated.strip_prefix('{').unwrap_or(&generated);
    let comma = if start.is_empty() || members.trim_start().starts_with('}') { "" } else { "," };
    format!("{{{start}{comma}{members}")
}

fn expectations(source: &mut Source<'_>) -> Expected {
    let some = |source: &mut Source<'_>, of: &[&str]| source.one_in(3).then(|| (source.pick(of)).to_owned());
    let mut expected = Expected {
        issuer: some(source, &[fixed::ISSUER, "other", "\u{0}"]),
        subject: some(source, &["alice", "é\u{1F600}"]),
        id: some(source, &["k", "other"]),
        expiry_optional: source.one_in(2),
        profile: source.pick(&[
            Profile::FirstParty,
            Profile::FirstParty,
            Profile::AccessToken,
            Profile::IdToken,
            Profile::LogoutToken,
            Profile::ClientAssertion,
            Profile::SecurityEvent,
        ]),
        leeway: source.pick(&[0, 0, 5, 24 * 60 * 60]),
        max_age: source.pick(&[None, None, Some(0), Some(60), Some(i64::MAX)]),
        ..Expected::default()
    };
    for _ in 0..source.byte() % 3 {
        expected.audiences.push((source.pick(&[fixed::AUDIENCE, "other"])).to_owned());
    }
    for _ in 0..source.byte() % 3 {
        expected.required.push((source.pick(&["role", "x", "exp", "nbf", "jti"])).to_owned());
    }
    if expected.profile == Profile::IdToken {
        expected.nonce = some(source, &["k", "other"]);
    }
    if ![Profile::FirstParty, Profile::ClientAssertion].contains(&expected.profile) {
        // The others refuse to be built without.
        expected.issuer.get_or_insert_with(|| fixed::ISSUER.to_owned());
    }
    expected
}

/// A verifier with these expectations and the secret for HS256.
pub(crate) fn verifier(expected: &Expected) -> Verifier {
    let seconds = |seconds: i64| Duration::from_secs(seconds.unsigned_abs());
    let mut verifier = Verifier::builder()
        .key(fixed::secret_key())
        .leeway(seconds(expected.leeway))
        .profile(expected.profile);
    if let Some(issuer) = &expected.issuer {
        verifier = verifier.issuer(issuer);
    }
    if let Some(subject) = &expected.subject {
        verifier = verifier.subject(subject);
    }
    if let Some(id) = &expected.id {
        verifier = verifier.id(id);
    }
    if let Some(age) = expected.max_age {
        verifier = verifier.max_age(seconds(age));
    }
    if expected.expiry_optional {
        verifier = verifier.without_expiry();
    }
    if let Some(nonce) = &expected.nonce {
        verifier = verifier.nonce(nonce);
    }
    verifier = if expected.audiences.is_empty() {
        verifier.without_audience()
    } else {
        expected.audiences.iter().fold(verifier, waxseal::VerifierBuilder::audience)
    };
    let verifier = expected.required.iter().fold(verifier, waxseal::VerifierBuilder::require);
    verifier.build().expect("a good verifier")
}
