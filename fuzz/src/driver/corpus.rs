//! Seeds and words to start from, and where failures are written.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The committed seeds of a target, by file name. What a libFuzzer campaign found (its files are named by a hash) is
/// left out, so that a run is the same in every checkout.
pub(super) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut files = list(&root().join("corpus").join(target)).unwrap_or_default();
    files.retain(|file| !is_generated(file));
    files.sort();
    files.iter().filter_map(|file| fs::read(file).ok()).collect()
}

fn list(directory: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn is_generated(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().as_encoded_bytes();
    name.len() == 40 && name.iter().all(u8::is_ascii_hexdigit)
}

/// The words of `jose.dict`, which is in libFuzzer's format: `"…"`, with `\\`, `\"` and `\xNN` inside.
pub(super) fn words() -> Vec<Vec<u8>> {
    let text = include_str!("../../jose.dict");
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(|word| unescape(word.as_bytes())).collect()
}

fn unescape(mut word: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some((&first, rest)) = word.split_first() {
        word = rest;
        if first != b'\\' {
            out.push(first);
        } else if let Some((digits, rest)) = rest.strip_prefix(b"x").and_then(|rest| rest.split_at_checked(2))
        {
            let digits = str::from_utf8(digits).unwrap_or_default();
            out.extend(u8::from_str_radix(digits, 16));
            word = rest;
        } else if let Some((&escaped, rest)) = rest.split_first() {
            out.push(escaped);
            word = rest;
        }
    }
    out
}

/// Writes an input to `artifacts/<target>/`, under a name made of its bytes.
pub(super) fn save_failure(target: &str, input: &[u8]) -> Option<PathBuf> {
    let directory = root().join("artifacts").join(target);
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let file = directory.join(format!("failure-{:016x}", hasher.finish()));
    fs::create_dir_all(&directory).and_then(|()| fs::write(&file, input)).ok()?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_and_words() {
        for target in crate::TARGETS {
            assert!(!seeds(target.name).is_empty(), "{}", target.name);
        }
        assert!(words().contains(&b"\"alg\"".to_vec()));
        assert_eq!(unescape(br#"a\\b\"\x00\xffc"#), b"a\\b\"\0\xffc");
    }

    #[test]
    fn what_libfuzzer_found_is_no_seed() {
        assert!(is_generated(Path::new("corpus/json/0a4d55a8d778e5022fab701977c5d840bbc486d0")));
        assert!(!is_generated(Path::new("corpus/json/duplicate-name")));
    }
}
