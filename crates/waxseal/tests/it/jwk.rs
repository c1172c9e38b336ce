//! What a JWK says about itself, and how strictly its numbers are read.

use crate::support::*;
use serde_json::{Value, json};
use waxseal::*;

#[test]
fn a_jwk_says_what_it_is() {
    let said = |text: &str| {
        let jwk = Jwk::parse(text.as_bytes()).unwrap();
        (jwk.kty(), jwk.crv(), jwk.alg().map(str::to_owned), jwk.bits(), jwk.is_private())
    };
    for algorithm in Algorithm::ALL.iter().copied().filter(|algorithm| !algorithm.is_symmetric()) {
        let (kty, crv, bits) = match algorithm {
            Algorithm::Es256 => ("EC", Some("P-256"), 256),
            Algorithm::Es384 => ("EC", Some("P-384"), 384),
            Algorithm::Es512 => ("EC", Some("P-521"), 521),
            Algorithm::Es256k => ("EC", Some("secp256k1"), 256),
            Algorithm::EdDsa => ("OKP", Some("Ed25519"), 256),
            Algorithm::MlDsa44 => ("AKP", None, 1312 * 8),
            Algorithm::MlDsa65 => ("AKP", None, 1952 * 8),
            Algorithm::MlDsa87 => ("AKP", None, 2592 * 8),
            _ => ("RSA", None, 2048),
        };
        let key = PrivateKey::from_der(algorithm, &rsa().to_pkcs8_der())
            .unwrap_or_else(|_| PrivateKey::generate(algorithm).unwrap());
        let alg = Some(algorithm.as_str().to_owned());
        assert_eq!(said(&key.to_jwk_json()), (kty, crv, alg.clone(), bits, true), "{algorithm}");
        let public = key.public_key().to_jwk().to_public_json();
        assert_eq!(said(&public), (kty, crv, alg, bits, false), "{algorithm}");
    }
    assert_eq!(said(r#"{"kty":"oct","k":"AAAA"}"#), ("oct", None, None, 24, true));
    let jwk = Jwk::parse(r#"{"kty":"oct","k":"AA","use":"sig","key_ops":["sign","x"],"x5c":[1],"kid":"k"}"#);
    let jwk = jwk.unwrap();
    assert_eq!((jwk.use_(), jwk.kid()), (Some("sig"), Some("k")));
    assert_eq!(jwk.key_ops(), Some(&["sign".to_owned(), "x".to_owned()][..]));
}

/// The member with other octets in front, or without its first ones.
fn respelled(jwk: &Value, member: &str, zeros: usize, dropped: usize) -> Value {
    let text = jwk[member].as_str().unwrap();
    let octets: Vec<u8> = text.bytes().fold((Vec::new(), 0_u32, 0), decode_step).0;
    let mut jwk = jwk.clone();
    jwk[member] = json!(base64url([vec![0; zeros], octets[dropped..].to_vec()].concat()));
    jwk
}

fn decode_step((mut out, bits, count): (Vec<u8>, u32, u32), byte: u8) -> (Vec<u8>, u32, u32) {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = alphabet.iter().position(|letter| *letter == byte).unwrap();
    let (bits, count) = (bits << 6 | u32::try_from(value).unwrap(), count + 6);
    if count < 8 {
        return (out, bits, count);
    }
    out.push(u8::try_from(bits >> (count - 8) & 0xff).unwrap());
    (out, bits & 0xff, count - 8)
}

/// An EC key whose `x`, `y` and `d` start with a zero: found by trying, at a chance of 1 in 256 per number.
fn zero_led(member: &str) -> Value {
    loop {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let jwk: Value = serde_json::from_str(&key.to_jwk_json()).unwrap();
        if jwk[member].as_str().unwrap().starts_with("AA") || jwk[member].as_str().unwrap().starts_with("AB")
        {
            return jwk;
        }
    }
}

#[test]
fn non_canonical_integers_are_refused_and_read_on_request() {
    let rsa: Value = serde_json::from_str(&rsa().to_jwk_json()).unwrap();
    let members = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
    let mut spellings: Vec<_> =
        members.iter().map(|name| (rsa.clone(), respelled(&rsa, name, 1, 0))).collect();
    for member in ["x", "y", "d"] {
        let jwk = zero_led(member);
        spellings.push((jwk.clone(), respelled(&jwk, member, 0, 1)));
        spellings.push((jwk.clone(), respelled(&jwk, member, 3, 0)));
    }
    for (good, bad) in spellings {
        assert_eq!(Jwk::parse(bad.to_string()).unwrap_err().code(), Code::KeyNonCanonical, "{bad}");
        let read = Jwk::parse_allowing_noncanonical_integers(bad.to_string()).unwrap();
        let straight = Jwk::parse(good.to_string()).unwrap();
        assert_eq!(read.thumbprint(), straight.thumbprint(), "{bad}");
        let [read, straight] = [read, straight].map(|jwk| PrivateKey::from_jwk(&jwk).unwrap());
        assert_eq!(read.to_jwk_json(), straight.to_jwk_json(), "{bad}");
    }
}

#[test]
fn the_opt_in_forgives_nothing_else() {
    let ec: Value =
        serde_json::from_str(&PrivateKey::generate(Algorithm::Es256).unwrap().to_jwk_json()).unwrap();
    let okp: Value =
        serde_json::from_str(&PrivateKey::generate(Algorithm::EdDsa).unwrap().to_jwk_json()).unwrap();
    let mut unpadded = ec.clone();
    unpadded["x"] = json!(format!("{}=", ec["x"].as_str().unwrap()));
    let mut zero = ec.clone();
    zero["crv"] = json!("P-384");
    for jwk in [
        unpadded,
        zero,
        respelled(&okp, "x", 1, 0),
        respelled(&okp, "d", 1, 0),
        respelled(&ec, "x", 0, 3),
        json!({"kty": "RSA", "n": "AAAA", "e": "AQAB"}),
    ] {
        let error = Jwk::parse_allowing_noncanonical_integers(jwk.to_string()).unwrap_err();
        assert_eq!(error.code(), Code::KeyMalformed, "{jwk}");
    }
    let mut long = respelled(&ec, "x", 1, 0);
    long["x"] = json!(format!("BB{}", &long["x"].as_str().unwrap()[2..]));
    let error = Jwk::parse_allowing_noncanonical_integers(long.to_string()).unwrap_err();
    assert_eq!(error.code(), Code::KeyMalformed, "{long}");
}

#[test]
fn private_sets_are_stored_whole_or_not_at_all() {
    let keys: Vec<SigningKey> = key_pairs().into_iter().map(|(signing, _)| signing).collect();
    let set = PrivateJwkSet::from_keys(keys.clone());
    let json = set.to_private_json();
    let read = PrivateJwkSet::parse(json.as_bytes()).unwrap();
    assert_eq!(read.keys().len(), Algorithm::ALL.len());
    for (read, key) in read.keys().iter().zip(&keys) {
        assert_eq!(read.to_jwk_json(), key.to_jwk_json());
        assert_eq!((read.algorithm(), read.kid()), (key.algorithm(), key.kid()));
        let token = signer(read.clone()).token(now()).sign().unwrap();
        assert!(verifier(key).verify::<Value>(&token, now()).is_ok(), "{}", key.algorithm());
    }
    let public = read.public_keys();
    assert_eq!(public.keys().len(), Algorithm::ALL.len() - 3, "all but the secrets");
    assert!(JwkSet::parse(public.to_json()).unwrap().skipped().is_empty());
    assert_eq!(JwkSet::parse(json.as_bytes()).unwrap_err().code(), Code::KeyNotPublic);

    let private = keys[1].to_jwk_json();
    let public = keys[1].public_key().unwrap().to_jwk().to_public_json();
    for (member, code) in [
        (public.as_str(), Code::KeyNotPrivate),
        (r#"{"kty":"XYZ"}"#, Code::KeyTypeUnsupported),
        (r#"{"kty":"oct","k":"AAAA"}"#, Code::KeyAlgorithmAmbiguous),
        ("5", Code::KeyMalformed),
    ] {
        let json = format!("{{\"keys\":[{},{member}]}}", &**private);
        assert_eq!(PrivateJwkSet::parse(&json).unwrap_err().code(), code, "{member}");
    }
    let many = format!("{{\"keys\":[{}]}}", vec!["{}"; 101].join(","));
    assert_eq!(PrivateJwkSet::parse(many).unwrap_err().code(), Code::KeySetTooLarge);
    let shown = format!("{set:?}");
    assert!(!shown.contains(&*private) && !shown.contains("\"d\""), "{shown}");
}

#[test]
fn rsa_keys_are_made_in_three_sizes() {
    for (bits, made) in
        [(1024, false), (2047, false), (2048, true), (3072, true), (4096, true), (8192, false)]
    {
        let key = PrivateKey::generate_rsa(Algorithm::Ps384, bits);
        assert_eq!(key.is_ok(), made, "{bits}");
        if let Ok(key) = key {
            assert_eq!(Jwk::parse(key.to_jwk_json().as_bytes()).unwrap().bits(), bits);
        }
    }
    let error = PrivateKey::generate_rsa(Algorithm::Es256, 2048).unwrap_err();
    assert_eq!(error.code(), Code::KeyAlgorithmMismatch);
}

/// RFC 7517 §4.3: a secret does what its `key_ops` name, whichever way it gets to its place.
#[test]
fn footgun_19_a_secret_does_what_its_key_ops_name() {
    let read = |ops: &str| {
        let jwk = format!(
            r#"{{"kty":"oct","alg":"HS256","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY","key_ops":{ops}}}"#
        );
        SecretKey::from_jwk(&Jwk::parse(jwk).unwrap())
    };
    let claims = hs256(HEADER, GOOD);
    for (ops, signs, verifies) in
        [(r#"["sign","verify"]"#, true, true), (r#"["sign"]"#, true, false), (r#"["verify"]"#, false, true)]
    {
        let key = read(ops).unwrap();
        let signed = Signer::builder(key.clone()).lifetime("1m").build();
        assert_eq!(
            signed.err().map(|error| error.code()),
            (!signs).then_some(Code::KeyUseForbidden),
            "{ops}"
        );
        let jws = waxseal::jws::Builder::new(b"x").sign_compact(key.clone(), &waxseal::jws::Headers::new());
        assert_eq!(jws.err().map(|error| error.code()), (!signs).then_some(Code::KeyUseForbidden), "{ops}");
        let built = Verifier::builder().key(key.clone()).audience("aud").build();
        assert_eq!(
            built.err().map(|error| error.code()),
            (!verifies).then_some(Code::KeyUseForbidden),
            "{ops}"
        );
        let swapped = verifier(secret()).with_keys(KeyRing::from(key));
        assert_eq!(swapped.verify::<Value>(&claims, now()).is_ok(), verifies, "{ops}");
    }
    for ops in ["[]", r#"["encrypt"]"#] {
        assert_eq!(read(ops).unwrap_err().code(), Code::KeyUseForbidden, "{ops}");
    }
}
