//! The layer and its service.

use crate::credentials::bearer_token;
use crate::future::GuardFuture;
use crate::reason::Reason;
use crate::response::Realm;
use http::{Request, Response};
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;
use waxseal_trust::{Accepted, Issuer, NoClaims, Refusal};

/// Lets requests through whose access token the issuer signed for this API and did not revoke.
///
/// `C` is the type of the claims the handlers need besides the registered ones. The verified claims
/// are put into the request's extensions as `Arc<`[`Accepted`]`<C>>`.
pub struct GuardLayer<C = NoClaims> {
    settings: Settings<C>,
}

/// The service that [`GuardLayer`] makes.
pub struct Guard<S, C = NoClaims> {
    inner: S,
    settings: Settings<C>,
}

struct Settings<C> {
    issuer: Issuer,
    realm: Arc<Realm>,
    claims: PhantomData<fn() -> C>,
}

impl<C> GuardLayer<C> {
    /// Guards with the tokens of `issuer`. The realm in challenges is `api` unless [`realm`](Self::realm) sets it.
    #[must_use]
    pub fn new(issuer: Issuer) -> Self {
        Self { settings: Settings { issuer, realm: Arc::new(Realm::new("api")), claims: PhantomData } }
    }

    /// The name of the protected area, as people may see it in a challenge (RFC 9110 §11.5).
    #[must_use]
    pub fn realm(mut self, name: &str) -> Self {
        self.settings.realm = Arc::new(Realm::new(name));
        self
    }
}

impl<S, C> Layer<S> for GuardLayer<C> {
    type Service = Guard<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        Guard { inner, settings: self.settings.clone() }
    }
}

impl<S, C, ReqBody, ResBody> Service<Request<ReqBody>> for Guard<S, C>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    S::Future: Send,
    C: DeserializeOwned + Send + Sync + 'static,
    ReqBody: Send + 'static,
    ResBody: From<String>,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = GuardFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let realm = Arc::clone(&self.settings.realm);
        let decided = match bearer_token(request.headers()) {
            Ok(token) => {
                let Some(result) = self.settings.issuer.verify_now::<C>(token) else {
                    // The one way on which the token is copied and a future allocated.
                    let token = token.to_owned();
                    return GuardFuture::waiting(Box::pin(self.wait(request, token)), realm);
                };
                result
            }
            Err(no_token) => return GuardFuture::refused(logged(no_token.into()), realm),
        };
        match decided {
            Ok(accepted) => GuardFuture::accepted(self.inner.call(with_claims(request, accepted)), realm),
            Err(refusal) => GuardFuture::refused(refused(&refusal), realm),
        }
    }
}

impl<S, C> Guard<S, C> {
    /// Waits for the keys, then calls the inner service.
    fn wait<ReqBody>(
        &mut self,
        request: Request<ReqBody>,
        token: String,
    ) -> impl Future<Output = Result<S::Future, Reason>> + Send + use<S, C, ReqBody>
    where
        S: Service<Request<ReqBody>> + Clone + Send + 'static,
        S::Future: Send,
        C: DeserializeOwned + Send + Sync + 'static,
        ReqBody: Send + 'static,
    {
        // The clone has not been polled ready; the one that has must be the one that is called.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let issuer = self.settings.issuer.clone();
        async move {
            let accepted = issuer.verify::<C>(&token).await.map_err(|refusal| refused(&refusal))?;
            Ok(inner.call(with_claims(request, accepted)))
        }
    }
}

fn with_claims<C, B>(mut request: Request<B>, accepted: Accepted<C>) -> Request<B>
where
    C: Send + Sync + 'static,
{
    request.extensions_mut().insert(Arc::new(accepted));
    request
}

fn refused(refusal: &Refusal) -> Reason {
    logged(Reason::from(refusal))
}

/// Codes only: what a stranger sends does not belong in a log.
fn logged(reason: Reason) -> Reason {
    if reason.is_temporary() {
        tracing::warn!(code = reason.code, "request refused for lack of knowledge about its token");
    } else {
        tracing::debug!(code = reason.code, "request refused");
    }
    reason
}

// Derived, these would demand the same of `C`.
impl<C> Clone for Settings<C> {
    fn clone(&self) -> Self {
        Self { issuer: self.issuer.clone(), realm: Arc::clone(&self.realm), claims: PhantomData }
    }
}

impl<C> Clone for GuardLayer<C> {
    fn clone(&self) -> Self {
        Self { settings: self.settings.clone() }
    }
}

impl<S: Clone, C> Clone for Guard<S, C> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), settings: self.settings.clone() }
    }
}

impl<C> fmt::Debug for GuardLayer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardLayer").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}

impl<S, C> fmt::Debug for Guard<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}
