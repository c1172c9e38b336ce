//! Encrypted tokens: JSON Web Encryption (RFC 7516, RFC 7518) and nested JWTs (RFC 7519 §5.2).
//!
//! # When not to use it
//! Encryption hides the content from everyone but the recipient, and says nothing about who wrote it: anyone
//! can encrypt to a public key, and everyone who shares a secret can write with it. So a decrypted token
//! never logs anybody in. What decryption gives is [`DecryptedBytes`] or [`Decrypted`], and nothing turns
//! those into a [`Verified`](crate::Verified); where the sender matters, sign the token first, encrypt the
//! signed token ([`Encrypter::encrypt_token`]) and read it with [`Decrypter::decrypt_and_verify`].
//!
//! Most tokens need no encryption at all. If the claims may be read by whoever holds the token, sign them and
//! leave secrets out; if they may not, a random identifier that the server looks up is smaller and can be
//! revoked. Encrypted tokens are for content that has to pass through other hands.
//!
//! # What there is
//! | | |
//! |---|---|
//! | Key management ([`KeyAlgorithm`]) | `dir`, `A128KW` to `A256KW`, `A128GCMKW` to `A256GCMKW`, `RSA-OAEP-256`, `ECDH-ES` and `ECDH-ES+A128KW` to `+A256KW` on P-256, P-384, P-521 and X25519 |
//! | Content ([`ContentEncryption`]) | `A128GCM` to `A256GCM`, `A128CBC-HS256` to `A256CBC-HS512` |
//! | Only for decrypting | `RSA-OAEP` (with SHA-1) |
//! | Off until asked for by name | `PBES2-*` ([`DecryptionKey::password`]), `zip` (feature `zip` and `allow_compression`) |
//! | Serializations | compact; flattened and general JSON ([`Encrypter::json`], [`Decrypter::decrypt_json`]) |
//!
//! # What there is not, and why
//! - `RSA1_5`: its padding has leaked keys and contents again and again (RFC 8725 §3.2). It has no name here.
//! - X448, secp256k1 and `ECDH-1PU`: little used, or only drafts.
//! - Keys from the header (`jwk`, `jku`, `x5c`, `x5u`) and extensions (`crit`): a header chooses nothing.
//! - Decrypting with "any key that works": a key is for one algorithm, and for `dir` for one content
//!   encryption, from the moment it is made. `alg` and `enc` of the header are only compared.
//!
//! # What holds
//! - The tag is checked, in constant time, before anything is decrypted; IVs, tags and keys have their exact
//!   lengths. Whatever goes wrong after parsing is [`DecryptError::Failed`] and takes the same path.
//! - An `epk` is on the curve of the key and not of low order.
//! - A message costs a bounded amount of work: its size and depth ([`Limits`](crate::Limits)), its recipients
//!   and the keys tried for it, the iterations of PBKDF2, the growth of compressed content.
//! - Keys and contents in memory of this library are wiped when dropped, and `Debug` shows neither.
//!
//! # Limits of keys
//! With AES-GCM and random IVs a key is good for at most 2^32 messages (NIST SP 800-38D §8.3). That concerns
//! `dir` with `A*GCM`, and `A*GCMKW`; with the other algorithms every message has its own key. Nothing here
//! counts the messages: replace such keys in time.
//!
//! # Examples
//! ```
//! use waxseal::Jwk;
//! use waxseal::jwe::{Decrypter, DecryptionKey, Encrypter, EncryptionKey, KeyAlgorithm};
//!
//! // The recipient makes a key and publishes its public half.
//! let key = DecryptionKey::generate(KeyAlgorithm::EcdhEsA256Kw)?;
//! let published = key.encryption_key()?.to_public_jwk().expect("not a secret").to_public_json();
//!
//! // The sender encrypts to it.
//! let recipient = EncryptionKey::from_jwk(&Jwk::parse(&published)?)?;
//! let token = Encrypter::builder(recipient).build()?.encrypt(b"for your eyes only")?;
//!
//! // The recipient decrypts.
//! let decrypted = Decrypter::builder().key(key).build()?.decrypt(&token)?;
//! assert_eq!(decrypted.plaintext(), b"for your eyes only");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod algorithm;
mod attempt;
mod checks;
mod content;
mod decrypted;
mod decrypter;
mod decrypter_builder;
mod deserialize;
mod encrypter;
mod encrypter_builder;
mod error;
mod header;
mod key;
mod manage;
mod message;
mod nested;
mod parameters;
mod peek;
mod ring;
mod seal;
mod serialize;
mod zip;

pub use algorithm::{ContentEncryption, KeyAlgorithm, UnknownName};
pub use decrypted::{Decrypted, DecryptedBytes};
pub use decrypter::Decrypter;
pub use decrypter_builder::DecrypterBuilder;
pub use encrypter::Encrypter;
pub use encrypter_builder::EncrypterBuilder;
pub use error::{BuildError, DecryptError, EncryptError, NestedError};
pub use key::{Curve, DecryptionKey, EncryptionKey};
pub use peek::peek_kid_without_decrypting;
pub use serialize::JsonMessage;
