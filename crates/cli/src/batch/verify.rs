//! `verify --batch`.

use super::Task;
use super::cache::Cache;
use super::jws::accepted;
use super::keys::verifying_keys;
use super::request::{Request, Token};
use crate::allowed::Allowed;
use crate::failure::Failure;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::IgnoredAny;
use std::rc::Rc;
use waxseal::{Code, KeyRing, NumericDate, Verifier, VerifierBuilder};

/// What the command line says for the lines that say nothing.
pub(crate) struct Defaults {
    pub(crate) issuer: Option<String>,
    pub(crate) audiences: Vec<String>,
    pub(crate) now: Option<NumericDate>,
}

/// Verifies a JWT per line.
pub(crate) struct VerifyTask {
    prepare: Box<dyn Fn() -> VerifierBuilder>,
    defaults: Defaults,
    verifiers: Cache<Result<Verifier, Failure>>,
}

impl VerifyTask {
    /// `prepare`: what holds for every line.
    pub(crate) fn new(prepare: impl Fn() -> VerifierBuilder + 'static, defaults: Defaults) -> Self {
        Self { prepare: Box::new(prepare), defaults, verifiers: Cache::new() }
    }

    fn verifier(&mut self, request: &Request<'_>) -> Result<Rc<Result<Verifier, Failure>>, Failure> {
        let (key, algorithms) = (request.key()?, request.algorithms()?);
        let (issuer, audiences) = (request.issuer()?, request.audiences()?);
        let (prepare, defaults) = (&self.prepare, &self.defaults);
        Ok(self.verifiers.get(&request.preparation(), || {
            let keys = verifying_keys(key, Allowed(algorithms.as_deref()))?;
            let mut builder = prepare().keys(KeyRing::new(keys)?);
            if let Some(issuer) = issuer.as_deref().or(defaults.issuer.as_deref()) {
                builder = builder.issuer(issuer);
            }
            let audiences = if audiences.is_empty() { defaults.audiences.clone() } else { audiences };
            builder = if audiences.is_empty() {
                builder.without_audience()
            } else {
                builder.any_audience(audiences)
            };
            Ok(builder.build()?)
        }))
    }
}

impl Task for VerifyTask {
    fn answer(&mut self, request: &Request<'_>, clock: &dyn Fn() -> NumericDate) -> Result<String, Failure> {
        request.refuse_payload("a JWT carries its claims and has no detached `payload`; use `jws verify`")?;
        let Token::Compact(token) = request.token()? else {
            let what = "a JWT is a compact token (RFC 7519 §3), and this is an object";
            return Err(Failure::unusable(Code::TokenMalformed.as_str(), what));
        };
        let now = request.now()?.or(self.defaults.now).unwrap_or_else(clock);
        let verifier = self.verifier(request)?;
        let verifier = verifier.as_ref().as_ref().map_err(Clone::clone)?;
        let verified =
            verifier.verify::<IgnoredAny>(&token, now).map_err(|error| Failure::refused(&error))?;
        let header = header(&token).unwrap_or_default();
        Ok(accepted(&header, &URL_SAFE_NO_PAD.encode(verified.payload())))
    }
}

/// The header of a token that was verified, so it can be decoded.
fn header(token: &str) -> Option<String> {
    let (header, _) = token.split_once('.')?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}
