//! Reading files and standard input, bounded: a path may name a device that never ends.

use crate::failure::Failure;
use crate::host::Host;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// Key files are small; a JWK Set of a large issuer stays far below this.
const MAX_KEY_BYTES: u64 = 1024 * 1024;

/// More than the verifier takes, so that it is the verifier who says that a token is too large.
const MAX_TOKEN_BYTES: u64 = 64 * 1024;

/// The longest JWS or JWE that the commands for them make and read; as long as a line of a batch.
pub(crate) const MAX_JWS_BYTES: usize = 1024 * 1024;

/// The longest payload that is signed inside a JWS: in base64url it fills one.
const MAX_PAYLOAD_BYTES: u64 = 768 * 1024;

/// The longest detached payload, which is held in memory.
pub(crate) const MAX_DETACHED_BYTES: usize = 256 * 1024 * 1024;

/// What was read, and what to call its origin in messages.
pub(crate) struct Input {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    pub(crate) place: String,
    /// The origin is a file that users other than its owner can read.
    pub(crate) open_to_others: bool,
}

/// Whether the path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a key or secret from a file, or from standard input for `-`.
pub(crate) fn key_file(path: &Path, host: &mut Host<'_>) -> Result<Input, Failure> {
    if is_stdin(path) {
        let place = "standard input".to_owned();
        let bytes = bounded(&mut *host.stdin, MAX_KEY_BYTES, &place)?;
        return Ok(Input { bytes, place, open_to_others: false });
    }
    let place = path.display().to_string();
    let mut file = File::open(path).map_err(|error| unreadable(&place, &error))?;
    let open_to_others = open_to_others(&file);
    let bytes = bounded(&mut file, MAX_KEY_BYTES, &place)?;
    Ok(Input { bytes, place, open_to_others })
}

/// Reads a key or secret from the environment variable `name`.
pub(crate) fn key_variable(name: &str, host: &Host<'_>) -> Result<Input, Failure> {
    let Some(value) = (host.variable)(name) else {
        // `--secret-env "$JWT_SECRET"` is an easy slip: what is no variable may be the secret, so it is not repeated.
        return Err(Failure::unusable(
            "input_unreadable",
            "there is no environment variable of the given name",
        )
        .with_help("the option takes the name of a variable, not the secret itself"));
    };
    let place = format!("environment variable {name}");
    Ok(Input { bytes: Zeroizing::new(value.into_encoded_bytes()), place, open_to_others: false })
}

/// The token named on the command line, or read from standard input when there is none or `-`.
pub(crate) fn token(argument: Option<&str>, host: &mut Host<'_>) -> Result<String, Failure> {
    if let Some(token) = argument.filter(|token| *token != "-") {
        return Ok(token.to_owned());
    }
    text_from_stdin("the token", MAX_TOKEN_BYTES, host)
}

/// The JWS named on the command line, or read from standard input when there is none or `-`.
pub(crate) fn jws(argument: Option<&str>, host: &mut Host<'_>) -> Result<String, Failure> {
    if let Some(jws) = argument.filter(|jws| *jws != "-") {
        return Ok(jws.to_owned());
    }
    text_from_stdin("the JWS", MAX_JWS_BYTES as u64, host)
}

fn text_from_stdin(what: &str, limit: u64, host: &mut Host<'_>) -> Result<String, Failure> {
    if host.stdin_is_terminal {
        host.note(&format!("waxseal: reading {what} from standard input; end with Ctrl-D"));
    }
    let mut bytes = Vec::new();
    (&mut *host.stdin)
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable("standard input", &error))?;
    // More than the limit stays as long as it is and is refused for it: trimmed, a token followed by 64 KiB of spaces and
    // then anything would pass for the token alone.
    let whole = bytes.len() as u64 <= limit;
    let text = if whole { bytes.trim_ascii() } else { &bytes };
    // A token is ASCII, so replacing what is not UTF-8 only decides who refuses it.
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// The octets to be signed or encrypted, from a file, or from standard input when there is none or `-`.
pub(crate) fn payload(path: Option<&Path>, host: &mut Host<'_>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    octets(path, MAX_PAYLOAD_BYTES, host)
}

/// The payload that a detached JWS is about.
pub(crate) fn detached_payload(path: &Path, host: &mut Host<'_>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    octets(Some(path), MAX_DETACHED_BYTES as u64, host)
}

fn octets(path: Option<&Path>, limit: u64, host: &mut Host<'_>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if let Some(path) = path.filter(|path| !is_stdin(path)) {
        let place = path.display().to_string();
        let mut file = File::open(path).map_err(|error| unreadable(&place, &error))?;
        return bounded(&mut file, limit, &place);
    }
    if host.stdin_is_terminal {
        host.note("waxseal: reading the payload from standard input; end with Ctrl-D");
    }
    bounded(&mut *host.stdin, limit, "standard input")
}

fn bounded(source: &mut dyn Read, limit: u64, place: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    source.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(place, &error))?;
    if bytes.len() as u64 > limit {
        return Err(Failure::unusable("input_too_large", format!("{place} holds more than {limit} bytes")));
    }
    Ok(bytes)
}

pub(crate) fn unreadable(place: &str, error: &io::Error) -> Failure {
    Failure::unusable("input_unreadable", format!("cannot read {place}: {error}"))
}

#[cfg(unix)]
fn open_to_others(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    // Pipes, as the shell's <(…) makes them, have modes that say nothing.
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn open_to_others(_file: &File) -> bool {
    false
}
