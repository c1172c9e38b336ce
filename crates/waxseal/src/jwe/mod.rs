//! Encrypted tokens: JSON Web Encryption (RFC 7516) and nested JWTs (RFC 7519 §5.2).

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
pub use serialize::JsonMessage;
