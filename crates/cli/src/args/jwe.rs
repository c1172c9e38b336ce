//! The arguments of `waxseal jwe`.

use super::jws::Serialization;
use super::{BATCH_KEY, Claim, EXIT_CODES, PassphraseArgs, SecretFormat};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use waxseal::jwe::{ContentEncryption, KeyAlgorithm};

/// The commands under `waxseal jwe`.
#[derive(Subcommand, Debug)]
pub(crate) enum JweCommand {
    Encrypt(Box<JweEncryptArgs>),
    Decrypt(Box<JweDecryptArgs>),
}

const ENCRYPT_EXAMPLES: &str = "\
Examples:
  waxseal jwe encrypt --key-file recipient.jwk letter.txt > letter.jwe
  waxseal jwe encrypt --key-file recipient.pem --algorithm RSA-OAEP-256 letter.txt
  waxseal jwe encrypt --key-file one.jwk --key-file two.jwk --serialization general letter.txt
  waxseal jwe encrypt --password-env PASSWORD --algorithm PBES2-HS512+A256KW letter.txt";

/// Encrypt any octets (RFC 7516) and print the JWE
///
/// Encryption hides the content from all but the recipient, and says nothing about who wrote it: to say that too, sign
/// first and encrypt the signed token with --cty JWT.
#[derive(Args, Debug)]
#[command(after_help = format!("{ENCRYPT_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct JweEncryptArgs {
    /// The content, at most 768 KiB; without it, or with -, it is read from standard input
    #[arg(value_name = "FILE")]
    pub(crate) content: Option<PathBuf>,

    /// How the JWE is written
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) serialization: Serialization,

    /// How the content is encrypted (enc) [default: what a key for dir says, else A256GCM]
    #[arg(long, visible_alias = "enc", value_parser = super::content_encryption, value_name = "NAME")]
    pub(crate) encryption: Option<ContentEncryption>,

    /// The media type of the JWE (typ)
    #[arg(long, value_name = "TYPE")]
    pub(crate) typ: Option<String>,

    /// The media type of the content (cty); JWT for a signed token
    #[arg(long, value_name = "TYPE")]
    pub(crate) cty: Option<String>,

    /// A further protected header member whose value is text, readable by anyone; repeat for several
    #[arg(long, value_parser = Claim::text, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<Claim>,

    /// A further protected header member whose value is JSON
    #[arg(long, value_parser = Claim::json, value_name = "NAME=JSON")]
    pub(crate) header_json: Vec<Claim>,

    /// Text that goes along readable and protected; not with the compact form
    #[arg(long, value_name = "TEXT")]
    pub(crate) aad: Option<String>,

    /// Compress the content first; many recipients refuse that, and the length may tell about the content
    #[arg(long)]
    pub(crate) compress: bool,

    /// The rounds of PBKDF2 for a password; many recipients refuse more than 10000
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
    pub(crate) iterations: u32,

    #[command(flatten)]
    pub(crate) keys: JweKeyArgs,
}

/// Keys for encryption.
#[derive(Args, Debug)]
#[command(next_help_heading = "Keys (at least one; to encrypt for several, with the general form)")]
pub(crate) struct JweKeyArgs {
    /// Key as PEM, DER or JWK (to decrypt also JWK Set): the file that holds it, or - for standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) key_file: Vec<PathBuf>,

    /// Key as PEM, JWK or JWK Set: the name of the environment variable that holds it
    #[arg(long, value_name = "NAME")]
    pub(crate) key_env: Vec<String>,

    /// Shared secret (A256KW, dir, …): the name of the environment variable that holds it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["secret_file", "password_env", "password_file"])]
    pub(crate) secret_env: Option<String>,

    /// Shared secret (A256KW, dir, …): the file that holds it, or - for standard input
    #[arg(long, value_name = "PATH", conflicts_with_all = ["password_env", "password_file"])]
    pub(crate) secret_file: Option<PathBuf>,

    /// How the secret is written
    #[arg(long, value_enum, default_value = "base64url", value_name = "FORMAT")]
    pub(crate) secret_format: SecretFormat,

    /// Password (PBES2-…): the name of the environment variable that holds it
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    pub(crate) password_env: Option<String>,

    /// Password (PBES2-…): the file that holds it, or - for standard input; one line end at its end is dropped
    #[arg(long, value_name = "PATH")]
    pub(crate) password_file: Option<PathBuf>,

    /// How the content key gets to the recipient (alg), where the key does not tell it
    ///
    /// A JWK with `alg` tells it. The token is never asked.
    #[arg(long, visible_alias = "alg", value_parser = super::key_algorithm, value_name = "NAME")]
    pub(crate) algorithm: Option<KeyAlgorithm>,

    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

const DECRYPT_EXAMPLES: &str = "\
Examples:
  waxseal jwe decrypt --key-file private.jwk < letter.jwe > letter.txt
  waxseal jwe decrypt --key-file private.pem --algorithm RSA-OAEP-256 --json < rsa.jwe
  waxseal jwe decrypt --password-env PASSWORD --algorithm PBES2-HS512+A256KW < password.jwe
  waxseal jwe decrypt --batch < lines.jsonl > answers.jsonl";

const DECRYPT_JSON: &str = "\
With --json one line goes to standard output: {\"ok\":true,\"header\":{…},\"payload_b64u\":\"…\"} or
{\"ok\":false,\"code\":\"…\",\"error\":\"…\"}. The reason is on standard error as well.";

const BATCH: &str = "\
With --batch each line of standard input is a JSON object:
  {\"id\": any, \"token\": JWE as text, or its JSON serialization as an object, \"key\": KEY, \"algorithms\": [names]}
and each line of output is its answer, in the same order:
  {\"id\": the same, \"ok\": true, \"header\": {…}, \"payload_b64u\": \"…\"} or
  {\"id\": the same, \"ok\": false, \"code\": \"…\", \"error\": \"…\"}
Required are `token` and `key`; other members are ignored. The header is the protected one. Names of
content encryptions among `algorithms` restrict those; alone they name what a key for dir is for.
Passwords are given as {\"secret_b64u\": text} and need --allow-pbes2.";

/// Decrypt a JWE and print its content
///
/// Compact, flattened or general. That it decrypts proves nothing about who wrote it: anyone can encrypt to a public
/// key. `RSA1_5` is never accepted; passwords and compression only where allowed.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[command(after_help = format!("{DECRYPT_EXAMPLES}\n\n{DECRYPT_JSON}\n\n{BATCH}\n{BATCH_KEY}\n\n{EXIT_CODES}"))]
pub(crate) struct JweDecryptArgs {
    /// The JWE; without it, or with -, it is read from standard input
    #[arg(value_name = "JWE")]
    pub(crate) jwe: Option<String>,

    /// The only content encryption to accept; repeat for several
    #[arg(long, visible_alias = "enc", value_parser = super::content_encryption, value_name = "NAME")]
    pub(crate) encryption: Vec<ContentEncryption>,

    /// Accept compressed content, which may grow to 250,000 bytes
    #[arg(long)]
    pub(crate) allow_zip: bool,

    /// Accept keys derived from passwords (PBES2) from JWKs and lines too; --password-… says so by itself
    #[arg(long)]
    pub(crate) allow_pbes2: bool,

    /// The most rounds of PBKDF2 that a message may cost
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
    pub(crate) max_iterations: u32,

    /// Answer with one line of JSON on standard output, decrypted or refused
    #[arg(long)]
    pub(crate) json: bool,

    /// Decrypt a JWE per line of standard input and answer each with a line of JSON
    #[arg(long, conflicts_with_all = NOT_WITH_BATCH)]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) keys: JweKeyArgs,
}

/// What `--batch` takes from each line instead.
const NOT_WITH_BATCH: [&str; 12] = [
    "jwe",
    "json",
    "key_file",
    "key_env",
    "secret_env",
    "secret_file",
    "secret_format",
    "password_env",
    "password_file",
    "algorithm",
    "passphrase_env",
    "passphrase_file",
];
