//! Encrypted tokens: a changed one does not decrypt, and one that is correctly sealed decrypts only if its headers ask
//! for nothing but what the key does.

use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{fixed, generate, reference};
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::sync::OnceLock;
use waxseal::Jwk;
use waxseal::jwe::{ContentEncryption, DecryptError, DecryptedBytes, Decrypter, DecryptionKey, KeyAlgorithm};

const NAMES: &[&str] = &[
    "alg", "enc", "zip", "crit", "kid", "typ", "cty", "epk", "apu", "iv", "tag", "p2c", "jwk", "jku", "alg",
    "enc", "x", "y", "",
];

/// Protected headers that a fair share of the inputs starts with, less their last brace.
const GOOD: &[&str] = &[
    "{",
    r#"{"alg":"dir","enc":"A128GCM""#,
    r#"{"enc":"A128GCM""#,
    r#"{"alg":"dir""#,
    r#"{"\u0061lg":"dir","enc":"A128GCM","kid":"k","typ":"JWT","cty":"JWT""#,
];

/// Unprotected headers, likewise.
const UNPROTECTED: &[&str] = &["{", r#"{"alg":"dir""#, r#"{"enc":"A128GCM""#, r#"{"kid":"k""#];

const SECRET: &[u8; 16] = b"sixteen octets!!";
const IV: [u8; 12] = [7; 12];
const CONTENT: &[u8] = b"content";

/// Panics if a message decrypts that should not, or does not that should, or to something else.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() % 4 {
        0 => check_text(&String::from_utf8_lossy(source.rest())),
        1 => check_changed(&mut source),
        _ => check_sealed(&mut source),
    }
}

/// Any text: nothing panics, and no text is both a compact and a JSON message.
fn check_text(text: &str) {
    for (decrypter, _) in examples() {
        let verdicts = [decrypter.decrypt(text), decrypter.decrypt_json(text)];
        verdicts.iter().for_each(note);
        assert!(verdicts.iter().any(Result::is_err), "of two forms: {text}");
    }
}

fn note(verdict: &Result<DecryptedBytes, DecryptError>) {
    match verdict {
        Ok(_) => reached("decrypted"),
        Err(error) => reached(format!("refused {}", error.code())),
    }
}

/// A message of another implementation with some of its octets changed.
fn check_changed(source: &mut Source<'_>) {
    let (decrypter, original) = source.pick_from(examples());
    let mut bytes = original.clone().into_bytes();
    while !source.is_empty() && bytes.len() < 20_000 {
        let place = source.below(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        match source.byte() % 6 {
            _ if bytes.is_empty() => break,
            0 => bytes[place] ^= 1 << (source.byte() % 8),
            1 => {
                bytes[place] =
                    source.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
            }
            2 => bytes.insert(place, source.pick(b"=.A \n+/")),
            3 => drop(bytes.remove(place)),
            4 => bytes.truncate(place),
            _ => bytes[place] = source.byte(),
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let verdict = decrypter.decrypt(&text);
    note(&verdict);
    assert_eq!(verdict.is_ok(), *text == **original, "{text}");
}

/// Any headers around content that is sealed as the protected one says.
struct Sealed {
    protected: String,
    shared: Option<String>,
    recipient: Option<String>,
    /// 0 compact, 1 flattened, 2 general.
    form: u8,
}

fn check_sealed(source: &mut Source<'_>) {
    let form = source.byte() % 3;
    let protected = header(source, GOOD);
    let mut unprotected = || (form != 0 && source.one_in(2)).then(|| header(source, UNPROTECTED));
    let (shared, recipient) = (unprotected(), unprotected());
    let message = Sealed { protected, shared, recipient, form };
    let text = message.text();
    let verdict = if form == 0 { direct().decrypt(&text) } else { direct().decrypt_json(&text) };
    note(&verdict);
    match verdict {
        Ok(decrypted) => {
            assert!(message.acceptable(&text), "accepted: {text} {}", message.protected);
            assert_eq!(decrypted.plaintext(), CONTENT, "{text}");
            assert_eq!(decrypted.protected_header(), message.protected, "{text}");
            reached(format!("decrypted form {form}"));
        }
        Err(error) => assert!(!message.acceptable(&text), "{error}: {text} {}", message.protected),
    }
}

fn header(source: &mut Source<'_>, good: &[&str]) -> String {
    let start = source.pick(good);
    let generated = generate::object(source, NAMES);
    let members = generated.strip_prefix('{').unwrap_or(&generated);
    let comma = if start == "{" || members.trim_start().starts_with('}') { "" } else { "," };
    format!("{start}{comma}{members}")
}

impl Sealed {
    fn text(&self) -> String {
        let protected = reference::encode(&self.protected);
        let key = UnboundKey::new(&AES_128_GCM, SECRET).map(LessSafeKey::new).expect("a good key");
        let mut data = CONTENT.to_vec();
        let nonce = Nonce::assume_unique_for_key(IV);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(&protected), &mut data).expect("sealed");
        let (iv, data, tag) = (reference::encode(IV), reference::encode(data), reference::encode(tag));
        if self.form == 0 {
            return format!("{protected}..{iv}.{data}.{tag}");
        }
        let member = |name, header: &Option<String>| {
            header.as_ref().map_or(String::new(), |header| format!("\"{name}\":{header}"))
        };
        let recipient = member("header", &self.recipient);
        let recipient = match (self.form, recipient.is_empty()) {
            (2, _) => format!(",\"recipients\":[{{{recipient}}}]"),
            (_, true) => String::new(),
            _ => format!(",{recipient}"),
        };
        let shared = member("unprotected", &self.shared);
        let shared = if shared.is_empty() { shared } else { format!(",{shared}") };
        format!(
            "{{\"protected\":\"{protected}\"{shared}{recipient},\"iv\":\"{iv}\",\"ciphertext\":\"{data}\",\"tag\":\"{tag}\"}}"
        )
    }

    /// RFC 7516 §4 and §7.2, for a secret for `dir` with A128GCM that has no id, and a reader of no extension.
    fn acceptable(&self, text: &str) -> bool {
        let small = |header: &String| header.len() <= 8 * 1024;
        let sizes = text.len() <= 16 * 1024
            && reference::encode(&self.protected).len() <= 8 * 1024
            && [&self.shared, &self.recipient].into_iter().flatten().all(small);
        let strict = self.form == 0 || Tree::read(text).is_some_and(|tree| tree.is_strict_object(32));
        let read = |header: &str| Tree::read(header).filter(|tree| tree.is_strict_object(32));
        let empty = || Some(Tree::Object(Vec::new()));
        let unprotected = |header: &Option<String>| header.as_deref().map_or_else(empty, read);
        let (Some(protected), Some(shared), Some(recipient)) =
            (read(&self.protected), unprotected(&self.shared), unprotected(&self.recipient))
        else {
            return false;
        };
        sizes && strict && members_fit(&protected, &shared, &recipient)
    }
}

fn members_fit(protected: &Tree, shared: &Tree, recipient: &Tree) -> bool {
    let all = [protected, shared, recipient];
    let mut names: Vec<_> =
        all.iter().flat_map(|tree| tree.members().unwrap_or_default()).map(|(name, _)| name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    let find = |name| all.iter().find_map(|tree| tree.member(name));
    let is = |member: Option<&Tree>, text: &str| member.and_then(Tree::text) == Some(text);
    let text_or_absent = |name| protected.member(name).is_none_or(|member| member.text().is_some());
    let kid = find("kid").is_none_or(|kid| {
        kid.text().is_some_and(|kid| (1..=256).contains(&kid.len()) && !kid.chars().any(char::is_control))
    });
    names.len() == count
        && is(find("alg"), "dir")
        && is(protected.member("enc").or(shared.member("enc")), "A128GCM")
        && find("zip").is_none()
        && find("crit").is_none()
        && kid
        && text_or_absent("typ")
        && text_or_absent("cty")
}

fn direct() -> &'static Decrypter {
    static DECRYPTER: OnceLock<Decrypter> = OnceLock::new();
    DECRYPTER.get_or_init(|| {
        let key = DecryptionKey::direct(ContentEncryption::A128Gcm, SECRET).expect("a good key");
        Decrypter::builder().key(key).build().expect("a good decrypter")
    })
}

/// Compact messages of another implementation, each with a decrypter for it.
fn examples() -> &'static [(Decrypter, String)] {
    static EXAMPLES: OnceLock<Vec<(Decrypter, String)>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let examples: serde_json::Value = serde_json::from_str(fixed::MESSAGES).expect("JSON");
        let entries = examples["jwe"].as_array().expect("a list").iter();
        let compact =
            entries.filter_map(|entry| Some((decrypter(entry)?, entry["jwe"].as_str()?.to_owned())));
        compact.filter(|(decrypter, text)| decrypter.decrypt(text).is_ok()).collect()
    })
}

/// `None` for a key that the fixed ones do not have, or one that takes long.
fn decrypter(entry: &serde_json::Value) -> Option<Decrypter> {
    let recipient = entry["recipients"].get(0)?;
    let algorithm: KeyAlgorithm = recipient["alg"].as_str()?.parse().ok()?;
    let jwk = Jwk::parse(fixed::encryption_jwk(recipient["key"].as_str()?)?).expect("a good JWK");
    let key = match entry["enc"].as_str()?.parse() {
        Ok(content) if algorithm == KeyAlgorithm::Dir => DecryptionKey::from_jwk_direct(content, &jwk),
        _ => DecryptionKey::from_jwk_as(algorithm, &jwk),
    };
    Some(Decrypter::builder().key(key.expect("a good key")).build().expect("a good decrypter"))
}
