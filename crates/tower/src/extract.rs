//! The verified claims as an argument of an axum handler.

use crate::response::problem;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use std::any::type_name;
use std::ops::Deref;
use std::sync::Arc;
use waxseal_trust::{Accepted, NoClaims};

/// Who makes the request: the verified claims that [`GuardLayer`](crate::GuardLayer) left behind.
///
/// It dereferences to [`Accepted`], and that to the claims `C`, so `user.subject()` and `user.role` both work. A route
/// without the layer, or with one for another `C`, fails closed: the handler is not called, the client gets 500, and the log
/// names what is missing.
///
/// # Examples
/// ```
/// use waxseal_tower::Authenticated;
///
/// async fn whoami(user: Authenticated) -> String {
///     user.subject().to_owned()
/// }
/// ```
#[derive(Debug)]
pub struct Authenticated<C = NoClaims>(Arc<Accepted<C>>);

/// The handler asks for verified claims, but no guard with that type of claims is in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardMissing {
    /// The type of the claims.
    claims: &'static str,
}

impl<C, S> FromRequestParts<S> for Authenticated<C>
where
    C: Send + Sync + 'static,
    S: Send + Sync,
{
    type Rejection = GuardMissing;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, GuardMissing> {
        let accepted = parts.extensions.get::<Arc<Accepted<C>>>();
        accepted.cloned().map(Self).ok_or(GuardMissing { claims: type_name::<C>() })
    }
}

impl<C> Authenticated<C> {
    /// The claims with their proof, to keep beyond the handler.
    #[must_use]
    pub fn into_inner(self) -> Arc<Accepted<C>> {
        self.0
    }
}

impl<C> Clone for Authenticated<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> Deref for Authenticated<C> {
    type Target = Accepted<C>;

    fn deref(&self) -> &Accepted<C> {
        &self.0
    }
}

impl IntoResponse for GuardMissing {
    fn into_response(self) -> Response {
        tracing::error!(
            "a handler takes Authenticated<{0}>, but its route has no GuardLayer::<{0}>; add it with Router::layer",
            self.claims
        );
        problem(StatusCode::INTERNAL_SERVER_ERROR, "guard_missing", "the server is not set up correctly")
    }
}
