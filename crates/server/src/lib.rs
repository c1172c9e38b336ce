//! The token server over HTTP, as an axum router.
