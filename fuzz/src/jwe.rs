//! Encrypted tokens: what another implementation encrypted does not decrypt once it is changed, what is encrypted
//! decrypts to the same octets, and a header that is correctly sealed asks for nothing that the key is not for.
//!
//! Passwords (PBES2) are left out: each try costs thousands of rounds of PBKDF2 and reaches the same code.

use crate::jwe_keys::{Foreign, decrypter, foreign, key, keys};
use crate::mutate::edit;
use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{fixed, generate, jwe_keys, reference};
use serde_json::Value;
use waxseal::Verifier;
use waxseal::jwe::{
    ContentEncryption, DecryptError, DecryptedBytes, Encrypter, EncrypterBuilder, KeyAlgorithm, NestedError,
    peek_kid_without_decrypting,
};

const NAMES: &[&str] = &[
    "alg", "enc", "zip", "crit", "kid", "typ", "cty", "epk", "apu", "iv", "tag", "p2c", "x", "b64", "alg",
    "enc", "",
];

/// Headers that a fair share of the inputs starts with, less their last brace.
const GOOD: &[&str] = &[
    "{",
    r#"{"alg":"dir","enc":"A256GCM""#,
    r#"{"enc":"A256GCM","alg":"dir","kid":"k","cty":"JWT","typ":"JWT""#,
    r#"{"alg":"dir","enc":"A256GCM","zip":"DEF""#,
    r#"{"alg":"dir","enc":"A128CBC-HS256""#,
    r#"{"alg":"A256KW","enc":"A256GCM""#,
    r#"{"alg":"dir","enc":"A256GCM","crit":["x"]"#,
];

/// Panics if something decrypts that should not, or does not decrypt that should, or to something else.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() % 4 {
        0 => check_changed(&mut source),
        1 => check_text(&String::from_utf8_lossy(source.rest())),
        2 => check_made(&mut source),
        _ => check_sealed(&mut source),
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

/// Any text: nothing panics, and what is no message in one serialization is none in the other.
fn check_text(text: &str) {
    let (compact, json) = (decrypter().decrypt(text), decrypter().decrypt_json(text));
    assert!(compact.is_err() || json.is_err(), "compact and JSON at once");
    let _ = peek_kid_without_decrypting(text);
    note(&compact);
    note(&json);
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

/// Any header over any octets, sealed with the key for `dir` and A256GCM.
fn check_sealed(source: &mut Source<'_>) {
    let start = source.pick(GOOD);
    let generated = generate::object(source, NAMES);
    let members = generated.strip_prefix('{').unwrap_or(&generated);
    let comma = if start == "{" || members.trim_start().starts_with('}') { "" } else { "," };
    let header = format!("{start}{comma}{members}");
    let plaintext = source.rest();
    let token = jwe_keys::seal(&reference::encode(&header), plaintext);
    let verdict = decrypter().decrypt(&token);
    note(&verdict);
    let tree = Tree::read(&header).filter(|tree| tree.is_strict_object(32));
    let text = |name| tree.as_ref().and_then(|tree| tree.member(name)).map(Tree::text);
    match verdict {
        Ok(decrypted) => {
            assert!(tree.is_some(), "no strict object: {header}");
            let asked = (text("alg"), text("enc"), text("crit"));
            assert_eq!(asked, (Some(Some("dir")), Some(Some("A256GCM")), None), "{header}");
            assert_eq!(decrypted.algorithm(), KeyAlgorithm::Dir);
            assert_eq!(decrypted.protected_header(), header);
            match text("zip") {
                None => assert_eq!(decrypted.plaintext(), plaintext, "{header}"),
                zip => assert_eq!(zip, Some(Some("DEF")), "{header}"),
            }
            reached("accepted after sealing");
        }
        Err(error) => {
            let plain = ["{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", "{\"enc\":\"A256GCM\",\"alg\":\"dir\"}"];
            assert!(!plain.contains(&header.as_str()), "the seal is good: {error}");
        }
    }
    assert_eq!(
        decrypter().decrypt(&token).is_ok(),
        key().decrypt(&token).is_ok(),
        "one key or all: {header}"
    );
}
