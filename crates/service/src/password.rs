//! Passwords: argon2id (RFC 9106) on a pool with a limit.
//!
//! Hashing takes tens of milliseconds and megabytes by design, so a login storm is the cheapest way to stop a server.
//! Here it stops logins only: past the limit they are told to come back, and refreshes never wait behind them.

use crate::failure::Failure;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;
use waxseal_domain::Randomness;
use waxseal_domain::user::{Password, PasswordHash};

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("too many passwords are being checked already")]
    Overloaded,
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Hashes and checks passwords, a few at a time.
#[derive(Debug)]
pub(crate) struct Passwords {
    /// Everything that may run or wait.
    admitted: Arc<Semaphore>,
    /// What may run at once.
    running: Arc<Semaphore>,
    hasher: Argon2<'static>,
    /// Checked when there is no such user, so that the answer takes as long as for a wrong password.
    decoy: PasswordHash,
}

impl Passwords {
    /// `memory_kib`, `passes`: the cost of one hash. `parallel` hashes run at once, `queue` more may wait.
    pub(crate) fn new(
        memory_kib: u32,
        passes: u32,
        parallel: usize,
        queue: usize,
        randomness: &dyn Randomness,
    ) -> Result<Self, Failure> {
        let params = Params::new(memory_kib, passes, 1, None).map_err(|_| Failure::Password)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&hasher, &Password::for_login("no user has this password"), randomness)?;
        let admitted = Arc::new(Semaphore::new(parallel.saturating_add(queue)));
        Ok(Self { admitted, running: Arc::new(Semaphore::new(parallel)), hasher, decoy })
    }

    pub(crate) async fn hash(
        &self,
        password: Password,
        randomness: Arc<dyn Randomness>,
    ) -> Result<PasswordHash, PasswordError> {
        let hasher = self.hasher.clone();
        Ok(self.run(move || hash(&hasher, &password, &*randomness)).await??)
    }

    /// Whether `password` is the one behind `hash`; without a hash, takes as long and says no.
    pub(crate) async fn verify(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, PasswordError> {
        let hasher = self.hasher.clone();
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let matches = self
            .run(move || hasher.verify_password(password.expose().as_bytes(), hash.as_phc()).is_ok())
            .await?;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admitted =
            Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| PasswordError::Overloaded)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Failure::Password)?;
        let work = move || {
            let result = work();
            // Held by the thread: a request that was given up must not make room while its hash still runs.
            drop((running, admitted));
            result
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Password)?)
    }
}

fn hash(
    hasher: &Argon2<'_>,
    password: &Password,
    randomness: &dyn Randomness,
) -> Result<PasswordHash, Failure> {
    let mut salt = [0; 16];
    randomness.fill(&mut salt)?;
    let hash = hasher.hash_password_with_salt(password.expose().as_bytes(), &salt);
    Ok(PasswordHash::from_phc(hash.map_err(|_| Failure::Password)?.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::randomness::SystemRandomness;

    fn passwords(queue: usize) -> Passwords {
        Passwords::new(8, 1, 1, queue, &SystemRandomness).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user() {
        let passwords = passwords(8);
        let hash =
            passwords.hash(Password::for_login("correct horse"), Arc::new(SystemRandomness)).await.unwrap();
        assert!(hash.as_phc().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        let verify = |text: &'static str, hash: Option<&PasswordHash>| {
            passwords.verify(Password::for_login(text), hash.cloned())
        };
        assert!(verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("wrong horse", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
        assert!(!verify("no user has this password", None).await.unwrap(), "the decoy lets nobody in");
        assert!(!verify("x", Some(&PasswordHash::from_phc("damaged"))).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_says_so_at_once() {
        let passwords = passwords(0);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let first = passwords.run(move || wait.recv().is_ok());
        let second = async {
            let refused = passwords.run(|| ()).await;
            drop(release);
            refused
        };
        let (first, second) = tokio::join!(first, second);
        assert!(first.is_ok());
        assert!(matches!(second, Err(PasswordError::Overloaded)));
        assert!(passwords.run(|| ()).await.is_ok(), "room again");
    }
}
