//! `jws verify --batch`.

use super::Task;
use super::cache::Cache;
use super::keys::verifying_keys;
use super::request::{Request, Token};
use crate::allowed::Allowed;
use crate::failure::Failure;
use crate::output::{Layout, lay_out};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::rc::Rc;
use waxseal::jws::Verifier;
use waxseal::{KeyRing, NumericDate};

/// Verifies a JWS per line, of any serialization.
pub(crate) struct JwsTask {
    prepare: Box<dyn Fn() -> waxseal::jws::VerifierBuilder>,
    verifiers: Cache<Result<Verifier, Failure>>,
}

impl JwsTask {
    /// `prepare`: what holds for every line.
    pub(crate) fn new(prepare: impl Fn() -> waxseal::jws::VerifierBuilder + 'static) -> Self {
        Self { prepare: Box::new(prepare), verifiers: Cache::new() }
    }

    fn verifier(&mut self, request: &Request<'_>) -> Result<Rc<Result<Verifier, Failure>>, Failure> {
        let (key, algorithms) = (request.key()?, request.algorithms()?);
        let prepare = &self.prepare;
        Ok(self.verifiers.get(&request.preparation(), || {
            let keys = verifying_keys(key, Allowed(algorithms.as_deref()))?;
            Ok(prepare().keys(KeyRing::new(keys)?).build()?)
        }))
    }
}

impl Task for JwsTask {
    fn answer(&mut self, request: &Request<'_>, _: &dyn Fn() -> NumericDate) -> Result<String, Failure> {
        request.refuse_expectations("jws verify")?;
        let (token, payload) = (request.token()?, request.payload()?);
        let verifier = self.verifier(request)?;
        let verifier = verifier.as_ref().as_ref().map_err(Clone::clone)?;
        let verified = match (token, payload) {
            (Token::Compact(token), None) => verifier.verify_compact(&token),
            (Token::Compact(token), Some(payload)) => verifier.verify_compact_detached(&token, &payload),
            (Token::Json(token), None) => verifier.verify_json(token),
            (Token::Json(token), Some(payload)) => verifier.verify_json_detached(token, &payload),
        };
        let verified = verified.map_err(|error| Failure::refused(&error))?;
        let header = verified.protected_header().json();
        Ok(accepted(header, &URL_SAFE_NO_PAD.encode(verified.payload())))
    }
}

/// The members of a good answer. Headers may have line ends inside, as those of RFC 7515 do.
pub(super) fn accepted(header: &str, payload: &str) -> String {
    format!(",\"header\":{},\"payload_b64u\":\"{payload}\"", lay_out(header, Layout::Line))
}
