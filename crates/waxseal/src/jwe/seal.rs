//! Putting an encrypted message together (RFC 7516 §5.1).

use super::header::HeaderWriter;
use super::manage::{self, Delivery, Parties};
use super::{EncryptError, Encrypter, EncryptionKey};
use crate::base64url;
use zeroize::Zeroizing;

/// What is to be encrypted, and what goes with it.
pub(super) struct Content<'c> {
    pub(super) plaintext: &'c [u8],
    pub(super) cty: Option<&'c str>,
    /// The additional data of a JSON serialization, encoded.
    pub(super) aad: Option<&'c str>,
}

/// What a message must share with no other.
pub(super) struct Fresh {
    pub(super) key: Zeroizing<Vec<u8>>,
    pub(super) iv: Zeroizing<Vec<u8>>,
}

/// An encrypted message before it is written down.
pub(super) struct Sealed {
    /// The protected header, encoded.
    pub(super) protected: String,
    /// One header (empty if everything is protected) and one encrypted key per recipient.
    pub(super) recipients: Vec<(HeaderWriter, Vec<u8>)>,
    pub(super) iv: Zeroizing<Vec<u8>>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl Encrypter {
    pub(super) fn seal(&self, content: &Content<'_>) -> Result<Sealed, EncryptError> {
        // Base64url only adds to it, so what is too large now need not be encrypted first.
        self.check_size(if self.settings.zip { 0 } else { content.plaintext.len() })?;
        let (key, deliveries) = self.deliver()?;
        let iv = manage::random(self.encryption.iv_bytes())?;
        self.seal_with(Fresh { key, iv }, deliveries, content)
    }

    fn deliver(&self) -> Result<(Zeroizing<Vec<u8>>, Vec<Delivery>), EncryptError> {
        let parties = Parties { apu: &self.settings.apu, apv: &self.settings.apv };
        if let [only] = &*self.settings.recipients {
            let (key, delivery) = only.choose(self.encryption, parties)?;
            return Ok((key, vec![delivery]));
        }
        let key = manage::random(self.encryption.key_bytes())?;
        let deliveries = self.settings.recipients.iter().map(|recipient| recipient.deliver(&key, parties));
        let deliveries = deliveries.collect::<Result<_, _>>()?;
        Ok((key, deliveries))
    }

    pub(super) fn seal_with(
        &self,
        fresh: Fresh,
        deliveries: Vec<Delivery>,
        content: &Content<'_>,
    ) -> Result<Sealed, EncryptError> {
        let mut protected = HeaderWriter::new();
        let mut recipients = Vec::with_capacity(deliveries.len());
        // One recipient's members are protected; those of several cannot be, for each has its own.
        let sole = deliveries.len() == 1;
        for (recipient, delivery) in self.settings.recipients.iter().zip(deliveries) {
            let mut own = HeaderWriter::new();
            write_recipient(if sole { &mut protected } else { &mut own }, recipient, &delivery);
            recipients.push((own, delivery.encrypted_key));
        }
        self.write_protected(&mut protected, content.cty);
        let protected = base64url::encode(&protected.finish());
        let limit = self.settings.limits.header_bytes;
        if protected.len() > limit {
            return Err(EncryptError::TooLarge { what: "its header", limit });
        }
        let authenticated = match content.aad {
            Some(aad) => [&*protected, ".", aad].concat(),
            None => protected.clone(),
        };
        let Fresh { key, iv } = fresh;
        let data = self.compressed(content.plaintext)?;
        let (ciphertext, tag) = self.encryption.seal(&key, &iv, authenticated.as_bytes(), &data)?;
        Ok(Sealed { protected, recipients, iv, ciphertext, tag })
    }

    fn compressed<'c>(&self, plaintext: &'c [u8]) -> Result<Compressed<'c>, EncryptError> {
        if self.settings.zip {
            return super::zip::deflate(plaintext).map(Compressed::Packed);
        }
        Ok(Compressed::Plain(plaintext))
    }

    fn write_protected(&self, header: &mut HeaderWriter, cty: Option<&str>) {
        header.text("enc", self.encryption.as_str());
        if let Some(typ) = &self.settings.typ {
            header.text("typ", typ);
        }
        if let Some(cty) = cty {
            header.text("cty", cty);
        }
        if self.settings.zip {
            header.text("zip", "DEF");
        }
        for (name, value) in &self.settings.extra {
            header.json(name, value);
        }
    }
}

enum Compressed<'c> {
    Plain(&'c [u8]),
    Packed(Zeroizing<Vec<u8>>),
}

impl std::ops::Deref for Compressed<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Plain(octets) => octets,
            Self::Packed(octets) => octets,
        }
    }
}

fn write_recipient(header: &mut HeaderWriter, recipient: &EncryptionKey, delivery: &Delivery) {
    header.text("alg", recipient.algorithm().as_str());
    if let Some(kid) = recipient.kid() {
        header.text("kid", kid);
    }
    header.append(&delivery.parameters);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Jwk;
    use crate::jwe::{ContentEncryption, KeyAlgorithm};
    use serde_json::Value;

    fn octets(text: &str) -> Zeroizing<Vec<u8>> {
        let mut octets = Zeroizing::new(Vec::new());
        base64url::decode_append(text.as_bytes(), &mut octets).unwrap();
        octets
    }

    fn key(algorithm: KeyAlgorithm, encryption: ContentEncryption, recipient: &Value) -> EncryptionKey {
        let jwk = Jwk::parse(recipient["key"].to_string()).unwrap();
        if algorithm == KeyAlgorithm::Dir {
            return EncryptionKey::from_jwk_direct(encryption, &jwk).unwrap();
        }
        EncryptionKey::from_jwk_as(algorithm, &jwk).unwrap()
    }

    /// With the keys and IVs that the examples print, the messages are theirs to the last octet.
    #[test]
    fn the_deterministic_examples_of_the_rfcs_come_out_the_same() {
        let mut reproduced = Vec::new();
        for file in [
            include_str!("../../tests/vectors/rfc7516.json"),
            include_str!("../../tests/vectors/rfc7520.json"),
        ] {
            let vectors: Value = serde_json::from_str(file).unwrap();
            for example in vectors["jwe"].as_array().unwrap() {
                let section = example["section"].as_str().unwrap();
                let [recipient] = example["recipients"].as_array().unwrap().as_slice() else { continue };
                let algorithm = recipient["algorithm"].as_str().unwrap().parse();
                let (Ok(algorithm @ (KeyAlgorithm::Dir | KeyAlgorithm::A128Kw)), Some(compact)) =
                    (algorithm, example["serializations"]["compact"].as_str())
                else {
                    continue;
                };
                if section == "5.9" {
                    continue; // Compressors differ.
                }
                assert_eq!(example_again(algorithm, example, recipient, compact), compact, "{section}");
                reproduced.push(section.to_owned());
            }
        }
        assert_eq!(reproduced, ["A.3", "5.6", "5.8"]);
    }

    fn example_again(algorithm: KeyAlgorithm, example: &Value, recipient: &Value, compact: &str) -> String {
        let encryption = example["encryption"].as_str().unwrap().parse().unwrap();
        let key = key(algorithm, encryption, recipient);
        let encrypter = Encrypter::builder(key.clone()).content_encryption(encryption).build().unwrap();
        let parts: Vec<&str> = compact.split('.').collect();
        let (content_key, delivery) = match example["cek"].as_str() {
            Some(cek) => (octets(cek), key.deliver(&octets(cek), Parties::default()).ok()),
            None => (Zeroizing::new(Vec::new()), None),
        };
        let (content_key, delivery) = match delivery {
            Some(delivery) => (content_key, delivery),
            None => key.choose(encryption, Parties::default()).unwrap(),
        };
        let fresh = Fresh { key: content_key, iv: octets(parts[2]) };
        let plaintext = octets(example["plaintext"].as_str().unwrap());
        let content = Content { plaintext: &plaintext, cty: None, aad: None };
        let sealed = encrypter.seal_with(fresh, vec![delivery], &content).unwrap();
        let encode = |octets: &[u8]| base64url::encode(octets);
        let encrypted_key = encode(&sealed.recipients[0].1);
        [sealed.protected, encrypted_key, encode(&sealed.iv), encode(&sealed.ciphertext), encode(&sealed.tag)]
            .join(".")
    }
}
