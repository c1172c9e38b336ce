//! Public JWKs on their way out.

use super::material::{Material, object};
use crate::json;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Appends `,"kid":…` to an unfinished JSON object.
pub(super) fn push_kid(kid: Option<&str>, json: &mut String) {
    if let Some(kid) = kid {
        let mut quoted = Vec::with_capacity(kid.len() + 2);
        json::write_string(kid, &mut quoted);
        json.push_str(",\"kid\":");
        json.push_str(&String::from_utf8_lossy(&quoted));
    }
}

/// A public JWK, to be published. Serializes as a JSON object.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, PrivateKey};
///
/// let jwk = PrivateKey::generate(Algorithm::Es256)?.with_kid("2024-05")?.public_key().to_jwk();
/// let json: serde_json::Value = serde_json::from_str(&jwk.to_public_json())?;
/// assert_eq!((&json["kty"], &json["kid"]), (&"EC".into(), &"2024-05".into()));
/// assert!(json.get("d").is_none(), "the private number stays at home");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicJwk {
    members: Vec<(&'static str, String)>,
    kid: String,
}

impl PublicJwk {
    pub(super) fn new(material: &Material, alg: &'static str, kid: &str) -> Self {
        Self::for_use(material, alg, "sig", kid)
    }

    pub(super) fn for_use(material: &Material, alg: &'static str, use_: &'static str, kid: &str) -> Self {
        let mut members = material.members();
        // `kty` first reads better; order means nothing here, unlike in a thumbprint.
        members.sort_by_key(|(name, _)| *name != "kty");
        if members.iter().all(|(name, _)| *name != "alg") {
            members.push(("alg", alg.to_owned()));
        }
        members.push(("use", use_.to_owned()));
        Self { members, kid: kid.to_owned() }
    }

    /// The `kid` member.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The JWK as JSON text.
    #[must_use]
    pub fn to_public_json(&self) -> String {
        let mut json = object(&self.members);
        json.pop();
        push_kid(Some(&self.kid), &mut json);
        json.push('}');
        json
    }
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len() + 1))?;
        for (name, text) in &self.members {
            map.serialize_entry(name, text)?;
        }
        map.serialize_entry("kid", &self.kid)?;
        map.end()
    }
}
