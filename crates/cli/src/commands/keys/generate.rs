//! `waxseal keys generate`: makes a key.

use crate::args::NamedAlgorithm;
use crate::args::keys::{GenerateArgs, KeyFormat};
use crate::failure::Failure;
use crate::host::Host;
use crate::output::{Layout, lay_out, printable};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use waxseal::{PrivateKey, SecretKey};
use zeroize::Zeroizing;

pub(in crate::commands) fn run(args: &GenerateArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let (text, thumbprint) =
        if args.algorithm.algorithm.is_symmetric() { secret(args)? } else { private(args)? };
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

fn secret(args: &GenerateArgs) -> Result<Written, Failure> {
    if args.bits.is_some() {
        return Err(Failure::usage("only RSA keys come in several sizes").with_help("leave --bits out"));
    }
    let key = SecretKey::generate(args.algorithm.algorithm)?;
    let text = match args.format {
        None | Some(KeyFormat::Base64url) => line(&key.to_base64url()),
        Some(KeyFormat::Jwk) => jwk(&key.to_jwk_json()),
        Some(KeyFormat::Pem) => {
            return Err(Failure::usage(format!("a shared secret for {} has no PEM form", args.algorithm))
                .with_help("use --format base64url or --format jwk"));
        }
    };
    Ok((text, None))
}

fn private(args: &GenerateArgs) -> Result<Written, Failure> {
    if args.format == Some(KeyFormat::Base64url) {
        return Err(Failure::usage(format!("a key for {} has no base64url form", args.algorithm))
            .with_help("use --format pem or --format jwk"));
    }
    let NamedAlgorithm { algorithm, fully_specified } = args.algorithm;
    let mut key = match args.bits {
        Some(bits) => PrivateKey::generate_rsa(algorithm, bits)?,
        None => PrivateKey::generate(algorithm)?,
    };
    if fully_specified {
        key = key.with_fully_specified_alg();
    }
    let text = match args.format {
        Some(KeyFormat::Jwk) => jwk(&key.to_jwk_json()),
        _ => line(&key.to_pkcs8_pem()),
    };
    Ok((text, Some(key.public_key().thumbprint())))
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
