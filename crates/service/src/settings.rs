//! What a server can be told.

use std::time::Duration;
use waxseal_domain::ClientId;
use waxseal_domain::session::SessionPolicy;

/// The settings of a [`Service`](crate::Service).
#[derive(Clone, Debug)]
pub struct Settings {
    /// The `iss` of its tokens: the URL under which others reach it, without a slash at the end.
    pub issuer: String,
    /// The `aud` of its tokens.
    pub audience: String,
    /// The client that `/v1/login` logs in to.
    pub client_id: ClientId,
    /// How long an access token is good, in whole seconds. A little less is handed out.
    pub access_lifetime: Duration,
    /// How far the clocks of verifiers may be off. Entries of the revocation log outlive tokens by this.
    pub leeway: Duration,
    /// How long sessions last.
    pub sessions: SessionPolicy,
    /// Whether anybody may make an account.
    pub open_registration: bool,
    /// The cost of a password hash, and how many may be made at once.
    pub passwords: PasswordSettings,
}

impl Settings {
    /// How long an entry of the revocation log must be kept: until the longest access token is dead everywhere.
    #[must_use]
    pub fn revocation_lifetime(&self) -> Duration {
        self.access_lifetime.saturating_add(self.leeway).saturating_add(Duration::from_secs(1))
    }
}

/// The cost of a password hash. The default is the one that the OWASP Password Storage Cheat Sheet names for argon2id.
#[derive(Clone, Copy, Debug)]
pub struct PasswordSettings {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// How many hashes are made at once.
    pub parallel: usize,
    /// How many may wait. Past that, a login is told to come back.
    pub queue: usize,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        let parallel = std::thread::available_parallelism().map_or(1, usize::from);
        Self { memory_kib: 19 * 1024, passes: 2, parallel, queue: 32 }
    }
}
