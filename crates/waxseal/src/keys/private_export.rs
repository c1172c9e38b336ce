//! Private keys on their way out: every call says what it writes.

use super::jwk::PrivateNumbers;
use super::material::Material;
use super::{KeyError, PrivateKey, encrypted, pem};
use crate::base64url;
use zeroize::Zeroizing;

impl PrivateKey {
    /// The key as PKCS#8 version 1 in DER, not encrypted. Wiped when dropped.
    #[must_use]
    pub fn to_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        self.inner.pkcs8.clone()
    }

    /// The key as PKCS#8 version 1 in PEM, not encrypted. Wiped when dropped.
    #[must_use]
    pub fn to_pkcs8_pem(&self) -> Zeroizing<String> {
        pem::write("PRIVATE KEY", &self.inner.pkcs8)
    }

    /// The key as encrypted PKCS#8 in PEM: PBES2 with PBKDF2 (HMAC-SHA-256, 600,000 rounds, a fresh salt) and
    /// AES-256-CBC, which OpenSSL reads too. Takes a tenth of a second or so by intention.
    ///
    /// # Errors
    /// [`KeyError::PassphraseEmpty`], [`KeyError::OperationFailed`].
    pub fn to_encrypted_pkcs8_pem(&self, passphrase: impl AsRef<[u8]>) -> Result<String, KeyError> {
        let der = self.to_encrypted_pkcs8_der(passphrase)?;
        Ok(pem::write("ENCRYPTED PRIVATE KEY", &der).to_string())
    }

    /// The key as encrypted PKCS#8 in DER; see [`to_encrypted_pkcs8_pem`](Self::to_encrypted_pkcs8_pem).
    ///
    /// # Errors
    /// [`KeyError::PassphraseEmpty`], [`KeyError::OperationFailed`].
    pub fn to_encrypted_pkcs8_der(&self, passphrase: impl AsRef<[u8]>) -> Result<Vec<u8>, KeyError> {
        encrypted::encrypt(&self.inner.pkcs8, passphrase.as_ref())
    }

    /// The key as a private JWK with `alg`, `use` and `kid`. Wiped when dropped.
    #[must_use]
    pub fn to_jwk_json(&self) -> Zeroizing<String> {
        let mut json = Zeroizing::new(self.public.to_jwk().to_public_json());
        json.pop();
        push_numbers(&mut json, self.public.material(), &self.inner.numbers);
        json.push('}');
        json
    }
}

/// Appends the private members of a JWK to an unfinished JSON object.
pub(super) fn push_numbers(json: &mut Zeroizing<String>, material: &Material, numbers: &PrivateNumbers) {
    match numbers {
        PrivateNumbers::Octets(octets) => {
            let name = if matches!(material, Material::MlDsa { .. }) { "priv" } else { "d" };
            push_member(json, name, octets);
        }
        PrivateNumbers::Rsa(numbers) => {
            for (name, number) in ["d", "p", "q", "dp", "dq", "qi"].into_iter().zip(numbers.iter()) {
                push_member(json, name, number);
            }
        }
    }
}

pub(super) fn push_member(json: &mut Zeroizing<String>, name: &str, octets: &[u8]) {
    let text = Zeroizing::new(base64url::encode(octets));
    // Growing in place would leave a copy of what was written so far in freed memory.
    let mut longer = Zeroizing::new(String::with_capacity(json.len() + name.len() + text.len() + 8));
    for piece in [&**json, ",\"", name, "\":\"", &**text, "\""] {
        longer.push_str(piece);
    }
    *json = longer;
}
