//! What the examples of RFC 7515 say beyond that they verify; they are run in `vectors`.

use super::*;
use crate::vectors::{Vectors, jws::verifying_key};
use waxseal::Algorithm;
use waxseal::jws::VerifierBuilder;

#[test]
fn rfc_7515_appendix_a_6_general() {
    let vectors = Vectors::load("rfc7515.json").jws;
    let example = vectors.iter().find(|vector| vector.section == "A.6").unwrap();
    let algorithms = [Algorithm::Rs256, Algorithm::Es256];
    let keys = algorithms.iter().zip(&example.keys).map(|(algorithm, key)| verifying_key(*algorithm, key));
    let both = keys.fold(Verifier::builder(), VerifierBuilder::key).require_all_signatures();
    let verified = both.build().unwrap().verify_json(&example.serializations["general"].to_string()).unwrap();
    let seen: Vec<_> = verified
        .signatures()
        .map(|one| (one.algorithm(), one.unverified_header().unwrap().member::<String>("kid").unwrap()))
        .collect();
    let kids = ["2010-12-29", "e9bc097a-ce51-4036-9562-d2ade882db0d"].map(|kid| Some(kid.to_owned()));
    assert_eq!(seen, algorithms.into_iter().zip(kids).collect::<Vec<_>>());
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
