//! One issuer, followed over the network: its keys and its revocations kept fresh by background tasks.
//!
//! Supported: one Waxseal server per [`Issuer`], access tokens of RFC 9068, the key set and the revocation feed
//! at their fixed paths. Not supported yet: discovery, several issuers behind one handle, foreign issuers
//! (whose tokens have no `sid` and `epochs`), opaque tokens. Do not use it in a program without a tokio runtime:
//! [`KeySet`](crate::key_set::KeySet) and [`Feed`](crate::revocations::Feed) are the same rules without I/O.

mod accepted;
mod backoff;
mod builder;
mod feed_task;
mod refusal;
mod remote_keys;
mod url;

pub use accepted::{Accepted, NoClaims};
pub use builder::{BuildError, IssuerBuilder};
pub use refusal::Refusal;
pub use url::IssuerUrlError;

use crate::clock::Clock;
use crate::key_set::UnknownKid;
use crate::revocations::Revocations;
use http::HeaderValue;
use remote_keys::RemoteKeys;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use url::IssuerUrl;
use waxseal::{Verifier, VerifyError};

/// A trusted issuer of access tokens. A clone is a second handle to the same one.
///
/// Two background tasks keep its keys and revocations fresh; they stop when the last handle is dropped.
///
/// # Examples
/// ```no_run
/// # async fn example(feed_token: String, token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use waxseal_trust::{Issuer, NoClaims, StalePolicy};
///
/// let issuer = Issuer::builder("https://auth.example.com")
///     .audience("https://notes.example.com")
///     .feed_token(feed_token)
///     .when_stale(StalePolicy::Reject)
///     .build()?;
/// issuer.ready().await;
/// let accepted = issuer.verify::<NoClaims>(token).await?;
/// println!("hello {}", accepted.subject());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Issuer {
    inner: Arc<Inner>,
}

/// A look at how an [`Issuer`] is doing, for a health check or a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Whether there are keys to verify tokens with.
    pub keys_loaded: bool,
    /// Whether the revocation feed proved itself alive recently enough not to count as stale.
    pub feed_fresh: bool,
    /// How many revocations are held.
    pub revocations: usize,
}

/// Owns the tasks; only handles refer to it.
struct Inner {
    shared: Arc<Shared>,
    tasks: [AbortHandle; 3],
}

/// What requests and tasks have in common.
struct Shared {
    url: IssuerUrl,
    clock: Box<dyn Clock>,
    transport: Box<dyn crate::Transport>,
    /// The credential for the feed, marked as sensitive so that its `Debug` is blank.
    feed_authorization: HeaderValue,
    token_keys: RemoteKeys,
    feed_keys: RemoteKeys,
    revocations: Arc<Revocations>,
    /// Raised whenever [`Status`] may have changed for the better.
    progress: watch::Sender<()>,
    idle_limit: std::time::Duration,
    max_revocations: usize,
}

impl Issuer {
    /// Begins to describe an issuer. `url`: exactly what its tokens carry in `iss`.
    pub fn builder(url: impl Into<String>) -> IssuerBuilder {
        IssuerBuilder::new(url.into())
    }

    /// Waits until there are keys and the feed is fresh, so that the first request meets neither gap.
    ///
    /// It waits as long as it takes; wrap it in a timeout to give up, or do not call it and serve at once under
    /// the stale policy.
    pub async fn ready(&self) {
        let mut progress = self.inner.shared.progress.subscribe();
        loop {
            let status = self.status();
            if status.keys_loaded && status.feed_fresh {
                return;
            }
            // The sender lives in `self`, so this cannot fail.
            if progress.changed().await.is_err() {
                return;
            }
        }
    }

    /// How the issuer is doing now.
    #[must_use]
    pub fn status(&self) -> Status {
        let shared = &self.inner.shared;
        Status {
            keys_loaded: shared.token_keys.set().is_loaded(),
            feed_fresh: shared.revocations.is_fresh(shared.clock.now()),
            revocations: shared.revocations.len(),
        }
    }

    /// Verifies an access token: signature, claims (RFC 9068 §4), then revocation.
    ///
    /// It waits only if the token's key is unknown, and then for one request to the issuer that all such tokens
    /// share. `C` is deserialized after the signature and the registered claims were checked.
    ///
    /// # Errors
    /// In this order: [`Refusal::KeysUnavailable`], [`Refusal::Token`], [`Refusal::SessionMissing`],
    /// [`Refusal::Revoked`], and while the feed
    /// is stale [`Refusal::TooOldWhileStale`] or [`Refusal::RevocationsStale`].
    pub async fn verify<C: DeserializeOwned>(&self, token: &str) -> Result<Accepted<C>, Refusal> {
        // Subscribed before the attempt, so that an answer in between is not missed.
        let mut answers = self.inner.shared.token_keys.answers();
        if let Some(result) = self.verify_now(token) {
            return result;
        }
        answers.next().await;
        self.verify_now(token).unwrap_or(Err(Refusal::KeysUnavailable))
    }

    /// Like [`verify`](Self::verify), but answers at once: the way of nearly every request, without a future.
    /// `None` if the keys are being fetched and may decide it; `verify` waits for them.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    #[must_use]
    pub fn verify_now<C: DeserializeOwned>(&self, token: &str) -> Option<Result<Accepted<C>, Refusal>> {
        let shared = &self.inner.shared;
        let keys = &shared.token_keys;
        let verifier = keys.set().verifier();
        let Some(verifier) = verifier.as_deref() else { return without_key(keys.no_keys(), None) };
        let result = shared.accept(verifier, token);
        if let Err(Refusal::Token(VerifyError::KeyNotFound { kid: Some(kid), .. })) = &result {
            let advice = keys.unknown_kid(kid);
            return without_key(advice, Some(result));
        }
        Some(result)
    }
}

/// `result`: what verification said, if there was anything to verify with.
fn without_key<T>(advice: UnknownKid, result: Option<Result<T, Refusal>>) -> Option<Result<T, Refusal>> {
    match (advice, result) {
        (UnknownKid::Wait, _) => None,
        (UnknownKid::Refuse, Some(result)) => Some(result),
        (UnknownKid::Refuse | UnknownKid::Unavailable, _) => Some(Err(Refusal::KeysUnavailable)),
    }
}

impl Shared {
    fn accept<C: DeserializeOwned>(&self, verifier: &Verifier, token: &str) -> Result<Accepted<C>, Refusal> {
        let now = self.clock.now();
        let accepted = Accepted::read(verifier.verify::<C>(token, now.into())?)?;
        self.revocations.check(&accepted.revocation_claims(), now)?;
        Ok(accepted)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.inner.shared.url.as_str();
        f.debug_struct("Issuer").field("url", &url).field("status", &self.status()).finish_non_exhaustive()
    }
}
