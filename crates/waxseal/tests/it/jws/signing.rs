//! What the builder writes and what it refuses.

use super::*;
use serde::ser::{Error as _, Serialize, Serializer};
use waxseal::{Algorithm, Limits, PrivateKey, SignError, SigningKey};

fn protected(jws: &str) -> String {
    let encoded = if jws.starts_with('{') {
        let json: Value = serde_json::from_str(jws).unwrap();
        json["protected"].as_str().unwrap().to_owned()
    } else {
        jws.split('.').next().unwrap().to_owned()
    };
    String::from_utf8(decode(&encoded)).unwrap()
}

fn decode(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for c in text.chars() {
        bits = bits << 6 | u32::try_from(ALPHABET.find(c).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 255).unwrap());
        }
    }
    out
}

#[test]
fn every_algorithm_in_every_serialization() {
    for (signing, verifying) in key_pairs() {
        let algorithm = signing.algorithm();
        for (unencoded_payload, detached) in [(false, false), (false, true), (true, false), (true, true)] {
            let payload: &[u8] = if detached { PAYLOAD } else { b"plain text" };
            let mut builder = Builder::new(payload);
            if unencoded_payload {
                builder = builder.unencoded_payload();
            }
            if detached {
                builder = builder.detached();
            }
            let verifier = unencoded(verifying.clone());
            let compact = builder.sign_compact(signing.clone(), &headers()).unwrap();
            let flattened = builder.sign_flattened(signing.clone(), &headers()).unwrap();
            let general = builder.sign_general([(signing.clone(), headers())]).unwrap();
            for text in [&compact, &flattened, &general] {
                let verified = if detached {
                    verifier.verify_compact_or_json_detached(text, payload)
                } else {
                    verifier.verify_compact_or_json(text)
                };
                let verified = verified.unwrap_or_else(|error| panic!("{algorithm} {text}: {error}"));
                assert_eq!(verified.payload(), payload, "{algorithm} {text}");
                assert_eq!(verified.signature().algorithm(), algorithm);
                assert_eq!(verified.kid(), signing.kid(), "{algorithm}");
                let b64 = verified.protected_header().member::<bool>("b64").unwrap();
                assert_eq!(b64, unencoded_payload.then_some(false), "{algorithm} {text}");
            }
        }
    }
}

#[test]
fn the_header_is_what_was_asked_for() {
    let key = secret().with_kid("k").unwrap();
    for (headers, expected) in [
        (headers(), r#"{"alg":"HS256","kid":"k"}"#),
        (headers().without_kid(), r#"{"alg":"HS256"}"#),
        (headers().kid("other"), r#"{"alg":"HS256","kid":"other"}"#),
        (headers().typ("a+json").cty("b"), r#"{"alg":"HS256","typ":"a+json","cty":"b","kid":"k"}"#),
        (
            headers().member("n", &7).member("a\"b", "text").member("o", &json!({"x": [null]})),
            r#"{"alg":"HS256","kid":"k","n":7,"a\"b":"text","o":{"x":[null]}}"#,
        ),
    ] {
        let compact = builder().sign_compact(key.clone(), &headers).unwrap();
        assert_eq!(protected(&compact), expected);
        let flattened = builder().sign_flattened(key.clone(), &headers).unwrap();
        assert_eq!(protected(&flattened), expected);
    }
    let jws = builder().unencoded_payload().detached().sign_compact(key, &headers().typ("t")).unwrap();
    assert_eq!(protected(&jws), r#"{"alg":"HS256","typ":"t","kid":"k","b64":false,"crit":["b64"]}"#);
}

#[test]
fn the_json_serializations_have_the_members_of_the_rfc_and_no_others() {
    let unprotected = headers().unprotected("note", &[1, 2]);
    let jws = builder().sign_flattened(secret(), &unprotected).unwrap();
    let jws: Value = serde_json::from_str(&jws).unwrap();
    let expected = with(flattened(r#"{"alg":"HS256"}"#), "header", json!({"note": [1, 2]}));
    assert_eq!(jws, expected);
    let keys = [(secret(), headers()), (secret(), unprotected)];
    let jws = builder().detached().sign_general(keys).unwrap();
    let jws: Value = serde_json::from_str(&jws).unwrap();
    let bare = part(r#"{"alg":"HS256"}"#, &base64url(PAYLOAD));
    assert_eq!(jws, json!({"signatures": [bare, with(bare.clone(), "header", json!({"note": [1, 2]}))]}));
    let text = Builder::new("\"ä\\\n".as_bytes()).unencoded_payload();
    let jws: Value = serde_json::from_str(&text.sign_flattened(secret(), &headers()).unwrap()).unwrap();
    assert_eq!(jws["payload"], "\"ä\\\n");
}

struct Broken;

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("no"))
    }
}

/// Writes what is no JSON value of its own.
struct Raw(&'static str);

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::value::RawValue::from_string(self.0.to_owned()).unwrap().serialize(serializer)
    }
}

#[test]
fn headers_that_no_verifier_would_accept_are_not_signed() {
    let mut deep = json!(null);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    for (what, headers) in [
        ("alg", headers().member("alg", "none")),
        ("b64", headers().member("b64", &false)),
        ("crit", headers().member("crit", &["exp"])),
        ("typ", headers().member("typ", "x")),
        ("cty", headers().member("cty", "x")),
        ("kid", headers().member("kid", "x")),
        ("unprotected alg", headers().unprotected("alg", "none")),
        ("unprotected b64", headers().unprotected("b64", &false)),
        ("unprotected crit", headers().unprotected("crit", &["exp"])),
        ("twice", headers().member("a", &1).member("a", &2)),
        ("unprotected twice", headers().unprotected("a", &1).unprotected("a", &2)),
        ("in both", headers().member("a", &1).unprotected("a", &1)),
        ("kid in both", headers().kid("k").unprotected("kid", "k")),
        ("typ in both", headers().typ("k").unprotected("typ", "k")),
        ("duplicate inside", headers().member("a", &Raw(r#"{"b":1,"\u0062":2}"#))),
        ("duplicate inside unprotected", headers().unprotected("a", &Raw(r#"{"b":1,"b":2}"#))),
        ("deep", headers().member("a", &deep)),
        ("broken", headers().member("a", &Broken)),
        ("unprotected broken", headers().unprotected("a", &Broken)),
        ("empty typ", headers().typ("")),
        ("typ with a space", headers().typ("a b")),
        ("cty with a control", headers().cty("a\n")),
        ("empty kid", headers().kid("")),
        ("kid with a control", headers().kid("a\nb")),
        ("long", headers().member("a", &"x".repeat(9000))),
        ("long unprotected", headers().unprotected("a", &"x".repeat(9000))),
    ] {
        let error = builder().sign_flattened(secret(), &headers).unwrap_err();
        assert_eq!(error.code(), Code::SignHeaderInvalid, "{what}");
        let error = builder().sign_general([(secret(), headers)]).unwrap_err();
        assert_eq!(error.code(), Code::SignHeaderInvalid, "{what}");
    }
    // The same text under an escape is the same name; no method writes one, so this is a name of its own.
    assert!(builder().sign_compact(secret(), &headers().member("\\u0061lg", &1)).is_ok());
    let error = builder().sign_compact(secret(), &headers().unprotected("a", &1)).unwrap_err();
    assert_eq!(error.code(), Code::SignHeaderInvalid, "compact has no unprotected header");
}

#[test]
fn an_unencoded_payload_must_fit_its_serialization() {
    for (payload, compact, json) in [
        (&b""[..], true, true),
        (b"plain text, printable: -/~", true, true),
        (b"$.02", false, true),
        (b"a\nb", false, true),
        (b"\x7f", false, true),
        ("ä".as_bytes(), false, true),
        (b"\xff", false, false),
    ] {
        let builder = Builder::new(payload).unencoded_payload();
        let results = [
            (builder.sign_compact(secret(), &headers()), compact),
            (builder.sign_flattened(secret(), &headers()), json),
            (builder.sign_general([(secret(), headers())]), json),
            (builder.clone().detached().sign_compact(secret(), &headers()), true),
            (builder.clone().detached().sign_flattened(secret(), &headers()), true),
        ];
        for (index, (result, accepted)) in results.into_iter().enumerate() {
            let code = result.err().map(|error| error.code());
            let expected = (!accepted).then_some(Code::SignPayloadInvalid);
            assert_eq!(code, expected, "{} {index}", payload.escape_ascii());
        }
    }
}

#[test]
fn a_jws_too_long_to_be_accepted_is_not_made() {
    let payload = vec![b'x'; 12_300];
    let builder = Builder::new(&payload);
    let results = [
        builder.sign_compact(secret(), &headers()),
        builder.sign_flattened(secret(), &headers()),
        builder.sign_general([(secret(), headers())]),
    ];
    for result in results {
        assert_eq!(result.unwrap_err().code(), Code::SignTooLarge);
    }
    assert!(builder.clone().detached().sign_compact(secret(), &headers()).is_ok(), "not part of the text");
    let limits = Limits::default().token_bytes(20_000);
    let long = builder.limits(limits).sign_compact(secret(), &headers()).unwrap();
    assert_eq!(code(accepting(secret()).verify_compact(&long)), Some(Code::TokenTooLarge));
    let verifier = Verifier::builder().key(secret()).limits(limits).build().unwrap();
    assert_eq!(verifier.verify_compact(&long).unwrap().payload(), payload);
}

#[test]
fn a_general_jws_needs_a_key_and_takes_different_ones() {
    let none: [(SecretKey, Headers); 0] = [];
    assert_eq!(builder().sign_general(none).unwrap_err(), SignError::KeyMissing);
    let (ec, ed) =
        (PrivateKey::generate(Algorithm::Es256).unwrap(), PrivateKey::generate(Algorithm::EdDsa).unwrap());
    let keys: [(SigningKey, Headers); 3] = [
        (secret().into(), headers().typ("first")),
        (ec.clone().into(), headers()),
        (ed.clone().into(), headers().typ("third")),
    ];
    let jws = builder().sign_general(keys).unwrap();
    let verifier = Verifier::builder().key(secret()).key(&ed).build().unwrap();
    let verified = verifier.verify_json(&jws).unwrap();
    let seen: Vec<_> = verified
        .signatures()
        .map(|one| (one.index(), one.algorithm(), one.protected_header().member::<String>("typ").unwrap()))
        .collect();
    let expected =
        [(0, Algorithm::Hs256, Some("first".to_owned())), (2, Algorithm::EdDsa, Some("third".to_owned()))];
    assert_eq!(seen, expected);
    assert_eq!(verified.signatures().last().unwrap().kid(), ed.kid());
    let all = Verifier::builder().key(secret()).key(&ed).require_all_signatures();
    assert_eq!(code(all.clone().build().unwrap().verify_json(&jws)), Some(Code::AlgorithmMismatch));
    assert!(all.key(&ec).build().unwrap().verify_json(&jws).is_ok());
}
