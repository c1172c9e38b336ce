//! Keys that decrypt.

use super::{fitting, is_password, secret_of_jwk};
use crate::allowed::{Allowed, ambiguous, forbidden, none_fits};
use crate::failure::Failure;
use waxseal::jwe::{ContentEncryption, DecryptionKey, KeyAlgorithm};
use waxseal::{Code, Jwk, KeyError};

/// Whether passwords are taken (`PBES2`), and how many iterations a message may cost.
#[derive(Clone, Copy)]
pub(crate) struct Passwords {
    pub(crate) allowed: bool,
    pub(crate) max_iterations: u32,
}

/// How keys that decrypt are read.
#[derive(Clone, Copy)]
pub(crate) struct Decrypting<'l> {
    pub(crate) allowed: Allowed<'l>,
    pub(crate) passwords: Passwords,
}

impl Decrypting<'_> {
    /// A private JWK or one of type `oct`: one key, or one for each algorithm that it may be for.
    pub(crate) fn jwk(self, json: &str) -> Result<Vec<DecryptionKey>, Failure> {
        let jwk = Jwk::parse(json)?;
        let Some(alg) = jwk.alg() else {
            let algorithms = self.allowed.management_algorithms()?;
            return each(&algorithms, |algorithm| self.jwk_as(algorithm, &jwk, json));
        };
        if let Ok(content) = alg.parse::<ContentEncryption>() {
            self.check_direct(content)?;
            return Ok(vec![DecryptionKey::from_jwk_direct(content, &jwk)?]);
        }
        let algorithm: KeyAlgorithm = alg.parse().map_err(|_| unknown())?;
        self.allowed.check_management(algorithm)?;
        self.jwk_as(algorithm, &jwk, json)
    }

    /// A secret of which nothing but its octets is known.
    pub(crate) fn secret(self, octets: &[u8]) -> Result<Vec<DecryptionKey>, Failure> {
        each(&self.allowed.management_algorithms()?, |algorithm| match algorithm {
            KeyAlgorithm::Dir => self.direct(octets.len(), |content| DecryptionKey::direct(content, octets)),
            _ if is_password(algorithm) => self.password(algorithm, octets).map(|key| vec![key]),
            _ => Ok(vec![DecryptionKey::secret(algorithm, octets)?]),
        })
    }

    /// A private key that tells no algorithm: PEM or DER.
    pub(crate) fn private(
        self,
        read: impl Fn(KeyAlgorithm) -> Result<DecryptionKey, KeyError>,
    ) -> Result<Vec<DecryptionKey>, Failure> {
        each(&self.allowed.management_algorithms()?, |algorithm| Ok(vec![read(algorithm)?]))
    }

    /// A password, where they are allowed.
    pub(crate) fn password(self, algorithm: KeyAlgorithm, octets: &[u8]) -> Result<DecryptionKey, Failure> {
        if !self.passwords.allowed {
            return Err(Failure::unusable(
                Code::KeyAlgorithmForbidden.as_str(),
                format!("{algorithm} derives keys from passwords, which is off; allow it with --allow-pbes2"),
            ));
        }
        Ok(DecryptionKey::password_up_to(algorithm, octets, self.passwords.max_iterations)?)
    }

    fn jwk_as(self, algorithm: KeyAlgorithm, jwk: &Jwk, json: &str) -> Result<Vec<DecryptionKey>, Failure> {
        if algorithm == KeyAlgorithm::Dir {
            let content = |content| DecryptionKey::from_jwk_direct(content, jwk);
            return self.direct(jwk.bits() / 8, content);
        }
        if !is_password(algorithm) {
            return Ok(vec![DecryptionKey::from_jwk_as(algorithm, jwk)?]);
        }
        if jwk.kty() != "oct" {
            return Err(none_fits());
        }
        let key = self.password(algorithm, &secret_of_jwk(json)?)?;
        Ok(vec![match jwk.kid() {
            Some(kid) => key.with_kid(kid)?,
            None => key,
        }])
    }

    /// The key for each content encryption that its length fits; 32 octets fit two.
    fn direct(
        self,
        octets: usize,
        read: impl Fn(ContentEncryption) -> Result<DecryptionKey, KeyError>,
    ) -> Result<Vec<DecryptionKey>, Failure> {
        let fitting = fitting(octets, self.allowed);
        if fitting.is_empty() {
            let what = "no content encryption allowed takes a secret of this length";
            return Err(Failure::unusable(Code::KeySecretWrongLength.as_str(), what));
        }
        Ok(fitting.into_iter().map(read).collect::<Result<_, _>>()?)
    }

    /// A JWK for `dir` names what it encrypts with; a list may name either.
    fn check_direct(self, content: ContentEncryption) -> Result<(), Failure> {
        let Allowed(Some(_)) = self.allowed else { return Ok(()) };
        let content_listed = self.allowed.content_encryptions().is_none_or(|list| list.contains(&content));
        let direct_listed = self.allowed.management_algorithms()?.contains(&KeyAlgorithm::Dir);
        if content_listed && direct_listed { Ok(()) } else { Err(forbidden(content.as_str())) }
    }
}

/// The keys for all of the algorithms that take this type. If none does, or each finds something else
/// wrong, that is an error.
fn each(
    algorithms: &[KeyAlgorithm],
    read: impl Fn(KeyAlgorithm) -> Result<Vec<DecryptionKey>, Failure>,
) -> Result<Vec<DecryptionKey>, Failure> {
    let (mut keys, mut problem) = (Vec::new(), None);
    for &algorithm in algorithms {
        match read(algorithm) {
            Ok(found) => keys.extend(found),
            Err(failure) if failure.code() == Code::KeyAlgorithmMismatch.as_str() => {}
            Err(failure) => problem = problem.or(Some(failure)),
        }
    }
    if keys.is_empty() { Err(problem.unwrap_or_else(none_fits)) } else { Ok(keys) }
}

fn unknown() -> Failure {
    let what = "the JWK's `alg` is no supported algorithm for encryption";
    Failure::unusable(Code::KeyAlgorithmUnknown.as_str(), what)
}

/// For commands that take one key: the option that names its algorithm.
pub(crate) fn name_option(failure: Failure) -> Failure {
    if failure.code() != ambiguous().code() {
        return failure;
    }
    Failure::unusable(failure.code(), "the key does not tell which algorithm it is for")
        .with_help("name it, for example --algorithm ECDH-ES+A256KW, RSA-OAEP-256, A256KW or dir")
}
