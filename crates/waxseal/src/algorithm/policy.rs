//! Which algorithms an organisation allows.

use super::Algorithm;
use crate::KeyError;
use std::fmt;

/// The algorithms that may be used at all, whatever keys there are. Everything is allowed unless a policy is
/// given to a verifier, a signer or an import of keys.
///
/// [`fips`](Self::fips) allows what the standards of NIST approve. Whether a *module* was validated for an
/// algorithm is another question, which only its Security Policy answers; the build with feature `fips` takes
/// the module, a policy takes none:
///
/// | algorithms | standard | in the modules of AWS-LC |
/// |---|---|---|
/// | HS256 to HS512 | FIPS 198-1 | 2.x, 3.x, 4.x |
/// | RS256 to PS512, 2048 bits or more | FIPS 186-5 §5 | 2.x, 3.x, 4.x |
/// | ES256, ES384, ES512 | FIPS 186-5 §6 | 2.x, 3.x, 4.x |
/// | `EdDSA` (Ed25519) | FIPS 186-5 §7 | from 3.x; `aws-lc-rs` 1.19 still says not to use it where FIPS counts |
/// | ML-DSA-44, ML-DSA-65, ML-DSA-87 | FIPS 204 | from 4.x, the module of `aws-lc-rs` 1.18 and later |
/// | ES256K | none: secp256k1 is no approved curve | none |
///
/// Where the module's Security Policy has less, say so with [`without`](Self::without).
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, AlgorithmPolicy, Code, PrivateKey};
///
/// let policy = AlgorithmPolicy::fips().without(Algorithm::EdDsa);
/// assert!(policy.allows(Algorithm::Es256));
/// // At the import of a key:
/// let key = policy.admit(PrivateKey::generate(Algorithm::Es256)?)?;
/// let error = policy.admit(PrivateKey::generate(Algorithm::Es256k)?).unwrap_err();
/// assert_eq!(error.code(), Code::KeyAlgorithmForbidden);
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AlgorithmPolicy {
    /// One bit for each algorithm, at the place of its variant.
    allowed: u32,
}

impl AlgorithmPolicy {
    /// Everything this library has.
    #[must_use]
    pub const fn any() -> Self {
        Self { allowed: u32::MAX }
    }

    /// What the standards of NIST approve: [`Algorithm::is_fips_approved`].
    #[must_use]
    pub const fn fips() -> Self {
        let mut policy = Self { allowed: 0 };
        let mut rest = Algorithm::ALL;
        while let [algorithm, after @ ..] = rest {
            if algorithm.is_fips_approved() {
                policy.allowed |= Self::bit(*algorithm);
            }
            rest = after;
        }
        policy
    }

    /// Nothing but these.
    #[must_use]
    pub fn only(algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        let bits = algorithms.into_iter().map(Self::bit);
        Self { allowed: bits.fold(0, |allowed, bit| allowed | bit) }
    }

    /// The same without one algorithm.
    #[must_use]
    pub const fn without(mut self, algorithm: Algorithm) -> Self {
        self.allowed &= !Self::bit(algorithm);
        self
    }

    const fn bit(algorithm: Algorithm) -> u32 {
        1 << (algorithm as u32)
    }

    /// Whether keys of `algorithm` may be used.
    #[must_use]
    pub const fn allows(self, algorithm: Algorithm) -> bool {
        self.allowed & Self::bit(algorithm) != 0
    }

    /// Refuses an algorithm that is not allowed.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmForbidden`].
    pub const fn check(self, algorithm: Algorithm) -> Result<(), KeyError> {
        if self.allows(algorithm) { Ok(()) } else { Err(KeyError::AlgorithmForbidden { algorithm }) }
    }
}

#[cfg(feature = "crypto")]
mod keys {
    use super::AlgorithmPolicy;
    use crate::keys::{KeyRing, SigningKey, VerifyingKey};
    use crate::{Algorithm, KeyError, PrivateKey, PublicKey, SecretKey};

    /// A key of this library.
    pub trait Keyed {
        #[doc(hidden)]
        fn its_algorithm(&self) -> Algorithm;
    }

    macro_rules! keyed {
        ($($key:ty),*) => {
            $(impl Keyed for $key {
                fn its_algorithm(&self) -> Algorithm {
                    self.algorithm()
                }
            })*
        };
    }
    keyed!(PrivateKey, PublicKey, SecretKey, SigningKey, VerifyingKey);

    impl AlgorithmPolicy {
        /// Gives `key` back if its algorithm is allowed: around any import of a [`PrivateKey`], [`PublicKey`]
        /// or [`SecretKey`].
        ///
        /// # Errors
        /// [`KeyError::AlgorithmForbidden`].
        pub fn admit<K: Keyed>(self, key: K) -> Result<K, KeyError> {
            self.check(key.its_algorithm())?;
            Ok(key)
        }

        /// The keys of `ring` whose algorithms are allowed.
        #[must_use]
        pub fn filter(self, ring: KeyRing) -> KeyRing {
            if ring.keys().iter().all(|key| self.allows(key.algorithm())) {
                return ring;
            }
            ring.filtered(|key| self.allows(key.algorithm()))
        }
    }
}

impl Default for AlgorithmPolicy {
    fn default() -> Self {
        Self::any()
    }
}

impl fmt::Debug for AlgorithmPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = Algorithm::ALL.iter().filter(|algorithm| self.allows(**algorithm));
        f.debug_set().entries(allowed.map(|algorithm| algorithm.as_str())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fips_leaves_out_secp256k1_alone() {
        for &algorithm in Algorithm::ALL {
            assert_eq!(
                AlgorithmPolicy::fips().allows(algorithm),
                algorithm != Algorithm::Es256k,
                "{algorithm}"
            );
            assert!(AlgorithmPolicy::any().allows(algorithm), "{algorithm}");
            let (only, without) =
                (AlgorithmPolicy::only([algorithm]), AlgorithmPolicy::any().without(algorithm));
            for &other in Algorithm::ALL {
                assert_eq!(only.allows(other), other == algorithm, "{algorithm} {other}");
                assert_eq!(without.allows(other), other != algorithm, "{algorithm} {other}");
            }
        }
        assert_eq!(format!("{:?}", AlgorithmPolicy::only([Algorithm::Es256])), r#"{"ES256"}"#);
    }
}
