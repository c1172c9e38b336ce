//! What decryption gives.

use super::{ContentEncryption, KeyAlgorithm};
use std::fmt;
use std::ops::Deref;
use zeroize::Zeroizing;

/// Decrypted octets. **They prove nothing about the sender**: anyone can encrypt to a public key, and whoever
/// shares a secret may have written them.
///
/// The octets are wiped when dropped.
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptionKey, Decrypter, Encrypter, KeyAlgorithm};
///
/// let key = DecryptionKey::generate(KeyAlgorithm::A256Kw)?.with_kid("2024-05")?;
/// let token = Encrypter::builder(key.encryption_key()?).cty("text/plain").build()?.encrypt(b"four o'clock")?;
/// let decrypted = Decrypter::builder().key(key).build()?.decrypt(&token)?;
/// assert_eq!((decrypted.cty(), decrypted.kid()), (Some("text/plain"), Some("2024-05")));
/// assert_eq!(decrypted.into_plaintext().as_slice(), b"four o'clock");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct DecryptedBytes {
    pub(super) plaintext: Zeroizing<Vec<u8>>,
    pub(super) envelope: Envelope,
}

/// The headers around the content, and the key that opened it.
#[derive(Clone)]
pub(super) struct Envelope {
    pub(super) protected: String,
    pub(super) unprotected: Option<String>,
    pub(super) recipient: Option<String>,
    pub(super) aad: Option<Vec<u8>>,
    pub(super) kid: Option<String>,
    pub(super) algorithm: KeyAlgorithm,
    pub(super) encryption: ContentEncryption,
    pub(super) typ: Option<String>,
    pub(super) cty: Option<String>,
}

macro_rules! envelope_accessors {
    () => {
        /// The protected header as JSON text, `{}` if a JSON serialization has none: what came with the
        /// content, unchanged since it was encrypted.
        #[must_use]
        pub fn protected_header(&self) -> &str {
            &self.envelope.protected
        }

        /// The shared header of a JSON serialization that **nothing protects**: anyone on the way may have
        /// written it.
        #[must_use]
        pub fn unprotected_header(&self) -> Option<&str> {
            self.envelope.unprotected.as_deref()
        }

        /// This recipient's header in a JSON serialization, which **nothing protects** either.
        #[must_use]
        pub fn recipient_header(&self) -> Option<&str> {
            self.envelope.recipient.as_deref()
        }

        /// The additional data of a JSON serialization: not encrypted, but protected.
        #[must_use]
        pub fn aad(&self) -> Option<&[u8]> {
            self.envelope.aad.as_deref()
        }

        /// The id of the key that decrypted, if it has one.
        #[must_use]
        pub fn kid(&self) -> Option<&str> {
            self.envelope.kid.as_deref()
        }

        /// The algorithm of the key that decrypted.
        #[must_use]
        pub fn algorithm(&self) -> KeyAlgorithm {
            self.envelope.algorithm
        }

        /// How the content was encrypted.
        #[must_use]
        pub fn content_encryption(&self) -> ContentEncryption {
            self.envelope.encryption
        }

        /// `typ` of the protected header.
        #[must_use]
        pub fn typ(&self) -> Option<&str> {
            self.envelope.typ.as_deref()
        }

        /// `cty` of the protected header: what the content is.
        #[must_use]
        pub fn cty(&self) -> Option<&str> {
            self.envelope.cty.as_deref()
        }
    };
}

impl DecryptedBytes {
    /// The content.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        &self.plaintext
    }

    /// The content, without the headers.
    #[must_use]
    pub fn into_plaintext(self) -> Zeroizing<Vec<u8>> {
        self.plaintext
    }

    envelope_accessors!();
}

/// Decrypted claims. **They prove nothing about the sender**, and neither `exp` nor any other claim was
/// checked; see [`Decrypter::decrypt_and_verify`](super::Decrypter::decrypt_and_verify) for claims that
/// somebody signed. There is no way from here to a [`Verified`](crate::Verified).
///
/// A function that asks for verified claims cannot be called with decrypted ones:
/// ```compile_fail,E0308
/// fn handler(claims: waxseal::Verified<String>) {}
///
/// fn call(claims: waxseal::jwe::Decrypted<String>) {
///     handler(claims);
/// }
/// ```
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptionKey, Decrypter, Encrypter, KeyAlgorithm};
///
/// # let key = DecryptionKey::generate(KeyAlgorithm::A256Kw)?;
/// # let encrypter = Encrypter::builder(key.encryption_key()?).build()?;
/// let token = encrypter.encrypt_claims(&serde_json::json!({"cart": [7, 9]}))?;
/// let decrypted = Decrypter::builder().key(key).build()?.decrypt_claims::<serde_json::Value>(&token)?;
/// assert_eq!(decrypted.claims()["cart"][1], 9);
/// assert_eq!(decrypted.algorithm(), KeyAlgorithm::A256Kw);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Decrypted<C> {
    pub(super) claims: C,
    pub(super) envelope: Envelope,
}

impl<C> Decrypted<C> {
    /// The claims.
    pub fn claims(&self) -> &C {
        &self.claims
    }

    /// The claims, without the headers.
    pub fn into_claims(self) -> C {
        self.claims
    }

    envelope_accessors!();
}

impl<C> Deref for Decrypted<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.claims
    }
}

impl fmt::Debug for DecryptedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptedBytes")
            .field("algorithm", &self.envelope.algorithm)
            .field("encryption", &self.envelope.encryption)
            .field("kid", &self.envelope.kid)
            .finish_non_exhaustive()
    }
}

impl<C> fmt::Debug for Decrypted<C> {
    /// Leaves the claims out: somebody encrypted them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted")
            .field("algorithm", &self.envelope.algorithm)
            .field("encryption", &self.envelope.encryption)
            .field("kid", &self.envelope.kid)
            .finish_non_exhaustive()
    }
}
