//! Tokens for the tests of an application: good ones, and one of every kind that must be refused.
//!
//! Behind the feature `testing`; enable it for dev-dependencies only.

use crate::{
    Algorithm, BearerError, Code, JwkSet, KeyError, NumericDate, PrivateKey, SignError, Signer,
    SignerBuilder, Verifier, VerifierBuilder, base64url,
};
use serde::Serialize;
use std::time::Duration;

/// An issuer for tests, with a key that was made a moment ago.
///
/// # Examples
/// ```
/// use waxseal::{NumericDate, testing::TestTokens};
///
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let tokens = TestTokens::new("https://auth.example", "api")?;
/// // What the application builds from its configuration, here with the keys of the test.
/// let verifier = tokens.verifier().build()?;
///
/// let good = tokens.token("alice", &serde_json::json!({"scope": "read"}), now)?;
/// assert_eq!(verifier.verify::<serde_json::Value>(&good, now)?["sub"], "alice");
///
/// for bad in tokens.bad_tokens("alice", now)? {
///     let error = verifier.verify::<serde_json::Value>(&bad.token, now).unwrap_err();
///     assert_eq!(error.code(), bad.code, "{}", bad.name);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TestTokens {
    key: PrivateKey,
    /// Of somebody else, under the id of `key`.
    foreign: PrivateKey,
    issuer: String,
    audience: String,
}

/// A token that must be refused.
///
/// # Examples
/// ```
/// use waxseal::{NumericDate, testing::TestTokens};
///
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let tokens = TestTokens::new("https://auth.example", "api")?;
/// for bad in tokens.bad_tokens("alice", now)? {
///     // Send `bad.token` to the application here, and compare what it answers.
///     assert_eq!(bad.error.status(), 401, "{}", bad.name);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BadToken {
    /// What is wrong with it, in a few words.
    pub name: &'static str,
    /// The token.
    pub token: String,
    /// The code with which a [`Verifier`] of this issuer and audience refuses it.
    pub code: Code,
    /// What an API answers.
    pub error: BearerError,
}

const LIFETIME: Duration = Duration::from_secs(300);

impl TestTokens {
    /// An issuer with a new ES256 key.
    ///
    /// # Errors
    /// [`KeyError::OperationFailed`].
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Result<Self, KeyError> {
        let key = PrivateKey::generate(Algorithm::Es256)?;
        let foreign = PrivateKey::generate(Algorithm::Es256)?;
        let foreign = foreign.with_kid(key.kid().unwrap_or("key"))?;
        Ok(Self { key, foreign, issuer: issuer.into(), audience: audience.into() })
    }

    /// A verifier that knows the key, the issuer and the audience; add what the application expects besides.
    pub fn verifier(&self) -> VerifierBuilder {
        Verifier::builder().key(&self.key).issuer(self.issuer.as_str()).audience(self.audience.as_str())
    }

    /// A signer with the key, the issuer, the audience and a lifetime of five minutes.
    pub fn signer(&self) -> SignerBuilder {
        self.signer_with(&self.key)
    }

    /// The key set that the issuer publishes, as JSON.
    #[must_use]
    pub fn jwks(&self) -> String {
        JwkSet::from_keys([self.key.public_key()]).to_json()
    }

    /// A token that is good for five minutes.
    ///
    /// # Errors
    /// As [`TokenBuilder::sign`](crate::TokenBuilder::sign).
    pub fn token(
        &self,
        subject: &str,
        claims: &(impl Serialize + Sync),
        now: NumericDate,
    ) -> Result<String, SignError> {
        self.signer().build()?.token(now).subject(subject).claims(claims).sign()
    }

    /// One token of each kind that must be refused: forged in the well-known ways, for others, too old, too new.
    ///
    /// # Errors
    /// As [`TokenBuilder::sign`](crate::TokenBuilder::sign).
    pub fn bad_tokens(&self, subject: &str, now: NumericDate) -> Result<Vec<BadToken>, SignError> {
        let signer = self.signer().build()?;
        let good = signer.token(now).subject(subject).sign()?;
        let mut bad = forgeries(&good);
        let mut add =
            |name, code, token| bad.push(BadToken { name, token, code, error: BearerError::InvalidToken });
        let foreign = self.signer_with(&self.foreign).build()?;
        add("signed with another key", Code::SignatureInvalid, foreign.token(now).subject(subject).sign()?);
        let past = now.saturating_sub(LIFETIME);
        add("expired", Code::TokenExpired, signer.token(past).subject(subject).expires_at(now).sign()?);
        let later = now.saturating_add(Duration::from_secs(1));
        let early = signer.token(now).subject(subject).not_before(later);
        add("not valid yet", Code::TokenNotYetValid, early.sign()?);
        let eternal = signer.token(now).subject(subject).without_expiry();
        add("without an expiry", Code::ClaimMissing, eternal.sign()?);
        let elsewhere = signer.token(now).subject(subject).audience("somebody-else");
        add("for another audience", Code::AudienceMismatch, elsewhere.sign()?);
        let other = signer.token(now).subject(subject).issuer("https://somebody-else.example");
        add("from another issuer", Code::IssuerMismatch, other.sign()?);
        let purpose = self.signer().typ("logout+jwt").build()?;
        add("for another purpose", Code::TypMismatch, purpose.token(now).subject(subject).sign()?);
        Ok(bad)
    }

    fn signer_with(&self, key: &PrivateKey) -> SignerBuilder {
        Signer::builder(key.clone())
            .issuer(self.issuer.as_str())
            .audience(self.audience.as_str())
            .lifetime(LIFETIME)
    }
}

/// What can be made of a good token without its key.
fn forgeries(good: &str) -> Vec<BadToken> {
    let mut parts = good.split('.');
    let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let signature = parts.next().unwrap_or_default();
    let unsigned = base64url::encode(br#"{"alg":"none","typ":"JWT"}"#);
    let switched = base64url::encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = base64url::encode(br#"{"sub":"somebody-else","admin":true}"#);
    let zeros = base64url::encode(&[0; 64]);
    [
        ("no token at all", Code::TokenMalformed, "not-a-token".to_owned()),
        ("unsigned (alg none)", Code::AlgorithmMismatch, format!("{unsigned}.{payload}.")),
        ("switched to HMAC", Code::AlgorithmMismatch, format!("{switched}.{payload}.{signature}")),
        ("without its signature", Code::SignatureInvalid, format!("{header}.{payload}.")),
        ("with a signature of zeros", Code::SignatureInvalid, format!("{header}.{payload}.{zeros}")),
        ("with other claims", Code::SignatureInvalid, format!("{header}.{claims}.{signature}")),
        ("with a changed ending", Code::TokenMalformed, format!("{good}=")),
    ]
    .into_iter()
    .map(|(name, code, token)| BadToken { name, token, code, error: BearerError::InvalidToken })
    .collect()
}
