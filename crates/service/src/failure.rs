//! What can go wrong on the server's side, whatever was asked.

use crate::seal::SealError;
use waxseal_domain::{RandomnessError, StorageError};

/// The server could not do its part. The client is told no more than that; the log gets the rest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There were no random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Password,
    /// A token could not be signed.
    #[error("a token could not be signed: {0}")]
    Sign(#[from] waxseal::SignError),
    /// A stored row does not fit the rest.
    #[error("stored data does not fit together: {0}")]
    Inconsistent(&'static str),
}

/// Why the service could not start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The database belongs to another issuer.
    #[error(
        "this database belongs to the issuer {stored}, not {configured}; pass `--issuer {stored}`, or use another data directory"
    )]
    OtherIssuer {
        /// The issuer that the database belongs to.
        stored: String,
        /// The issuer of the configuration.
        configured: String,
    },
    /// The keys in the database cannot be unsealed.
    #[error(
        "the signing keys in the database cannot be unsealed: the master key is not the one that they were sealed with, or rows were changed"
    )]
    Unseal,
    /// A key could not be made or read.
    #[error("a signing key could not be made or read: {0}")]
    Key(#[from] waxseal::KeyError),
    /// The checks on the server's own tokens could not be set up.
    #[error("the configuration does not make a verifier: {0}")]
    Verifier(#[from] waxseal::VerifierError),
    /// Anything else.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<SealError> for StartError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Broken => Self::Unseal,
            SealError::Randomness(error) => Self::Failure(error.into()),
        }
    }
}

impl From<StorageError> for StartError {
    fn from(error: StorageError) -> Self {
        Self::Failure(error.into())
    }
}
