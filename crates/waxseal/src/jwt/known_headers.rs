//! Headers whose meaning was worked out before any token came.
//!
//! Issuers write one header for all tokens of a key. A token whose encoded header equals one of these, byte
//! for byte, needs no decoding and no parsing of it: the answer is the one that the parser gave, when the
//! verifier was built. Everything else takes the long way.

use crate::keys::{KeyRing, VerifyingKey};
use crate::token::Header;
use crate::{Limits, base64url, json};

/// Keys beyond this many get no entries; rings are rarely larger than three.
const MAX_KEYS: usize = 16;

/// Encoded headers, by length and then bytes, each with the place of its key in the ring.
#[derive(Default)]
pub(super) struct KnownHeaders(Vec<(Vec<u8>, usize)>);

impl KnownHeaders {
    /// The usual headers of tokens by the keys of `ring`, as far as `accepts` takes them and one key answers.
    pub(super) fn new(
        ring: &KeyRing,
        types: &[String],
        limits: &Limits,
        accepts: impl Fn(&Header<'_>) -> bool,
    ) -> Self {
        let mut entries = Vec::new();
        for key in ring.keys().iter().take(MAX_KEYS) {
            for text in usual_headers(key, types) {
                let encoded = base64url::encode(text.as_bytes()).into_bytes();
                let Ok(header) = Header::parse(&text, limits) else { continue };
                if encoded.len() > limits.header_bytes || !accepts(&header) {
                    continue;
                }
                if let Some(index) = only_candidate(ring, &header) {
                    entries.push((encoded, index));
                }
            }
        }
        entries.sort_by(|(a, _), (b, _)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        entries.dedup();
        Self(entries)
    }

    /// The place of the key for a token with this encoded header.
    #[inline]
    pub(super) fn find(&self, encoded: &[u8]) -> Option<usize> {
        let order = |(known, _): &(Vec<u8>, usize)| {
            known.len().cmp(&encoded.len()).then_with(|| known.as_slice().cmp(encoded))
        };
        let place = self.0.binary_search_by(order).ok()?;
        self.0.get(place).map(|(_, index)| *index)
    }
}

fn only_candidate(ring: &KeyRing, header: &Header<'_>) -> Option<usize> {
    let mut candidates = ring.candidates(header.alg.parse().ok(), header.kid.as_deref()).ok()?;
    let only = candidates.next().filter(|_| candidates.next().is_none())?;
    ring.keys().iter().position(|key| std::ptr::eq(key, only))
}

/// The orders of `alg`, `typ` and `kid` that issuers are seen to write, compactly.
fn usual_headers(key: &VerifyingKey, types: &[String]) -> Vec<String> {
    let algorithm = key.algorithm();
    let mut texts = Vec::new();
    for name in [Some(algorithm.as_str()), algorithm.fully_specified()].into_iter().flatten() {
        let alg = member("alg", name);
        let kid = key.kid().map(|kid| member("kid", kid));
        for typ in types.iter().take(2).map(|typ| Some(member("typ", typ))).chain([None]) {
            for order in [[Some(&alg), typ.as_ref(), kid.as_ref()], [typ.as_ref(), Some(&alg), kid.as_ref()]]
            {
                texts.push(object(&order));
            }
            for order in [[Some(&alg), kid.as_ref(), typ.as_ref()], [kid.as_ref(), typ.as_ref(), Some(&alg)]]
            {
                texts.push(object(&order));
            }
            texts.push(object(&[Some(&alg), typ.as_ref(), None]));
            texts.push(object(&[typ.as_ref(), Some(&alg), None]));
        }
    }
    texts
}

fn member(name: &str, text: &str) -> String {
    let mut json = format!("\"{name}\":").into_bytes();
    json::write_string(text, &mut json);
    String::from_utf8(json).unwrap_or_default()
}

fn object(members: &[Option<&String>]) -> String {
    let members: Vec<&str> = members.iter().filter_map(|member| member.map(String::as_str)).collect();
    format!("{{{}}}", members.join(","))
}
