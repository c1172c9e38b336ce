//! One test for each way in which token libraries were broken before; the numbers are the rows of the
//! list in the project's security notes.

use crate::support::*;
use serde_json::Value;
use std::time::Duration;
use waxseal::*;

#[test]
fn the_ground_the_other_tests_stand_on() {
    assert_eq!(claims_code(GOOD), None);
    assert_eq!(header_code(r#"{"alg":"HS256"}"#), None);
}

#[test]
fn footgun_01_alg_none() {
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        assert_eq!(header_code(&header), Some(Code::AlgorithmMismatch), "{alg}");
        let unsigned = format!("{}.{}.", base64url(&header), base64url(GOOD));
        assert_eq!(verify(&unsigned).unwrap_err().code(), Code::AlgorithmMismatch, "{alg}");
    }
}

#[test]
fn footgun_02_alg_is_matched_exactly() {
    for alg in ["hs256", "Hs256", "HS256 ", " HS256", "HS256\\u0000", "HS-256", "SHA256"] {
        assert_eq!(header_code(format!(r#"{{"alg":"{alg}"}}"#)), Some(Code::AlgorithmMismatch), "{alg}");
    }
    // The same text written with an escape is the same text.
    assert_eq!(header_code(r#"{"alg":"\u0048S256"}"#), None);
}

#[test]
fn footgun_03_a_public_key_is_no_hmac_secret() {
    let key = rsa();
    let public = key.public_key();
    let (pem, jwk, set) = (
        public.to_spki_pem(),
        public.to_jwk().to_public_json(),
        JwkSet::from_keys([public.clone()]).to_json(),
    );
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = public.to_spki_der();
    for text in [
        pem.as_bytes(),
        format!("  \n{pem}").as_bytes(),
        format!("leading text {pem}").as_bytes(),
        format!("\u{feff}{jwk}").as_bytes(),
        key.to_pkcs8_pem().as_bytes(),
        jwk.as_bytes(),
        set.as_bytes(),
        &der,
        &key.to_pkcs8_der(),
        body.as_bytes(),
        b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDJ someone@example",
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd2 someone@example",
        b"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY someone",
    ] {
        let error = SecretKey::new(Algorithm::Hs256, text).unwrap_err();
        assert_eq!(error.code(), Code::KeySecretIsKeyText, "{}", String::from_utf8_lossy(text));
        assert!(error.to_string().contains("from_"), "the remedy is named: {error}");
    }
}

#[test]
fn footgun_03_a_token_cannot_choose_hmac_for_a_public_key() {
    let key = rsa();
    let public = key.public_key();
    let input = format!("{}.{}", base64url(HEADER), base64url(GOOD));
    for text in [public.to_spki_pem().into_bytes(), public.to_spki_der()] {
        let token = format!("{input}.{}", base64url(hmac_sha256(&text, input.as_bytes())));
        let error = verifier(public.clone()).verify::<Value>(&token, now()).unwrap_err();
        assert_eq!(error, VerifyError::AlgorithmMismatch);
    }
}

#[test]
fn footgun_04_a_jwk_without_alg_does_not_take_the_tokens() {
    let jwk = rsa().public_key().to_jwk().to_public_json().replace("\"alg\":\"RS256\",", "");
    let jwk = Jwk::parse(&jwk).unwrap();
    assert_eq!(PublicKey::from_jwk(&jwk).unwrap_err().code(), Code::KeyAlgorithmAmbiguous);
    let key = PublicKey::from_jwk_as(Algorithm::Ps256, &jwk).unwrap();
    let token = signer(rsa()).token(now()).sign().unwrap();
    assert_eq!(verifier(key).verify::<Value>(&token, now()).unwrap_err(), VerifyError::AlgorithmMismatch);
    let secret = Jwk::parse(r#"{"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}"#).unwrap();
    assert_eq!(SecretKey::from_jwk(&secret).unwrap_err().code(), Code::KeyAlgorithmAmbiguous);
}

#[test]
fn footgun_05_a_jwk_whose_alg_says_otherwise_is_refused() {
    let jwk = Jwk::parse(rsa().public_key().to_jwk().to_public_json()).unwrap();
    for algorithm in [Algorithm::Ps256, Algorithm::Rs512, Algorithm::Es256] {
        let error = PublicKey::from_jwk_as(algorithm, &jwk).unwrap_err();
        assert_eq!(error.code(), Code::KeyAlgorithmMismatch, "{algorithm}");
    }
}

#[test]
fn footgun_07_empty_and_zero_signatures() {
    for (signing, verifying) in key_pairs() {
        let token = signer(signing).token(now()).sign().unwrap();
        let (input, _) = token.rsplit_once('.').unwrap();
        for length in [0, 1, 31, 32, 63, 64, 65, 96, 132, 256, 512] {
            let forged = format!("{input}.{}", base64url(vec![0; length]));
            let error = verifier(verifying.clone()).verify::<Value>(&forged, now()).unwrap_err();
            assert_eq!(error, VerifyError::BadSignature, "{} {length}", verifying.algorithm());
        }
    }
}

#[test]
fn footgun_08_ecdsa_signatures_are_fixed_length() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let token = signer(key.clone()).token(now()).sign().unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    assert_eq!(signature.len(), 86);
    // Valid DER with small numbers, and a signature with one octet more.
    for other in [base64url([0x30, 6, 2, 1, 1, 2, 1, 1]), format!("{signature}AA")] {
        let error = verifier(&key).verify::<Value>(&format!("{input}.{other}"), now()).unwrap_err();
        assert!(matches!(error.code(), Code::SignatureInvalid | Code::TokenMalformed), "{other}");
    }
}

#[test]
fn footgun_10_one_token_has_one_text() {
    let token = hs256(HEADER, GOOD);
    let (input, signature) = token.rsplit_once('.').unwrap();
    // 32 octets end in a character with two unused bits: three more spellings in a lenient decoder.
    let last = signature.chars().last().unwrap();
    let position = |c| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".find(c).unwrap();
    let mut spellings: Vec<String> = (1..4)
        .map(|bits| {
            let other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".as_bytes();
            format!("{input}.{}{}", &signature[..42], char::from(other[position(last) + bits]))
        })
        .collect();
    spellings.extend([
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{token}."),
        token.replace('.', "=."),
        format!("Bearer {token}"),
    ]);
    for other in spellings {
        assert_eq!(verify(&other).unwrap_err().code(), Code::TokenMalformed, "{other}");
    }
}

#[test]
fn a_changed_character_never_verifies() {
    for (signing, verifying) in key_pairs() {
        let algorithm = signing.algorithm();
        let token = signer(signing).token(now()).sign().unwrap();
        let verifier = verifier(verifying);
        assert!(verifier.verify::<Value>(&token, now()).is_ok(), "{algorithm}");
        let step = if token.len() > 400 { 7 } else { 1 };
        for index in (0..token.len()).step_by(step) {
            for other in ["A", "_", ".", "é"] {
                if &token[index..=index] != other {
                    let changed = format!("{}{other}{}", &token[..index], &token[index + 1..]);
                    assert!(
                        verifier.verify::<Value>(&changed, now()).is_err(),
                        "{algorithm} {index} {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn footgun_11_short_secrets() {
    for (algorithm, minimum) in [(Algorithm::Hs256, 32), (Algorithm::Hs384, 48), (Algorithm::Hs512, 64)] {
        for length in [0, 1, minimum - 1] {
            let error = SecretKey::new(algorithm, &vec![7; length]).unwrap_err();
            assert_eq!(error.code(), Code::KeySecretTooShort, "{algorithm} {length}");
            assert!(error.to_string().contains("waxseal keys generate"), "the remedy is named: {error}");
        }
        assert!(SecretKey::new(algorithm, &vec![7; minimum]).is_ok(), "{algorithm}");
    }
    assert_eq!(SecretKey::new(Algorithm::Es256, &[7; 64]).unwrap_err().code(), Code::KeyAlgorithmMismatch);
}

#[test]
fn footgun_12_no_verifier_without_a_key() {
    let error = Verifier::builder().audience("aud").build().unwrap_err();
    assert_eq!(error, VerifierError::KeyMissing);
    let empty = verifier(secret()).with_keys(KeyRing::default());
    let error = empty.verify::<Value>(&hs256(HEADER, GOOD), now()).unwrap_err();
    assert_eq!(error.code(), Code::KeyNotFound);
}

#[test]
fn footgun_14_crit() {
    for crit in
        ["[\"b64\"]", "[\"exp\"]", "[\"x\"]", "[]", "[\"\"]", "[\"alg\"]", "\"exp\"", "null", "{}", "[1]"]
    {
        let header = format!(r#"{{"alg":"HS256","crit":{crit},"b64":true,"x":1}}"#);
        assert_eq!(header_code(header), Some(Code::CritUnsupported), "{crit}");
    }
}

#[test]
fn footgun_15_and_16_keys_in_the_header_are_never_looked_at() {
    let attacker = PrivateKey::generate(Algorithm::Es256).unwrap();
    let jwk = attacker.public_key().to_jwk().to_public_json();
    let trusted = PrivateKey::generate(Algorithm::Es256).unwrap();
    let header =
        format!(r#"{{"alg":"ES256","jwk":{jwk},"jku":"https://evil.example/","x5u":"file:///etc/passwd"}}"#);
    let token = signer(attacker).token(now()).sign().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let forged = format!("{}.{}.{}", base64url(header), parts[1], parts[2]);
    let error = verifier(&trusted).verify::<Value>(&forged, now()).unwrap_err();
    assert_eq!(error, VerifyError::BadSignature);
    // Their presence alone does no harm: some issuers send them.
    assert_eq!(header_code(format!(r#"{{"alg":"HS256","jwk":{jwk},"x5c":["AAAA"]}}"#)), None);
}

#[test]
fn footgun_17_kid() {
    let long = "k".repeat(257);
    for kid in
        ["\"a\\nb\"", "\"\\u0000\"", "\"\\u007f\"", "\"\"", &format!("\"{long}\""), "1", "null", "[\"a\"]"]
    {
        let header = format!(r#"{{"alg":"HS256","kid":{kid}}}"#);
        assert_eq!(header_code(header), Some(Code::HeaderInvalid), "{kid}");
    }
    // Text that is meant for a database or a file system is only compared.
    for kid in ["' OR 1=1 --", "../../../../dev/null", "k"] {
        let named = verifier(secret().with_kid("mine").unwrap());
        let error = named.verify::<Value>(&hs256(format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), GOOD), now());
        let error = error.unwrap_err();
        assert!(matches!(&error, VerifyError::KeyNotFound { kid: Some(found), .. } if found == kid), "{kid}");
    }
    for kid in ["", "a\nb", "\u{7f}", &long] {
        assert_eq!(secret().with_kid(kid).unwrap_err(), KeyError::IdInvalid, "{kid:?}");
    }
}

#[test]
fn footgun_19_keys_that_share_a_kid_are_all_tried() {
    let [first, second] =
        [(); 2].map(|()| PrivateKey::generate(Algorithm::Es256).unwrap().with_kid("k").unwrap());
    let ring = KeyRing::new([&first, &second]).unwrap();
    let verifier = verifier(secret()).with_keys(ring);
    for key in [first, second] {
        let token = signer(key).token(now()).sign().unwrap();
        assert!(verifier.verify::<Value>(&token, now()).is_ok());
    }
}

#[test]
fn footgun_20_the_issuer_is_one_text() {
    for (issuer, code) in [
        ("\"other\"", Code::IssuerMismatch),
        ("\"iss \"", Code::IssuerMismatch),
        ("\"ISS\"", Code::IssuerMismatch),
        ("\"\"", Code::IssuerMismatch),
        ("[\"iss\"]", Code::ClaimInvalid),
        ("[\"iss\",\"other\"]", Code::ClaimInvalid),
        ("{\"iss\":\"iss\"}", Code::ClaimInvalid),
        ("null", Code::ClaimInvalid),
    ] {
        let claims = format!(r#"{{"iss":{issuer},"aud":"aud","exp":1700000060}}"#);
        assert_eq!(claims_code(claims), Some(code), "{issuer}");
    }
}

#[test]
fn footgun_21_a_wrong_type_is_refused_whether_or_not_the_claim_is_checked() {
    let lax = Verifier::builder().key(secret()).without_audience().without_expiry().build().unwrap();
    for claim in ["iss", "sub", "jti"] {
        for bad in ["1", "null", "true", "[]", "[\"a\"]", "{}"] {
            let token = hs256(HEADER, format!(r#"{{"{claim}":{bad}}}"#));
            let error = lax.verify::<Value>(&token, now()).unwrap_err();
            assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimInvalid, claim), "{bad}");
        }
    }
    for claim in ["exp", "nbf", "iat"] {
        for bad in ["\"1700000060\"", "null", "true", "[]", "{}", "[1700000060]", "\"\""] {
            let error =
                lax.verify::<Value>(&hs256(HEADER, format!(r#"{{"{claim}":{bad}}}"#)), now()).unwrap_err();
            assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimInvalid, claim), "{bad}");
        }
    }
    for bad in ["1", "null", "true", "{}", "[1]", "[\"aud\",1]", "[[\"aud\"]]", "[null]"] {
        assert_eq!(
            claims_code(format!(r#"{{"iss":"iss","aud":{bad},"exp":1700000060}}"#)),
            Some(Code::ClaimInvalid)
        );
        let error = lax.verify::<Value>(&hs256(HEADER, format!(r#"{{"aud":{bad}}}"#)), now()).unwrap_err();
        assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimInvalid, "aud"), "{bad}");
    }
}

#[test]
fn footgun_22_dates_at_and_beyond_the_ends() {
    let code = |exp: &str| claims_code(format!(r#"{{"iss":"iss","aud":"aud","exp":{exp}}}"#));
    for (exp, expected) in [
        ("1700000001", None),
        ("1700000001.0", None),
        ("1.700000060e9", None),
        ("253402300799", None),
        ("1700000000", Some(Code::TokenExpired)),
        ("1700000000.9", Some(Code::TokenExpired)),
        ("0", Some(Code::TokenExpired)),
        ("-0", Some(Code::TokenExpired)),
        ("-1", Some(Code::ClaimInvalid)),
        ("-0.5", Some(Code::ClaimInvalid)),
        ("253402300800", Some(Code::ClaimInvalid)),
        ("9223372036854775807", Some(Code::ClaimInvalid)),
        ("9223372036854775808", Some(Code::ClaimInvalid)),
        ("18446744073709551616", Some(Code::ClaimInvalid)),
        ("1e308", Some(Code::ClaimInvalid)),
        ("1e999", Some(Code::ClaimInvalid)),
        ("-1e999", Some(Code::ClaimInvalid)),
    ] {
        assert_eq!(code(exp), expected, "{exp}");
    }
    let base = || Verifier::builder().key(secret()).audience("aud").max_age(Duration::MAX);
    let error = base().leeway(Duration::MAX).build().unwrap_err();
    assert_eq!(error.code(), Code::VerifierOptionInvalid);
    let endless = base().leeway(Duration::from_secs(24 * 60 * 60)).build().unwrap();
    let claims = r#"{"aud":"aud","exp":253402300799,"iat":0,"nbf":253402300799}"#;
    // Nothing wraps at the last second: with leeway on top the token is still expired.
    let error = endless.verify::<Value>(&hs256(HEADER, claims), NumericDate::MAX).unwrap_err();
    assert_eq!(error.code(), Code::TokenExpired);
}

#[test]
fn footgun_23_an_expectation_makes_its_claim_required() {
    let base = || Verifier::builder().key(secret()).without_audience().without_expiry();
    let all: [(&str, VerifierBuilder); 6] = [
        ("iss", base().issuer("a")),
        ("sub", base().subject("a")),
        ("jti", base().id("a")),
        ("iat", base().max_age(Duration::from_secs(5))),
        ("role", base().require("role")),
        ("exp", Verifier::builder().key(secret()).without_audience()),
    ];
    for (claim, builder) in all {
        let error = builder.build().unwrap().verify::<Value>(&hs256(HEADER, "{}"), now()).unwrap_err();
        assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimMissing, claim));
    }
    let error = verifier(secret()).verify::<Value>(&hs256(HEADER, "{}"), now()).unwrap_err();
    let missing: Vec<&str> = error.rejections().iter().map(Rejection::claim).collect();
    assert_eq!(missing, ["iss", "aud", "exp"]);
}

#[test]
fn footgun_24_the_audience_must_be_named_or_waived() {
    let error = Verifier::builder().key(secret()).build().unwrap_err();
    assert_eq!(error, VerifierError::AudienceMissing);
    assert!(error.to_string().contains("without_audience"), "the remedy is named");
    for (audience, code) in [
        ("\"aud\"", None),
        ("[\"x\",\"aud\"]", None),
        ("\"x\"", Some(Code::AudienceMismatch)),
        ("\"audience\"", Some(Code::AudienceMismatch)),
        ("\"\"", Some(Code::AudienceMismatch)),
        ("[]", Some(Code::AudienceMismatch)),
    ] {
        assert_eq!(
            claims_code(format!(r#"{{"iss":"iss","aud":{audience},"exp":1700000060}}"#)),
            code,
            "{audience}"
        );
    }
}

#[test]
fn footgun_24_a_token_for_one_purpose_does_not_serve_another() {
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "", "JOSE"] {
        assert_eq!(
            header_code(format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#)),
            Some(Code::TypMismatch),
            "{typ}"
        );
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        assert_eq!(header_code(format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#)), None, "{typ}");
    }
    let access = Verifier::builder().key(secret()).audience("aud").profile(Profile::AccessToken);
    assert_eq!(access.clone().build().unwrap_err(), VerifierError::IssuerMissing);
    let access = access.issuer("iss").build().unwrap();
    let claims = with_member(r#""sub":"s","client_id":"c","iat":1700000000,"jti":"j""#);
    let code = |header: &str, claims: &str| {
        access.verify::<Value>(&hs256(header, claims), now()).err().map(|error| error.code())
    };
    assert_eq!(code(r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims), None);
    assert_eq!(code(r#"{"alg":"HS256","typ":"application/at+jwt"}"#, &claims), None);
    assert_eq!(code(HEADER, &claims), Some(Code::TypMismatch));
    assert_eq!(code(r#"{"alg":"HS256"}"#, &claims), Some(Code::TypMismatch));
    for claim in ["sub", "client_id", "iat", "jti"] {
        let without = claims.replace(&format!("\"{claim}\""), "\"other\"");
        assert_eq!(code(r#"{"alg":"HS256","typ":"at+jwt"}"#, &without), Some(Code::ClaimMissing), "{claim}");
    }
    let wrong = claims.replace("\"c\"", "[\"c\"]");
    assert_eq!(code(r#"{"alg":"HS256","typ":"at+jwt"}"#, &wrong), Some(Code::ClaimInvalid));
}

#[test]
fn footgun_25_all_failures_are_reported_lasting_ones_first() {
    let claims = r#"{"iss":"x","aud":"x","exp":1,"nbf":1800000000}"#;
    let error = verify(&hs256(HEADER, claims)).unwrap_err();
    let codes: Vec<_> = error.rejections().iter().map(Rejection::code).collect();
    let expected = [Code::IssuerMismatch, Code::AudienceMismatch, Code::TokenExpired, Code::TokenNotYetValid];
    assert_eq!(codes, expected);
    assert_eq!(error.code(), Code::IssuerMismatch);
}

#[test]
fn footgun_34_only_the_compact_serialization_is_a_jwt() {
    let token = hs256(HEADER, GOOD);
    let [header, payload, signature] = *token.split('.').collect::<Vec<_>>() else { panic!("{token}") };
    let flattened = format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#);
    let polyglot = format!(r#"{{"  {header}":"",".{payload}.":"","x":"{signature}"}}"#);
    for other in [flattened, polyglot, format!("{header}.{payload}.{signature}.{header}.{payload}")] {
        assert_eq!(verify(&other).unwrap_err().code(), Code::TokenMalformed, "{other}");
    }
}

#[test]
fn footgun_35_b64_has_no_place_in_a_jwt() {
    for value in ["true", "false", "null"] {
        let header = format!(r#"{{"alg":"HS256","b64":{value}}}"#);
        assert_eq!(header_code(header), Some(Code::HeaderInvalid), "{value}");
    }
}

#[test]
fn footgun_36_size_depth_and_dots_are_bounded() {
    for text in ["", ".", "..", "...", "a", "a.b", "a.b.c.d", "a.b.c.d.e", &".".repeat(16_000)] {
        assert_eq!(verify(text).unwrap_err().code(), Code::TokenMalformed, "{}", text.len());
    }
    assert_eq!(verify(&".".repeat(16_385)).unwrap_err().code(), Code::TokenTooLarge);
    let long_header = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(6_200));
    assert_eq!(header_code(long_header), Some(Code::TokenTooLarge));
    let nested = |depth: usize| with_member(&format!(r#""x":{}{}"#, "[".repeat(depth), "]".repeat(depth)));
    assert_eq!(claims_code(nested(31)), None);
    assert_eq!(claims_code(nested(32)), Some(Code::TokenMalformed));
    assert_eq!(claims_code(nested(5_000)), Some(Code::TokenMalformed));
    let wide = Verifier::builder().key(secret()).audience("aud").limits(Limits::default().token_bytes(100));
    let error = wide.build().unwrap().verify::<Value>(&hs256(HEADER, GOOD), now()).unwrap_err();
    assert_eq!(error.code(), Code::TokenTooLarge);
}

#[test]
fn footgun_37_duplicates_and_broken_text() {
    for member in [
        r#""iss":"iss""#,
        r#""\u0069ss":"other""#,
        r#""x":{"a":1,"a":2}"#,
        r#""x":[[{"a":1,"\u0061":2}]]"#,
        r#""x":"\ud800""#,
        r#""x":"\udfff\ud800""#,
        r#""x":01"#,
    ] {
        assert_eq!(claims_code(with_member(member)), Some(Code::TokenMalformed), "{member}");
    }
    for bytes in [&b"\xff"[..], b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"] {
        let claims = [br#"{"iss":"iss","aud":"aud","exp":1700000060,"x":""#, bytes, b"\"}"].concat();
        assert_eq!(claims_code(claims), Some(Code::TokenMalformed), "{bytes:?}");
    }
    for header in
        [r#"{"alg":"HS256","alg":"none"}"#, r#"{"alg":"none","\u0061lg":"HS256"}"#, "[]", "\"HS256\"", ""]
    {
        assert_eq!(header_code(header), Some(Code::TokenMalformed), "{header}");
    }
    for header in ["{}", r#"{"alg":null}"#, r#"{"alg":["HS256"]}"#, r#"{"alg":"HS256","typ":1}"#] {
        assert_eq!(header_code(header), Some(Code::HeaderInvalid), "{header}");
    }
    assert_eq!(claims_code(with_member(r#""__proto__":{"admin":true},"constructor":1"#)), None);
}

#[test]
fn footgun_40_nothing_secret_in_debug_or_errors() {
    let octets = b"0123456789abcdef0123456789abcdef";
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let private: Value = serde_json::from_str(&key.to_jwk_json()).unwrap();
    let jwk = Jwk::parse(key.to_jwk_json().as_bytes()).unwrap();
    let signing = SigningKey::from(key.clone());
    let shown = [
        format!("{:?} {:?} {:?}", secret(), SigningKey::from(secret()), VerifyingKey::from(secret())),
        format!("{key:?} {signing:?} {jwk:?} {:?}", signer(key.clone())),
        format!("{:?} {:?}", verifier(secret()), Verifier::builder().key(secret())),
    ];
    let d = private["d"].as_str().unwrap();
    let pem = key.to_pkcs8_pem();
    for hidden in
        [std::str::from_utf8(octets).unwrap(), &*secret().to_base64url(), d, pem.lines().nth(1).unwrap()]
    {
        assert!(shown.iter().all(|text| !text.contains(hidden)), "{shown:?}");
    }
    let token = hs256(HEADER, r#"{"iss":"mallory-was-here","aud":["a-private-matter"],"exp":1}"#);
    let error = verify(&token).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains("mallory") && !text.contains("private-matter") && !text.contains(&token),
        "{text}"
    );
}

#[test]
fn footgun_41_claims_that_sound_secret_are_refused_until_allowed() {
    let claims = serde_json::json!({"profile": {"password_hint": "the usual"}});
    let signer = signer(secret());
    let error = signer.token(now()).claims(&claims).sign().unwrap_err();
    assert!(matches!(&error, SignError::RefusedClaim { claim, .. } if claim == "password_hint"), "{error}");
    assert!(signer.token(now()).claims(&claims).allow_claim("password_hint").sign().is_ok());
}

#[test]
fn public_types_can_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<(Algorithm, Code, NumericDate, Limits, Profile)>();
    crosses::<(PrivateJwkSet, SigningKeys, RotationTimes, AlgorithmPolicy, KeyError)>();
    crosses::<(SecretKey, PrivateKey, PublicKey, Jwk, PublicJwk, JwkSet, SigningKey, VerifyingKey, KeyRing)>(
    );
    crosses::<(Signer, SignerBuilder, Verifier, VerifierBuilder, Verified<Value>, Unverified<Value>)>();
    crosses::<(VerifyError, VerifierError, SignError, KeyError, Rejection, Rejections, RegisteredClaims)>();
}
