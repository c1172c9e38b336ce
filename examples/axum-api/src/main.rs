//! Runs the API against a token server, as the environment says.

use std::error::Error;
use tokio::net::TcpListener;
use waxseal_tower::GuardLayer;
use waxseal_trust::{Issuer, StalePolicy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let feed_token = std::fs::read_to_string(variable("WAXSEAL_FEED_TOKEN_FILE", "waxseal-data/feed.token"))
        .map_err(|error| format!("the feed token cannot be read ({error}); set WAXSEAL_FEED_TOKEN_FILE to the server's feed.token"))?;
    let issuer = Issuer::builder(variable("WAXSEAL_ISSUER", "http://127.0.0.1:8080"))
        .audience(variable("WAXSEAL_AUDIENCE", "api"))
        .feed_token(feed_token.trim())
        .when_stale(StalePolicy::Reject)
        .build()?;
    let listener = TcpListener::bind(variable("LISTEN", "127.0.0.1:3000")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, axum_api::router(GuardLayer::new(issuer))).await?;
    Ok(())
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}
