//! The arguments of `waxseal verify`.

use super::{EXIT_CODES, KeyArgs, seconds, span};
use clap::{Args, ValueEnum};
use std::time::Duration;
use waxseal::NumericDate;

const EXAMPLES: &str = "\
Examples:
  waxseal verify --secret-env JWT_SECRET --audience api \"$TOKEN\"
  waxseal verify --key-file public.pem --issuer https://login.example --audience api < token.txt
  waxseal verify --key-file jwks.json --audience api --profile access-token --json - < token.txt";

const JSON: &str = "\
With --json one line goes to standard output: {\"ok\":true,\"header\":{…},\"claims\":{…}} or
{\"ok\":false,\"code\":\"…\",\"error\":\"…\",\"errors\":[{\"code\":\"…\",\"claim\":\"…\",\"error\":\"…\"}]}.
The reason is on standard error as well.";

/// Check a token and print its claims
///
/// Accepted: exit code 0, the claims on standard output as JSON. Refused: exit code 1, the reason with its stable code
/// on standard error. An expiry and an audience are required unless told otherwise.
#[derive(Args, Debug)]
#[command(after_help = format!("{EXAMPLES}\n\n{JSON}\n\n{EXIT_CODES}"))]
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
