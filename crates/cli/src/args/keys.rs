//! The arguments of `waxseal keys`.

use super::{EXIT_CODES, KeyUse, NamedAlgorithm, PassphraseArgs};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use waxseal::jwe::Curve;

/// The commands under `waxseal keys`.
#[derive(Subcommand, Debug)]
pub(crate) enum KeysCommand {
    Generate(GenerateArgs),
    Jwks(JwksArgs),
    Thumbprint(ThumbprintArgs),
    Convert(ConvertArgs),
    Inspect(InspectArgs),
}

const GENERATE_EXAMPLES: &str = "\
Examples:
  waxseal keys generate --algorithm ES256 --out private.pem
  waxseal keys generate --algorithm Ed25519 --format jwk --out private.jwk
  waxseal keys generate --algorithm PS256 --bits 3072 --out rsa.pem
  waxseal keys generate --algorithm ECDH-ES+A256KW --curve X25519 --format jwk --out private.jwk
  export JWT_SECRET=\"$(waxseal keys generate --algorithm HS256)\"";

/// Make a new private key or shared secret
///
/// Without --out it goes to standard output. A shared secret is printed in base64url: give it to `sign` and `verify`
/// with --secret-format base64url.
#[derive(Args, Debug)]
#[command(after_help = format!("{GENERATE_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct GenerateArgs {
    /// What the key is for, for example ES256, Ed25519, RS256, ML-DSA-65 or HS256;
    /// to encrypt ECDH-ES+A256KW, RSA-OAEP-256, A256KW, or for dir A256GCM
    #[arg(long, visible_alias = "alg", value_parser = super::key_use, value_name = "NAME")]
    pub(crate) algorithm: KeyUse,

    /// The size of a new RSA key: 2048, 3072 or 4096 [default: 2048]
    #[arg(long, value_name = "BITS")]
    pub(crate) bits: Option<usize>,

    /// The curve of a new ECDH-ES key [default: P-256]
    #[arg(long, value_enum, value_name = "CURVE")]
    pub(crate) curve: Option<CurveName>,

    /// The file to make, readable by its owner only; a file that exists is never overwritten
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,

    /// How the key is written [default: pem, for a shared secret base64url]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<KeyFormat>,
}

/// The curves of keys that agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum CurveName {
    /// NIST P-256
    #[value(name = "P-256")]
    P256,
    /// NIST P-384
    #[value(name = "P-384")]
    P384,
    /// NIST P-521
    #[value(name = "P-521")]
    P521,
    /// Curve25519
    #[value(name = "X25519")]
    X25519,
}

impl From<CurveName> for Curve {
    fn from(name: CurveName) -> Self {
        match name {
            CurveName::P256 => Self::P256,
            CurveName::P384 => Self::P384,
            CurveName::P521 => Self::P521,
            CurveName::X25519 => Self::X25519,
        }
    }
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
  waxseal keys jwks current.pem next.pem > public-keys.json
  waxseal keys jwks --algorithm PS256 rsa.pem";

/// Print the JWK Set that others verify with
///
/// The public halves of the given keys, each named by its `kid`: the JWK's own, else the RFC 7638 thumbprint. Shared
/// secrets are refused.
#[derive(Args, Debug)]
#[command(after_help = format!("{JWKS_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct JwksArgs {
    /// Private or public keys as PEM, DER or JWK, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// The algorithm of the keys that do not tell it: RSA keys in PEM, or in JWK without `alg`
    #[arg(long, visible_alias = "alg", value_parser = super::algorithm, value_name = "NAME")]
    pub(crate) algorithm: Option<NamedAlgorithm>,

    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
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
    /// A private or public key as PEM, DER or JWK, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

const CONVERT_EXAMPLES: &str = "\
Examples:
  waxseal keys convert private.jwk --out private.pem
  waxseal keys convert private.pem --to jwk --public > public.jwk
  waxseal keys convert private.pem --new-passphrase-env PASSPHRASE --out encrypted.pem
  waxseal keys convert encrypted.pem --passphrase-env PASSPHRASE --to der --out private.der
  waxseal keys convert certificate.pem --to jwk --algorithm RS256";

/// Write a key in another form
///
/// Reads PEM and DER (PKCS#8, encrypted PKCS#8, PKCS#1, SEC 1, SPKI, X.509 certificates), JWK and JWK Sets. Of a
/// certificate only the key is taken; its signature, dates and names are not looked at. An RSA private JWK without its
/// primes gets them back.
#[derive(Args, Debug)]
#[command(after_help = format!("{CONVERT_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct ConvertArgs {
    /// The key, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The form to write
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) to: OutputForm,

    /// Write the public half only
    #[arg(long)]
    pub(crate) public: bool,

    /// The file to make, readable by its owner only; a file that exists is never overwritten
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,

    /// What the key is for, where it does not tell it and a JWK is written
    #[arg(long, visible_alias = "alg", value_parser = super::key_use, value_name = "NAME")]
    pub(crate) algorithm: Option<KeyUse>,

    /// The key id of the JWK written, instead of the key's own
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: Option<String>,

    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,

    /// Encrypt the private key written (PEM, DER) with the passphrase in this environment variable
    #[arg(long, value_name = "NAME", conflicts_with = "new_passphrase_file")]
    pub(crate) new_passphrase_env: Option<String>,

    /// Encrypt the private key written (PEM, DER) with the passphrase in this file
    #[arg(long, value_name = "PATH")]
    pub(crate) new_passphrase_file: Option<PathBuf>,

    /// Read a JWK whose integers have leading zeros too many or too few, and put them right
    #[arg(long)]
    pub(crate) allow_noncanonical_integers: bool,
}

/// The forms that are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum OutputForm {
    /// PKCS#8 for a private key, SPKI for a public one
    #[default]
    Pem,
    /// The same without its armour of text
    Der,
    /// A JSON Web Key; of a JWK Set, a JWK Set
    Jwk,
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  waxseal keys inspect private.pem
  waxseal keys inspect --json jwks.json
  waxseal keys inspect --batch < lines.jsonl > answers.jsonl";

const INSPECT_BATCH: &str = "\
With --batch each line of standard input is {\"id\": any, \"key\": KEY}, and each line of output its
answer:
  {\"id\": the same, \"ok\": true, \"kty\": \"EC\", \"crv\": \"P-256\", \"alg\": \"ES256\", \"size\": 256,
   \"thumbprint\": \"…\", \"private\": false}, with `kid`, `use` and `key_ops` where the key has them, or
  {\"id\": the same, \"ok\": false, \"code\": \"…\", \"error\": \"…\"} with the reason why it would be refused.
KEY is a JWK, a JWK Set (answered with a list `keys`), {\"secret_b64u\": text} or {\"pem\": text}.
`size` is in bits. `alg` is null if the key does not tell it, `thumbprint` if the key is a secret. A
line that cannot be read is answered with \"ok\": false and the run goes on. Exit code 0 when all
lines were answered.";

/// Tell what a key is without giving it away
///
/// Type, algorithm, size in bits, RFC 7638 thumbprint, whether it is private, and what it says of its use. The key is
/// imported first, so a key that would be refused elsewhere is refused here, with the reason. Of a certificate nothing but
/// the key is looked at: no signature, no date, no name and no chain is checked; JSON then has
/// `from_certificate`.
#[derive(Args, Debug)]
#[command(after_help = format!("{INSPECT_EXAMPLES}\n\n{INSPECT_BATCH}\n\n{EXIT_CODES}"))]
pub(crate) struct InspectArgs {
    /// A key in any form that `keys convert` reads, or - for standard input
    #[arg(value_name = "FILE", required_unless_present = "batch")]
    pub(crate) file: Option<PathBuf>,

    /// Print one line of JSON; of a JWK Set, one with a list `keys`
    #[arg(long)]
    pub(crate) json: bool,

    /// Inspect a key per line of standard input and answer each with a line of JSON
    #[arg(long, conflicts_with_all = ["file", "json", "passphrase_env", "passphrase_file"])]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}
