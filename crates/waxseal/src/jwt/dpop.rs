//! Proofs of possession (RFC 9449): a signed statement that whoever sends this request holds this key.
//!
//! The only place where a key that comes with a token is used, and it proves nothing but its own possession:
//! compare [`DpopProof::thumbprint`] with the `cnf.jkt` of a *verified* access token.

mod uri;

use super::check::Expectations;
use super::claims::Slots;
use super::verifier::with_signature;
use crate::json::{self, JsonStr, Value, Visitor};
use crate::keys::{Jwk, PublicKey};
use crate::token::same_type;
use crate::token::{Compact, Header};
use crate::{Algorithm, AlgorithmPolicy, Code, Limits, NumericDate, base64url};
use crate::{Rejection, Rejections, VerifierError, VerifyError};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Checks `DPoP` proofs (RFC 9449 §4.3).
///
/// What it cannot know is whether a proof was seen before: remember [`DpopProof::id`] together with
/// [`DpopProof::thumbprint`] for as long as a proof may be old, or hand out nonces.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, DpopRequest, DpopVerifier, NumericDate, PrivateKey, Signer};
///
/// // The client: a key of its own, shown in the header of every proof.
/// let key = PrivateKey::generate(Algorithm::Es256)?;
/// let signer = Signer::builder(key.clone()).typ("dpop+jwt").header_member("jwk", &key.public_key().to_jwk()).build()?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let claims = serde_json::json!({"htm": "POST", "htu": "https://server.example/token"});
/// let proof = signer.token(now).id("e1j3V_bKic8-LAEB").claims(&claims).without_expiry().sign()?;
///
/// // The server.
/// let verifier = DpopVerifier::builder().build()?;
/// let request = DpopRequest::new("POST", "https://server.example/token");
/// let proved = verifier.verify(&proof, &request, now)?;
/// assert_eq!(proved.thumbprint(), key.public_key().thumbprint());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DpopVerifier {
    algorithms: Vec<Algorithm>,
    expectations: Expectations,
    limits: Limits,
}

/// Collects what a [`DpopVerifier`] shall accept.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::{Algorithm, Code, DpopVerifier};
///
/// let builder = DpopVerifier::builder().algorithms([Algorithm::Es256]).max_age(Duration::from_secs(30));
/// assert!(builder.clone().build().is_ok());
/// // Who checks a shared secret could have made the proof.
/// let error = builder.algorithms([Algorithm::Hs256]).build().unwrap_err();
/// assert_eq!(error.code(), Code::VerifierOptionInvalid);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct DpopVerifierBuilder {
    algorithms: Vec<Algorithm>,
    max_age: Duration,
    leeway: Duration,
}

/// The request that came with a proof.
///
/// # Examples
/// ```
/// use waxseal::DpopRequest;
///
/// # let (access_token, nonce) = ("token", "nonce");
/// // What the request to a protected resource was, with the token in its `Authorization` header.
/// let request = DpopRequest::new("GET", "https://api.example/orders").access_token(access_token).nonce(nonce);
/// # let _ = request;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct DpopRequest<'r> {
    method: &'r str,
    uri: &'r str,
    access_token: Option<&'r str>,
    nonce: Option<&'r str>,
}

impl<'r> DpopRequest<'r> {
    /// A request by `method` to `uri`: the address under which clients know this server, from its
    /// configuration. Never take it from the request's `Host` header, which is the sender's to choose.
    pub fn new(method: &'r str, uri: &'r str) -> Self {
        Self { method, uri, access_token: None, nonce: None }
    }

    /// The proof must be for this access token, the one that came with the request.
    pub fn access_token(mut self, token: &'r str) -> Self {
        self.access_token = Some(token);
        self
    }

    /// The proof must contain this nonce, which this server handed out.
    pub fn nonce(mut self, nonce: &'r str) -> Self {
        self.nonce = Some(nonce);
        self
    }
}

/// A proof that was checked: its sender holds the private half of [`public_key`](Self::public_key).
///
/// # Examples
/// ```
/// use waxseal::DpopProof;
///
/// /// `jkt`: of the verified access token's `cnf`.
/// fn belongs_to(proof: &DpopProof, jkt: &str) -> bool {
///     proof.thumbprint() == jkt
/// }
/// ```
#[derive(Clone, Debug)]
pub struct DpopProof {
    key: PublicKey,
    id: String,
    issued_at: NumericDate,
}

impl DpopProof {
    /// The RFC 7638 thumbprint of the key: what the access token's `cnf.jkt` must be.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.key.thumbprint()
    }

    /// The key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// `jti`: a proof with the same id and key is a replay. Text that the sender chose.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `iat`.
    #[must_use]
    pub fn issued_at(&self) -> NumericDate {
        self.issued_at
    }
}

impl DpopVerifier {
    /// Starts a verifier that accepts every asymmetric algorithm, and proofs made in the last minute.
    pub fn builder() -> DpopVerifierBuilder {
        DpopVerifierBuilder {
            algorithms: Algorithm::ALL
                .iter()
                .copied()
                .filter(|algorithm| !algorithm.is_symmetric())
                .collect(),
            max_age: Duration::from_secs(60),
            leeway: Duration::from_secs(5),
        }
    }

    /// Checks `proof`, the value of the request's one `DPoP` header, against its request.
    ///
    /// # Errors
    /// As [`Verifier::verify`](crate::Verifier::verify); [`VerifyError::InvalidHeader`] also for a `jwk` that is
    /// missing, private or not for the algorithm. Among the rejections are `dpop_request_mismatch` for another
    /// method or address, `dpop_token_mismatch` for another access token, `nonce_mismatch`.
    pub fn verify(
        &self,
        proof: &str,
        request: &DpopRequest<'_>,
        now: NumericDate,
    ) -> Result<DpopProof, VerifyError> {
        let compact = Compact::split(proof, &self.limits)?;
        let (mut header, mut payload) = (Vec::new(), Vec::new());
        let key = self.read_key(compact.decode_header(&mut header)?)?;
        let text = compact.decode_payload(&mut payload)?;
        let mut slots = Slots::wanting(self.expectations.wanted());
        json::scan_object(text, self.limits.depth, &mut slots)
            .map_err(|_| VerifyError::malformed("its claims are not a strict JSON object"))?;
        with_signature(&compact, |signature| key.verify(compact.signing_input, signature))?
            .map_err(|_| VerifyError::BadSignature)?;
        let dates = self.expectations.check(&slots, now).map_err(VerifyError::Rejected)?;
        check_request(&slots, request)?;
        let id =
            slots.jti.and_then(Value::as_str).map(|id| id.decode().into_owned()).filter(|id| !id.is_empty());
        // Empty, it would make every proof of a key the same one.
        let id = id.ok_or_else(empty_id)?;
        Ok(DpopProof { key, id, issued_at: dates.iat.unwrap_or(now) })
    }

    /// The key in the header, which is bound to one algorithm like any other: the header's, if it is one of
    /// those that are accepted and the key is of its kind.
    fn read_key(&self, text: &str) -> Result<PublicKey, VerifyError> {
        let header = Header::parse(text, &self.limits)?;
        if !header.typ.as_deref().is_some_and(|typ| same_type(typ, "dpop+jwt")) {
            return Err(VerifyError::TypMismatch { expected: "dpop+jwt".to_owned() });
        }
        let algorithm = header.alg.parse().ok().filter(|algorithm| self.algorithms.contains(algorithm));
        let algorithm = algorithm.ok_or(VerifyError::AlgorithmMismatch)?;
        let invalid = VerifyError::InvalidHeader { what: "`jwk` is not a public key for the algorithm" };
        let jwk = Jwk::parse(embedded_jwk(text, &self.limits).ok_or(invalid.clone())?);
        PublicKey::from_jwk_as(algorithm, &jwk.map_err(|_| invalid.clone())?).map_err(|_| invalid)
    }
}

fn empty_id() -> VerifyError {
    let mut broken = Rejections::default();
    broken.push(Rejection::new(Code::ClaimInvalid, "jti", "a text that tells proofs apart"));
    VerifyError::Rejected(broken)
}

fn embedded_jwk<'h>(header: &'h str, limits: &Limits) -> Option<&'h str> {
    struct Find<'h>(Option<&'h str>);
    impl<'h> Visitor<'h> for Find<'h> {
        fn member(&mut self, name: JsonStr<'h>, value: Value<'h>) {
            if name.is("jwk") {
                self.0 = Some(value.raw);
            }
        }
    }
    let mut find = Find(None);
    json::scan_object(header, limits.depth, &mut find).ok()?;
    find.0
}

fn check_request(slots: &Slots<'_>, request: &DpopRequest<'_>) -> Result<(), VerifyError> {
    let text = |name| slots.find(name).and_then(Value::as_str);
    let mut broken = Rejections::default();
    let mut expect = |good: bool, code, claim, expected| {
        if !good {
            broken.push(Rejection::new(code, claim, expected));
        }
    };
    let method = text("htm").is_some_and(|htm| htm.is(request.method));
    expect(method, Code::DpopRequestMismatch, "htm", "the method of the request");
    let address = text("htu").is_some_and(|htu| uri::same_resource(&htu.decode(), request.uri));
    expect(address, Code::DpopRequestMismatch, "htu", "the address of the request");
    if let Some(token) = request.access_token {
        let hash = base64url::encode(&Sha256::digest(token));
        let bound = text("ath").is_some_and(|ath| ath.is(&hash));
        expect(bound, Code::DpopTokenMismatch, "ath", "the hash of the access token");
    }
    if let Some(nonce) = request.nonce {
        let fresh = text("nonce").is_some_and(|found| found.is(nonce));
        expect(fresh, Code::NonceMismatch, "nonce", "the nonce that was handed out");
    }
    if broken.iter().next().is_none() { Ok(()) } else { Err(VerifyError::Rejected(broken)) }
}

impl DpopVerifierBuilder {
    /// Accepts these algorithms only; symmetric ones cannot prove possession and are refused by
    /// [`build`](Self::build).
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Of the algorithms, accepts only those that the policy allows.
    pub fn policy(mut self, policy: AlgorithmPolicy) -> Self {
        self.algorithms.retain(|algorithm| policy.allows(*algorithm));
        self
    }

    /// How old a proof may be, in whole seconds; a minute unless set.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// How far clocks may disagree, in whole seconds; five unless set, at most a day.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// [`VerifierError::InvalidOption`] for no algorithm, a symmetric one, or more than a day of leeway.
    pub fn build(self) -> Result<DpopVerifier, VerifierError> {
        let invalid = |option, what| Err(VerifierError::InvalidOption { option, what });
        if self.algorithms.is_empty() || self.algorithms.iter().any(|algorithm| algorithm.is_symmetric()) {
            return invalid("algorithms", "at least one, and none that takes a shared secret");
        }
        if self.leeway > super::verifier_builder::MAX_LEEWAY {
            return invalid("leeway", "it is more than a day");
        }
        let mut expectations = Expectations::default();
        expectations.required = ["jti", "htm", "htu"].map(str::to_owned).to_vec();
        expectations.also_wanted = &["ath", "nonce"];
        expectations.expiry_optional = true;
        expectations.window.max_age = Some(self.max_age);
        expectations.window.leeway = self.leeway;
        expectations.prepare();
        Ok(DpopVerifier { algorithms: self.algorithms, expectations, limits: Limits::default() })
    }
}
