//! What to do with tokens while revocations cannot be learned.

use std::time::Duration;

/// What happens to a token with a good signature while the revocation feed is stale or was never reached.
///
/// Revocations that are already known refuse their tokens under every policy. There is no default:
/// each choice is wrong for somebody, so the author of the API says which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StalePolicy {
    /// Accept it. Availability first: a token revoked in the meantime works until it expires.
    Accept,
    /// Accept it while less than this has passed since its `iat`, then refuse it as too old. Clients
    /// that refresh go on; a stolen token is good for no longer than this.
    CapAge(Duration),
    /// Refuse everything until the feed is back (503 in the guard). Security first.
    Reject,
}
