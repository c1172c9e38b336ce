//! `waxseal keys generate`: makes a key.

use crate::args::keys::{GenerateArgs, KeyFormat};
use crate::args::{KeyUse, NamedAlgorithm};
use crate::failure::Failure;
use crate::host::Host;
use crate::jwe_keys::{is_password, secret_of_jwk};
use crate::output::{Layout, lay_out, printable};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use waxseal::jwe::{DecryptionKey, KeyAlgorithm};
use waxseal::{Algorithm, PrivateKey, SecretKey};
use zeroize::Zeroizing;

pub(in crate::commands) fn run(args: &GenerateArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    check(args)?;
    let (text, thumbprint) = match args.algorithm {
        KeyUse::Signature(named) if named.algorithm.is_symmetric() => secret(args, named)?,
        KeyUse::Signature(named) => private(args, named)?,
        KeyUse::Management(algorithm) => for_encryption(args, &decryption_key(args, algorithm)?)?,
        KeyUse::Content(content) => for_encryption(args, &DecryptionKey::generate_direct(content)?)?,
    };
    let Some(path) = &args.out else {
        return host.print(&text);
    };
    write_new(path, text.as_bytes())?;
    let name = thumbprint.map_or(String::new(), |thumbprint| format!(", thumbprint {thumbprint}"));
    host.note(&printable(&format!("wrote a new {} key to {}{name}", args.algorithm, path.display())));
    Ok(())
}

/// The text of the file, and a name for the key that may be shown to anyone.
type Written = (Zeroizing<String>, Option<String>);

/// Refuses options that the algorithm leaves no room for.
fn check(args: &GenerateArgs) -> Result<(), Failure> {
    let algorithm = args.algorithm;
    if algorithm.is_symmetric() {
        if args.format == Some(KeyFormat::Pem) {
            return Err(Failure::usage(format!("a shared secret for {algorithm} has no PEM form"))
                .with_help("use --format base64url or --format jwk"));
        }
        if args.bits.is_some() {
            return Err(Failure::usage("only RSA keys come in several sizes").with_help("leave --bits out"));
        }
    } else if args.format == Some(KeyFormat::Base64url) {
        return Err(Failure::usage(format!("a key for {algorithm} has no base64url form"))
            .with_help("use --format pem or --format jwk"));
    }
    if args.curve.is_some() && !algorithm.to_string().starts_with("ECDH-ES") {
        return Err(Failure::usage(format!("{algorithm} leaves no choice of a curve"))
            .with_help("leave --curve out; it is for ECDH-ES and ECDH-ES+A128KW to ECDH-ES+A256KW"));
    }
    Ok(())
}

fn secret(args: &GenerateArgs, named: NamedAlgorithm) -> Result<Written, Failure> {
    let key = SecretKey::generate(named.algorithm)?;
    let as_jwk = args.format == Some(KeyFormat::Jwk);
    Ok((if as_jwk { jwk(&key.to_jwk_json()) } else { line(&key.to_base64url()) }, None))
}

fn private(args: &GenerateArgs, named: NamedAlgorithm) -> Result<Written, Failure> {
    let mut key = match args.bits {
        Some(bits) => PrivateKey::generate_rsa(named.algorithm, bits)?,
        None => PrivateKey::generate(named.algorithm)?,
    };
    if named.fully_specified {
        key = key.with_fully_specified_alg();
    }
    let as_jwk = args.format == Some(KeyFormat::Jwk);
    let text = if as_jwk { jwk(&key.to_jwk_json()) } else { line(&key.to_pkcs8_pem()) };
    Ok((text, Some(key.public_key().thumbprint())))
}

fn decryption_key(args: &GenerateArgs, algorithm: KeyAlgorithm) -> Result<DecryptionKey, Failure> {
    Ok(match (algorithm, args.curve, args.bits) {
        (KeyAlgorithm::Dir, _, _) => {
            return Err(Failure::usage("a key for dir is for one content encryption")
                .with_help("name that: --algorithm A256GCM, A128CBC-HS256, …"));
        }
        _ if is_password(algorithm) => {
            return Err(Failure::usage(format!("{algorithm} takes a password, not a key"))
                .with_help("a generated secret is better: --algorithm A256KW"));
        }
        (_, Some(curve), _) => DecryptionKey::generate_on(algorithm, curve.into())?,
        (_, None, Some(bits)) => {
            let rsa = PrivateKey::generate_rsa(Algorithm::Rs256, bits)?;
            DecryptionKey::from_der(algorithm, &rsa.to_pkcs8_der())?
        }
        (_, None, None) => DecryptionKey::generate(algorithm)?,
    })
}

fn for_encryption(args: &GenerateArgs, key: &DecryptionKey) -> Result<Written, Failure> {
    let json = key.to_jwk_json().unwrap_or_default();
    let text = match key.to_pkcs8_pem() {
        _ if args.format == Some(KeyFormat::Jwk) => jwk(&json),
        Some(pem) => line(&pem),
        None => line(&Zeroizing::new(URL_SAFE_NO_PAD.encode(&*secret_of_jwk(&json)?))),
    };
    Ok((text, key.kid().map(str::to_owned)))
}

fn jwk(json: &str) -> Zeroizing<String> {
    line(&Zeroizing::new(lay_out(json, Layout::Indented)))
}

fn line(text: &str) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(text.len() + 1));
    line.push_str(text.trim_end());
    line.push('\n');
    line
}

/// Creates the file with its final permissions, so that there is no moment in which others can open it.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::unusable("output_exists", format!("{} exists and is never overwritten", path.display()))
                .with_help(
                    "choose another name, or move the old key away first: what it signed may still be in use",
                )
        }
        _ => unwritable(path, &error),
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        // Half a key is of no use, and would be in the way of the next try.
        let _ = std::fs::remove_file(path);
        unwritable(path, &error)
    })
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::unusable("output_failed", format!("cannot write {}: {error}", path.display()))
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
