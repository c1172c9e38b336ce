//! The arguments of `waxseal verify`.

use super::{BATCH_KEY, EXIT_CODES, KeyArgs, NOT_WITH_BATCH, seconds, span};
use clap::{Args, ValueEnum};
use std::time::Duration;
use waxseal::NumericDate;

const EXAMPLES: &str = "\
Examples:
  waxseal verify --secret-env JWT_SECRET --audience api \"$TOKEN\"
  waxseal verify --key-file public.pem --issuer https://login.example --audience api < token.txt
  waxseal verify --key-file jwks.json --issuer https://login.example --audience api \\
      --profile access-token --json - < access-token.txt
  waxseal verify --batch < lines.jsonl > answers.jsonl";

const JSON: &str = "\
With --json one line goes to standard output: {\"ok\":true,\"header\":{…},\"claims\":{…}} or
{\"ok\":false,\"code\":\"…\",\"error\":\"…\",\"errors\":[{\"code\":\"…\",\"claim\":\"…\",\"error\":\"…\"}]}.
The reason is on standard error as well.";

const BATCH: &str = "\
With --batch each line of standard input is a JSON object:
  {\"id\": any, \"token\": JWT, \"key\": KEY, \"algorithms\": [names], \"now\": seconds since 1970,
   \"issuer\": text, \"audience\": text or [texts]}
and each line of output is its answer, in the same order:
  {\"id\": the same, \"ok\": true, \"header\": {…}, \"payload_b64u\": \"…\"} or
  {\"id\": the same, \"ok\": false, \"code\": \"…\", \"error\": \"…\"}
Required are `token` and `key`; other members are ignored. Unlike without --batch, an expiry is not
required, but one that is there counts; neither are issuer and audience, unless the line names them
or --issuer and --audience do. Without `now` the time is that of --now, else of the clock. The other
options hold for every line. `typ` is absent or JWT unless --typ or --profile says otherwise.";

/// Check a token and print its claims
///
/// Accepted: exit code 0, the claims on standard output as JSON. Refused: exit code 1, the reason with its stable code
/// on standard error. An expiry and an audience are required unless told otherwise.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[command(after_help = format!("{EXAMPLES}\n\n{JSON}\n\n{BATCH}\n{BATCH_KEY}\n\n{EXIT_CODES}"))]
pub(crate) struct VerifyArgs {
    /// The token; without it, or with -, it is read from standard input
    #[arg(value_name = "TOKEN")]
    pub(crate) token: Option<String>,

    /// Who is asking: the token must be for this audience (aud); with several, for one of them
    #[arg(long, value_name = "NAME", conflicts_with = "without_audience")]
    pub(crate) audience: Vec<String>,

    /// Accept a token made for anyone
    #[arg(long, alias = "no-audience")]
    pub(crate) without_audience: bool,

    /// Accept a token that never expires (one that names an expiry must still not have passed it)
    #[arg(long, alias = "no-expiry")]
    pub(crate) without_expiry: bool,

    /// Who must have made the token (iss)
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,

    /// Whom the token must be about (sub)
    #[arg(long, value_name = "NAME")]
    pub(crate) subject: Option<String>,

    /// The type the header must name (typ)
    #[arg(long, value_name = "TYPE")]
    pub(crate) typ: Option<String>,

    /// The rules for a kind of token
    #[arg(long, value_enum, default_value_t, value_name = "PROFILE")]
    pub(crate) profile: ProfileName,

    /// How far clocks may disagree, for example 30s
    #[arg(long, value_parser = span, value_name = "SPAN")]
    pub(crate) leeway: Option<Duration>,

    /// How long ago the token may have been made (iat)
    #[arg(long, value_parser = span, value_name = "SPAN")]
    pub(crate) max_age: Option<Duration>,

    /// A claim that must be there; repeat for several
    #[arg(long, value_name = "CLAIM")]
    pub(crate) require: Vec<String>,

    /// Check as of another time, in whole seconds since 1970
    #[arg(long, value_parser = seconds, value_name = "SECONDS")]
    pub(crate) now: Option<NumericDate>,

    /// Answer with one line of JSON on standard output, accepted or refused
    #[arg(long)]
    pub(crate) json: bool,

    /// Check a token per line of standard input and answer each with a line of JSON
    #[arg(long, conflicts_with_all = NOT_WITH_BATCH, conflicts_with = "token")]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) key: KeyArgs,
}

/// The profiles by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum ProfileName {
    /// A token of your own application
    #[default]
    FirstParty,
    /// An OAuth access token (RFC 9068)
    AccessToken,
}
