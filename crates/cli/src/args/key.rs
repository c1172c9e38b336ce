//! Where a key comes from. Never an argument itself: every user of a machine can list arguments.

use super::NamedAlgorithm;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The sources of a key, of which exactly one is named.
#[derive(Args, Debug)]
#[command(next_help_heading = "Key (exactly one source)")]
#[group(multiple = false, id = "key_source")]
pub(crate) struct KeySourceArgs {
    /// Shared secret (HS256…): the name of the environment variable that holds it
    #[arg(long, value_name = "NAME")]
    pub(crate) secret_env: Option<String>,

    /// Shared secret (HS256…): the file that holds it, or - for standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) secret_file: Option<PathBuf>,

    /// Key as PEM, JWK or (to verify) JWK Set: the name of the environment variable that holds it
    #[arg(long, value_name = "NAME")]
    pub(crate) key_env: Option<String>,

    /// Key as PEM, DER, JWK or (to verify) JWK Set: the file that holds it, or - for standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) key_file: Option<PathBuf>,
}

/// A key and how to read it.
#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    pub(crate) source: KeySourceArgs,

    /// How the secret is written
    ///
    /// One line end at the end of a secret is dropped (LF or CRLF), so that files made by editors and by `echo` work;
    /// everything else counts, spaces too.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", conflicts_with_all = ["key_env", "key_file"])]
    pub(crate) secret_format: SecretFormat,

    /// The algorithm, where the key does not tell it
    ///
    /// An EC or Ed25519 key and a JWK with `alg` tell it; an RSA key does not (say RS256, PS256, …). A shared secret is
    /// for HS256 unless said otherwise. The token is never asked.
    #[arg(long, visible_alias = "alg", value_parser = super::algorithm, value_name = "NAME")]
    pub(crate) algorithm: Option<NamedAlgorithm>,

    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// The passphrase of an encrypted private key.
#[derive(Args, Debug)]
pub(crate) struct PassphraseArgs {
    /// Passphrase of an encrypted private key: the name of the environment variable that holds it
    #[arg(long, value_name = "NAME", conflicts_with = "passphrase_file")]
    pub(crate) passphrase_env: Option<String>,

    /// Passphrase of an encrypted private key: the file that holds it; one line end at its end is dropped
    #[arg(long, value_name = "PATH")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// How the bytes of a secret are written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum SecretFormat {
    /// The bytes of the text are the secret
    #[default]
    Text,
    /// base64url without padding, as `keys generate` prints it
    Base64url,
    /// Two hexadecimal digits for each byte
    Hex,
}
