//! An issuer in memory, a handle that follows it, and what becomes of tokens in between.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::manual_string_new,
    clippy::items_after_statements,
    reason = "tests"
)]

mod building;
mod feed;
mod http_client;
mod keys;
mod tokens;

use waxseal_trust::testing::TestIssuer;
use waxseal_trust::{Issuer, NoClaims, Refusal};

const AUDIENCE: &str = "notes";

/// A handle that has keys and a fresh feed.
async fn ready(test: &TestIssuer) -> Issuer {
    let issuer = test.builder(AUDIENCE).build().unwrap();
    issuer.ready().await;
    issuer
}

/// The code of the refusal, or `accepted`.
async fn verdict(issuer: &Issuer, token: &str) -> &'static str {
    let result: Result<_, Refusal> = issuer.verify::<NoClaims>(token).await;
    result.map_or_else(|refusal| refusal.code(), |_| "accepted")
}

/// Lets the background tasks run until `condition` holds. No time passes.
async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("never happened: {what}");
}
