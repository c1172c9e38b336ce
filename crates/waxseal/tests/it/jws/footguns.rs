//! One test for each way in which libraries were broken before, as far as it concerns this layer; the
//! numbers are the rows of the list in the project's security notes.

use super::*;
use waxseal::jws::VerifiedSignature;
use waxseal::{Algorithm, PrivateKey};

const HS256: &str = r#"{"alg":"HS256"}"#;
const UNENCODED: &str = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;

#[test]
fn footgun_06_only_the_protected_header_decides() {
    let good = flattened(HS256);
    assert_eq!(verify_json(&good), None);
    for (name, value) in [
        ("alg", json!("HS256")),
        ("alg", json!("none")),
        ("crit", json!(["exp"])),
        ("b64", json!(true)),
        ("b64", json!(false)),
    ] {
        let jws = with(good.clone(), "header", json!({name: value}));
        assert_eq!(verify_json(&jws), Some(Code::HeaderInvalid), "{jws}");
        let escaped = jws.to_string().replace(r#""header":{""#, r#""header":{"x":1,""#).replace(
            &format!("\"x\":1,\"{name}\""),
            &format!("\"\\u00{:02x}{}\"", name.as_bytes()[0], &name[1..]),
        );
        assert!(escaped.contains("\\u00"), "{escaped}");
        assert_eq!(code(accepting(secret()).verify_json(&escaped)), Some(Code::HeaderInvalid), "{escaped}");
        // Beside a good signature it is worth nothing; where all must be good it spoils the JWS.
        let own = with(part(HS256, &base64url(PAYLOAD)), "header", json!({name: value}));
        let listed = with(general(&[HS256]), "signatures", json!([own, part(HS256, &base64url(PAYLOAD))]));
        let verified = accepting(secret()).verify_json(&listed.to_string()).unwrap();
        assert_eq!(verified.signatures().map(VerifiedSignature::index).collect::<Vec<_>>(), [1], "{listed}");
        let all = Verifier::builder().key(secret()).require_all_signatures().build().unwrap();
        assert_eq!(code(all.verify_json(&listed.to_string())), Some(Code::HeaderInvalid), "{listed}");
    }
}

#[test]
fn footgun_06_an_unprotected_alg_does_not_stand_in_for_the_protected_one() {
    // As RFC 7520 §4.7 does it.
    let content = base64url(PAYLOAD);
    let input = format!(".{content}");
    let tag = base64url(hmac_sha256(b"0123456789abcdef0123456789abcdef", input.as_bytes()));
    let jws = json!({"payload": content, "header": {"alg": "HS256"}, "signature": tag});
    assert_eq!(verify_json(&jws), Some(Code::HeaderInvalid));
    let with_empty = with(flattened("{}"), "header", json!({"alg": "HS256"}));
    assert_eq!(verify_json(&with_empty), Some(Code::HeaderInvalid));
    // As RFC 7520 §4.8 does it: the signatures of others do not suffer.
    let unprotected = json!({"header": {"alg": "HS256"}, "signature": tag});
    let several = json!({"payload": content, "signatures": [unprotected, part(HS256, &content)]});
    assert_eq!(verify_json(&several), None);
    let alone = json!({"payload": content, "signatures": [unprotected]});
    assert_eq!(verify_json(&alone), Some(Code::HeaderInvalid));
}

#[test]
fn footgun_06_an_unprotected_kid_selects_no_key() {
    let ring =
        waxseal::KeyRing::new([other_secret().with_kid("other").unwrap(), secret().with_kid("own").unwrap()]);
    let verifier = Verifier::builder().keys(ring.unwrap()).build().unwrap();
    for kid in ["own", "other", "unknown"] {
        let jws = with(flattened(HS256), "header", json!({"kid": kid})).to_string();
        assert_eq!(verifier.verify_json(&jws).unwrap().kid(), Some("own"), "{kid}");
    }
    let jws = flattened(r#"{"alg":"HS256","kid":"other"}"#).to_string();
    assert_eq!(code(verifier.verify_json(&jws)), Some(Code::SignatureInvalid));
    let jws = flattened(r#"{"alg":"HS256","kid":"unknown"}"#).to_string();
    assert_eq!(code(verifier.verify_json(&jws)), Some(Code::KeyNotFound));
}

#[test]
fn footgun_06_and_37_a_member_stands_in_one_header_only() {
    for (protected, unprotected) in [
        (r#"{"alg":"HS256","kid":"a"}"#, json!({"kid": "a"})),
        (r#"{"alg":"HS256","x":1}"#, json!({"y": 1, "x": 1})),
        (r#"{"alg":"HS256","\u0078":1}"#, json!({"x": 1})),
    ] {
        let jws = with(flattened(protected), "header", unprotected);
        assert_eq!(verify_json(&jws), Some(Code::HeaderInvalid), "{jws}");
    }
    let many =
        |prefix: &str| (0..30).map(|n| (format!("{prefix}{n}"), json!(1))).collect::<serde_json::Map<_, _>>();
    let mut protected = many("p");
    protected.insert("alg".into(), json!("HS256"));
    let protected = Value::Object(protected).to_string();
    let disjoint = with(flattened(&protected), "header", many("u"));
    assert_eq!(verify_json(&disjoint), None);
    let mut names = many("u");
    names.insert("p29".into(), json!(1));
    assert_eq!(verify_json(&with(flattened(&protected), "header", names)), Some(Code::HeaderInvalid));
    for protected in [r#"{"alg":"HS256","alg":"HS256"}"#, r#"{"alg":"HS256","x":{"y":1,"\u0079":1}}"#] {
        assert_eq!(verify_json(&flattened(protected)), Some(Code::TokenMalformed), "{protected}");
    }
}

#[test]
fn footgun_01_and_03_the_header_chooses_no_algorithm() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"nOnE"}"#, HS256, r#"{"alg":"ES384"}"#, r#"{"alg":""}"#] {
        let unsigned = format!("{}.{}.", base64url(header), base64url(PAYLOAD));
        for text in [compact(header, PAYLOAD), unsigned] {
            let code = code(accepting(&key).verify_compact(&text));
            assert_eq!(code, Some(Code::AlgorithmMismatch), "{text}");
        }
    }
}

#[test]
fn footgun_14_crit() {
    let verifier =
        Verifier::builder().key(secret()).understand("exp").understand("https://x.example/e").build();
    let verifier = verifier.unwrap();
    let refused = Some(Code::CritUnsupported);
    for (members, expected) in [
        (r#""exp":1,"crit":["exp"]"#, None),
        (r#""exp":1,"crit":["e\u0078p"]"#, None),
        (r#""exp":1,"https://x.example/e":{},"crit":["https://x.example/e","exp"]"#, None),
        (r#""exp":1,"crit":[]"#, refused),
        (r#""exp":1,"crit":"exp""#, refused),
        (r#""exp":1,"crit":null"#, refused),
        (r#""exp":1,"crit":{"exp":1}"#, refused),
        (r#""exp":1,"crit":[1]"#, refused),
        (r#""exp":1,"crit":["exp",null]"#, refused),
        (r#""exp":1,"crit":["exp","exp"]"#, refused),
        (r#""exp":1,"crit":["exp","\u0065xp"]"#, refused),
        (r#""exp":1,"crit":["exp","unknown"],"unknown":1"#, refused),
        (r#""exp":1,"crit":["EXP"],"EXP":1"#, refused),
        (r#""exp":1,"crit":[""],"":1"#, refused),
        (r#""crit":["exp"]"#, refused),
        (r#""exp":1,"crit":["exp","alg"]"#, refused),
        (r#""exp":1,"typ":"x","crit":["exp","typ"]"#, refused),
        (r#""exp":1,"crit":["exp","crit"]"#, refused),
        (r#""exp":1,"b64":true,"crit":["exp","b64"]"#, refused),
    ] {
        let header = format!(r#"{{"alg":"HS256",{members}}}"#);
        assert_eq!(code(verifier.verify_compact(&compact(&header, PAYLOAD))), expected, "{members}");
        assert_eq!(code(verifier.verify_json(&flattened(&header).to_string())), expected, "{members}");
    }
    // An extension that no signature covers is none that the signer asked for.
    let jws = with(flattened(r#"{"alg":"HS256","crit":["exp"]}"#), "header", json!({"exp": 1}));
    assert_eq!(code(verifier.verify_json(&jws.to_string())), refused);
}

#[test]
fn footgun_15_and_16_keys_in_a_header_are_never_used() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let jwk: Value = serde_json::from_str(&key.public_key().to_jwk().to_public_json()).unwrap();
    let own = headers().member("jwk", &jwk).member("jku", "https://x.example/jwks").without_kid();
    let forged = builder().sign_flattened(key.clone(), &own).unwrap();
    let other = PrivateKey::generate(Algorithm::Es256).unwrap();
    assert_eq!(code(accepting(&other).verify_json(&forged)), Some(Code::SignatureInvalid));
    let unprotected = headers().unprotected("jwk", &jwk).without_kid();
    let forged = builder().sign_flattened(key, &unprotected).unwrap();
    assert_eq!(code(accepting(&other).verify_json(&forged)), Some(Code::SignatureInvalid));
}

#[test]
fn footgun_17_kid() {
    for kid in ["", "a\\u0000b", "a\\nb", &"k".repeat(257)] {
        let header = format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#);
        let refused = code(accepting(secret()).verify_compact(&compact(&header, PAYLOAD)));
        assert_eq!(refused, Some(Code::HeaderInvalid), "{kid}");
    }
    let header = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(256));
    assert_eq!(code(accepting(secret()).verify_compact(&compact(&header, PAYLOAD))), None);
}

#[test]
fn footgun_34_no_text_is_two_serializations() {
    let (flat, list) = (flattened(HS256), general(&[HS256]));
    for name in ["signature", "protected", "header"] {
        let value = if name == "header" { json!({}) } else { flat[name].clone() };
        let both = with(list.clone(), name, value);
        assert_eq!(verify_json(&both), Some(Code::TokenMalformed), "{both}");
    }
    let verifier = accepting(secret());
    let text = compact(HS256, PAYLOAD);
    for json in [flat.to_string(), list.to_string()] {
        assert_eq!(code(verifier.verify_compact(&json)), Some(Code::TokenMalformed), "{json}");
        assert_eq!(code(verifier.verify_compact_or_json(&json)), None);
        let spaced = format!(" {json}");
        assert_eq!(
            code(verifier.verify_compact_or_json(&spaced)),
            Some(Code::TokenMalformed),
            "first byte only"
        );
        // The attack on python-jwt: a compact token in a member name of a JSON object, read by two parsers.
        let polyglot = json.replacen('{', &format!("{{\" {text}\":\"\","), 1);
        assert_eq!(code(verifier.verify_compact(&polyglot)), Some(Code::TokenMalformed), "{polyglot}");
        let verified = verifier.verify_json(&polyglot).unwrap();
        assert_eq!(verified.payload(), PAYLOAD, "what is returned is what was verified");
    }
    for json in [format!("\"{text}\""), text.clone()] {
        assert_eq!(code(verifier.verify_json(&json)), Some(Code::TokenMalformed), "{json}");
    }
    assert_eq!(code(verifier.verify_compact_or_json(&text)), None);
    for text in ["", ".", "..", "...", "a.b", "a.b.c.d", "{", "{}..", "a.b.c.d.e"] {
        assert_eq!(code(verifier.verify_compact(text)), Some(Code::TokenMalformed), "{text}");
        assert_eq!(code(verifier.verify_compact_or_json(text)), Some(Code::TokenMalformed), "{text}");
    }
}

#[test]
fn footgun_35_unencoded_payloads_are_accepted_only_by_name() {
    let text = format!("{}.plain text.{}", base64url(UNENCODED), signature(UNENCODED, b"plain text"));
    let detached = format!("{}..{}", base64url(UNENCODED), signature(UNENCODED, b"$.02"));
    let refusing = accepting(secret());
    assert_eq!(code(refusing.verify_compact(&text)), Some(Code::CritUnsupported));
    assert_eq!(code(refusing.verify_compact_detached(&detached, b"$.02")), Some(Code::CritUnsupported));
    let allowing = unencoded(secret());
    assert_eq!(allowing.verify_compact(&text).unwrap().payload(), b"plain text");
    assert_eq!(allowing.verify_compact_detached(&detached, b"$.02").unwrap().payload(), b"$.02");
    assert_eq!(code(allowing.verify_compact_detached(&detached, b"$.03")), Some(Code::SignatureInvalid));
    // Allowed is not demanded.
    assert_eq!(code(allowing.verify_compact(&compact(HS256, PAYLOAD))), None);
}

#[test]
fn footgun_35_b64_must_be_critical_and_boolean() {
    let (invalid, refused) = (Some(Code::HeaderInvalid), Some(Code::CritUnsupported));
    for (members, expected) in [
        (r#""b64":false,"crit":["b64"]"#, None),
        (r#""b64":false"#, invalid),
        (r#""b64":false,"x":1,"crit":["x"]"#, invalid),
        (r#""b64":"false","crit":["b64"]"#, invalid),
        (r#""b64":0,"crit":["b64"]"#, invalid),
        (r#""b64":null,"crit":["b64"]"#, invalid),
        (r#""crit":["b64"]"#, refused),
    ] {
        let header = format!(r#"{{"alg":"HS256",{members}}}"#);
        let text = format!("{}..{}", base64url(&header), signature(&header, b"$.02"));
        assert_eq!(code(unencoded(secret()).verify_compact_detached(&text, b"$.02")), expected, "{members}");
    }
    // True is what holds without it.
    for members in [r#""b64":true"#, r#""b64":true,"crit":["b64"]"#] {
        let header = format!(r#"{{"alg":"HS256",{members}}}"#);
        assert_eq!(code(unencoded(secret()).verify_compact(&compact(&header, PAYLOAD))), None, "{members}");
    }
}

#[test]
fn footgun_35_no_payload_is_read_in_two_ways() {
    // Of "YWJj" the text and what it decodes to are both payloads that somebody may have signed.
    let encoded = signature(HS256, b"YWJj");
    let raw = signature(UNENCODED, b"YWJj");
    let verifier = unencoded(secret());
    for (header, tag, expected) in [
        (HS256, &encoded, Some(&b"abc"[..])),
        (UNENCODED, &raw, Some(b"YWJj")),
        (HS256, &raw, None),
        (UNENCODED, &encoded, None),
    ] {
        let text = format!("{}.YWJj.{tag}", base64url(header));
        let found = verifier.verify_compact(&text).ok().map(VerifiedJws::into_payload);
        assert_eq!(found.as_deref(), expected, "{header}");
    }
    let mixed = json!({"payload": "YWJj", "signatures": [
        {"protected": base64url(HS256), "signature": encoded},
        {"protected": base64url(UNENCODED), "signature": raw},
    ]});
    let text = mixed.to_string();
    assert_eq!(code(verifier.verify_json(&text)), Some(Code::HeaderInvalid), "mixed b64");
    assert_eq!(code(accepting(secret()).verify_json(&text)), Some(Code::CritUnsupported), "mixed b64");
}

#[test]
fn footgun_35_a_detached_payload_has_a_limit_of_its_own() {
    let verifier =
        Verifier::builder().key(secret()).allow_unencoded_payload().detached_bytes(10).build().unwrap();
    for payload in [&[b'x'; 10][..], &[b'x'; 11]] {
        let builder = Builder::new(payload).detached();
        for builder in [builder.clone(), builder.unencoded_payload()] {
            let text = builder.sign_compact(secret(), &headers()).unwrap();
            let json = builder.sign_flattened(secret(), &headers()).unwrap();
            let expected = (payload.len() > 10).then_some(Code::PayloadTooLarge);
            assert_eq!(code(verifier.verify_compact_detached(&text, payload)), expected);
            assert_eq!(code(verifier.verify_json_detached(&json, payload)), expected);
        }
    }
    let megabyte = vec![b'x'; 1024 * 1024 + 1];
    let text = Builder::new(&megabyte[1..]).detached().sign_compact(secret(), &headers()).unwrap();
    assert_eq!(code(accepting(secret()).verify_compact_detached(&text, &megabyte[1..])), None);
    let too_large = code(accepting(secret()).verify_compact_detached(&text, &megabyte));
    assert_eq!(too_large, Some(Code::PayloadTooLarge));
    // A payload inside beside a detached one is not even looked at.
    let inside = format!("{}.{}.AA", base64url(UNENCODED), "x".repeat(10_000));
    assert_eq!(code(verifier.verify_compact_detached(&inside, b"x")), Some(Code::PayloadUnexpected));
}

#[test]
fn footgun_35_an_unencoded_payload_inside_is_printable() {
    for (payload, accepted) in
        [(&b"a-b/c~ "[..], true), (b"", true), (b"a\nb", false), ("ä".as_bytes(), false), (b"\x7f", false)]
    {
        let mut text = format!("{}.", base64url(UNENCODED)).into_bytes();
        text.extend_from_slice(payload);
        text.extend_from_slice(format!(".{}", signature(UNENCODED, payload)).as_bytes());
        let found = code(unencoded(secret()).verify_compact(std::str::from_utf8(&text).unwrap()));
        assert_eq!(found, (!accepted).then_some(Code::TokenMalformed), "{}", payload.escape_ascii());
    }
    let dotted = format!("{}.$.02.{}", base64url(UNENCODED), signature(UNENCODED, b"$.02"));
    assert_eq!(code(unencoded(secret()).verify_compact(&dotted)), Some(Code::TokenMalformed));
    // The JSON serializations sign what the string stands for, not how it is written.
    let json = json!({"payload": "ä.\n", "protected": base64url(UNENCODED), "signature": signature(UNENCODED, "ä.\n".as_bytes())});
    let escaped = json.to_string().replace('ä', "\\u00e4");
    assert_eq!(unencoded(secret()).verify_json(&escaped).unwrap().payload(), "ä.\n".as_bytes());
}
