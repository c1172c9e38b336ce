//! Encrypted tokens: JSON Web Encryption (RFC 7516) and nested JWTs (RFC 7519 §5.2).

mod algorithm;
mod content;
mod decrypted;
mod decrypter;
mod deserialize;
mod encrypter;
mod error;
mod header;
mod key;
mod manage;
mod message;
mod nested;
mod parameters;
mod ring;
mod serialize;
mod zip;

pub use algorithm::{ContentEncryption, KeyAlgorithm, UnknownName};
pub use decrypted::{Decrypted, DecryptedBytes};
pub use decrypter::{Decrypter, DecrypterBuilder};
pub use encrypter::{Encrypter, EncrypterBuilder};
pub use error::{BuildError, DecryptError, EncryptError, NestedError};
pub use key::{Curve, DecryptionKey, EncryptionKey};
pub use serialize::JsonMessage;
