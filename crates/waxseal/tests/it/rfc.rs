//! Examples of the RFCs, titled by section.

use crate::support::*;
use serde_json::Value;
use waxseal::*;

const CLAIMS: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn check(title: &str, key: VerifyingKey, token: &str) {
    let verifier = Verifier::builder().key(key).issuer("joe").without_audience().build().unwrap();
    let then = |seconds| NumericDate::from_seconds(seconds).unwrap();
    let verified = verifier.verify::<Value>(token, then(1_300_819_379));
    let verified = verified.unwrap_or_else(|error| panic!("{title}: {error}"));
    assert_eq!(verified["http://example.com/is_root"], true, "{title}");
    assert_eq!(verified.registered().exp, Some(then(1_300_819_380)), "{title}");
    let error = verifier.verify::<Value>(token, then(1_300_819_380)).unwrap_err();
    assert_eq!(error.code(), Code::TokenExpired, "{title}");
}

#[test]
fn rfc_7515_appendix_a_1_hs256() {
    let jwk = r#"{"kty":"oct","alg":"HS256",
        "k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let token = format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let key = SecretKey::from_jwk(&Jwk::parse(jwk).unwrap()).unwrap();
    check("A.1", key.into(), &token);
}

#[test]
fn rfc_7515_appendix_a_2_rs256() {
    let jwk = r#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#;
    let token = format!(
        "eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    );
    let key = PublicKey::from_jwk_as(Algorithm::Rs256, &Jwk::parse(jwk).unwrap()).unwrap();
    check("A.2", key.into(), &token);
}

#[test]
fn rfc_7515_appendix_a_3_es256() {
    let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    let token = format!(
        "eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    );
    let key = PrivateKey::from_jwk(&Jwk::parse(jwk).unwrap()).unwrap();
    check("A.3", (&key).into(), &token);
}

#[test]
fn rfc_7638_section_3_1_thumbprint() {
    let jwk = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
    let jwk = Jwk::parse(jwk).unwrap();
    assert_eq!(jwk.thumbprint().as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    let key = PublicKey::from_jwk(&jwk).unwrap();
    assert_eq!((key.kid(), key.thumbprint()), (Some("2011-04-29"), jwk.thumbprint().unwrap()));
}

/// The key of RFC 8037 appendix A.1; its signature in A.4 covers a payload that is no JWT.
#[test]
fn rfc_8037_appendix_a_key_under_both_names_of_rfc_9864() {
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let key = PrivateKey::from_jwk(&Jwk::parse(jwk).unwrap()).unwrap();
    assert_eq!(key.public_key().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let token = signer(key.clone()).token(now()).sign().unwrap();
    assert!(verifier(&key).verify::<Value>(&token, now()).is_ok());
    let modern = PublicKey::from_jwk(
        &Jwk::parse(jwk.replace("\"kty\"", "\"alg\":\"Ed25519\",\"kty\"").replace("\"d\"", "\"_\"")).unwrap(),
    );
    assert_eq!(modern.unwrap().algorithm(), Algorithm::EdDsa);
}
