//! What a guarded call waits for.

use crate::reason::Reason;
use crate::response::{Realm, refuse};
use http::Response;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Waits for the issuer's keys, then runs the inner service or refuses.
type Slow<F> = Pin<Box<dyn Future<Output = Result<F, Reason>> + Send>>;

pin_project! {
    /// The future of a guarded call.
    ///
    /// For nearly every request it is just the inner service's: the token is verified before it is made, and only
    /// a token whose key is unknown waits.
    pub struct GuardFuture<F> {
        #[pin]
        state: State<F>,
        realm: Arc<Realm>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Accepted { #[pin] inner: F },
        Refused { reason: Reason },
        Waiting { decision: Slow<F> },
    }
}

impl<F> GuardFuture<F> {
    pub(crate) fn accepted(inner: F, realm: Arc<Realm>) -> Self {
        Self { state: State::Accepted { inner }, realm }
    }

    pub(crate) fn refused(reason: Reason, realm: Arc<Realm>) -> Self {
        Self { state: State::Refused { reason }, realm }
    }

    pub(crate) fn waiting(decision: Slow<F>, realm: Arc<Realm>) -> Self {
        Self { state: State::Waiting { decision }, realm }
    }
}

impl<F, B, E> Future for GuardFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: From<String>,
{
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                StateProjection::Accepted { inner } => return inner.poll(context),
                StateProjection::Refused { reason } => return Poll::Ready(Ok(refuse(*reason, this.realm))),
                StateProjection::Waiting { decision } => match ready!(decision.as_mut().poll(context)) {
                    Ok(inner) => State::Accepted { inner },
                    Err(reason) => State::Refused { reason },
                },
            };
            this.state.set(next);
        }
    }
}

impl<F> std::fmt::Debug for GuardFuture<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuardFuture").finish_non_exhaustive()
    }
}
