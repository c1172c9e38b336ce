//! `waxseal decode`: shows a token unchecked.

use crate::args::decode::DecodeArgs;
use crate::failure::Failure;
use crate::host::Host;
use crate::input;
use crate::output::{Layout, lay_out, line};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use waxseal::Unverified;

const WARNING: &str = "\
NOT VERIFIED: the signature, the times and the issuer were not checked. Anyone can write such a token.
Do not act on what it says; check it with: waxseal verify";

/// What is printed. `verified` is there for programs that keep the line and lose the warning.
#[derive(Serialize)]
struct Decoded<'a> {
    verified: bool,
    header: &'a Value,
    payload: &'a RawValue,
}

pub(super) fn run(args: &DecodeArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let token = input::token(args.token.as_deref(), host)?;
    let unverified = Unverified::<Box<RawValue>>::decode_without_verifying(&token)
        .map_err(|error| Failure::refused(&error))?;
    host.note(WARNING);
    let decoded = Decoded { verified: false, header: unverified.header(), payload: unverified.claims() };
    let text = line(&decoded)?;
    if args.json { host.print_line(&text) } else { host.print_line(&lay_out(&text, Layout::Indented)) }
}
