//! What a verifier is told to expect.

use super::check::Expectations;
use super::custom::CustomCheck;
use super::verifier::Config;
use super::{ClaimsRef, Leniency, Profile, Verifier};
use crate::VerifierError;
use crate::keys::{KeyRing, VerifyingKey};
use crate::{AlgorithmPolicy, Limits};
use std::sync::Arc;
use std::time::Duration;

/// Clocks that disagree by more than this need mending, not leeway.
pub(super) const MAX_LEEWAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Collects what a [`Verifier`] shall expect. An expectation makes its claim required.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::{Algorithm, Code, SecretKey, Verifier};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let builder = Verifier::builder()
///     .key(key)
///     .issuer("https://issuer.example")
///     .leeway(Duration::from_secs(5))
///     .require("tenant");
/// // Nothing was said about the audience.
/// assert_eq!(builder.clone().build().unwrap_err().code(), Code::VerifierAudienceMissing);
/// let verifier = builder.any_audience(["api", "https://api.example"]).build()?;
/// # let _ = verifier;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct VerifierBuilder {
    keys: Vec<VerifyingKey>,
    has_keys: bool,
    expectations: Expectations,
    any_audience_accepted: bool,
    typ: Option<String>,
    header_members: Vec<(String, String)>,
    leniency: Leniency,
    limits: Limits,
    policy: AlgorithmPolicy,
}

impl VerifierBuilder {
    /// Adds one key.
    pub fn key(mut self, key: impl Into<VerifyingKey>) -> Self {
        self.keys.push(key.into());
        self.has_keys = true;
        self
    }

    /// Adds the keys of a ring; it may still be empty.
    #[allow(clippy::needless_pass_by_value)] // reads as giving the ring to the verifier
    pub fn keys(mut self, ring: KeyRing) -> Self {
        self.keys.extend(ring.keys().iter().cloned());
        self.has_keys = true;
        self
    }

    /// `iss` must be exactly this text. Keys and issuer belong together: one verifier per issuer.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.expectations.issuers = vec![issuer.into()];
        self
    }

    /// `aud` must contain this text. Called again, any of the texts will do.
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.any_audience([audience])
    }

    /// `aud` must contain one of these texts.
    pub fn any_audience(mut self, audiences: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let known = self.expectations.audiences.get_or_insert_default();
        known.extend(audiences.into_iter().map(Into::into));
        self
    }

    /// `sub` must be exactly this text.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.expectations.subject = Some(subject.into());
        self
    }

    /// `jti` must be exactly this text.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.expectations.id = Some(id.into());
        self
    }

    /// `nonce` must be exactly this text (`OpenID` Connect Core §3.1.3.7).
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.expectations.nonce = Some(nonce.into());
        self
    }

    /// The header's `typ` must be this media type, `application/` left out or not; overrides the profile's.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// The header must have this member with this text.
    pub fn header_member(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.header_members.push((name.into(), text.into()));
        self
    }

    /// The contract of the tokens; [`Profile::FirstParty`] unless set.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.expectations.profile = profile;
        self
    }

    /// What the issuer is known to do differently; nothing unless set.
    pub fn leniency(mut self, leniency: Leniency) -> Self {
        self.leniency = leniency;
        self
    }

    /// How far clocks may disagree, in whole seconds, at most a day; zero unless set.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.expectations.window.leeway = leeway;
        self
    }

    /// `iat` must be there and at most this long ago, in whole seconds.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.expectations.window.max_age = Some(age);
        self
    }

    /// The claim called `name` must be there.
    pub fn require(mut self, name: impl Into<String>) -> Self {
        self.expectations.required.push(name.into());
        self
    }

    /// `scope` must contain this scope (RFC 6749 §3.3, RFC 9068 §2.2.3). Called again, that one too.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.expectations.scopes.push(scope.into());
        self
    }

    /// A check of one's own. It runs after all others have passed, on verified claims; where it answers
    /// `false` the token is refused because of `claim`, which is not what was `expected`. All such failures
    /// are reported.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    /// use waxseal::{Algorithm, NumericDate, SecretKey, Signer, Verifier};
    ///
    /// let key = SecretKey::generate(Algorithm::Hs256)?;
    /// let verifier = Verifier::builder()
    ///     .key(key.clone())
    ///     .audience("api")
    ///     .check("tenant", "one of ours", |claims| claims.text("tenant").as_deref() == Some("acme"))
    ///     .build()?;
    /// let signer = Signer::builder(key).audience("api").lifetime(Duration::from_secs(60)).build()?;
    /// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
    /// let token = signer.token(now).claims(&serde_json::json!({"tenant": "other"})).sign()?;
    /// let error = verifier.verify::<serde_json::Value>(&token, now).unwrap_err();
    /// assert_eq!(error.to_string(), "the token's `tenant` is not one of ours");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check(
        mut self,
        claim: impl Into<String>,
        expected: impl Into<String>,
        test: impl Fn(&ClaimsRef<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.expectations.custom.push(CustomCheck::new(claim.into(), expected.into(), Arc::new(test)));
        self
    }

    /// Accepts tokens for any audience or none: only where no other service trusts the same issuer.
    pub fn without_audience(mut self) -> Self {
        self.any_audience_accepted = true;
        self
    }

    /// Accepts tokens without `exp`; if it is there, it still counts.
    pub fn without_expiry(mut self) -> Self {
        self.expectations.expiry_optional = true;
        self
    }

    /// Refuses keys whose algorithm the policy does not allow, when the verifier is built; of rings that come
    /// later ([`Verifier::with_keys`]) such keys are left out. Everything is allowed unless set.
    pub fn policy(mut self, policy: AlgorithmPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Replaces the default [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// In this order: [`VerifierError::KeyMissing`], [`VerifierError::AudienceMissing`],
    /// [`VerifierError::IssuerMissing`], [`VerifierError::InvalidOption`], [`VerifierError::Key`].
    pub fn build(mut self) -> Result<Verifier, VerifierError> {
        self.apply_leniency();
        if !self.has_keys {
            return Err(VerifierError::KeyMissing);
        }
        self.check_audience()?;
        if self.expectations.profile.needs_issuer() && self.expectations.issuers.is_empty() {
            return Err(VerifierError::IssuerMissing);
        }
        self.check_values()?;
        self.keys.iter().try_for_each(|key| self.policy.check(key.algorithm()))?;
        let ring = KeyRing::new(std::mem::take(&mut self.keys))?;
        Ok(Verifier::new(Arc::new(self.into_config()), ring))
    }

    fn apply_leniency(&mut self) {
        let expected = &mut self.expectations;
        expected.issuers.extend(self.leniency.issuers.iter().cloned());
        expected.left_out.clone_from(&self.leniency.left_out);
        expected.audience_claim = self.leniency.audience_claim;
        expected.expiry_optional |= !expected.profile.needs_expiry();
        self.any_audience_accepted |= self.leniency.without_audience;
        self.header_members.extend(self.leniency.header_members.iter().cloned());
    }

    fn check_audience(&self) -> Result<(), VerifierError> {
        let audiences = self.expectations.audiences.as_ref();
        if !self.any_audience_accepted && audiences.is_none_or(Vec::is_empty) {
            return Err(VerifierError::AudienceMissing);
        }
        if self.any_audience_accepted && audiences.is_some() {
            let what = "an audience is expected as well; choose one of both";
            return Err(VerifierError::InvalidOption { option: "without_audience", what });
        }
        Ok(())
    }

    /// An empty expectation is a variable that nobody set.
    fn check_values(&self) -> Result<(), VerifierError> {
        let expected = &self.expectations;
        let empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        let any_empty = |texts: &[String]| texts.iter().any(String::is_empty);
        for (option, bad) in [
            ("issuer", any_empty(&expected.issuers)),
            ("audience", expected.audiences.as_deref().is_some_and(any_empty)),
            ("subject", empty(&expected.subject)),
            ("id", empty(&expected.id)),
            ("nonce", empty(&expected.nonce)),
            ("typ", empty(&self.typ)),
            ("require", any_empty(&expected.required)),
            ("scope", any_empty(&expected.scopes)),
            ("header_member", self.header_members.iter().any(|(_, text)| text.is_empty())),
        ] {
            if bad {
                return Err(VerifierError::InvalidOption { option, what: "the text is empty" });
            }
        }
        if expected.window.leeway > MAX_LEEWAY {
            return Err(VerifierError::InvalidOption { option: "leeway", what: "it is more than a day" });
        }
        Ok(())
    }

    fn into_config(mut self) -> Config {
        let profile = self.expectations.profile;
        let untyped = self.leniency.untyped || (self.typ.is_none() && profile.untyped());
        let mut types = match self.typ {
            Some(typ) => vec![typ],
            None => profile.types().iter().map(|typ| (*typ).to_owned()).collect(),
        };
        types.append(&mut self.leniency.types);
        self.expectations.prepare();
        Config {
            expectations: self.expectations,
            types,
            untyped,
            header_members: self.header_members,
            padded: self.leniency.padded,
            limits: self.limits,
            policy: self.policy,
        }
    }
}
