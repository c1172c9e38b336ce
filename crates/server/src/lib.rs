//! The token server over HTTP.
//!
//! [`router`] makes an axum router of a [`Service`](waxseal_service::Service); [`Server`] also opens the data directory,
//! listens and stops. Routes are thin, one file each in `routes/`: the rules are in `waxseal-service`.

mod bearer;
mod data_dir;
mod json;
mod problem;
mod router;
mod routes;
mod server;

pub use data_dir::{DataDir, DataDirError};
pub use problem::Problem;
pub use router::{Shutdown, router};
pub use server::{Options, RunError, Server};
