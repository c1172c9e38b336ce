//! Key management: getting the content encryption key to a recipient and back (RFC 7516 §5.1, §5.2).

use super::algorithm::Mechanism;
use super::header::HeaderWriter;
use super::key::{Decrypting, Encrypting, Password, Shared};
use super::parameters::{Agreement, Parameters};
use super::{ContentEncryption, DecryptError, DecryptionKey, EncryptionKey, KeyAlgorithm};
use crate::crypto::{self, AgreementKey, Failed, GCM_IV_BYTES, Group, WRAP_BYTES};
use crate::keys::Material;
use zeroize::Zeroizing;

type Key = Zeroizing<Vec<u8>>;

/// `apu` and `apv`: what both parties call themselves, agreed into the key.
#[derive(Clone, Copy, Default)]
pub(super) struct Parties<'p> {
    pub(super) apu: &'p [u8],
    pub(super) apv: &'p [u8],
}

/// What one recipient gets: an encrypted key, perhaps empty, and the header members that go with it.
pub(super) struct Delivery {
    pub(super) encrypted_key: Vec<u8>,
    pub(super) parameters: HeaderWriter,
}

impl Delivery {
    fn plain(encrypted_key: Vec<u8>) -> Self {
        Self { encrypted_key, parameters: HeaderWriter::new() }
    }
}

pub(super) fn random(count: usize) -> Result<Key, Failed> {
    crypto::random(count).map_err(|_| Failed)
}

impl EncryptionKey {
    /// Whether the key itself decides with which key the content is encrypted, so that no other recipient
    /// can share the message.
    pub(super) fn is_sole(&self) -> bool {
        matches!(self.algorithm().mechanism(), Mechanism::Direct | Mechanism::Agree)
    }

    /// Whether `apu` and `apv` mean something to this key.
    pub(super) fn agrees(&self) -> bool {
        matches!(self.algorithm().mechanism(), Mechanism::Agree | Mechanism::AgreeWrap(_))
    }

    /// Chooses a content encryption key and delivers it to this only recipient.
    pub(super) fn choose(
        &self,
        encryption: ContentEncryption,
        parties: Parties<'_>,
    ) -> Result<(Key, Delivery), Failed> {
        match self.encrypting() {
            Encrypting::Shared(shared) if self.is_sole() => {
                Ok((shared.octets.clone(), Delivery::plain(Vec::new())))
            }
            Encrypting::Agree { group, point, .. } if self.is_sole() => {
                let bytes = encryption.key_bytes();
                agree(*group, point, parties, encryption.as_str(), bytes)
            }
            _ => {
                let key = random(encryption.key_bytes())?;
                let delivery = self.deliver(&key, parties)?;
                Ok((key, delivery))
            }
        }
    }

    /// Delivers a content encryption key that may have other recipients too.
    pub(super) fn deliver(&self, key: &[u8], parties: Parties<'_>) -> Result<Delivery, Failed> {
        match (self.encrypting(), self.algorithm().mechanism()) {
            (Encrypting::Shared(shared), Mechanism::Wrap(_)) => {
                crypto::wrap(&shared.octets, key).map(Delivery::plain)
            }
            (Encrypting::Shared(shared), Mechanism::Gcm(_)) => gcm_wrap(&shared.octets, key),
            (Encrypting::Rsa { key: public, .. }, _) => public.encrypt(key).map(Delivery::plain),
            (Encrypting::Agree { group, point, .. }, Mechanism::AgreeWrap(bytes)) => {
                let name = self.algorithm().as_str();
                let (wrapping, mut delivery) = agree(*group, point, parties, name, bytes)?;
                delivery.encrypted_key = crypto::wrap(&wrapping, key)?;
                Ok(delivery)
            }
            (Encrypting::Password(password), Mechanism::Password(_)) => {
                password_wrap(self.algorithm(), password, key)
            }
            _ => Err(Failed),
        }
    }
}

fn gcm_wrap(wrapping: &[u8], key: &[u8]) -> Result<Delivery, Failed> {
    let iv = random(GCM_IV_BYTES)?;
    let mut data = Zeroizing::new(key.to_vec());
    let tag = crypto::gcm_seal(wrapping, &iv, b"", &mut data)?;
    let mut delivery = Delivery::plain(data.to_vec());
    delivery.parameters.octets("iv", &iv);
    delivery.parameters.octets("tag", &tag);
    Ok(delivery)
}

fn password_wrap(algorithm: KeyAlgorithm, password: &Password, key: &[u8]) -> Result<Delivery, Failed> {
    let salt = random(16)?;
    let wrapping = stretch(algorithm, password, &salt, password.iterations)?;
    let mut delivery = Delivery::plain(crypto::wrap(&wrapping, key)?);
    delivery.parameters.octets("p2s", &salt);
    delivery.parameters.json("p2c", password.iterations.to_string().as_bytes());
    Ok(delivery)
}

/// Agrees with a fresh key, so that each message has its own secret.
fn agree(
    group: Group,
    point: &[u8],
    parties: Parties<'_>,
    name: &str,
    bytes: usize,
) -> Result<(Key, Delivery), Failed> {
    let ephemeral = AgreementKey::generate(group)?;
    let public = Material::from_agreement(group, &ephemeral.public_octets()?).map_err(|_| Failed)?;
    let mut key = Zeroizing::new(vec![0; bytes]);
    ephemeral.derive(point, &other_info(name, parties, bytes)?, &mut key)?;
    let mut delivery = Delivery::plain(Vec::new());
    delivery.parameters.json("epk", public.to_epk_json().as_bytes());
    for (member, party) in [("apu", parties.apu), ("apv", parties.apv)] {
        if !party.is_empty() {
            delivery.parameters.octets(member, party);
        }
    }
    Ok((key, delivery))
}

/// The input of the Concat KDF beside the secret (RFC 7518 §4.6.2).
fn other_info(name: &str, parties: Parties<'_>, bytes: usize) -> Result<Vec<u8>, Failed> {
    let mut info = Vec::new();
    for part in [name.as_bytes(), parties.apu, parties.apv] {
        info.extend_from_slice(&u32::try_from(part.len()).map_err(|_| Failed)?.to_be_bytes());
        info.extend_from_slice(part);
    }
    let bits = bytes.checked_mul(8).and_then(|bits| u32::try_from(bits).ok()).ok_or(Failed)?;
    info.extend_from_slice(&bits.to_be_bytes());
    Ok(info)
}

/// The key that a password wraps with. Its salt contains the algorithm (RFC 7518 §4.8.1.1), so that one
/// password gives each algorithm its own key.
fn stretch(
    algorithm: KeyAlgorithm,
    password: &Password,
    salt: &[u8],
    iterations: u32,
) -> Result<Key, Failed> {
    let Mechanism::Password(bytes) = algorithm.mechanism() else { return Err(Failed) };
    let salt = [algorithm.as_str().as_bytes(), &[0], salt].concat();
    crypto::derive_from_password(&password.octets, &salt, iterations, bytes)
}

impl DecryptionKey {
    /// Whether the sender may leave this key's part of the message empty, and must.
    pub(super) fn takes_no_encrypted_key(&self) -> bool {
        matches!(self.algorithm().mechanism(), Mechanism::Direct | Mechanism::Agree)
    }

    /// Refuses what would cost more than the key's owner allows.
    pub(super) fn check_cost(&self, parameters: &Parameters) -> Result<(), DecryptError> {
        match (self.decrypting(), parameters) {
            (Decrypting::Password(password), Parameters::Password { iterations, .. })
                if *iterations > password.iterations =>
            {
                Err(DecryptError::header("`p2c` asks for more iterations than the key allows"))
            }
            _ => Ok(()),
        }
    }

    /// Recovers the content encryption key.
    ///
    /// Callers must not let on why this failed; see `Attempt::run`.
    pub(super) fn recover(
        &self,
        encryption: ContentEncryption,
        parameters: &Parameters,
        encrypted_key: &[u8],
    ) -> Result<Key, Failed> {
        match (self.decrypting(), parameters) {
            (Decrypting::Shared(shared), _) => {
                self.open_shared(shared, encryption, parameters, encrypted_key)
            }
            (Decrypting::Rsa { key, .. }, _) => match self.algorithm().mechanism() {
                Mechanism::Oaep(hash) => key.decrypt(hash, encrypted_key),
                _ => Err(Failed),
            },
            (Decrypting::Agree { key, .. }, Parameters::Agree(agreement)) => {
                self.agree(key, agreement, encryption, encrypted_key)
            }
            (Decrypting::Password(password), Parameters::Password { salt, iterations })
                if *iterations <= password.iterations =>
            {
                let wrapping = stretch(self.algorithm(), password, salt, *iterations)?;
                unwrap(encryption, &wrapping, encrypted_key)
            }
            _ => Err(Failed),
        }
    }

    fn open_shared(
        &self,
        shared: &Shared,
        encryption: ContentEncryption,
        parameters: &Parameters,
        encrypted_key: &[u8],
    ) -> Result<Key, Failed> {
        match (self.algorithm().mechanism(), parameters) {
            (Mechanism::Direct, _) => Ok(shared.octets.clone()),
            (Mechanism::Wrap(_), _) => unwrap(encryption, &shared.octets, encrypted_key),
            (Mechanism::Gcm(_), Parameters::Gcm { iv, tag }) => {
                let mut key = Zeroizing::new(encrypted_key.to_vec());
                crypto::gcm_open(&shared.octets, iv, b"", tag, &mut key)?;
                Ok(key)
            }
            _ => Err(Failed),
        }
    }

    fn agree(
        &self,
        own: &AgreementKey,
        agreement: &Agreement,
        encryption: ContentEncryption,
        encrypted_key: &[u8],
    ) -> Result<Key, Failed> {
        match self.algorithm().mechanism() {
            Mechanism::Agree => derive(own, agreement, encryption.as_str(), encryption.key_bytes()),
            Mechanism::AgreeWrap(bytes) => {
                let wrapping = derive(own, agreement, self.algorithm().as_str(), bytes)?;
                unwrap(encryption, &wrapping, encrypted_key)
            }
            _ => Err(Failed),
        }
    }
}

/// Unwraps a key of the one length that the content encryption takes; another is not worth the work.
fn unwrap(encryption: ContentEncryption, wrapping: &[u8], encrypted_key: &[u8]) -> Result<Key, Failed> {
    if encrypted_key.len() != encryption.key_bytes() + WRAP_BYTES {
        return Err(Failed);
    }
    crypto::unwrap(wrapping, encrypted_key)
}

fn derive(own: &AgreementKey, agreement: &Agreement, name: &str, bytes: usize) -> Result<Key, Failed> {
    let (group, point) = agreement.ephemeral.agreement().ok_or(Failed)?;
    // The library would refuse a point of another curve too; nothing here shall depend on that.
    if group != own.group() {
        return Err(Failed);
    }
    let parties = Parties { apu: &agreement.apu, apv: &agreement.apv };
    let mut key = Zeroizing::new(vec![0; bytes]);
    own.derive(&point, &other_info(name, parties, bytes)?, &mut key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Jwk;
    use crate::base64url;

    /// RFC 7518 appendix C: both sides derive the same key for A128GCM.
    #[test]
    fn the_agreement_of_rfc_7518_appendix_c() {
        let alice = r#"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
            "y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}"#;
        let bob = r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
            "y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#;
        let parties = Parties { apu: b"Alice", apv: b"Bob" };
        let info = other_info("A128GCM", parties, 16).unwrap();
        assert_eq!(
            info, b"\0\0\0\x07A128GCM\0\0\0\x05Alice\0\0\0\x03Bob\0\0\0\x80",
            "the example's Otherinfo"
        );
        for (own, peer) in [(alice, bob), (bob, alice)] {
            let own = crate::keys::encryption::Private::from_jwk(&Jwk::parse(own).unwrap()).unwrap();
            let peer = crate::keys::encryption::Private::from_jwk(&Jwk::parse(peer).unwrap()).unwrap();
            let key = AgreementKey::from_octets(Group::P256, own.scalar().unwrap()).unwrap();
            let mut derived = [0; 16];
            key.derive(&peer.material.agreement().unwrap().1, &info, &mut derived).unwrap();
            assert_eq!(base64url::encode(&derived), "VqqN6vgjbSBcIijNcacQGg");
        }
    }
}
