//! `waxseal jwe decrypt`: reads a JWE of any serialization.

use super::{check_stdin, key_inputs, no_key, password, secret};
use crate::allowed::Allowed;
use crate::args::jwe::JweDecryptArgs;
use crate::batch::{self, JweTask};
use crate::commands::jws::verify::Answer;
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, Input, MAX_JWS_BYTES};
use crate::jwe_keys::{Decrypting, Passwords, is_password, name_option};
use crate::key_form::{self, is_der, is_set};
use crate::key_source::{self, Passphrase};
use crate::output::line;
use waxseal::jwe::{DecryptError, DecryptedBytes, Decrypter, DecrypterBuilder, DecryptionKey, KeyAlgorithm};
use waxseal::{Limits, PrivateKey};

pub(in crate::commands) fn run(args: &JweDecryptArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let mut builder = Decrypter::builder().limits(Limits::default().token_bytes(MAX_JWS_BYTES));
    if !args.encryption.is_empty() {
        builder = builder.content_encryptions(args.encryption.iter().copied());
    }
    if args.allow_zip {
        builder = builder.allow_compression();
    }
    if args.batch {
        let passwords = passwords(args);
        return batch::run(&mut JweTask::new(move || builder.clone(), passwords), host);
    }
    let outcome = decrypt(args, builder, host);
    if args.json {
        host.print_line(&line(&answer(&outcome)?)?)?;
    } else if let Ok(Ok(decrypted)) = &outcome {
        host.print_octets(decrypted.plaintext())?;
    }
    outcome?.map(|_| ()).map_err(|error| Failure::undecrypted(&error))
}

fn passwords(args: &JweDecryptArgs) -> Passwords {
    let named = args.keys.password_env.is_some() || args.keys.password_file.is_some();
    Passwords { allowed: args.allow_pbes2 || named, max_iterations: args.max_iterations }
}

/// The outer error says that the question is wrong, the inner one that the JWE is.
type Outcome = Result<Result<DecryptedBytes, DecryptError>, Failure>;

fn decrypt(args: &JweDecryptArgs, builder: DecrypterBuilder, host: &mut Host<'_>) -> Outcome {
    check_stdin(&args.keys, args.jwe.as_deref().is_none_or(|jwe| jwe == "-"))?;
    // The keys first: whether they can be used must not depend on the JWE.
    let keys = keys(args, host)?;
    let decrypter = builder.keys(keys).build()?;
    let jwe = input::jws(args.jwe.as_deref(), host)?;
    Ok(if jwe.starts_with('{') { decrypter.decrypt_json(&jwe) } else { decrypter.decrypt(&jwe) })
}

fn keys(args: &JweDecryptArgs, host: &mut Host<'_>) -> Result<Vec<DecryptionKey>, Failure> {
    let names: Option<Vec<String>> = args.keys.algorithm.map(|algorithm| {
        let contents = args.encryption.iter().map(|content| content.as_str());
        std::iter::once(algorithm.as_str()).chain(contents).map(str::to_owned).collect()
    });
    let how = Decrypting { allowed: Allowed(names.as_deref()), passwords: passwords(args) };
    let passphrase = key_source::passphrase(&args.keys.passphrase, host)?;
    let mut keys = Vec::new();
    for input in key_inputs(&args.keys, host)? {
        let found = read(how, &input, &passphrase).map_err(name_option);
        keys.extend(found.map_err(|failure| failure.at(&input.place))?);
        key_source::warn_if_open(&input, host);
    }
    if let Some(octets) = secret(&args.keys, host)? {
        keys.extend(how.secret(&octets).map_err(name_option)?);
    }
    if let Some(octets) = password(&args.keys, host)? {
        keys.extend(with_password(how, args.keys.algorithm, &octets)?);
    }
    if keys.is_empty() { Err(no_key()) } else { Ok(keys) }
}

/// A password fits all three algorithms; which of them is meant need not be said.
fn with_password(
    how: Decrypting<'_>,
    algorithm: Option<KeyAlgorithm>,
    octets: &[u8],
) -> Result<Vec<DecryptionKey>, Failure> {
    if let Some(algorithm) = algorithm {
        return Ok(vec![how.password(algorithm, octets)?]);
    }
    let all = KeyAlgorithm::ALL.iter().filter(|algorithm| is_password(**algorithm));
    all.map(|algorithm| how.password(*algorithm, octets)).collect()
}

fn read(how: Decrypting<'_>, input: &Input, passphrase: &Passphrase) -> Result<Vec<DecryptionKey>, Failure> {
    let passphrase = passphrase.as_deref().map(Vec::as_slice);
    if is_der(&input.bytes) {
        let plain =
            passphrase.map(|passphrase| PrivateKey::decrypt_der(&input.bytes, passphrase)).transpose()?;
        let octets = plain.as_ref().unwrap_or(&input.bytes);
        let keys = how.private(|algorithm| DecryptionKey::from_der(algorithm, octets));
        return keys.map_err(key_form::name_passphrase);
    }
    let text = key_form::text(&input.bytes)?;
    if text.starts_with('{') && is_set(text) {
        let members = key_form::members_of_set(text)?;
        return batch::usable(members.into_iter().map(|member| how.jwk(member)));
    }
    if text.starts_with('{') {
        return how.jwk(text);
    }
    if let Some(passphrase) = passphrase {
        // Decrypted once, not for every algorithm.
        let plain = PrivateKey::decrypt_pem(text, passphrase)?;
        return how.private(|algorithm| DecryptionKey::from_der(algorithm, &plain));
    }
    how.private(|algorithm| DecryptionKey::from_pem(algorithm, text)).map_err(key_form::name_passphrase)
}

fn answer(outcome: &Outcome) -> Result<Answer, Failure> {
    match outcome {
        Ok(Ok(decrypted)) => {
            let header = Some(decrypted.protected_header()).filter(|header| !header.is_empty());
            Answer::good(header.unwrap_or("{}"), decrypted.plaintext())
        }
        Ok(Err(error)) => Ok(Answer::bad(error.code().as_str(), error.to_string())),
        Err(failure) => Ok(Answer::bad(failure.code(), failure.message().to_owned())),
    }
}
