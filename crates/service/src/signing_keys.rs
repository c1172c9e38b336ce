//! The keys that the server signs with: made once, sealed in the store, unsealed at start.

use crate::failure::StartError;
use crate::seal::{Binding, Sealer};
use std::str::FromStr;
use waxseal::{Algorithm, JwkSet, PrivateKey};
use waxseal_domain::signing_key::{KeyPurpose, KeyState, StoredKey};
use waxseal_domain::{Randomness, Store};

/// The keys of one purpose: the one that signs, and all that verifiers may meet.
#[derive(Debug)]
pub(crate) struct KeyPair {
    pub(crate) signing: PrivateKey,
    pub(crate) published: JwkSet,
}

/// Loads the keys of `purpose`; makes an active one and the next in line when there are none.
pub(crate) async fn load(
    store: &dyn Store,
    sealer: &Sealer,
    randomness: &dyn Randomness,
    purpose: KeyPurpose,
    algorithm: Algorithm,
) -> Result<KeyPair, StartError> {
    let mut keys = of_purpose(store, purpose).await?;
    if keys.is_empty() {
        let first = [KeyState::Active, KeyState::Pending]
            .map(|state| make(store, sealer, randomness, purpose, algorithm, state));
        let [active, pending] = first;
        store.insert_first_keys(purpose, vec![active?, pending?]).await?;
        // Read back rather than kept: another instance may have been first.
        keys = of_purpose(store, purpose).await?;
    }
    unseal_all(&keys, sealer)
}

async fn of_purpose(store: &dyn Store, purpose: KeyPurpose) -> Result<Vec<StoredKey>, StartError> {
    let keys = store.list_keys().await?;
    Ok(keys.into_iter().filter(|key| key.purpose == purpose && key.state.is_published()).collect())
}

fn make(
    store: &dyn Store,
    sealer: &Sealer,
    randomness: &dyn Randomness,
    purpose: KeyPurpose,
    algorithm: Algorithm,
    state: KeyState,
) -> Result<StoredKey, StartError> {
    let key = PrivateKey::generate(algorithm)?;
    let kid = key.public_key().thumbprint();
    let algorithm = algorithm.as_str().to_owned();
    let binding = Binding { kid: &kid, algorithm: &algorithm, purpose };
    let sealed = sealer.seal(&key.to_pkcs8_der(), binding, randomness)?;
    Ok(StoredKey {
        kid,
        algorithm,
        purpose,
        state,
        key_epoch: sealer.epoch(),
        sealed,
        created_at: store.now(),
    })
}

fn unseal_all(keys: &[StoredKey], sealer: &Sealer) -> Result<KeyPair, StartError> {
    let mut signing = None;
    let mut published = Vec::with_capacity(keys.len());
    for stored in keys {
        let key = unseal(stored, sealer)?;
        published.push(key.public_key());
        if stored.state == KeyState::Active {
            signing = Some(key);
        }
    }
    let signing = signing.ok_or(crate::Failure::Inconsistent("no signing key is active"))?;
    Ok(KeyPair { signing, published: JwkSet::from_keys(published) })
}

fn unseal(stored: &StoredKey, sealer: &Sealer) -> Result<PrivateKey, StartError> {
    let binding = Binding { kid: &stored.kid, algorithm: &stored.algorithm, purpose: stored.purpose };
    let pkcs8 = sealer.unseal(&stored.sealed, stored.key_epoch, binding)?;
    let algorithm = Algorithm::from_str(&stored.algorithm).map_err(|_| {
        crate::Failure::Inconsistent("a signing key names an algorithm that this program does not know")
    })?;
    Ok(PrivateKey::from_pkcs8_der(algorithm, &pkcs8)?)
}
