//! The async runtime and the log, for the commands that run a server.

use crate::failure::Failure;
use tracing_subscriber::EnvFilter;

/// A runtime for one command.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| {
        Failure::failed("runtime_failed", format!("the system gave no threads to run on: {error}"))
    })
}

/// Sends the log to standard error, from level `info` unless `RUST_LOG` says otherwise.
pub(crate) fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Fails only when a log was set up before, as in a test that runs several commands; that one goes on.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
