//! The arguments of `waxseal sign`.

use super::{Claim, EXIT_CODES, KeyArgs, span};
use clap::Args;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  waxseal sign --secret-env JWT_SECRET --expires-in 15m --subject alice \\
      --audience api --claim role=admin
  waxseal sign --key-file private.pem --expires-in 1h30m \\
      --issuer https://login.example --claim-json 'groups=[\"staff\",\"ops\"]'
  cat private.jwk | waxseal sign --key-file - --expires-in 90s --audience api";

/// Make a signed token and print it
///
/// The token goes to standard output, and nothing else does. It can be read by anyone who holds it: claims whose names
/// say password, secret and the like are refused.
#[derive(Args, Debug)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct SignArgs {
    /// How long the token is valid, for example 15m or 1h30m (units w d h m s, longest first)
    #[arg(long, value_parser = span, value_name = "SPAN", conflicts_with = "without_expiry")]
    pub(crate) expires_in: Option<Duration>,

    /// Make a token that never expires
    #[arg(long)]
    pub(crate) without_expiry: bool,

    /// Not valid before this span from now has passed
    #[arg(long, value_parser = span, value_name = "SPAN")]
    pub(crate) not_before: Option<Duration>,

    /// Whom the token is about (sub)
    #[arg(long, value_name = "NAME")]
    pub(crate) subject: Option<String>,

    /// Whom the token is for (aud); repeat for several
    #[arg(long, value_name = "NAME")]
    pub(crate) audience: Vec<String>,

    /// Who makes the token (iss)
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,

    /// The id of the token (jti)
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// A further claim whose value is text; repeat for several
    #[arg(long, value_parser = Claim::text, value_name = "NAME=VALUE")]
    pub(crate) claim: Vec<Claim>,

    /// A further claim whose value is JSON: a number, true, a list, an object
    #[arg(long, value_parser = Claim::json, value_name = "NAME=JSON")]
    pub(crate) claim_json: Vec<Claim>,

    /// Let a claim pass although its name sounds like a secret; repeat for several
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_claim: Vec<String>,

    /// The type in the header (typ), for example at+jwt
    #[arg(long, value_name = "TYPE")]
    pub(crate) typ: Option<String>,

    /// The key id in the header (kid), instead of the key's own
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: Option<String>,

    #[command(flatten)]
    pub(crate) key: KeyArgs,
}
