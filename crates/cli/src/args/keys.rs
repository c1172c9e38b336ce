//! The arguments of `waxseal keys`.

use super::EXIT_CODES;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use waxseal::Algorithm;

/// The commands under `waxseal keys`.
#[derive(Subcommand, Debug)]
pub(crate) enum KeysCommand {
    Generate(GenerateArgs),
    Jwks(JwksArgs),
    Thumbprint(ThumbprintArgs),
}

const GENERATE_EXAMPLES: &str = "\
Examples:
  waxseal keys generate --algorithm ES256 --out private.pem
  waxseal keys generate --algorithm EdDSA --format jwk --out private.jwk
  export JWT_SECRET=\"$(waxseal keys generate --algorithm HS256)\"";

/// Make a new private key or shared secret
///
/// Without --out it goes to standard output. A shared secret is printed in base64url: give it to `sign` and `verify`
/// with --secret-format base64url.
#[derive(Args, Debug)]
#[command(after_help = format!("{GENERATE_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct GenerateArgs {
    /// What the key is for, for example ES256, EdDSA, RS256 or HS256
    #[arg(long, visible_alias = "alg", value_parser = super::algorithm, value_name = "NAME")]
    pub(crate) algorithm: Algorithm,

    /// The file to make, readable by its owner only; a file that exists is never overwritten
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,

    /// How the key is written [default: pem, for a shared secret base64url]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<KeyFormat>,
}

/// How a new key is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum KeyFormat {
    /// PKCS#8 in PEM; not for shared secrets
    Pem,
    /// A JSON Web Key
    Jwk,
    /// The bytes of a shared secret in base64url
    Base64url,
}

const JWKS_EXAMPLES: &str = "\
Examples:
  waxseal keys jwks current.pem next.pem > jwks.json
  waxseal keys jwks --algorithm PS256 rsa.pem";

/// Print the JWK Set that others verify with
///
/// The public halves of the given keys, each named by its `kid`: the JWK's own, else the RFC 7638 thumbprint. Shared
/// secrets are refused.
#[derive(Args, Debug)]
#[command(after_help = format!("{JWKS_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct JwksArgs {
    /// Private or public keys as PEM or JWK, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// The algorithm of the keys that do not tell it: RSA keys in PEM, or in JWK without `alg`
    #[arg(long, visible_alias = "alg", value_parser = super::algorithm, value_name = "NAME")]
    pub(crate) algorithm: Option<Algorithm>,
}

const THUMBPRINT_EXAMPLES: &str = "\
Examples:
  waxseal keys thumbprint public.pem
  waxseal keys generate --algorithm ES256 | waxseal keys thumbprint -";

/// Print the RFC 7638 thumbprint of a key (SHA-256, base64url)
///
/// The same for the private and the public half, in whatever form. That of a shared secret is refused: it would help
/// to guess the secret.
#[derive(Args, Debug)]
#[command(after_help = format!("{THUMBPRINT_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct ThumbprintArgs {
    /// A private or public key as PEM or JWK, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}
