//! The header members that key management needs (RFC 7518 §4.6.1, §4.7.1, §4.8.1).

use super::algorithm::Mechanism;
use super::header::Headers;
use super::key::MIN_ITERATIONS;
use super::{DecryptError, KeyAlgorithm};
use crate::Jwk;
use crate::json::{Kind, Value};
use crate::keys::{Material, encryption};

/// What a recipient's header says beside `alg`; only what the algorithm asks for is read.
pub(super) enum Parameters {
    None,
    Agree(Agreement),
    /// `iv` and `tag` of a key encrypted with AES-GCM.
    Gcm {
        iv: Vec<u8>,
        tag: Vec<u8>,
    },
    /// `p2s` and `p2c`.
    Password {
        salt: Vec<u8>,
        iterations: u32,
    },
}

/// `epk`, `apu`, `apv`.
pub(super) struct Agreement {
    pub(super) ephemeral: Material,
    pub(super) apu: Vec<u8>,
    pub(super) apv: Vec<u8>,
}

/// The least octets of salt (RFC 7518 §4.8.1.1).
const MIN_SALT: usize = 8;

impl Parameters {
    pub(super) fn read(algorithm: KeyAlgorithm, headers: &Headers<'_, '_>) -> Result<Self, DecryptError> {
        match algorithm.mechanism() {
            Mechanism::Direct | Mechanism::Wrap(_) | Mechanism::Oaep(_) => Ok(Self::None),
            Mechanism::Agree | Mechanism::AgreeWrap(_) => Ok(Self::Agree(Agreement {
                ephemeral: ephemeral(headers.find("epk"))?,
                apu: headers.octets("apu", "`apu` is not base64url")?.unwrap_or_default(),
                apv: headers.octets("apv", "`apv` is not base64url")?.unwrap_or_default(),
            })),
            Mechanism::Gcm(_) => {
                let what = "`iv` or `tag` of the encrypted key is missing or wrong";
                let iv = headers.octets("iv", what)?.ok_or(DecryptError::header(what))?;
                let tag = headers.octets("tag", what)?.ok_or(DecryptError::header(what))?;
                Ok(Self::Gcm { iv, tag })
            }
            Mechanism::Password(_) => password(headers),
        }
    }
}

fn password(headers: &Headers<'_, '_>) -> Result<Parameters, DecryptError> {
    let what = "`p2s` is missing, too short or not base64url";
    let salt = headers.octets("p2s", what)?.filter(|salt| salt.len() >= MIN_SALT);
    let what_count = "`p2c` is missing, too small or too large";
    let iterations = headers.find("p2c").filter(|value| value.kind == Kind::Number);
    let iterations = iterations.and_then(|value| value.raw.parse().ok());
    Ok(Parameters::Password {
        salt: salt.ok_or(DecryptError::header(what))?,
        iterations: iterations
            .filter(|count| *count >= MIN_ITERATIONS)
            .ok_or(DecryptError::header(what_count))?,
    })
}

/// A public JWK; whether its point is on the curve is found out when it is used.
fn ephemeral(value: Option<Value<'_>>) -> Result<Material, DecryptError> {
    let invalid = DecryptError::header("`epk` is missing or not a public key");
    let value = value.filter(|value| value.kind == Kind::Object).ok_or(invalid.clone())?;
    let jwk = Jwk::parse(value.raw).map_err(|_| invalid.clone())?;
    encryption::public_from_jwk(&jwk).cloned().map_err(|_| invalid)
}
