//! Makes the tokens that every contender verifies, with nothing but the bare primitives.

use crate::floor::signature;
use bench_core::{Algorithm, Size, claims};

/// Writes the files that [`claims::token`] reads.
///
/// # Panics
/// When a file cannot be written.
pub fn write_tokens() {
    for algorithm in Algorithm::ALL {
        let sizes = if algorithm == Algorithm::Hs256 { &Size::ALL[..] } else { &[Size::Small] };
        for size in sizes {
            let file = claims::token_file(algorithm, *size);
            std::fs::write(&file, token(algorithm, *size) + "\n").expect("a file to write to");
            println!("{}", file.display());
        }
    }
}

fn token(algorithm: Algorithm, size: Size) -> String {
    let header = format!(r#"{{"alg":"{}","typ":"JWT"}}"#, algorithm.name());
    let payload = serde_json::to_vec(&claims::claims(size)).expect("claims as JSON");
    let input = format!("{}.{}", base64url(header.as_bytes()), base64url(&payload));
    let signature = signature(algorithm, input.as_bytes());
    format!("{input}.{}", base64url(&signature))
}

fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0, |bits, byte| (bits << 8) | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) & 63]));
        }
    }
    text
}
