//! HMAC secrets.

use super::jwk::{Parts, Purpose};
use super::kid::{Kid, MAX_KID_BYTES};
use super::{Jwk, KeyError, der};
use crate::algorithm::KeyKind;
use crate::{Algorithm, base64url, crypto};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// An HMAC secret for one algorithm. Cloning is cheap; the octets are wiped when the last clone goes.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, SecretKey};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// assert!(SecretKey::new(Algorithm::Hs256, b"hunter2").is_err());
/// assert_eq!(format!("{key:?}"), "SecretKey { algorithm: Hs256, kid: None, .. }");
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct SecretKey {
    inner: Arc<Inner>,
    kid: Option<Kid>,
    /// What the `key_ops` of its JWK allow (RFC 7517 §4.3).
    signs: bool,
    verifies: bool,
}

struct Inner {
    algorithm: Algorithm,
    octets: Zeroizing<Vec<u8>>,
    mac: crypto::MacKey,
}

impl SecretKey {
    /// The secret `octets` for `algorithm`, at least as long as its hash: 32, 48 or 64 octets.
    ///
    /// # Errors
    /// In this order: [`KeyError::AlgorithmMismatch`] if the algorithm takes no secret,
    /// [`KeyError::SecretIsKeyText`] for PEM, DER, JWK, JWK Set or SSH key text, and
    /// [`KeyError::SecretTooShort`] (RFC 7518 §3.2).
    pub fn new(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        let mismatch = KeyError::AlgorithmMismatch { algorithm, found: KeyKind::Secret.describe() };
        let minimum = crypto::mac_bytes(algorithm).ok_or(mismatch.clone())?;
        refuse_key_text(octets)?;
        if octets.len() < minimum {
            return Err(KeyError::SecretTooShort { algorithm, minimum, actual: octets.len() });
        }
        let mac = crypto::MacKey::new(algorithm, octets).ok_or(mismatch)?;
        let inner = Inner { algorithm, octets: Zeroizing::new(octets.to_vec()), mac };
        Ok(Self { inner: Arc::new(inner), kid: None, signs: true, verifies: true })
    }

    /// A new secret from the operating system's generator, as long as the algorithm's hash.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] if the algorithm takes no secret, [`KeyError::OperationFailed`] if
    /// the generator fails.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        let count = crypto::mac_bytes(algorithm)
            .ok_or(KeyError::AlgorithmMismatch { algorithm, found: KeyKind::Secret.describe() })?;
        let mut octets = crypto::random(count)?;
        // Once in a great while a draw is a DER sequence by chance; saved, it could not be read again.
        // Twice in a row means that the generator is broken, which `new` then reports.
        if refuse_key_text(&octets).is_err() {
            octets = crypto::random(count)?;
        }
        Self::new(algorithm, &octets)
    }

    /// Reads a JWK of type `oct`; its `alg` says the algorithm.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnknown`] or [`KeyError::AlgorithmAmbiguous`] if `alg` is of no use or
    /// absent, then as [`from_jwk_as`](Self::from_jwk_as).
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        Self::from_jwk_as(jwk.algorithm()?, jwk)
    }

    /// Reads a JWK of type `oct` for `algorithm`. A key whose `key_ops` names one of `sign` and `verify` is
    /// good for that one only.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] if the JWK's `alg` or type says otherwise,
    /// [`KeyError::UseForbidden`], then as [`new`](Self::new).
    pub fn from_jwk_as(algorithm: Algorithm, jwk: &Jwk) -> Result<Self, KeyError> {
        jwk.check(algorithm, Purpose::SignOrVerify)?;
        let Parts::Secret(octets) = &jwk.parts else {
            return Err(KeyError::AlgorithmMismatch { algorithm, found: jwk.describe() });
        };
        let mut key = Self::new(algorithm, octets)?;
        key.kid = jwk.chosen_kid()?;
        key.signs = jwk.check(algorithm, Purpose::Sign).is_ok();
        key.verifies = jwk.check(algorithm, Purpose::Verify).is_ok();
        Ok(key)
    }

    /// The one algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.inner.algorithm
    }

    /// The key id, if one was chosen. None is derived: a hash of a secret must not be published.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(|kid| &*kid.text)
    }

    /// The same key under the id `kid`: 1 to 256 bytes, no control characters.
    ///
    /// # Errors
    /// [`KeyError::IdInvalid`].
    pub fn with_kid(mut self, kid: impl Into<String>) -> Result<Self, KeyError> {
        self.kid = Some(Kid::chosen(&kid.into())?);
        Ok(self)
    }

    /// The secret in base64url, for saving it. Wiped when dropped.
    #[must_use]
    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(base64url::encode(&self.inner.octets))
    }

    /// The secret as a JWK of type `oct` with `alg` and, if chosen, `kid`. Wiped when dropped.
    #[must_use]
    pub fn to_jwk_json(&self) -> Zeroizing<String> {
        let secret = self.to_base64url();
        // Reserved in one piece, the longest `kid` with every character escaped included: growing would leave
        // copies of the secret behind.
        let mut json = Zeroizing::new(String::with_capacity(secret.len() + 6 * MAX_KID_BYTES + 100));
        for piece in ["{\"kty\":\"oct\",\"k\":\"", &secret, "\",\"alg\":\"", self.algorithm().as_str(), "\""]
        {
            json.push_str(piece);
        }
        super::jwk_public::push_kid(self.kid(), &mut json);
        json.push('}');
        json
    }

    /// The key, if it may sign.
    #[inline]
    pub(super) fn for_signing(&self) -> Result<&crypto::MacKey, KeyError> {
        if self.signs { Ok(&self.inner.mac) } else { Err(KeyError::UseForbidden { operation: "signing" }) }
    }

    /// The key, if it may verify.
    #[inline]
    pub(super) fn for_verifying(&self) -> Result<&crypto::MacKey, KeyError> {
        if self.verifies {
            Ok(&self.inner.mac)
        } else {
            Err(KeyError::UseForbidden { operation: "verifying" })
        }
    }

    pub(super) fn kid_entry(&self) -> Option<&Kid> {
        self.kid.as_ref()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("SecretKey");
        debug.field("algorithm", &self.algorithm()).field("kid", &self.kid()).finish_non_exhaustive()
    }
}

/// What every encoding of an SSH public key contains, wherever in a line of `authorized_keys` or
/// `known_hosts` it stands: the length of the key type and its first letters, plain and in base64.
const SSH_PUBLIC: [&[u8]; 8] = [
    b"AAAAB3NzaC1",
    b"AAAAC3NzaC1",
    b"AAAAE2VjZHNhLX",
    b"AAAAGnNrLXNza",
    b"AAAAInNrLWVjZ",
    b"\0\0\0\x07ssh-rsa",
    b"\0\0\0\x0bssh-ed25519",
    b"\0\0\0\x13ecdsa-sha2-",
];

/// `-----BEGIN` in base64, as environment variables often hold a whole PEM file.
const ENCODED_PEM: &[u8] = b"LS0tLS1CRUdJTi";

/// Anyone may know a public key file; as a secret it would let anyone sign.
pub(crate) fn refuse_key_text(octets: &[u8]) -> Result<(), KeyError> {
    let refuse = |what, remedy| Err(KeyError::SecretIsKeyText { what, remedy });
    let contains = |needle: &[u8]| memchr::memmem::find(octets, needle).is_some();
    if contains(b"-----BEGIN") || contains(ENCODED_PEM) {
        return refuse("PEM text", "PublicKey::from_pem or PrivateKey::from_pem");
    }
    let text = octets.trim_ascii();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii();
    let bracketed = matches!(text.first(), Some(b'{' | b'[')) && (contains(b"kty") || contains(b"\"keys\""));
    // With the quotes the name gives a JWK away, whatever stands before it.
    if bracketed || contains(b"\"kty\"") {
        return refuse("a JWK or JWK Set", "from_jwk");
    }
    let ssh: [&[u8]; 6] =
        [b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-", b"---- BEGIN SSH2", b"openssh-key-v1\0"];
    if ssh.iter().any(|prefix| text.starts_with(prefix)) || SSH_PUBLIC.iter().any(|part| contains(part)) {
        return refuse("an SSH key", "PublicKey::from_pem, after `ssh-keygen -e -m PKCS8`");
    }
    if der::is_sequence(octets) || is_encoded_der(text) {
        return refuse("a DER key", "PublicKey::from_der or PrivateKey::from_der");
    }
    Ok(())
}

/// The body of a PEM file without its armour.
fn is_encoded_der(text: &[u8]) -> bool {
    if text.first() != Some(&b'M') {
        return false;
    }
    let compact = text.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'=');
    let compact: Zeroizing<Vec<u8>> = Zeroizing::new(
        compact
            .map(|byte| match byte {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            })
            .collect(),
    );
    let mut decoded = Zeroizing::new(Vec::new());
    base64url::decode_append(&compact, &mut decoded).is_ok() && der::is_sequence(&decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn footgun_03_key_text_is_found_behind_other_text() {
        for text in [
            &b"restrict,command=\"true\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd2 someone@example"[..],
            b"host.example,192.0.2.1 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDJ",
            b"@cert-authority *.example ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI",
            b"\0\0\0\x0bssh-ed25519\0\0\0\x20 then thirty-two octets of a key",
            b"\0\0\0\x13ecdsa-sha2-nistp256\0\0\0\x08nistp256 and a point",
            b"LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FR",
            b"# the key\n{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg\"}",
            b"\xef\xbb\xbf \n{ 'kty': 'OKP', 'crv': 'Ed25519', 'x': '11qYAYKxCrfVS_7TyWQHOg' }",
        ] {
            let code = SecretKey::new(Algorithm::Hs256, text).map_err(|error| error.code());
            assert_eq!(code.err(), Some(Code::KeySecretIsKeyText), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn ordinary_secrets_are_not_mistaken_for_keys() {
        for text in [
            &b"correct horse battery staple, and more"[..],
            b"MIT-licensed secrets are still quite secret",
            b"{not a key, but a secret of enough length}",
            b"3082010a0282010100c0ffeec0ffeec0ffeec0ffee",
            &[0x30; 32],
            &[0; 32],
        ] {
            assert!(SecretKey::new(Algorithm::Hs256, text).is_ok(), "{}", text.escape_ascii());
        }
    }
}
