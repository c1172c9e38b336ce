//! `waxseal keys jwks`: the key set that others verify with.

use crate::args::keys::JwksArgs;
use crate::failure::Failure;
use crate::host::Host;
use crate::key_form::Key;
use crate::key_source;
use crate::output::{Layout, lay_out};
use waxseal::{Code, JwkSet, PublicKey};

pub(in crate::commands) fn run(args: &JwksArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let passphrase = key_source::passphrase(&args.passphrase, host)?;
    let mut keys: Vec<PublicKey> = Vec::new();
    for file in &args.files {
        let place = file.display().to_string();
        for key in public_halves(key_source::load_file(file, args.algorithm.into(), &passphrase, host)?)
            .map_err(|failure| failure.at(&place))?
        {
            if keys.iter().any(|known| known.kid() == key.kid()) {
                return Err(Failure::unusable(
                    "key_duplicate",
                    format!("{place}: another key has the same kid"),
                )
                .with_help("verifiers find keys by kid: give each key once, with a kid of its own"));
            }
            keys.push(key);
        }
    }
    host.print_line(&lay_out(&JwkSet::from_keys(keys).to_json(), Layout::Indented))
}

fn public_halves(key: Key) -> Result<Vec<PublicKey>, Failure> {
    match key {
        Key::Private(key) => Ok(vec![key.public_key()]),
        Key::Public(key) => Ok(vec![key]),
        Key::Set(set) => Ok(set.keys().to_vec()),
        Key::Secret(_) => Err(Failure::unusable(
            Code::KeyNotPublic.as_str(),
            "a shared secret has no public half and must not be published",
        )),
    }
}
