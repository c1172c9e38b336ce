//! What a verifier accepts, and the code with which it refuses the rest.

use super::*;
use waxseal::{Algorithm, KeyRing, Limits, VerifierError};

const HS256: &str = r#"{"alg":"HS256"}"#;

#[test]
fn a_payload_comes_along_or_detached_and_never_both() {
    let verifier = accepting(secret());
    let (carried, carried_json) = (compact(HS256, PAYLOAD), flattened(HS256));
    let detached = builder().detached().sign_compact(secret(), &headers()).unwrap();
    let detached_json = part(HS256, &base64url(PAYLOAD)).to_string();
    let carried_json = carried_json.to_string();
    for (what, result, expected) in [
        ("carried", verifier.verify_compact(&carried), None),
        ("carried json", verifier.verify_json(&carried_json), None),
        ("detached", verifier.verify_compact_detached(&detached, PAYLOAD), None),
        ("detached json", verifier.verify_json_detached(&detached_json, PAYLOAD), None),
        ("given twice", verifier.verify_compact_detached(&carried, PAYLOAD), Some(Code::PayloadUnexpected)),
        (
            "given twice json",
            verifier.verify_json_detached(&carried_json, PAYLOAD),
            Some(Code::PayloadUnexpected),
        ),
        ("not given", verifier.verify_compact(&detached), Some(Code::SignatureInvalid)),
        ("not given json", verifier.verify_json(&detached_json), Some(Code::PayloadMissing)),
        ("another", verifier.verify_compact_detached(&detached, b"x"), Some(Code::SignatureInvalid)),
        ("another json", verifier.verify_json_detached(&detached_json, b""), Some(Code::SignatureInvalid)),
    ] {
        assert_eq!(code(result), expected, "{what}");
    }
    let empty = part(HS256, "");
    assert_eq!(verify_json(&with(empty.clone(), "payload", "")), None, "empty is not absent");
    assert_eq!(
        code(verifier.verify_json_detached(&with(empty, "payload", "").to_string(), b"")),
        Some(Code::PayloadUnexpected)
    );
    assert!(verifier.verify_compact(&compact(HS256, "")).unwrap().payload().is_empty());
}

#[test]
fn every_changed_byte_is_noticed() {
    let text = builder().sign_compact(secret(), &headers()).unwrap();
    let verifier = accepting(secret());
    for position in 0..text.len() {
        for flip in [1, 2, 4, 32] {
            let mut changed = text.clone().into_bytes();
            changed[position] ^= flip;
            if let Ok(changed) = String::from_utf8(changed) {
                assert!(verifier.verify_compact(&changed).is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn json_that_is_not_exactly_one_jws_is_refused() {
    let good = flattened(HS256);
    let protected = good["protected"].clone();
    let signature = good["signature"].clone();
    for (what, jws, expected) in [
        ("extra members are ignored", with(good.clone(), "extra", json!({"x": 1})), None),
        ("payload no text", with(good.clone(), "payload", 5), Some(Code::TokenMalformed)),
        ("payload null", with(good.clone(), "payload", json!(null)), Some(Code::TokenMalformed)),
        ("payload padded", with(good.clone(), "payload", "YQ=="), Some(Code::TokenMalformed)),
        ("payload not canonical", with(good.clone(), "payload", "YR"), Some(Code::TokenMalformed)),
        ("signature no text", with(good.clone(), "signature", 5), Some(Code::TokenMalformed)),
        (
            "signature padded",
            with(good.clone(), "signature", format!("{}=", signature.as_str().unwrap())),
            Some(Code::TokenMalformed),
        ),
        (
            "protected no text",
            with(good.clone(), "protected", json!({"alg": "HS256"})),
            Some(Code::TokenMalformed),
        ),
        ("protected no base64url", with(good.clone(), "protected", HS256), Some(Code::TokenMalformed)),
        ("protected no JSON", with(good.clone(), "protected", "AAAA"), Some(Code::TokenMalformed)),
        ("protected empty", with(good.clone(), "protected", ""), Some(Code::TokenMalformed)),
        ("header no object", with(good.clone(), "header", "x"), Some(Code::TokenMalformed)),
        ("header null", with(good.clone(), "header", json!(null)), Some(Code::TokenMalformed)),
        ("no signature", json!({"payload": "", "protected": protected}), Some(Code::TokenMalformed)),
        (
            "no protected",
            json!({"payload": "", "signature": signature, "header": {"alg": "HS256"}}),
            Some(Code::HeaderInvalid),
        ),
        ("nothing", json!({}), Some(Code::TokenMalformed)),
        ("no signatures", json!({"payload": "", "signatures": []}), Some(Code::TokenMalformed)),
        (
            "signatures no list",
            json!({"payload": "", "signatures": good.clone()}),
            Some(Code::TokenMalformed),
        ),
        ("signatures of no objects", json!({"payload": "", "signatures": ["x"]}), Some(Code::TokenMalformed)),
        ("an array", json!([good.clone()]), Some(Code::TokenMalformed)),
    ] {
        assert_eq!(verify_json(&jws), expected, "{what}");
    }
    let text = good.to_string();
    for (what, text) in [
        ("empty", String::new()),
        ("two", format!("{text}{text}")),
        ("a comma too many", text.replace('}', ",}")),
        ("a member twice", text.replacen('{', r#"{"payload":"","#, 1)),
        ("a member twice, escaped", text.replacen('{', r#"{"payl\u006fad":"","#, 1)),
        ("a duplicate deep in what is ignored", text.replacen('{', r#"{"x":[{"y":1,"y":2}],"#, 1)),
        ("a duplicate in the header", text.replacen('{', r#"{"header":{"y":1,"y":2},"#, 1)),
    ] {
        assert_eq!(code(accepting(secret()).verify_json(&text)), Some(Code::TokenMalformed), "{what}");
    }
    assert!(accepting(secret()).verify_json(&format!(" {text}\n")).is_ok(), "white space is JSON's own");
}

#[test]
fn of_several_signatures_one_or_all_must_verify() {
    let any = accepting(secret().with_kid("k").unwrap());
    let all =
        Verifier::builder().key(secret().with_kid("k").unwrap()).require_all_signatures().build().unwrap();
    let good = r#"{"alg":"HS256"}"#;
    let mut forged = general(&[good, good]);
    forged["signatures"][0]["signature"] = json!(base64url([0; 32]));
    let jws = |headers: &[&str]| general(headers);
    for (what, jws, if_any, if_all) in [
        ("both", jws(&[good, good]), None, None),
        ("one forged", forged, None, Some(Code::SignatureInvalid)),
        ("one by another", jws(&[good, r#"{"alg":"HS256","kid":"x"}"#]), None, Some(Code::KeyNotFound)),
        ("one of another algorithm", jws(&[r#"{"alg":"ES256"}"#, good]), None, Some(Code::AlgorithmMismatch)),
        ("one of no algorithm", jws(&[r#"{"alg":"none"}"#, good]), None, Some(Code::AlgorithmMismatch)),
        (
            "one with an extension",
            jws(&[r#"{"alg":"HS256","x":1,"crit":["x"]}"#, good]),
            None,
            Some(Code::CritUnsupported),
        ),
        (
            "the closest failure is told",
            jws(&[
                r#"{"alg":"HS256","kid":"x"}"#,
                r#"{"alg":"none"}"#,
                r#"{"alg":"HS256","x":1,"crit":["x"]}"#,
            ]),
            Some(Code::AlgorithmMismatch),
            Some(Code::KeyNotFound),
        ),
        (
            "one malformed",
            with_signature(jws(&[good, good]), json!({"protected": "AAAA", "signature": ""})),
            Some(Code::TokenMalformed),
            Some(Code::TokenMalformed),
        ),
        ("one without alg", jws(&[good, "{}"]), None, Some(Code::HeaderInvalid)),
        ("none with alg", jws(&["{}", "{}"]), Some(Code::HeaderInvalid), Some(Code::HeaderInvalid)),
        (
            "one with a kid that is no text",
            jws(&[good, r#"{"alg":"HS256","kid":1}"#]),
            None,
            Some(Code::HeaderInvalid),
        ),
        (
            "one with an impossible crit",
            jws(&[r#"{"alg":"HS256","crit":[]}"#, good]),
            None,
            Some(Code::CritUnsupported),
        ),
    ] {
        assert_eq!(code(any.verify_json(&jws.to_string())), if_any, "{what}");
        assert_eq!(code(all.verify_json(&jws.to_string())), if_all, "{what}");
    }
}

#[test]
fn of_failures_that_came_equally_far_the_first_is_told() {
    let verifier = accepting(secret().with_kid("k").unwrap());
    let jws = general(&[
        r#"{"alg":"none","x":1,"crit":["x"]}"#,
        r#"{"alg":"HS256","kid":"a"}"#,
        r#"{"alg":"HS256","kid":"b"}"#,
    ]);
    let error = verifier.verify_json(&jws.to_string()).unwrap_err();
    assert!(matches!(&error, VerifyError::KeyNotFound { kid: Some(kid), .. } if kid == "a"), "{error:?}");
}

#[test]
fn everything_can_be_used_from_any_thread() {
    fn shared<T: Send + Sync>() {}
    shared::<Verifier>();
    shared::<waxseal::jws::VerifierBuilder>();
    shared::<VerifiedJws>();
    shared::<Builder<'_>>();
    shared::<Headers>();
    shared::<waxseal::jws::Prepared>();
    shared::<waxseal::jws::RemoteSignError<VerifyError>>();
}

fn with_signature(mut jws: Value, one: Value) -> Value {
    jws["signatures"].as_array_mut().unwrap().push(one);
    jws
}

#[test]
fn forged_signatures_are_not_among_those_that_verified() {
    let mut jws = general(&[r#"{"alg":"HS256","typ":"a"}"#, r#"{"alg":"HS256","typ":"b"}"#]);
    jws["signatures"][0]["signature"] = json!(base64url([0; 32]));
    let verified = accepting(secret()).verify_json(&jws.to_string()).unwrap();
    let indices: Vec<_> = verified.signatures().map(waxseal::jws::VerifiedSignature::index).collect();
    assert_eq!(indices, [1]);
    assert_eq!(verified.protected_header().json(), r#"{"alg":"HS256","typ":"b"}"#);
}

#[test]
fn the_number_of_signatures_is_bounded() {
    let eight = general(&[HS256; 8]);
    assert_eq!(verify_json(&eight), None);
    let nine = general(&[HS256; 9]);
    assert_eq!(verify_json(&nine), Some(Code::SignaturesTooMany));
    let one = Verifier::builder().key(secret()).signatures(1).build().unwrap();
    assert_eq!(code(one.verify_json(&general(&[HS256; 2]).to_string())), Some(Code::SignaturesTooMany));
    assert_eq!(code(one.verify_json(&general(&[HS256]).to_string())), None);
    let nine_allowed = Verifier::builder().key(secret()).signatures(9).build().unwrap();
    assert_eq!(nine_allowed.verify_json(&nine.to_string()).unwrap().signatures().count(), 9);
}

#[test]
fn sizes_and_depth_are_bounded() {
    let limits = Limits::default().token_bytes(400).header_bytes(60).depth(3);
    let verifier = Verifier::builder().key(secret()).limits(limits).build().unwrap();
    let header = |length: usize| format!(r#"{{"alg":"HS256","x":"{}"}}"#, "y".repeat(length));
    let verify = |jws: &Value| code(verifier.verify_json(&jws.to_string()));
    assert_eq!(header(23).len(), 45, "60 characters in base64url");
    assert_eq!(verify(&flattened(&header(23))), None);
    assert_eq!(verify(&flattened(&header(24))), Some(Code::TokenTooLarge));
    assert_eq!(code(verifier.verify_compact(&compact(&header(23), "x"))), None);
    assert_eq!(code(verifier.verify_compact(&compact(&header(24), "x"))), Some(Code::TokenTooLarge));
    let unprotected = |length: usize| with(flattened(HS256), "header", json!({"x": "y".repeat(length)}));
    assert_eq!(verify(&unprotected(52)), None);
    assert_eq!(verify(&unprotected(53)), Some(Code::TokenTooLarge));
    assert_eq!(code(verifier.verify_compact(&compact(HS256, "x".repeat(300)))), Some(Code::TokenTooLarge));
    assert_eq!(verify(&with(flattened(HS256), "extra", "x".repeat(300))), Some(Code::TokenTooLarge));
    assert_eq!(verify(&with(flattened(HS256), "extra", json!([[1]]))), None);
    assert_eq!(verify(&with(flattened(HS256), "extra", json!([[[1]]]))), Some(Code::TokenMalformed));
    assert_eq!(verify(&flattened(r#"{"alg":"HS256","x":[[1]]}"#)), None);
    assert_eq!(verify(&flattened(r#"{"alg":"HS256","x":[[[1]]]}"#)), Some(Code::TokenMalformed));
}

#[test]
fn typ_is_enforced_where_it_is_expected() {
    let verifier = Verifier::builder().key(secret()).typ("receipt+json").build().unwrap();
    for (header, expected) in [
        (r#"{"alg":"HS256","typ":"receipt+json"}"#, None),
        (r#"{"alg":"HS256","typ":"application/Receipt+JSON"}"#, None),
        (r#"{"alg":"HS256","typ":"JWT"}"#, Some(Code::TypMismatch)),
        (r#"{"alg":"HS256"}"#, Some(Code::TypMismatch)),
        (r#"{"alg":"HS256","typ":5}"#, Some(Code::HeaderInvalid)),
    ] {
        assert_eq!(code(verifier.verify_compact(&compact(header, PAYLOAD))), expected, "{header}");
    }
    let unprotected = with(flattened(HS256), "header", json!({"typ": "receipt+json"}));
    assert_eq!(code(verifier.verify_json(&unprotected.to_string())), Some(Code::TypMismatch));
    assert_eq!(code(accepting(secret()).verify_compact(&compact(r#"{"alg":"HS256","typ":"x"}"#, ""))), None);
}

#[test]
fn headers_can_be_read_and_are_kept_apart() {
    let header = r#"{"alg":"HS256","n":7,"t":"\u0061","z":[1]}"#;
    let jws = with(flattened(header), "header", json!({"n2": 8, "kid": "anything"}));
    let verified = accepting(secret().with_kid("k").unwrap()).verify_json(&jws.to_string()).unwrap();
    let protected = verified.protected_header();
    assert_eq!(protected.json(), header);
    assert_eq!(protected.member::<u32>("n").unwrap(), Some(7));
    assert_eq!(protected.member::<String>("t").unwrap().as_deref(), Some("a"));
    assert_eq!(protected.member::<u32>("n2").unwrap(), None, "not protected");
    assert_eq!(protected.member::<String>("n").unwrap_err().code(), Code::HeaderInvalid);
    assert_eq!(protected.member::<f64>("z").unwrap_err().code(), Code::HeaderInvalid);
    let unverified = verified.signature().unverified_header().unwrap();
    assert_eq!(unverified.member::<u32>("n2").unwrap(), Some(8));
    assert_eq!(unverified.member::<u32>("n").unwrap(), None);
    assert_eq!(verified.kid(), Some("k"), "the key's, whatever a header says");
    let shown = format!("{verified:?}");
    assert!(!shown.contains("any octets"), "{shown}");
}

#[test]
fn a_verifier_is_built_with_care() {
    let build = |builder: waxseal::jws::VerifierBuilder| builder.build().map(drop);
    let with_key = || Verifier::builder().key(secret());
    assert_eq!(build(Verifier::builder()), Err(VerifierError::KeyMissing));
    for (what, builder) in [
        ("empty typ", with_key().typ("")),
        ("no signatures", with_key().signatures(0)),
        ("b64", with_key().understand("b64")),
        ("registered", with_key().understand("kid")),
        ("registered thumbprint", with_key().understand("x5t#S256")),
        ("empty", with_key().understand("")),
    ] {
        let code = build(builder).unwrap_err().code();
        assert_eq!(code, Code::VerifierOptionInvalid, "{what}");
    }
    let empty = Verifier::builder().keys(KeyRing::default()).build().unwrap();
    let jws = compact(HS256, PAYLOAD);
    assert_eq!(code(empty.verify_compact(&jws)), Some(Code::KeyNotFound));
    assert_eq!(code(empty.with_keys(secret().into()).verify_compact(&jws)), None);
    let other = SecretKey::generate(Algorithm::Hs384).unwrap();
    assert_eq!(code(accepting(other).verify_compact(&jws)), Some(Code::AlgorithmMismatch));
}
