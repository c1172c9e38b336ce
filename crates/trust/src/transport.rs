//! How requests reach the issuer. All I/O of this crate goes through [`Transport`], so that a program can bring
//! its own HTTP client, and a test an issuer that exists only in memory.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use std::time::Duration;

/// The body of an answer, as it arrives.
pub type Body = BoxStream<'static, Result<Bytes, TransportError>>;

/// A request got no answer, or the answer broke off.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(String);

impl TransportError {
    /// `reason`: for the log. It must not repeat headers of the request, one of which is a credential.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// An HTTP client for `GET`.
///
/// An implementation must not follow redirects (a redirect would decide whom this API trusts), must check
/// certificates for `https`, and must not log headers. Time limits are set by the caller.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, whose body is empty, and answers as soon as the head of the response is there.
    fn send(&self, request: http::Request<()>)
    -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}

/// The client that is used unless another is given: `reqwest` with rustls, no redirects, no proxy.
#[derive(Clone, Debug)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    /// A client with certificates checked against the roots of the operating system.
    ///
    /// # Errors
    /// If the TLS back end cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .build();
        client.map(Self).map_err(|error| TransportError::new(error.to_string()))
    }

    async fn execute(&self, request: http::Request<()>) -> Result<http::Response<Body>, TransportError> {
        let (head, ()) = request.into_parts();
        let answer = self
            .0
            .request(head.method, head.uri.to_string())
            .headers(head.headers)
            .send()
            .await
            .map_err(|error| TransportError::new(sentence(error)))?;
        let mut response = http::Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        let body = answer.bytes_stream().map_err(|error| TransportError::new(sentence(error))).boxed();
        Ok(response.map(|()| body))
    }
}

impl Transport for HttpClient {
    fn send(
        &self,
        request: http::Request<()>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(self.execute(request))
    }
}

/// The error and its causes in one line. `reqwest` says only "error sending request" by itself.
fn sentence(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
