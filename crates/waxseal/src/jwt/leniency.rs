//! What well-known issuers do differently, each thing allowed by its own name.
//!
//! Strictness is the default. A preset allows what one issuer was seen to do and nothing more; it never
//! loosens signatures, expiry, issuer or the choice of the algorithm.

/// Departures from a [`Profile`](crate::Profile) that a verifier tolerates.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, Leniency, PrivateKey, Profile, Verifier};
///
/// let key = PrivateKey::generate(Algorithm::Rs256)?; // stands for the issuer's published key
/// let verifier = Verifier::builder()
///     .key(&key)
///     .issuer("https://tenant.example.auth0.com/")
///     .audience("https://api.example")
///     .profile(Profile::AccessToken)
///     .leniency(Leniency::auth0())
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[must_use]
pub struct Leniency {
    pub(super) padded: bool,
    pub(super) types: Vec<String>,
    pub(super) untyped: bool,
    pub(super) left_out: Vec<&'static str>,
    pub(super) audience_claim: Option<&'static str>,
    pub(super) issuers: Vec<String>,
    pub(super) header_members: Vec<(String, String)>,
    pub(super) without_audience: bool,
}

impl Leniency {
    /// No departure at all: the default.
    pub fn none() -> Self {
        Self::default()
    }

    /// Also accepts base64url with correct `=` padding.
    pub fn padded_base64url(mut self) -> Self {
        self.padded = true;
        self
    }

    /// Also accepts this `typ`.
    pub fn accept_typ(mut self, typ: impl Into<String>) -> Self {
        self.types.push(typ.into());
        self
    }

    /// Also accepts a token without `typ`.
    pub fn accept_missing_typ(mut self) -> Self {
        self.untyped = true;
        self
    }

    /// Does without this claim, although the profile requires it.
    pub fn without_claim(mut self, name: &'static str) -> Self {
        self.left_out.push(name);
        self
    }

    /// Also accepts this `iss`.
    pub fn accept_issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// Auth0, access tokens of the default profile: `typ` is `JWT`, no `client_id`, no `jti`.
    ///
    /// Its ID tokens look the same but for their `aud`, the client's id: never expect a client's id here.
    pub fn auth0() -> Self {
        Self::none().accept_typ("JWT").without_claim("client_id").without_claim("jti")
    }

    /// Keycloak, access tokens: `typ` is `JWT`, `azp` instead of `client_id`.
    ///
    /// Its ID tokens look the same but for their `aud`, the client's id: never expect a client's id here.
    pub fn keycloak() -> Self {
        Self::none().accept_typ("JWT").without_claim("client_id")
    }

    /// Microsoft Entra ID, access tokens: `typ` is `JWT`, no `client_id`, no `jti`.
    ///
    /// Where one registration is both client and API, its ID tokens have the same `aud`: what tells them apart
    /// is that they have neither `scp` nor `roles`, so [`require`](crate::VerifierBuilder::require) what the
    /// access tokens have.
    pub fn entra_id() -> Self {
        Self::auth0()
    }

    /// Google, ID tokens: `iss` with or without `https://`.
    pub fn google() -> Self {
        Self::none().accept_issuer("https://accounts.google.com").accept_issuer("accounts.google.com")
    }

    /// Amazon Cognito, access tokens: no `typ`, no `aud`; `client_id` must be one of the expected audiences.
    /// An `aud` that is there (a token bound to a resource) must contain one of them as well.
    pub fn cognito() -> Self {
        Self { audience_claim: Some("client_id"), ..Self::none() }.accept_missing_typ().without_claim("aud")
    }

    /// AWS Application Load Balancer, `x-amzn-oidc-data`: padded base64url and no `aud`, so the header's
    /// `signer` must be this load balancer (its ARN): its keys sign for everybody's load balancers.
    pub fn aws_alb(signer: impl Into<String>) -> Self {
        Self {
            header_members: vec![("signer".to_owned(), signer.into())],
            without_audience: true,
            ..Self::none()
        }
        .padded_base64url()
    }
}
