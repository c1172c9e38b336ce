//! `waxseal jws verify`: checks a JWS of any serialization.

use crate::args::jws::JwsVerifyArgs;
use crate::batch::{self, JwsTask};
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, MAX_JWS_BYTES};
use crate::key_form::Key;
use crate::key_source;
use crate::output::line;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::value::RawValue;
use waxseal::jws::{VerifiedJws, Verifier, VerifierBuilder};
use waxseal::{KeyRing, Limits, VerifyError};

pub(in crate::commands) fn run(args: &JwsVerifyArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let mut expected = Verifier::builder()
        .limits(Limits::default().token_bytes(MAX_JWS_BYTES))
        .detached_bytes(input::MAX_DETACHED_BYTES)
        .allow_unencoded_payload();
    if let Some(typ) = &args.typ {
        expected = expected.typ(typ);
    }
    if args.all_signatures {
        expected = expected.require_all_signatures();
    }
    if args.batch {
        return batch::run(&mut JwsTask::new(move || expected.clone()), host);
    }
    let outcome = check(args, expected, host);
    if args.json {
        host.print_line(&line(&Answer::to(&outcome)?)?)?;
    } else if let Ok(Ok(verified)) = &outcome {
        host.print_octets(verified.payload())?;
    }
    outcome?.map(|_| ()).map_err(|error| Failure::refused(&error))
}

/// The outer error says that the question is wrong, the inner one that the JWS is.
type Outcome = Result<Result<VerifiedJws, VerifyError>, Failure>;

fn check(args: &JwsVerifyArgs, expected: VerifierBuilder, host: &mut Host<'_>) -> Outcome {
    let sources = [
        args.jws.as_deref().is_none_or(|jws| jws == "-"),
        args.payload_file.as_deref().is_some_and(input::is_stdin),
        key_source::is_stdin(&args.key),
    ];
    if sources.into_iter().filter(|stdin| *stdin).count() > 1 {
        return Err(Failure::usage("only one of JWS, payload and key can come from standard input")
            .with_help("give the JWS as an argument, and the payload and the key from files"));
    }
    // The key first: whether the verifier can be built must not depend on the JWS.
    let verifier = with_key(expected, key_source::load(&args.key, host)?).build()?;
    let payload = args.payload_file.as_deref().map(|path| input::detached_payload(path, host)).transpose()?;
    let jws = input::jws(args.jws.as_deref(), host)?;
    Ok(match payload {
        Some(payload) => verifier.verify_compact_or_json_detached(&jws, &payload),
        None => verifier.verify_compact_or_json(&jws),
    })
}

fn with_key(builder: VerifierBuilder, key: Key) -> VerifierBuilder {
    match key {
        Key::Secret(key) => builder.key(key),
        Key::Private(key) => builder.key(key.public_key()),
        Key::Public(key) => builder.key(key),
        Key::Set(set) => builder.keys(KeyRing::from(set)),
    }
}

/// What `--json` prints.
#[derive(Serialize)]
pub(in crate::commands) struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_b64u: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Answer {
    fn to(outcome: &Outcome) -> Result<Self, Failure> {
        match outcome {
            Ok(Ok(verified)) => Self::good(verified.protected_header().json(), verified.payload()),
            Ok(Err(error)) => Ok(Self::bad(error.code().as_str(), error.to_string())),
            Err(failure) => Ok(Self::bad(failure.code(), failure.message().to_owned())),
        }
    }

    pub(in crate::commands) fn good(header: &str, payload: &[u8]) -> Result<Self, Failure> {
        Ok(Self {
            ok: true,
            header: Some(raw(header)?),
            payload_b64u: Some(URL_SAFE_NO_PAD.encode(payload)),
            code: None,
            error: None,
        })
    }

    pub(in crate::commands) fn bad(code: &'static str, error: String) -> Self {
        Self { ok: false, header: None, payload_b64u: None, code: Some(code), error: Some(error) }
    }
}

/// The text of a header, which was read as strict JSON before.
fn raw(json: &str) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(json.to_owned())
        .map_err(|_| Failure::unusable("output_failed", "cannot write the header as JSON"))
}
