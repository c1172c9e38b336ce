//! Keys for encryption, from whatever form they are kept in. Never by the token's word.

mod decrypting;
mod encrypting;

use crate::allowed::Allowed;
use crate::failure::Failure;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
pub(crate) use decrypting::{Decrypting, Passwords, name_option};
pub(crate) use encrypting::Encrypting;
use serde::Deserialize;
use std::borrow::Cow;
use waxseal::Code;
use waxseal::jwe::{ContentEncryption, KeyAlgorithm};
use zeroize::Zeroizing;

/// Whether the algorithm starts from a password.
pub(crate) fn is_password(algorithm: KeyAlgorithm) -> bool {
    algorithm.as_str().starts_with("PBES2-")
}

/// The content encryptions that a secret of so many octets can do by itself and that are allowed.
fn fitting(octets: usize, allowed: Allowed<'_>) -> Vec<ContentEncryption> {
    let listed = allowed.content_encryptions();
    let mut found = ContentEncryption::ALL.to_vec();
    found.retain(|content| {
        content.key_bytes() == octets && listed.as_ref().is_none_or(|list| list.contains(content))
    });
    found
}

/// The octets of a JWK of type `oct`, which was read as strict JSON before.
pub(crate) fn secret_of_jwk(json: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    #[derive(Deserialize)]
    struct Oct<'j> {
        #[serde(borrow)]
        k: Cow<'j, str>,
    }
    let malformed = || Failure::unusable(Code::KeyMalformed.as_str(), "the JWK is not a shared secret");
    let oct: Oct<'_> = serde_json::from_str(json).map_err(|_| malformed())?;
    let octets = URL_SAFE_NO_PAD.decode(oct.k.as_bytes()).map_err(|_| malformed())?;
    Ok(Zeroizing::new(octets))
}
