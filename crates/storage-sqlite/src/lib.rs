//! SQLite storage for the token server.
//!
//! One file, one writer. A `writer` thread owns the writing connection and puts whatever waits for it into one
//! transaction, so that many requests share one `fsync`; an answer leaves only after that commit. Readers have
//! connections of their own and see the last commit (WAL mode).
//!
//! Not for a network file system, and not for two servers: a lock file keeps the second one out. For several instances
//! there is PostgreSQL.

mod clock;
mod files;
mod migrations;
mod reader;
mod row;
mod store;
mod tables;
mod writer;

pub use store::{OpenError, SqliteStore};
