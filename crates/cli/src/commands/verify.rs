//! `waxseal verify`: checks a token.

use crate::args::verify::{ProfileName, VerifyArgs};
use crate::batch::{self, Defaults, VerifyTask};
use crate::failure::Failure;
use crate::host::Host;
use crate::input;
use crate::key_form::Key;
use crate::key_source;
use crate::output::{Layout, lay_out, line};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use waxseal::{KeyRing, NumericDate, Profile, Unverified, Verifier, VerifierBuilder, VerifyError};

pub(super) fn run(args: &VerifyArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    if args.batch {
        return batch(args, host);
    }
    let outcome = check(args, host);
    if args.json {
        host.print_line(&line(&Answer::to(&outcome))?)?;
    } else if let Ok(Ok(accepted)) = &outcome {
        host.print_line(&lay_out(accepted.claims.get(), Layout::Indented))?;
    }
    outcome?.map(|_| ()).map_err(|error| Failure::refused(&error))
}

/// The options hold for every line; what a line says itself goes before them.
fn batch(args: &VerifyArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let defaults = Defaults { issuer: args.issuer.clone(), audiences: args.audience.clone(), now: args.now };
    let expected = common_expectations(args, Verifier::builder().without_expiry());
    batch::run(&mut VerifyTask::new(move || expected.clone(), defaults), host)
}

/// The outer error says that the question is wrong, the inner one that the token is.
type Outcome = Result<Result<Accepted, VerifyError>, Failure>;

struct Accepted {
    header: Value,
    claims: Box<RawValue>,
}

fn check(args: &VerifyArgs, host: &mut Host<'_>) -> Outcome {
    let token_from_stdin = args.token.as_deref().is_none_or(|token| token == "-");
    if token_from_stdin && key_source::is_stdin(&args.key) {
        return Err(Failure::usage("the token and the key cannot both come from standard input")
            .with_help("give the token as an argument, or the key from a file or a variable"));
    }
    // The key first: whether the verifier can be built must not depend on the token.
    let key = key_source::load(&args.key, host)?;
    let verifier = expectations(args, with_key(Verifier::builder(), key)).build()?;
    let token = input::token(args.token.as_deref(), host)?;
    let now = args.now.unwrap_or_else(|| (host.now)());
    Ok(verdict(&verifier, &token, now))
}

fn verdict(verifier: &Verifier, token: &str, now: NumericDate) -> Result<Accepted, VerifyError> {
    let claims = verifier.verify::<Box<RawValue>>(token, now)?.into_claims();
    // The header was part of what the signature covers, so it is as good as verified now.
    let header = Unverified::<Box<RawValue>>::decode_without_verifying(token)?.header().clone();
    Ok(Accepted { header, claims })
}

fn with_key(builder: VerifierBuilder, key: Key) -> VerifierBuilder {
    match key {
        Key::Secret(key) => builder.key(key),
        Key::Private(key) => builder.key(key.public_key()),
        Key::Public(key) => builder.key(key),
        Key::Set(set) => builder.keys(KeyRing::from(set)),
    }
}

fn expectations(args: &VerifyArgs, mut builder: VerifierBuilder) -> VerifierBuilder {
    builder = match args.audience.as_slice() {
        [] => builder,
        [audience] => builder.audience(audience.as_str()),
        several => builder.any_audience(several.iter().cloned()),
    };
    if args.without_audience {
        builder = builder.without_audience();
    }
    if args.without_expiry {
        builder = builder.without_expiry();
    }
    if let Some(issuer) = &args.issuer {
        builder = builder.issuer(issuer.as_str());
    }
    common_expectations(args, builder)
}

/// Those that a line of a batch has no word for.
fn common_expectations(args: &VerifyArgs, mut builder: VerifierBuilder) -> VerifierBuilder {
    builder = builder.profile(match args.profile {
        ProfileName::FirstParty => Profile::FirstParty,
        ProfileName::AccessToken => Profile::AccessToken,
    });
    if let Some(subject) = &args.subject {
        builder = builder.subject(subject.as_str());
    }
    if let Some(typ) = &args.typ {
        builder = builder.typ(typ.as_str());
    }
    if let Some(leeway) = args.leeway {
        builder = builder.leeway(leeway);
    }
    if let Some(age) = args.max_age {
        builder = builder.max_age(age);
    }
    args.require.iter().fold(builder, |builder, claim| builder.require(claim.as_str()))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Reason>>,
}

/// One reason, of which a token can have several at once.
#[derive(Serialize)]
struct Reason {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<String>,
    error: String,
}

impl<'a> Answer<'a> {
    fn to(outcome: &'a Outcome) -> Self {
        match outcome {
            Ok(Ok(accepted)) => Self {
                ok: true,
                header: Some(&accepted.header),
                claims: Some(&accepted.claims),
                code: None,
                error: None,
                errors: None,
            },
            Ok(Err(error)) => Self::not_ok(error.code().as_str(), error.to_string(), reasons(error)),
            Err(failure) => {
                let error = failure.message().to_owned();
                let reason = Reason { code: failure.code(), claim: None, error: error.clone() };
                Self::not_ok(failure.code(), error, vec![reason])
            }
        }
    }

    fn not_ok(code: &'a str, error: String, errors: Vec<Reason>) -> Self {
        Self {
            ok: false,
            header: None,
            claims: None,
            code: Some(code),
            error: Some(error),
            errors: Some(errors),
        }
    }
}

/// Every rule the claims broke, or the one reason that came before the claims were looked at.
fn reasons(error: &VerifyError) -> Vec<Reason> {
    let rejections = error.rejections();
    if rejections.is_empty() {
        return vec![Reason { code: error.code().as_str(), claim: None, error: error.to_string() }];
    }
    rejections
        .iter()
        .map(|rejection| Reason {
            code: rejection.code().as_str(),
            claim: Some(rejection.claim().to_owned()),
            error: rejection.to_string(),
        })
        .collect()
}
