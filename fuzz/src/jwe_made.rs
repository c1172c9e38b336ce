//! Encrypted messages: what is encrypted decrypts to the same octets, whatever the options; a message of another
//! implementation, in any serialization, decrypts to what it was or not at all; a nested token is a signed one.
//!
//! Passwords (PBES2) are left out: each try costs thousands of rounds of PBKDF2 and reaches the same code.

use crate::mutate::edit;
use crate::outcome::reached;
use crate::source::Source;
use crate::{fixed, reference};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::Value;
use std::sync::OnceLock;
use waxseal::jwe::{
    ContentEncryption, DecryptError, DecryptedBytes, Decrypter, DecryptionKey, Encrypter, EncrypterBuilder,
    KeyAlgorithm, NestedError,
};
use waxseal::{Code, Jwk, Verifier};

/// The secret of `oct256`.
const SECRET_NAME: &str = "oct256";

/// Panics if something decrypts that should not, or does not decrypt that should, or to something else.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() % 4 {
        0 | 1 => check_changed(&mut source),
        2 => check_made(&mut source),
        _ => check_compressed(&mut source),
    }
}

fn note<T>(verdict: &Result<T, DecryptError>) {
    match verdict {
        Ok(_) => reached("decrypted"),
        Err(error) => reached(format!("refused {}", error.code())),
    }
}

fn decrypt(text: &str) -> Result<DecryptedBytes, DecryptError> {
    if text.starts_with('{') { decrypter().decrypt_json(text) } else { decrypter().decrypt(text) }
}

/// A message of another implementation, changed here and there.
fn check_changed(source: &mut Source<'_>) {
    let Foreign { text: original, plaintext, protected } = source.pick_from(foreign());
    let mut bytes = original.clone().into_bytes();
    while !source.is_empty() && bytes.len() < 8_000 {
        edit(&mut bytes, source);
    }
    let text = String::from_utf8_lossy(&bytes);
    let verdict = decrypt(&text);
    note(&verdict);
    match verdict {
        // In JSON, white space and headers that are not protected may change.
        Ok(decrypted) => {
            assert!(*text == **original || original.starts_with('{'), "a changed token decrypts: {text}");
            assert_eq!(decrypted.plaintext(), plaintext, "{text}");
            assert_eq!(decrypted.protected_header(), protected, "{text}");
            reached(if *text == **original { "unchanged" } else { "changed where nothing is protected" });
        }
        Err(error) => assert_ne!(*text, **original, "a good message is refused: {error}"),
    }
}

/// Octets that are encrypted with whatever options.
fn check_made(source: &mut Source<'_>) {
    let recipient = source.pick_from(keys());
    let content = recipient.content_encryption().unwrap_or(source.pick(ContentEncryption::ALL));
    let Ok(key) = recipient.encryption_key() else {
        return assert_eq!(recipient.algorithm(), KeyAlgorithm::RsaOaep, "a key that only decrypts");
    };
    let builder = Encrypter::builder(key).content_encryption(content);
    let Some(encrypter) = with_options(builder, source) else { return reached("not made") };
    let form = source.byte() % 4;
    let plaintext = source.rest();
    let made = match form {
        0 => encrypter.encrypt(plaintext),
        1 => encrypter.json().flattened(plaintext),
        2 => encrypter.json().aad(plaintext).general(plaintext),
        _ => return check_nested(&encrypter),
    };
    let decrypted = decrypt(&made.expect("short enough")).expect("what was made");
    assert_eq!(decrypted.plaintext(), plaintext);
    assert_eq!((decrypted.algorithm(), decrypted.content_encryption()), (recipient.algorithm(), content));
    assert_eq!(decrypted.aad(), (form == 2 && !plaintext.is_empty()).then_some(plaintext));
    reached(format!("made form {form}"));
    reached(format!("made {}", recipient.algorithm().as_str()));
}

fn with_options(mut builder: EncrypterBuilder, source: &mut Source<'_>) -> Option<Encrypter> {
    for _ in 0..source.byte() % 4 {
        builder = match source.byte() % 5 {
            0 => builder.typ(source.pick(&["JWT", "x"])),
            1 => builder.cty(source.pick(&["text/plain", "x"])),
            2 => builder.apu(source.chunk()),
            3 => builder.compress(),
            _ => builder.header(&source.text(), &source.byte()).ok()?,
        };
    }
    builder.build().ok()
}

/// A signed token inside: only as such does it prove anything.
fn check_nested(encrypter: &Encrypter) {
    let (_, inner) = &fixed::tokens()[0];
    let verifier =
        Verifier::builder().key(fixed::secret_key()).issuer(fixed::ISSUER).audience(fixed::AUDIENCE);
    let verifier = verifier.build().expect("a good verifier");
    let open = |token: &str| decrypter().decrypt_and_verify::<Value>(token, &verifier, fixed::at(0));
    // Where `cty` was set to something else.
    let Ok(nested) = encrypter.encrypt_token(inner) else { return reached("not made") };
    assert_eq!(open(&nested).expect("what was made").get("sub"), Some(&Value::from("alice")));
    let unsigned = encrypter.encrypt_token(r#"{"sub":"alice"}"#);
    if let Ok(unsigned) = unsigned {
        assert!(matches!(open(&unsigned), Err(NestedError::Verify(_))), "claims that nobody signed");
    }
    reached("nested");
}

/// Any octets as compressed content: it grows to what it says, within bounds, or is refused.
fn check_compressed(source: &mut Source<'_>) {
    let token = seal(&reference::encode(r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#), source.rest());
    let verdict = decrypter().decrypt(&token);
    note(&verdict);
    if let Ok(decrypted) = verdict {
        assert!(decrypted.plaintext().len() <= 250 * 1024, "{} octets", decrypted.plaintext().len());
        reached("decompressed");
    }
    let strict = Decrypter::builder().keys(keys().iter().cloned()).build().expect("a good decrypter");
    let refused = strict.decrypt(&token).expect_err("compression was not allowed");
    assert_eq!(refused.code(), Code::CompressionNotAllowed);
}

/// A message that another implementation made.
struct Foreign {
    text: String,
    plaintext: Vec<u8>,
    protected: String,
}

fn jwk(name: &str) -> Jwk {
    Jwk::parse(fixed::encryption_jwk(name).expect("a fixed key")).expect("a good JWK")
}

/// The messages but those for a password.
fn entries() -> Vec<Value> {
    let file: Value = serde_json::from_str(fixed::MESSAGES).expect("JSON");
    let all = file["jwe"].as_array().expect("messages").clone();
    all.into_iter().filter(|entry| entry.get("password").is_none()).collect()
}

/// Every key that a message is for.
fn keys() -> &'static [DecryptionKey] {
    static KEYS: OnceLock<Vec<DecryptionKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut known = Vec::new();
        let mut keys = vec![direct()];
        for entry in entries() {
            for recipient in entry["recipients"].as_array().expect("recipients") {
                let (alg, key) =
                    (recipient["alg"].as_str().expect("alg"), recipient["key"].as_str().expect("key"));
                let enc: ContentEncryption = entry["enc"].as_str().expect("enc").parse().expect("known");
                let algorithm: KeyAlgorithm = alg.parse().expect("known");
                let id = (algorithm, key.to_owned(), (alg == "dir").then_some(enc));
                if known.contains(&id) || id.2 == Some(ContentEncryption::A256Gcm) {
                    continue;
                }
                keys.push(match id.2 {
                    Some(enc) => DecryptionKey::from_jwk_direct(enc, &jwk(key)).expect("a good key"),
                    None => DecryptionKey::from_jwk_as(algorithm, &jwk(key)).expect("a good key"),
                });
                known.push(id);
            }
        }
        keys
    })
}

fn direct() -> DecryptionKey {
    DecryptionKey::from_jwk_direct(ContentEncryption::A256Gcm, &jwk(SECRET_NAME)).expect("a good key")
}

/// Has every key, and allows compression.
fn decrypter() -> &'static Decrypter {
    static DECRYPTER: OnceLock<Decrypter> = OnceLock::new();
    DECRYPTER.get_or_init(|| {
        let decrypter = Decrypter::builder().keys(keys().iter().cloned()).allow_compression();
        decrypter.build().expect("a good decrypter")
    })
}

fn foreign() -> &'static [Foreign] {
    static FOREIGN: OnceLock<Vec<Foreign>> = OnceLock::new();
    FOREIGN.get_or_init(|| {
        let octets = |text: &Value| reference::decode(text.as_str().unwrap_or_default()).expect("base64url");
        let read = |entry: Value| {
            let jwe = &entry["jwe"];
            let text = jwe.as_str().map_or_else(|| jwe.to_string(), str::to_owned);
            let compact = text.split('.').next().unwrap_or_default().into();
            let protected = octets(if jwe.is_string() { &compact } else { &jwe["protected"] });
            let protected = String::from_utf8(protected).expect("UTF-8");
            Foreign { text, plaintext: octets(&entry["plaintext"]), protected }
        };
        entries().into_iter().map(read).collect()
    })
}

/// A compact token for `dir` and A256GCM (RFC 7516 §5.1), under a header of any text. The IV is always the same, as
/// tokens of tests are not secret.
fn seal(header: &str, plaintext: &[u8]) -> String {
    let secret = fixed::octets(fixed::encryption_jwk(SECRET_NAME).expect("a fixed key"));
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secret).expect("32 octets"));
    let iv = [7; 12];
    let mut sealed = plaintext.to_vec();
    let nonce = Nonce::assume_unique_for_key(iv);
    key.seal_in_place_append_tag(nonce, Aad::from(header.as_bytes()), &mut sealed).expect("short enough");
    let (ciphertext, tag) = sealed.split_at(plaintext.len());
    format!(
        "{header}..{}.{}.{}",
        reference::encode(iv),
        reference::encode(ciphertext),
        reference::encode(tag)
    )
}
