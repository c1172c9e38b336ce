//! Who decides the algorithm, and with which keys.

use crate::support::*;
use serde_json::Value;
use waxseal::*;

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

/// Whoever has a signature (r, s) has another one, (r, n − s), for the same token: nothing may be remembered,
/// denied or counted by a token's text alone. The cache compares texts and so asks again; the id is the same.
#[test]
fn footgun_09_an_ecdsa_signature_has_a_twin() {
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order: Vec<u8> = (0..32).map(|n| u8::from_str_radix(&order[2 * n..2 * n + 2], 16).unwrap()).collect();
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let token = signer(key.clone()).token(now()).id("once").sign().unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut octets = decode_base64url(signature);
    let mut borrow = 0;
    for (place, order) in octets[32..].iter_mut().zip(&order).rev() {
        let difference = i16::from(*order) - i16::from(*place) - borrow;
        borrow = i16::from(difference < 0);
        *place = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    let twin = format!("{input}.{}", base64url(octets));
    assert_ne!(twin, token);
    let cache = CachingVerifier::<Value>::new(verifier(&key), 1 << 20);
    for text in [&token, &twin] {
        assert_eq!(cache.verify(text, now()).unwrap().registered().jti.as_deref(), Some("once"));
    }
    assert_eq!((cache.stats().hits, cache.stats().misses), (0, 2));
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

/// Secrets have no `==`: it would compare in variable time. (Does not compile if one gets it.)
#[test]
fn footgun_38_secrets_cannot_be_compared_and_every_bit_of_a_mac_counts() {
    trait AmbiguousIfEq<A> {
        fn check() {}
    }
    struct HasEq;
    impl<T> AmbiguousIfEq<()> for T {}
    impl<T: PartialEq> AmbiguousIfEq<HasEq> for T {}
    <SecretKey as AmbiguousIfEq<_>>::check();
    <PrivateKey as AmbiguousIfEq<_>>::check();
    <SigningKey as AmbiguousIfEq<_>>::check();

    let token = hs256(HEADER, GOOD);
    let (input, tag) = token.rsplit_once('.').unwrap();
    for bit in 0..256 {
        let mut octets = decode_base64url(tag);
        octets[bit / 8] ^= 1 << (bit % 8);
        let error = verify(&format!("{input}.{}", base64url(octets))).unwrap_err();
        assert_eq!(error, VerifyError::BadSignature, "{bit}");
    }
}

#[test]
fn public_types_can_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<(
        Algorithm,
        AlgorithmPolicy,
        BearerError,
        Code,
        NumericDate,
        Lifetime,
        Limits,
        Leniency,
        Profile,
    )>();
    crosses::<(
        SecretKey,
        PrivateKey,
        PublicKey,
        SigningKey,
        VerifyingKey,
        KeyRing,
        SigningKeys,
        RotationTimes,
    )>();
    crosses::<(Jwk, PublicJwk, JwkSet, PrivateJwkSet, SkippedKey)>();
    crosses::<(Signer, SignerBuilder, TokenBuilder<'static>, Verifier, VerifierBuilder, Scratch)>();
    crosses::<(CachingVerifier<Value>, CacheStats)>();
    crosses::<(DpopVerifier, DpopVerifierBuilder, DpopRequest<'static>, DpopProof)>();
    crosses::<(Verified<Value>, VerifiedRef<'static, Value>, ClaimsRef<'static>, Audiences<'static>)>();
    crosses::<(RegisteredClaims, Unverified<Value>, Rejection, Rejections)>();
    crosses::<(VerifyError, VerifierError, SignError, KeyError, InvalidLifetime, UnknownAlgorithm)>();
    crosses::<(
        jws::Builder<'static>,
        jws::Headers,
        jws::Prepared,
        jws::Digest,
        jws::RemoteSignError<SignError>,
    )>();
    crosses::<(jws::Verifier, jws::VerifierBuilder, jws::VerifiedJws, jws::VerifiedSignature)>();
    crosses::<(jws::ProtectedHeader, jws::UnverifiedHeader)>();
    crosses::<(jwe::Encrypter, jwe::EncrypterBuilder, jwe::EncryptionKey, jwe::JsonMessage<'static>)>();
    crosses::<(jwe::Decrypter, jwe::DecrypterBuilder, jwe::DecryptionKey)>();
    crosses::<(jwe::DecryptedBytes, jwe::Decrypted<Value>)>();
    crosses::<(jwe::KeyAlgorithm, jwe::ContentEncryption, jwe::Curve, jwe::UnknownName)>();
    crosses::<(jwe::BuildError, jwe::EncryptError, jwe::DecryptError, jwe::NestedError)>();
}

/// No provider to install, no default to set, no order of calls: nothing of the kind exists.
#[test]
fn footgun_42_nothing_is_set_up_at_run_time() {
    let mut algorithms = Vec::new();
    for (signing, verifying) in key_pairs() {
        algorithms.push(signing.algorithm());
        let token = signer(signing).token(now()).sign().unwrap();
        assert!(verifier(verifying).verify::<Value>(&token, now()).is_ok());
    }
    assert!(Algorithm::ALL.iter().all(|algorithm| algorithms.contains(algorithm)), "{algorithms:?}");
}
