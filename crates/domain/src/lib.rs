//! The rules of the token server, free of transport, storage engine and cryptography.
//!
//! - [`clock`], [`randomness`]: time and chance come in as arguments.
//! - [`id`]: ids are types, so a [`ClientId`] cannot be passed where a [`SessionId`] is meant.
//! - [`user`], [`session`], [`signing_key`], [`revocation`]: the things the server keeps, and what may happen to them.
//! - [`repository`]: what a storage engine must do. Each engine passes the same contract suite.

pub mod clock;
pub mod id;
pub mod randomness;
pub mod repository;
pub mod revocation;
pub mod session;
pub mod signing_key;
pub mod user;

pub use clock::{Clock, SystemClock, Timestamp};
pub use id::{ClientId, Incarnation, SessionId, UserId};
pub use randomness::{Randomness, RandomnessError};
pub use repository::{StorageError, Store};
