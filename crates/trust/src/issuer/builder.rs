//! From settings to a running [`Issuer`].

use super::feed_task::FeedTask;
use super::remote_keys::{RemoteKeys, monotonic_now};
use super::url::{IssuerUrl, IssuerUrlError};
use super::{Inner, Issuer, Shared};
use crate::clock::{Clock, SystemClock};
use crate::key_set::KeySet;
use crate::policy::StalePolicy;
use crate::revocations::{EVENT_TYP, MAX_EVENT_BYTES, Revocations};
use crate::transport::{HttpClient, Transport, TransportError};
use http::HeaderValue;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use waxseal::{KeyRing, Limits, Profile, Verifier, VerifierError};

/// How long after its last sign of life the feed counts as stale. A heartbeat is due each second.
const STALE_AFTER: Duration = Duration::from_secs(5);

/// How long a connection may be silent at least before it is given up.
const MIN_IDLE_LIMIT: Duration = Duration::from_secs(3);

/// How many revocations are held at most: some 64 MiB.
const MAX_REVOCATIONS: usize = 1_000_000;

/// How far the clocks of issuer and API may disagree.
const LEEWAY: Duration = Duration::from_secs(30);

/// Settings of an [`Issuer`]. Audience, feed token and stale policy are required.
#[must_use]
pub struct IssuerBuilder {
    url: String,
    audience: Option<String>,
    feed_token: Option<String>,
    policy: Option<StalePolicy>,
    clock: Box<dyn Clock>,
    transport: Option<Box<dyn Transport>>,
    stale_after: Duration,
    leeway: Duration,
    max_revocations: usize,
    allow_http: bool,
}

/// Why an [`Issuer`] could not be built. Each message names the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The issuer is not one that can be trusted.
    #[error("the issuer's URL cannot be used: {0}")]
    Url(#[from] IssuerUrlError),
    /// Without an audience, a token meant for another API would be accepted.
    #[error(
        "no audience: call `.audience(\"...\")` with the name of this API as the issuer writes it into `aud`"
    )]
    AudienceMissing,
    /// Without the credential, revocations cannot be read.
    #[error(
        "no feed token: call `.feed_token(...)` with the secret that the issuer's operator made for this API"
    )]
    FeedTokenMissing,
    /// The feed token cannot be sent in a header.
    #[error(
        "the feed token contains characters other than printable ASCII; remove line breaks and spaces around it"
    )]
    FeedTokenInvalid,
    /// There is no default for what to do while revocations cannot be learned.
    #[error(
        "no stale policy: call `.when_stale(...)` with what to do while revocations cannot be learned: `StalePolicy::Reject`, `CapAge(...)` or `Accept`"
    )]
    StalePolicyMissing,
    /// The background tasks need a tokio runtime.
    #[error("no tokio runtime: call `.build()` from async code, for example inside `#[tokio::main]`")]
    RuntimeMissing,
    /// The HTTP client cannot be set up.
    #[error("no HTTP client: {0}")]
    Transport(#[from] TransportError),
}

impl IssuerBuilder {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            audience: None,
            feed_token: None,
            policy: None,
            clock: Box::new(SystemClock),
            transport: None,
            stale_after: STALE_AFTER,
            leeway: LEEWAY,
            max_revocations: MAX_REVOCATIONS,
            allow_http: false,
        }
    }

    /// Who this API is: one of the values in a token's `aud` must be equal to it. Required.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// The secret with which this API may read the revocation feed. Required.
    pub fn feed_token(mut self, token: impl Into<String>) -> Self {
        self.feed_token = Some(token.into());
        self
    }

    /// What to do with tokens while revocations cannot be learned. Required.
    pub fn when_stale(mut self, policy: StalePolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// How long after its last sign of life the feed counts as stale; 5 seconds unless set.
    pub fn stale_after(mut self, window: Duration) -> Self {
        self.stale_after = window;
        self
    }

    /// How far the clocks of issuer and API may disagree; 30 seconds unless set. A token works that much longer
    /// than its `exp` says.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// How many revocations are held; a million unless set. Beyond it the feed counts as stale.
    pub fn max_revocations(mut self, limit: usize) -> Self {
        self.max_revocations = limit;
        self
    }

    /// The clock; that of the operating system unless set.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// The HTTP client; [`HttpClient`] unless set.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Accepts an issuer over plain `http` on another machine. Whoever is on the way can then replace its keys and
    /// sign any token.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Starts to follow the issuer. It need not be reachable yet.
    ///
    /// # Errors
    /// In this order: [`BuildError::Url`], [`BuildError::AudienceMissing`], [`BuildError::FeedTokenMissing`],
    /// [`BuildError::FeedTokenInvalid`], [`BuildError::StalePolicyMissing`], [`BuildError::RuntimeMissing`],
    /// [`BuildError::Transport`].
    pub fn build(self) -> Result<Issuer, BuildError> {
        let url = IssuerUrl::parse(&self.url, self.allow_http)?;
        let audience = self.audience.filter(|text| !text.is_empty()).ok_or(BuildError::AudienceMissing)?;
        let feed_authorization = bearer(self.feed_token)?;
        let policy = self.policy.ok_or(BuildError::StalePolicyMissing)?;
        let runtime = Handle::try_current().map_err(|_| BuildError::RuntimeMissing)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => Box::new(HttpClient::new()?),
        };
        let shared = Arc::new(Shared {
            token_keys: token_keys(&url, audience, self.leeway),
            feed_keys: feed_keys(&url, self.leeway),
            url,
            clock: self.clock,
            transport,
            feed_authorization,
            revocations: Arc::new(Revocations::new(policy, self.stale_after)),
            progress: watch::Sender::new(()),
            idle_limit: self.stale_after.max(MIN_IDLE_LIMIT),
            max_revocations: self.max_revocations,
        });
        Ok(start(shared, &runtime))
    }
}

fn start(shared: Arc<Shared>, runtime: &Handle) -> Issuer {
    let (for_tokens, for_feed) = (Arc::clone(&shared), Arc::clone(&shared));
    let tasks = [
        runtime.spawn(async move { for_tokens.token_keys.run(&for_tokens).await }).abort_handle(),
        runtime.spawn(async move { for_feed.feed_keys.run(&for_feed).await }).abort_handle(),
        runtime.spawn(FeedTask::new(Arc::clone(&shared)).run()).abort_handle(),
    ];
    Issuer { inner: Arc::new(Inner { shared, tasks }) }
}

fn bearer(token: Option<String>) -> Result<HeaderValue, BuildError> {
    let token = token.filter(|token| !token.is_empty()).ok_or(BuildError::FeedTokenMissing)?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(BuildError::FeedTokenInvalid);
    }
    let mut value =
        HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| BuildError::FeedTokenInvalid)?;
    value.set_sensitive(true);
    Ok(value)
}

fn token_keys(url: &IssuerUrl, audience: String, leeway: Duration) -> RemoteKeys {
    let issuer = url.as_str().to_owned();
    let prepare = move |keys: KeyRing| -> Result<Verifier, VerifierError> {
        Verifier::builder()
            .keys(keys)
            .profile(Profile::AccessToken)
            .issuer(issuer.as_str())
            .audience(audience.as_str())
            .leeway(leeway)
            .build()
    };
    RemoteKeys::new(url.join("/.well-known/jwks.json"), KeySet::new(monotonic_now(), prepare))
}

fn feed_keys(url: &IssuerUrl, leeway: Duration) -> RemoteKeys {
    let issuer = url.as_str().to_owned();
    let prepare = move |keys: KeyRing| -> Result<Verifier, VerifierError> {
        Verifier::builder()
            .keys(keys)
            .issuer(issuer.as_str())
            .typ(EVENT_TYP)
            // The feed is for whoever holds a feed token; its type and its keys keep it apart from other tokens.
            .without_audience()
            .leeway(leeway)
            .limits(Limits::default().token_bytes(MAX_EVENT_BYTES))
            .build()
    };
    RemoteKeys::new(url.join("/v1/revocations/jwks.json"), KeySet::new(monotonic_now(), prepare))
}

impl fmt::Debug for IssuerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerBuilder").field("url", &self.url).finish_non_exhaustive()
    }
}
