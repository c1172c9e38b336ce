//! The primes of an RSA private key that came without them.
//!
//! A JWK may consist of `n`, `e` and `d` alone (RFC 7518 §6.3.2). The library wants the rest, which whoever has
//! `d` can compute (NIST SP 800-56B Rev. 2, appendix C.2). Not in constant time: this is for converting a key
//! once, at a desk. The library checks the outcome like any other key.

#![expect(clippy::many_single_char_names, reason = "RFC 8017 gives the numbers these names")]

use crate::failure::Failure;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use waxseal::Code;
use zeroize::Zeroizing;

/// Longer moduli are refused anyway, and would take minutes.
const MAX_BITS: u64 = 8192;

#[derive(Deserialize)]
struct Numbers<'j> {
    #[serde(borrow)]
    n: Cow<'j, str>,
    #[serde(borrow)]
    e: Cow<'j, str>,
    #[serde(borrow)]
    d: Cow<'j, str>,
}

/// The same JWK with `p`, `q`, `dp`, `dq` and `qi`. `json` was read as strict JSON before.
pub(crate) fn complete(json: &str) -> Result<Zeroizing<String>, Failure> {
    let inconsistent =
        || Failure::unusable(Code::KeyInconsistent.as_str(), "`n`, `e` and `d` do not belong together");
    let numbers: Numbers<'_> = serde_json::from_str(json).map_err(|_| inconsistent())?;
    let [n, e, d] = [&numbers.n, &numbers.e, &numbers.d].map(|text| number(text));
    let (n, e, d) = (n.ok_or_else(inconsistent)?, e.ok_or_else(inconsistent)?, d.ok_or_else(inconsistent)?);
    if n.bits() > MAX_BITS || e.bits() > 64 || d.bits() > MAX_BITS {
        let what = "the RSA key must have 2048 to 8192 bits and an odd exponent between 3 and 2^33";
        return Err(Failure::unusable(Code::KeySizeRefused.as_str(), what));
    }
    let (p, q) = factor(&n, &e, &d).ok_or_else(inconsistent)?;
    let one = BigUint::from(1_u8);
    let qi = q.modinv(&p).ok_or_else(inconsistent)?;
    let (dp, dq) = (&d % (&p - &one), &d % (&q - &one));
    let mut members: Map<String, Value> = serde_json::from_str(json).map_err(|_| inconsistent())?;
    for (name, number) in [("p", p), ("q", q), ("dp", dp), ("dq", dq), ("qi", qi)] {
        members.insert(name.to_owned(), URL_SAFE_NO_PAD.encode(number.to_bytes_be()).into());
    }
    Ok(Zeroizing::new(Value::Object(members).to_string()))
}

fn number(text: &str) -> Option<BigUint> {
    Some(BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(text).ok()?))
}

/// The two primes of `n`, the larger one first.
fn factor(n: &BigUint, e: &BigUint, d: &BigUint) -> Option<(BigUint, BigUint)> {
    let one = BigUint::from(1_u8);
    let product = e * d;
    if product <= one || n.bits() < 2 {
        return None;
    }
    // A multiple of the order of the group: whatever is raised to it becomes 1.
    let multiple = product - &one;
    let halvings = multiple.trailing_zeros().filter(|halvings| *halvings > 0)?;
    let odd = &multiple >> halvings;
    // Each base fails with a chance of at most one half.
    let root = (2_u32..200).find_map(|base| root_of_one(&BigUint::from(base), &odd, halvings, n))?;
    let p = gcd(&(root - &one), n);
    let q = n / &p;
    if p <= one || q <= one || &p * &q != *n {
        return None;
    }
    Some(if p > q { (p, q) } else { (q, p) })
}

/// A square root of 1 modulo `n` that is neither 1 nor -1, reached from `base`.
fn root_of_one(base: &BigUint, odd: &BigUint, halvings: u64, n: &BigUint) -> Option<BigUint> {
    let one = BigUint::from(1_u8);
    let minus_one = n - &one;
    let mut x = base.modpow(odd, n);
    for _ in 0..halvings {
        if x == one || x == minus_one {
            return None;
        }
        let square = &x * &x % n;
        if square == one {
            return Some(x);
        }
        x = square;
    }
    None
}

fn gcd(a: &BigUint, b: &BigUint) -> BigUint {
    let (mut a, mut b) = (a.clone(), b.clone());
    while b.bits() > 0 {
        (a, b) = (b.clone(), a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use waxseal::{Algorithm, Jwk, PrivateKey};

    fn without_primes(key: &PrivateKey) -> String {
        let mut jwk: Map<String, Value> = serde_json::from_str(&key.to_jwk_json()).unwrap();
        for name in ["p", "q", "dp", "dq", "qi"] {
            jwk.remove(name);
        }
        Value::Object(jwk).to_string()
    }

    #[test]
    fn the_key_is_the_one_that_it_was() {
        for bits in [2048, 3072] {
            let key = PrivateKey::generate_rsa(Algorithm::Rs256, bits).unwrap();
            let short = without_primes(&key);
            assert!(Jwk::parse(&short).is_err(), "{bits}: the library refuses it as it is");
            let again = PrivateKey::from_jwk(&Jwk::parse(&*complete(&short).unwrap()).unwrap()).unwrap();
            assert_eq!(again.kid(), key.kid(), "{bits}");
            assert_eq!(
                again.to_pkcs8_der(),
                key.to_pkcs8_der(),
                "{bits}: the same numbers, primes in their order"
            );
        }
    }

    #[test]
    fn numbers_that_do_not_belong_together_are_told() {
        let text = |n: u64| URL_SAFE_NO_PAD.encode(BigUint::from(n).to_bytes_be());
        // 33 = 3 * 11, e * d = 1 modulo 10
        for (n, e, d, found) in [
            (33, 3, 7, true),
            (33, 3, 17, true),
            (33, 3, 6, false),
            (33, 1, 1, false),
            (33, 0, 7, false),
            (0, 3, 7, false),
            (1, 3, 7, false),
            (31, 3, 21, false),
            (49, 5, 17, false),
        ] {
            let json = format!(r#"{{"n":"{}","e":"{}","d":"{}"}}"#, text(n), text(e), text(d));
            assert_eq!(complete(&json).is_ok(), found, "{n} {e} {d}");
        }
        for json in ["{}", r#"{"n":1,"e":2,"d":3}"#, r#"{"n":"!","e":"AQAB","d":"AQAB"}"#] {
            assert!(complete(json).is_err(), "{json}");
        }
    }
}
