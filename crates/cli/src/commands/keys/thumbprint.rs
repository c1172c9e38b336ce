//! `waxseal keys thumbprint`: the name of a key that follows from the key.

use crate::args::keys::ThumbprintArgs;
use crate::failure::Failure;
use crate::host::Host;
use crate::key_form::{Key, Purpose};
use crate::key_source;
use waxseal::Code;

pub(in crate::commands) fn run(args: &ThumbprintArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let passphrase = key_source::passphrase(&args.passphrase, host)?;
    let thumbprint = match key_source::load_file(&args.file, Purpose::Any, &passphrase, host)? {
        Key::Private(key) => key.public_key().thumbprint(),
        Key::Public(key) => key.thumbprint(),
        Key::Secret(_) => {
            return Err(Failure::unusable(
                Code::KeyNotPublic.as_str(),
                "the thumbprint of a shared secret would help to guess the secret",
            )
            .with_help("name a shared secret yourself: sign --key-id NAME"));
        }
        Key::Set(_) => {
            return Err(Failure::unusable(
                Code::KeyMalformed.as_str(),
                "this is a key set, and one key is needed",
            ));
        }
    };
    host.print_line(&thumbprint)
}
