//! Signed tokens inside encrypted ones (RFC 7519 §5.2, appendix A.2).

use super::{DecryptError, Decrypter, NestedError};
use crate::token::same_type;
use crate::{NumericDate, Verified, Verifier};
use serde::de::DeserializeOwned;

impl Decrypter {
    /// Decrypts a nested token and verifies the signed token inside.
    ///
    /// The outer token only hides the inner one; who made the claims, and whether they hold at `now`, is
    /// the `verifier`'s word alone. So the protected `cty` must be `JWT`, and content that is not a signed
    /// token that `verifier` accepts is refused, whatever it says.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    /// use waxseal::jwe::{DecryptionKey, Decrypter, Encrypter, KeyAlgorithm};
    /// use waxseal::{Algorithm, NumericDate, PrivateKey, Signer, Verifier};
    ///
    /// let (signing, decryption) = (PrivateKey::generate(Algorithm::EdDsa)?, DecryptionKey::generate(KeyAlgorithm::EcdhEs)?);
    /// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
    /// let verifier = Verifier::builder().key(&signing).issuer("me").audience("you").build()?;
    ///
    /// let signer = Signer::builder(signing).issuer("me").audience("you").lifetime(Duration::from_secs(60)).build()?;
    /// let signed = signer.token(now).subject("alice").sign()?;
    /// let token = Encrypter::builder(decryption.encryption_key()?).build()?.encrypt_token(&signed)?;
    ///
    /// let decrypter = Decrypter::builder().key(decryption).build()?;
    /// let verified = decrypter.decrypt_and_verify::<serde_json::Value>(&token, &verifier, now)?;
    /// assert_eq!(verified["sub"], "alice");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NestedError::Decrypt`] as [`decrypt`](Self::decrypt), or [`DecryptError::NotNested`];
    /// [`NestedError::Verify`] as [`Verifier::verify`].
    pub fn decrypt_and_verify<C: DeserializeOwned>(
        &self,
        token: &str,
        verifier: &Verifier,
        now: NumericDate,
    ) -> Result<Verified<C>, NestedError> {
        let decrypted = self.decrypt(token)?;
        if !decrypted.cty().is_some_and(|cty| same_type(cty, "JWT")) {
            return Err(DecryptError::NotNested.into());
        }
        let inner = std::str::from_utf8(decrypted.plaintext())
            .map_err(|_| crate::VerifyError::malformed("it is not UTF-8"))?;
        Ok(verifier.verify(inner, now)?)
    }
}
