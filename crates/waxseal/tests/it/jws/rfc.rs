//! Examples printed in RFC 7515 and RFC 7797 that concern the serializations.
//! Copyright (c) IETF Trust and the persons identified as their authors, Revised BSD License.

use super::*;
use waxseal::{Algorithm, Jwk, PrivateKey, PublicKey};

const CLAIMS: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const RS256_KEY: &str = r#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#;
const RS256_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const ES256_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
const ES256_SIGNATURE: &str =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

fn rs256() -> PublicKey {
    PublicKey::from_jwk_as(Algorithm::Rs256, &Jwk::parse(RS256_KEY).unwrap()).unwrap()
}

fn es256() -> PrivateKey {
    PrivateKey::from_jwk(&Jwk::parse(ES256_KEY).unwrap()).unwrap()
}

fn es256_part() -> Value {
    json!({
        "protected": "eyJhbGciOiJFUzI1NiJ9",
        "header": {"kid": "e9bc097a-ce51-4036-9562-d2ade882db0d"},
        "signature": ES256_SIGNATURE,
    })
}

#[test]
fn rfc_7515_appendix_a_6_general() {
    let rs256_part = json!({
        "protected": "eyJhbGciOiJSUzI1NiJ9",
        "header": {"kid": "2010-12-29"},
        "signature": RS256_SIGNATURE,
    });
    let jws = json!({"payload": CLAIMS, "signatures": [rs256_part, es256_part()]}).to_string();
    let both = Verifier::builder().key(rs256()).key(&es256()).require_all_signatures().build().unwrap();
    let verified = both.verify_json(&jws).unwrap();
    let seen: Vec<_> = verified
        .signatures()
        .map(|one| (one.algorithm(), one.unverified_header().unwrap().member::<String>("kid").unwrap()))
        .collect();
    let expected = [
        (Algorithm::Rs256, Some("2010-12-29".to_owned())),
        (Algorithm::Es256, Some("e9bc097a-ce51-4036-9562-d2ade882db0d".to_owned())),
    ];
    assert_eq!(seen, expected);
    assert_eq!(base64url(verified.payload()), CLAIMS);
    let one = accepting(&es256()).verify_json(&jws).unwrap();
    assert_eq!(one.signatures().map(waxseal::jws::VerifiedSignature::index).collect::<Vec<_>>(), [1]);
}

#[test]
fn rfc_7515_appendix_a_7_flattened() {
    let jws = with(es256_part(), "payload", CLAIMS).to_string();
    let verified = accepting(&es256()).verify_json(&jws).unwrap();
    assert_eq!(base64url(verified.payload()), CLAIMS);
    assert_eq!(verified.protected_header().json(), r#"{"alg":"ES256"}"#);
}

/// The `crit` is told, not the `alg`: a header that must be understood and is not says nothing else.
#[test]
fn rfc_7515_appendix_e_negative_crit() {
    let header = r#"{"alg":"none",
 "crit":["http://example.invalid/UNDEFINED"],
 "http://example.invalid/UNDEFINED":true
}"#;
    let text = format!("{}.RkFJTA.", base64url(header));
    assert_eq!(code(accepting(secret()).verify_compact(&text)), Some(Code::CritUnsupported));
}

#[test]
fn rfc_7797_section_4_both_ways() {
    let jwk = r#"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let key = SecretKey::from_jwk(&Jwk::parse(jwk).unwrap()).unwrap();
    let builder = Builder::new(b"$.02");
    let encoded = "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ";
    assert_eq!(builder.sign_compact(key.clone(), &headers()).unwrap(), encoded, "4.1");
    let (protected, tag) = (
        "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19",
        "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
    );
    let builder = builder.unencoded_payload();
    let attached = builder.sign_flattened(key.clone(), &headers()).unwrap();
    let attached: Value = serde_json::from_str(&attached).unwrap();
    assert_eq!(attached, json!({"protected": protected, "payload": "$.02", "signature": tag}), "4.2");
    let detached = builder.detached().sign_compact(key.clone(), &headers()).unwrap();
    assert_eq!(detached, format!("{protected}..{tag}"), "4.2");
    let verifier = unencoded(key);
    assert_eq!(verifier.verify_compact(encoded).unwrap().payload(), b"$.02");
    assert_eq!(verifier.verify_json(&attached.to_string()).unwrap().payload(), b"$.02");
    assert_eq!(verifier.verify_compact_detached(&detached, b"$.02").unwrap().payload(), b"$.02");
}
