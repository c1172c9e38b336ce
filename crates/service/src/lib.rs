//! The use cases of the token server, without HTTP.
//!
//! A [`Service`] is built from a store, a clock, a source of randomness, a master key and [`Settings`]. Each use case is
//! a file: [`accounts`], [`login`], [`refresh`], [`sessions`] (with logout), [`revocations`].

mod access_token;
mod failure;
mod master_key;
mod password;
mod randomness;
mod refresh_token;
mod seal;
mod service;
mod settings;
mod signing_keys;

pub mod accounts;
pub mod login;
pub mod refresh;
pub mod revocations;
pub mod sessions;

pub use access_token::{AccessClaims, EpochsClaim};
pub use failure::{Failure, StartError};
pub use master_key::{InvalidMasterKey, MasterKey};
pub use randomness::SystemRandomness;
pub use refresh_token::{PREFIX as REFRESH_TOKEN_PREFIX, RefreshToken};
pub use service::{Service, TokenSet};
pub use settings::{PasswordSettings, Settings};
