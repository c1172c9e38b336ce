//! A valid token of any algorithm, changed in any way, does not verify.
//!
//! The input picks a token and then edits: those that damage it, and those that a careless decoder undoes.

use crate::outcome::reached;
use crate::source::Source;
use crate::{agree, fixed};
use std::collections::HashSet;
use std::sync::OnceLock;
use waxseal::{KeyRing, Verifier};

/// Panics if a changed token verifies, or an unchanged one does not.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    let (index, original) = source.pick_from(fixed::tokens());
    let mut bytes = original.clone().into_bytes();
    while !source.is_empty() && bytes.len() < 20_000 {
        edit(&mut bytes, &mut source);
    }
    let token = String::from_utf8_lossy(&bytes);
    let own = verifiers().get(*index).expect("one for each pair");
    for verifier in [own, verifiers().last().expect("the ring")] {
        match agree::verify(verifier, &token, fixed::at(0)) {
            Ok(_) => {
                // Edits may happen to make another token of the list.
                assert!(known().contains(&*token), "a changed token verifies: {token}");
                reached(if *token == **original { "unchanged" } else { "another known token" });
            }
            Err(error) => {
                assert_ne!(*token, **original, "a valid token is refused: {error}");
                reached(format!("refused {}", error.code()));
            }
        }
    }
}

/// Changes a token in one place.
pub(crate) fn edit(bytes: &mut Vec<u8>, source: &mut Source<'_>) {
    let kind = source.byte() % 12;
    let Some(place) = bytes.len().checked_sub(1).map(|last| match source.below(8) {
        // Ends of parts are where base64url can be bent.
        0 => last,
        1 => bytes.iter().position(|byte| *byte == b'.').map_or(0, |dot| dot.saturating_sub(1)),
        2 => bytes.iter().rposition(|byte| *byte == b'.').map_or(0, |dot| dot.saturating_sub(1)),
        3 => bytes.iter().rposition(|byte| *byte == b'.').unwrap_or(0),
        _ => source.below(bytes.len()),
    }) else {
        return;
    };
    match kind {
        0 => bytes[place] ^= 1 << (source.byte() % 8),
        1 => bytes[place] = source.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        2 => bytes[place] = next_in_alphabet(bytes[place]),
        3 => bytes.insert(place + 1, source.pick(b"=.A \n\t\0+/")),
        4 => drop(bytes.remove(place)),
        5 => bytes.truncate(place),
        6 => swap_alphabets(bytes),
        7 => bytes[place] = bytes[place].to_ascii_uppercase(),
        8 => take_part(bytes, source),
        9 => bytes.splice(place..place, source.chunk().iter().copied()).for_each(drop),
        10 => bytes.extend_from_within(place..),
        _ => bytes[place] = source.byte(),
    }
}

/// The character whose value is one more: at the end of a part it differs in bits that encode nothing.
fn next_in_alphabet(byte: u8) -> u8 {
    match byte {
        b'Z' => b'a',
        b'z' => b'0',
        b'9' => b'-',
        b'-' => b'_',
        other => other.wrapping_add(1),
    }
}

fn swap_alphabets(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = match *byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
    }
}

/// Replaces a part by that of another valid token.
fn take_part(bytes: &mut Vec<u8>, source: &mut Source<'_>) {
    let (_, other) = source.pick_from(fixed::tokens());
    let part = source.below(3);
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut parts: Vec<_> = text.split('.').collect();
    if let (Some(slot), Some(taken)) = (parts.get_mut(part), other.split('.').nth(part)) {
        *slot = taken;
        *bytes = parts.join(".").into_bytes();
    }
}

fn known() -> &'static HashSet<&'static str> {
    static KNOWN: OnceLock<HashSet<&'static str>> = OnceLock::new();
    KNOWN.get_or_init(|| fixed::tokens().iter().map(|(_, token)| token.as_str()).collect())
}

/// A verifier for each pair, then one for all of them.
fn verifiers() -> &'static [Verifier] {
    static VERIFIERS: OnceLock<Vec<Verifier>> = OnceLock::new();
    VERIFIERS.get_or_init(|| {
        let keys = || fixed::pairs().iter().map(|pair| pair.verifying.clone());
        let rings = keys().map(|key| KeyRing::new([key])).chain([KeyRing::new(keys())]);
        let build = |ring: Result<KeyRing, _>| {
            let verifier = Verifier::builder().keys(ring.expect("few keys"));
            verifier.issuer(fixed::ISSUER).audience(fixed::AUDIENCE).build().expect("a good verifier")
        };
        rings.map(build).collect()
    })
}
