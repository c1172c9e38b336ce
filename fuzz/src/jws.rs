//! JWSs of every serialization: what is made verifies to the same octets, and any header that is correctly sealed is
//! accepted only as the model says.

use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{fixed, generate, reference};
use std::collections::BTreeSet;
use std::sync::OnceLock;
use waxseal::jws::{Builder, Headers, VerifiedJws, Verifier};
use waxseal::{Algorithm, Code, SignError, VerifyError};

const NAMES: &[&str] =
    &["alg", "typ", "kid", "crit", "b64", "cty", "jwk", "x", "y", "exp", "alg", "b64", "crit", "kid", ""];

/// Protected headers that a fair share of the inputs starts with, less their last brace.
const GOOD: &[&str] = &[
    "{",
    r#"{"alg":"HS256""#,
    r#"{"alg":"HS256","b64":false,"crit":["b64"]"#,
    r#"{"crit":["x","b64"],"x":1,"b64":true,"alg":"HS256""#,
    r#"{"alg":"HS256","kid":"k","crit":["x"],"x":{}"#,
    r#"{"alg":"HS256","crit":["y"],"y":1"#,
    r#"{"alg":"HS256","b64":false"#,
    r#"{"alg":"HS256","crit":[]"#,
];

/// Panics if a JWS is accepted that should not be, or refused that should not, or carries something else.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() % 4 {
        0 => check_made(&mut source),
        1 => check_text(&String::from_utf8_lossy(source.rest())),
        _ => check_sealed(&mut source),
    }
}

/// Any text: nothing panics.
fn check_text(text: &str) {
    for verifier in [lenient(), strict()] {
        for verdict in [
            verifier.verify_compact(text),
            verifier.verify_compact_detached(text, b"payload"),
            verifier.verify_json(text),
            verifier.verify_json_detached(text, b"payload"),
        ] {
            note(&verdict);
        }
        assert_eq!(
            verifier.verify_compact_or_json(text).is_ok(),
            verifier.verify_compact(text).is_ok() || verifier.verify_json(text).is_ok()
        );
    }
}

fn note(verdict: &Result<VerifiedJws, VerifyError>) {
    match verdict {
        Ok(_) => reached("accepted"),
        Err(error) => reached(format!("refused {}", error.code())),
    }
}

/// A payload that was signed with whatever options.
fn check_made(source: &mut Source<'_>) {
    let (detached, unencoded) = (source.one_in(2), source.one_in(2));
    let pair = &fixed::pairs()[if source.one_in(8) { source.below(fixed::pairs().len()) } else { 0 }];
    let headers = headers(source);
    let form = source.byte() % 3;
    let payload = source.rest();
    let builder = Builder::new(payload);
    let builder = if detached { builder.detached() } else { builder };
    let builder = if unencoded { builder.unencoded_payload() } else { builder };
    let signed = match form {
        0 => builder.sign_compact(pair.signing.clone(), &headers),
        1 => builder.sign_flattened(pair.signing.clone(), &headers),
        _ => builder
            .sign_general([(pair.signing.clone(), headers.clone()), (fixed::secret_key().into(), headers)]),
    };
    let text = match signed {
        Ok(text) => text,
        Err(error) => return check_refusal(&error, payload, unencoded && !detached),
    };
    let verdicts = [lenient(), strict()].map(|verifier| match (form, detached) {
        (0, true) => verifier.verify_compact_detached(&text, payload),
        (0, false) => verifier.verify_compact(&text),
        (_, true) => verifier.verify_json_detached(&text, payload),
        (_, false) => verifier.verify_json(&text),
    });
    let [lenient, strict] = verdicts;
    let verified = lenient.expect("what was made");
    assert_eq!(verified.payload(), payload);
    assert_eq!(verified.signatures().count(), if form == 2 { 2 } else { 1 });
    match strict {
        Ok(_) => assert!(!unencoded, "an unencoded payload was not allowed"),
        Err(error) => assert!(unencoded && error.code() == Code::CritUnsupported, "{error}"),
    }
    assert_other_payload_is_refused(&text, payload, detached, form);
    reached(format!("made form {form}, detached {detached}, unencoded {unencoded}"));
}

fn assert_other_payload_is_refused(text: &str, payload: &[u8], detached: bool, form: u8) {
    let other = [payload, b"!"].concat();
    let verdict = match form {
        0 => lenient().verify_compact_detached(text, &other),
        _ => lenient().verify_json_detached(text, &other),
    };
    assert!(verdict.is_err(), "another payload verifies");
    let inside = if form == 0 { lenient().verify_compact(text) } else { lenient().verify_json(text) };
    // An empty middle part is an empty payload.
    assert_eq!(inside.is_ok(), !detached || form == 0 && payload.is_empty(), "a payload from nowhere");
}

fn headers(source: &mut Source<'_>) -> Headers {
    let mut headers = Headers::new();
    for _ in 0..source.byte() % 4 {
        headers = match source.byte() % 6 {
            0 => headers.typ(source.pick(&["JWT", "x", ""])),
            1 => headers.cty(source.pick(&["text/plain", "x y"])),
            2 => headers.kid(source.text()),
            3 => headers.member(source.pick(&["x", "y", "alg", "exp"]), &source.byte()),
            4 => headers.unprotected(source.pick(&["x", "y", "alg", "kid"]), &source.byte()),
            _ => headers.member(source.text(), &source.text()),
        };
    }
    headers
}

fn check_refusal(error: &SignError, payload: &[u8], carried_unencoded: bool) {
    let reason = match error.code() {
        Code::SignPayloadInvalid => carried_unencoded,
        Code::SignTooLarge => payload.len() > 3000,
        Code::SignHeaderInvalid => true,
        _ => false,
    };
    assert!(reason, "{error}");
    reached(format!("not made {}", error.code()));
}

/// Any protected and unprotected header over a payload.
struct Sealed {
    /// 0 compact, 1 flattened, 2 general.
    form: u8,
    protected: String,
    unprotected: Option<String>,
    payload: &'static str,
}

/// Sealed as the protected header says, it is accepted if the model accepts the headers.
fn check_sealed(source: &mut Source<'_>) {
    let form = source.byte() % 3;
    let protected = header(source);
    let unprotected = (form != 0 && source.one_in(2)).then(|| generate::object(source, NAMES));
    let payload = source.pick(&["payload", "", "cGF5bG9hZA", "a.b", "\u{e9}", "{\"a\":\"\\u0000\"}"]);
    let jws = Sealed { form, protected, unprotected, payload };
    let (text, good) = jws.seal();
    let verdict = if form == 0 { lenient().verify_compact(&text) } else { lenient().verify_json(&text) };
    note(&verdict);
    match verdict {
        Ok(verified) => {
            assert!(good, "accepted: {text} {}", jws.protected);
            assert_eq!(verified.payload(), jws.payload.as_bytes(), "{text}");
            assert_eq!(verified.protected_header().json(), jws.protected);
        }
        Err(error) => assert!(!good, "{error}: {text} {}", jws.protected),
    }
}

impl Sealed {
    /// The JWS, and whether it has to be accepted.
    fn seal(&self) -> (String, bool) {
        let tree = Tree::read(&self.protected);
        let unencoded = tree.as_ref().and_then(|tree| tree.member("b64")) == Some(&Tree::Bool(false));
        let carried = if unencoded { self.payload.to_owned() } else { reference::encode(self.payload) };
        let encoded = reference::encode(&self.protected);
        let sealed = fixed::seal_encoded(Algorithm::Hs256, &format!("{encoded}.{carried}"));
        let good = tree.is_some_and(|tree| acceptable(&tree, self.unprotected.as_deref()));
        if self.form == 0 {
            // RFC 7797 §5.2: what a compact JWS can carry as it is.
            let fits = carried.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'.');
            return (sealed, good && fits);
        }
        let signature = sealed.rsplit('.').next().unwrap_or_default();
        let text = self.json(&carried, &encoded, signature);
        let strict = Tree::read(&text).is_some_and(|tree| tree.is_strict_object(32));
        (text, good && strict)
    }

    fn json(&self, payload: &str, protected: &str, signature: &str) -> String {
        let header =
            self.unprotected.as_ref().map_or(String::new(), |header| format!(",\"header\":{header}"));
        let payload = serde_json::Value::from(payload);
        let part = format!("\"protected\":\"{protected}\"{header},\"signature\":\"{signature}\"");
        if self.form == 1 { format!("{{\"payload\":{payload},{part}}}") } else { general(&payload, &part) }
    }
}

fn general(payload: &serde_json::Value, part: &str) -> String {
    format!("{{\"payload\":{payload},\"signatures\":[{{{part}}}]}}")
}

fn header(source: &mut Source<'_>) -> String {
    let start = source.pick(GOOD);
    let generated = generate::object(source, NAMES);
    let members = generated.strip_prefix('{').unwrap_or(&generated);
    let comma = if start == "{" || members.trim_start().starts_with('}') { "" } else { "," };
    format!("{start}{comma}{members}")
}

/// RFC 7515 §4, §7.2.1 and RFC 7797 §6, for the secret for HS256 and a caller that processes `x`.
fn acceptable(protected: &Tree, unprotected: Option<&str>) -> bool {
    if !protected.is_strict_object(32) {
        return false;
    }
    let text = |name| protected.member(name).map(Tree::text);
    let kid = text("kid").is_none_or(|kid| {
        kid.is_some_and(|kid| (1..=256).contains(&kid.len()) && !kid.chars().any(char::is_control))
    });
    let critical = match protected.member("crit") {
        None => Some(BTreeSet::new()),
        Some(Tree::Array(names)) => {
            names.iter().map(Tree::text).collect::<Option<Vec<_>>>().and_then(|names| {
                let distinct: BTreeSet<_> = names.iter().copied().collect();
                let known = |name: &&str| ["x", "b64"].contains(name) && protected.member(name).is_some();
                (!names.is_empty() && distinct.len() == names.len() && names.iter().all(known))
                    .then_some(distinct)
            })
        }
        Some(_) => None,
    };
    let b64 = match protected.member("b64") {
        None | Some(Tree::Bool(true)) => true,
        Some(Tree::Bool(false)) => critical.as_ref().is_some_and(|names| names.contains("b64")),
        Some(_) => false,
    };
    let separate = unprotected.map(Tree::read).is_none_or(|unprotected| {
        let names =
            unprotected.as_ref().and_then(Tree::members).map(|members| members.iter().map(|(name, _)| name));
        names.is_some_and(|mut names| {
            names.all(|name| {
                !["alg", "b64", "crit"].contains(&name.as_str()) && protected.member(name).is_none()
            })
        })
    });
    text("alg") == Some(Some("HS256"))
        && text("typ") != Some(None)
        && kid
        && critical.is_some()
        && b64
        && separate
}

/// Knows every key, the extension `x` and unencoded payloads.
fn lenient() -> &'static Verifier {
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    VERIFIER.get_or_init(|| {
        let verifier = fixed::pairs()
            .iter()
            .fold(Verifier::builder(), |builder, pair| builder.key(pair.verifying.clone()));
        verifier.allow_unencoded_payload().understand("x").build().expect("a good verifier")
    })
}

fn strict() -> &'static Verifier {
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    VERIFIER.get_or_init(|| {
        let verifier = fixed::pairs()
            .iter()
            .fold(Verifier::builder(), |builder, pair| builder.key(pair.verifying.clone()));
        verifier.build().expect("a good verifier")
    })
}
