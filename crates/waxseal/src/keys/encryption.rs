//! What encryption needs of a key, from whatever form it is kept in.

use super::certificate::read_certificate;
use super::jwk::{Parts, PrivateNumbers};
use super::jwk_public::{PublicJwk, push_kid};
use super::kid::MAX_KID_BYTES;
use super::material::{Material, uncompressed};
use super::private::{
    PrivateKey, decrypt_pkcs8, pair_from_parts, private_numbers, read_encrypted_pem, read_pem,
};
use super::private_export::push_numbers;
use super::pss::RsaUse;
use super::{Jwk, KeyError, der, encrypted, pem};
use crate::algorithm::{Algorithm, Curve, KeyKind};
use crate::base64url;
use crate::crypto::{self, AgreementKey, Group};
use zeroize::Zeroizing;

pub(crate) use super::secret::refuse_key_text;

/// A private key whose halves belong together.
pub(crate) struct Private {
    pub(crate) material: Material,
    pub(crate) pkcs8: Zeroizing<Vec<u8>>,
    numbers: PrivateNumbers,
}

impl Private {
    /// A new key; RSA keys have 2048 bits.
    pub(crate) fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        match kind {
            KeyKind::Rsa => PrivateKey::generate(Algorithm::Rs256).and_then(|key| Self::of(&key)),
            KeyKind::Ec(curve) => PrivateKey::generate(curve.algorithm()).and_then(|key| Self::of(&key)),
            // Any 32 octets are a private key (RFC 7748 §5).
            KeyKind::X25519 => Self::x25519(&crypto::random(32)?),
            _ => Err(unsupported()),
        }
    }

    /// Reads PEM: PKCS#8, SEC 1 or PKCS#1.
    pub(crate) fn from_pem(text: &str) -> Result<Self, KeyError> {
        let block = read_pem(text)?;
        match block.label {
            "PRIVATE KEY" | "EC PRIVATE KEY" | "RSA PRIVATE KEY" => Self::from_der(&block.der),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            label => Err(pem::unexpected(label)),
        }
    }

    /// Reads PEM of an encrypted private key.
    pub(crate) fn from_encrypted_pem(text: &str, passphrase: &[u8]) -> Result<Self, KeyError> {
        Self::from_der(&decrypt_pkcs8(&read_encrypted_pem(text)?.der, passphrase)?)
    }

    /// Reads DER: PKCS#8, SEC 1 or PKCS#1.
    pub(crate) fn from_der(octets: &[u8]) -> Result<Self, KeyError> {
        if der::read_pkcs1_private(octets).is_some() {
            return Self::of(&PrivateKey::from_der(Algorithm::Rs256, octets)?);
        }
        if let Some(curve) = der::read_sec1(octets) {
            return Self::of(&PrivateKey::from_der(curve.algorithm(), octets)?);
        }
        if der::is_encrypted_pkcs8(octets) {
            return Err(KeyError::Encrypted);
        }
        let read = der::read_pkcs8(octets)?;
        check_rsa_use(read.rsa_use)?;
        match read.kind {
            KeyKind::Rsa => Self::of(&PrivateKey::from_pkcs8_der(Algorithm::Rs256, octets)?),
            KeyKind::Ec(curve) => Self::of(&PrivateKey::from_pkcs8_der(curve.algorithm(), octets)?),
            KeyKind::X25519 => Self::from_x25519_pkcs8(&read),
            _ => Err(unsupported()),
        }
    }

    /// Reads a private JWK; its halves must match.
    pub(crate) fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        let Parts::Private(material, numbers) = &jwk.parts else { return Err(KeyError::NotPrivate) };
        let private = match (material, numbers) {
            (Material::X25519 { .. }, PrivateNumbers::Octets(octets)) => Self::x25519(octets)?,
            _ => Self::of_pair(&pair_from_parts(material, numbers)?)?,
        };
        // Key agreement never looks at the public half, so a wrong one would go unnoticed until somebody
        // encrypts to it.
        if private.material == *material { Ok(private) } else { Err(KeyError::Inconsistent) }
    }

    /// The signing key types read every form of these kinds of keys; here they serve as readers only.
    fn of(key: &PrivateKey) -> Result<Self, KeyError> {
        Self::of_pair(key.pair())
    }

    fn of_pair(pair: &crypto::KeyPair) -> Result<Self, KeyError> {
        let material = from_spki(&pair.public_spki()?)?;
        if !matches!(material.kind(), KeyKind::Rsa | KeyKind::Ec(_)) {
            return Err(unsupported());
        }
        let pkcs8 = pair.to_pkcs8()?;
        let numbers = private_numbers(pair, &pkcs8)
            .ok_or(KeyError::OperationFailed { operation: "write the private key" })?;
        Ok(Self { material, pkcs8, numbers })
    }

    fn x25519(octets: &[u8]) -> Result<Self, KeyError> {
        let octets: &[u8; 32] = octets.try_into().map_err(|_| KeyError::Inconsistent)?;
        let public = AgreementKey::from_octets(Group::X25519, octets)?.public_octets();
        let failed = KeyError::OperationFailed { operation: "compute the public key" };
        let x = public.map_err(|_| failed.clone())?.try_into().map_err(|_| failed)?;
        let numbers = PrivateNumbers::Octets(Zeroizing::new(octets.to_vec()));
        Ok(Self { material: Material::X25519 { x }, pkcs8: der::write_x25519_pkcs8(octets), numbers })
    }

    fn from_x25519_pkcs8(read: &der::Pkcs8<'_>) -> Result<Self, KeyError> {
        let octets = read.key.strip_prefix(&[4, 32]);
        let private = Self::x25519(octets.ok_or(KeyError::malformed("not an X25519 private key"))?)?;
        if read.agrees_with(&private.material) { Ok(private) } else { Err(KeyError::Inconsistent) }
    }

    /// The scalar of an elliptic-curve key.
    pub(crate) fn scalar(&self) -> Option<&[u8]> {
        match &self.numbers {
            PrivateNumbers::Octets(octets) => Some(octets),
            PrivateNumbers::Rsa(_) => None,
        }
    }

    /// The private JWK.
    pub(crate) fn to_jwk_json(&self, alg: &'static str, kid: &str) -> Zeroizing<String> {
        let mut json = Zeroizing::new(public_jwk(&self.material, alg, kid).to_public_json());
        json.pop();
        push_numbers(&mut json, &self.material, &self.numbers);
        json.push('}');
        json
    }

    /// The key as PKCS#8 in PEM.
    pub(crate) fn to_pem(&self) -> Zeroizing<String> {
        pem::write("PRIVATE KEY", &self.pkcs8)
    }

    /// The key as encrypted PKCS#8 in PEM.
    pub(crate) fn to_encrypted_pem(&self, passphrase: &[u8]) -> Result<String, KeyError> {
        let der = encrypted::encrypt(&self.pkcs8, passphrase)?;
        Ok(pem::write("ENCRYPTED PRIVATE KEY", &der).to_string())
    }
}

fn unsupported() -> KeyError {
    KeyError::Unsupported {
        what: "encrypting with a key of this type",
        remedy: "use RSA, P-256, P-384, P-521 or X25519",
    }
}

fn from_spki(spki: &[u8]) -> Result<Material, KeyError> {
    let read = der::read_spki(spki)?;
    check_rsa_use(read.rsa_use)?;
    Material::from_key_info(read.kind, read.key)
}

/// A key that says itself that it is for signatures does not encrypt.
fn check_rsa_use(found: RsaUse) -> Result<(), KeyError> {
    if found == RsaUse::Any {
        return Ok(());
    }
    Err(KeyError::Unsupported {
        what: "encrypting with an RSA key for PSS only",
        remedy: "make a key for encryption with `openssl genpkey -algorithm RSA`",
    })
}

/// Reads a public key in PEM.
pub(crate) fn public_from_pem(text: &str) -> Result<Material, KeyError> {
    let block = pem::read(text, &[])?;
    match block.label {
        "PUBLIC KEY" => from_spki(&block.der),
        "RSA PUBLIC KEY" => Material::from_pkcs1(&block.der),
        "CERTIFICATE" => {
            let spki = read_certificate(&block.der);
            from_spki(spki.ok_or(KeyError::malformed("not an X.509 certificate"))?)
        }
        label => Err(pem::unexpected(label)),
    }
}

/// Reads a public key in DER: `SubjectPublicKeyInfo`, PKCS#1, or inside a certificate.
pub(crate) fn public_from_der(octets: &[u8]) -> Result<Material, KeyError> {
    Material::from_pkcs1(octets).or_else(|_| from_spki(read_certificate(octets).unwrap_or(octets)))
}

/// The numbers of a public JWK.
pub(crate) fn public_from_jwk(jwk: &Jwk) -> Result<&Material, KeyError> {
    match &jwk.parts {
        Parts::Public(material) => Ok(material),
        _ => Err(KeyError::NotPublic { found: jwk.describe() }),
    }
}

/// The octets of a JWK of type `oct`.
pub(crate) fn secret_from_jwk(jwk: &Jwk) -> Option<&[u8]> {
    match &jwk.parts {
        Parts::Secret(octets) => Some(octets),
        _ => None,
    }
}

/// A public JWK for encryption.
pub(crate) fn public_jwk(material: &Material, alg: &'static str, kid: &str) -> PublicJwk {
    PublicJwk::for_use(material, alg, "enc", kid)
}

/// A JWK of type `oct` for encryption.
pub(crate) fn secret_jwk(octets: &[u8], alg: &'static str, kid: Option<&str>) -> Zeroizing<String> {
    let secret = Zeroizing::new(base64url::encode(octets));
    // Reserved in one piece, the longest `kid` with every character escaped included: growing would leave
    // copies of the secret behind.
    let mut json = Zeroizing::new(String::with_capacity(secret.len() + 6 * MAX_KID_BYTES + 100));
    for piece in ["{\"kty\":\"oct\",\"k\":\"", &secret, "\",\"alg\":\"", alg, "\",\"use\":\"enc\""] {
        json.push_str(piece);
    }
    push_kid(kid, &mut json);
    json.push('}');
    json
}

impl Material {
    /// The public key as `SubjectPublicKeyInfo` in DER.
    pub(crate) fn to_spki(&self) -> Vec<u8> {
        der::write_spki(self)
    }

    /// The public key as `SubjectPublicKeyInfo` in PEM.
    pub(crate) fn to_spki_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.to_spki()).to_string()
    }

    /// The group in which such a key is agreed with, and the key as the library takes it.
    pub(crate) fn agreement(&self) -> Option<(Group, Vec<u8>)> {
        match self {
            Self::Ec { curve: Curve::P256, x, y } => Some((Group::P256, uncompressed(x, y))),
            Self::Ec { curve: Curve::P384, x, y } => Some((Group::P384, uncompressed(x, y))),
            Self::Ec { curve: Curve::P521, x, y } => Some((Group::P521, uncompressed(x, y))),
            Self::X25519 { x } => Some((Group::X25519, x.to_vec())),
            _ => None,
        }
    }

    /// The RSA modulus and exponent are within bounds.
    pub(crate) fn check_rsa_size(&self) -> Result<(), KeyError> {
        match self {
            Self::Rsa { n, e } => super::material::check_rsa(n, e),
            _ => Ok(()),
        }
    }

    /// The RFC 7638 thumbprint.
    pub(crate) fn thumbprint_text(&self) -> String {
        self.thumbprint()
    }

    /// The numbers of an `epk` (RFC 7518 §4.6.1.1) as members of a JSON object.
    pub(crate) fn to_epk_json(&self) -> String {
        super::material::object(&self.members())
    }

    /// Reads the public key that the library wrote for an agreement key.
    pub(crate) fn from_agreement(group: Group, octets: &[u8]) -> Result<Self, KeyError> {
        let curve = match group {
            Group::P256 => Curve::P256,
            Group::P384 => Curve::P384,
            Group::P521 => Curve::P521,
            Group::X25519 => {
                let x = octets.try_into().map_err(|_| KeyError::Inconsistent)?;
                return Ok(Self::X25519 { x });
            }
        };
        Self::from_point(curve, octets)
    }
}
