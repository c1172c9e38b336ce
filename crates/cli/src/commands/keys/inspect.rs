//! `waxseal keys inspect`: what a key is.

use crate::args::keys::InspectArgs;
use crate::batch::{self, InspectTask, described_set, members};
use crate::failure::Failure;
use crate::host::Host;
use crate::input;
use crate::key_form::{self, is_set};
use crate::key_source;
use crate::key_view::KeyView;
use crate::output::printable;
use std::fmt::Write as _;

const CERTIFICATE: &str = "\
note: the key was taken out of a certificate, of which nothing else was checked: no signature, no date, no name, no
chain. Believe it only if you trust the file.";

pub(in crate::commands) fn run(args: &InspectArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let Some(path) = args.file.as_deref().filter(|_| !args.batch) else {
        return batch::run(&mut InspectTask, host);
    };
    let passphrase = key_source::passphrase(&args.passphrase, host)?;
    let input = input::key_file(path, host)?;
    let set = std::str::from_utf8(&input.bytes).ok().map(str::trim).filter(|text| is_set(text));
    if let Some(text) = set {
        key_form::refuse_passphrase(passphrase.as_deref().map(Vec::as_slice))?;
        return show_set(args, text, host).map_err(|failure| failure.at(&input.place));
    }
    let view = KeyView::of_octets(&input.bytes, passphrase.as_deref().map(Vec::as_slice));
    let view = view.map_err(|failure| failure.at(&input.place))?;
    if view.private {
        key_source::warn_if_open(&input, host);
    }
    if view.from_certificate {
        host.note(CERTIFICATE);
    }
    if args.json {
        let members = members(&view)?;
        host.print_line(&format!("{{{}}}", members.trim_start_matches(',')))
    } else {
        host.print(&printable(&text(&view)))
    }
}

fn show_set(args: &InspectArgs, set: &str, host: &mut Host<'_>) -> Result<(), Failure> {
    let views = described_set(set)?;
    if args.json {
        return host.print_line(&format!("{{{}}}", batch::members_of_set(views)?.trim_start_matches(',')));
    }
    for (index, view) in views.iter().enumerate() {
        let shown = match view {
            Ok(view) => text(view),
            Err(failure) => format!("refused[{}]: {}\n", failure.code(), failure.message()),
        };
        let line_end = if index > 0 { "\n" } else { "" };
        host.print(&format!("{line_end}key {}\n{}", index + 1, printable(&shown)))?;
    }
    Ok(())
}

/// What people read.
fn text(view: &KeyView) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<11} {value}");
    };
    row("type", &view.crv.map_or(view.kty.to_owned(), |crv| format!("{} {crv}", view.kty)));
    row("algorithm", view.alg.as_deref().unwrap_or("not told by the key"));
    row("size", &format!("{} bits", view.size));
    row(
        "half",
        if view.kty == "oct" {
            "shared secret"
        } else if view.private {
            "private"
        } else {
            "public"
        },
    );
    let none = "none: that of a secret would help to guess it";
    row("thumbprint", view.thumbprint.as_deref().unwrap_or(none));
    for (name, value) in [("key id", &view.kid), ("use", &view.use_)] {
        if let Some(value) = value {
            row(name, value);
        }
    }
    if let Some(operations) = &view.key_ops {
        row("operations", &operations.join(", "));
    }
    text
}
