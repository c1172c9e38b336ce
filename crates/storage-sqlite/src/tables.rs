//! The statements, one file per table. Each function runs inside a transaction that its caller began.

pub(crate) mod clients;
pub(crate) mod info;
pub(crate) mod revocations;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod users;
