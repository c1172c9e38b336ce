//! The arguments of `waxseal jws`.

use super::{Claim, EXIT_CODES, KeyArgs, NamedAlgorithm};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The commands under `waxseal jws`.
#[derive(Subcommand, Debug)]
pub(crate) enum JwsCommand {
    Sign(Box<JwsSignArgs>),
    Verify(Box<JwsVerifyArgs>),
}

const SIGN_EXAMPLES: &str = "\
Examples:
  waxseal jws sign --key-file private.pem contract.txt > contract.jws
  waxseal jws sign --key-file private.pem --detached --unencoded-payload contract.txt
  waxseal jws sign --key-file old.pem --key-file new.pem --serialization general contract.txt
  echo hello | waxseal jws sign --secret-env JWT_SECRET --serialization flattened --header lang=en";

/// Sign any octets (RFC 7515) and print the JWS
///
/// For a token with claims and an expiry use `waxseal sign`. What is signed is not hidden: anyone can read it.
#[derive(Args, Debug)]
#[command(after_help = format!("{SIGN_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct JwsSignArgs {
    /// The payload, at most 768 KiB; without it, or with -, it is read from standard input
    #[arg(value_name = "FILE")]
    pub(crate) payload: Option<PathBuf>,

    /// How the JWS is written
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) serialization: Serialization,

    /// Leave the payload out of the JWS: who verifies gets it another way
    #[arg(long)]
    pub(crate) detached: bool,

    /// Sign the payload as it is, not its base64url (b64 false, RFC 7797)
    #[arg(long)]
    pub(crate) unencoded_payload: bool,

    /// The media type of the JWS (typ)
    #[arg(long, value_name = "TYPE")]
    pub(crate) typ: Option<String>,

    /// The media type of the payload (cty)
    #[arg(long, value_name = "TYPE")]
    pub(crate) cty: Option<String>,

    /// The key id in the header (kid), instead of the key's own
    #[arg(long, value_name = "ID", conflicts_with = "without_key_id")]
    pub(crate) key_id: Option<String>,

    /// Leave the key id out of the header
    #[arg(long)]
    pub(crate) without_key_id: bool,

    /// A further protected header member whose value is text; repeat for several
    #[arg(long, value_parser = Claim::text, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<Claim>,

    /// A further protected header member whose value is JSON
    #[arg(long, value_parser = Claim::json, value_name = "NAME=JSON")]
    pub(crate) header_json: Vec<Claim>,

    /// A header member that nothing protects, as JSON; not with the compact form
    #[arg(long, value_parser = Claim::json, value_name = "NAME=JSON")]
    pub(crate) unprotected_json: Vec<Claim>,

    #[command(flatten)]
    pub(crate) keys: SigningKeyArgs,
}

/// The serializations of RFC 7515 §7 and RFC 7516 §7.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum Serialization {
    /// Parts in base64url with dots between them
    #[default]
    Compact,
    /// A JSON object for one key
    Flattened,
    /// A JSON object with a part for each key
    General,
}

/// The keys that sign, one or several.
#[derive(Args, Debug)]
#[command(next_help_heading = "Keys (at least one; several with the general form)")]
pub(crate) struct SigningKeyArgs {
    /// Private key as PEM, DER or JWK: the file that holds it, or - for standard input; repeat for several
    #[arg(long, value_name = "PATH")]
    pub(crate) key_file: Vec<PathBuf>,

    /// Private key as PEM or JWK: the name of the environment variable that holds it; repeat for several
    #[arg(long, value_name = "NAME")]
    pub(crate) key_env: Vec<String>,

    /// Shared secret (HS256…): the name of the environment variable that holds it
    #[arg(long, value_name = "NAME", conflicts_with = "secret_file")]
    pub(crate) secret_env: Option<String>,

    /// Shared secret (HS256…): the file that holds it, or - for standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) secret_file: Option<PathBuf>,

    /// How the secret is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) secret_format: super::SecretFormat,

    /// The algorithm, where a key does not tell it; with several keys, of those that do not tell it
    #[arg(long, visible_alias = "alg", value_parser = super::algorithm, value_name = "NAME")]
    pub(crate) algorithm: Option<NamedAlgorithm>,

    #[command(flatten)]
    pub(crate) passphrase: super::PassphraseArgs,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  waxseal jws verify --key-file public.pem < contract.jws > contract.txt
  waxseal jws verify --key-file jwks.json --payload-file contract.txt --json < detached.jws
  waxseal jws verify --batch < lines.jsonl > answers.jsonl";

const VERIFY_JSON: &str = "\
With --json one line goes to standard output: {\"ok\":true,\"header\":{…},\"payload_b64u\":\"…\"} or
{\"ok\":false,\"code\":\"…\",\"error\":\"…\"}. The reason is on standard error as well.";

const BATCH: &str = "\
With --batch each line of standard input is a JSON object:
  {\"id\": any, \"token\": JWS as text, or its JSON serialization as an object, \"key\": KEY,
   \"algorithms\": [names], \"payload\": detached payload in base64url}
and each line of output is its answer, in the same order:
  {\"id\": the same, \"ok\": true, \"header\": {…}, \"payload_b64u\": \"…\"} or
  {\"id\": the same, \"ok\": false, \"code\": \"…\", \"error\": \"…\"}
Required are `token` and `key`; other members are ignored. The header is the protected one; of
several signatures, that of the first that verifies.";

/// Check a JWS and print what was signed
///
/// Compact, flattened or general; of several signatures one must be good unless --all-signatures is given. No claim
/// and no time is checked: for a JWT use `waxseal verify`. Header members that nothing protects decide nothing. The
/// payload goes to standard output as it was signed.
#[derive(Args, Debug)]
#[command(after_help = format!("{VERIFY_EXAMPLES}\n\n{VERIFY_JSON}\n\n{BATCH}\n{}\n\n{EXIT_CODES}", super::BATCH_KEY))]
pub(crate) struct JwsVerifyArgs {
    /// The JWS; without it, or with -, it is read from standard input
    #[arg(value_name = "JWS")]
    pub(crate) jws: Option<String>,

    /// The payload of a detached JWS: the file that holds it, or - for standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) payload_file: Option<PathBuf>,

    /// The type the header must name (typ)
    #[arg(long, value_name = "TYPE")]
    pub(crate) typ: Option<String>,

    /// Every signature of a general JWS must be good, not only one
    #[arg(long)]
    pub(crate) all_signatures: bool,

    /// Answer with one line of JSON on standard output, accepted or refused
    #[arg(long)]
    pub(crate) json: bool,

    /// Check a JWS per line of standard input and answer each with a line of JSON
    #[arg(long, conflicts_with_all = super::NOT_WITH_BATCH, conflicts_with_all = ["jws", "payload_file"])]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) key: KeyArgs,
}
