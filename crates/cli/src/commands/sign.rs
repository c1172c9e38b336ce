//! `waxseal sign`: makes a token.

use crate::args::sign::SignArgs;
use crate::failure::Failure;
use crate::host::Host;
use crate::key_form::Key;
use crate::key_source;
use serde_json::{Map, Value};
use waxseal::{Code, Signer, SigningKey, TokenBuilder};

pub(super) fn run(args: &SignArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let claims = claims(args)?;
    let key = signing_key(args, host)?;
    let mut builder = Signer::builder(key);
    if let Some(typ) = &args.typ {
        builder = builder.typ(typ.as_str());
    }
    let signer = builder.build()?;
    let now = (host.now)();
    let mut token = registered_claims(args, signer.token(now)).claims(&claims);
    if let Some(span) = args.not_before {
        token = token.not_before(now.saturating_add(span));
    }
    for name in &args.allow_claim {
        token = token.allow_claim(name);
    }
    host.print_line(&token.sign()?)
}

fn registered_claims<'a>(args: &'a SignArgs, mut token: TokenBuilder<'a>) -> TokenBuilder<'a> {
    if let Some(span) = args.expires_in {
        token = token.lifetime(span);
    }
    if args.without_expiry {
        token = token.without_expiry();
    }
    if let Some(issuer) = &args.issuer {
        token = token.issuer(issuer);
    }
    if let Some(subject) = &args.subject {
        token = token.subject(subject);
    }
    if let Some(id) = &args.id {
        token = token.id(id);
    }
    match args.audience.as_slice() {
        [] => token,
        [audience] => token.audience(audience),
        several => token.audiences(several),
    }
}

fn claims(args: &SignArgs) -> Result<Map<String, Value>, Failure> {
    let mut claims = Map::new();
    for claim in args.claim.iter().chain(&args.claim_json) {
        if claims.insert(claim.name.clone(), claim.value.clone()).is_some() {
            return Err(Failure::unusable(
                Code::SignClaimDuplicate.as_str(),
                format!("the claim {} is given twice", claim.name),
            )
            .with_help("for several values use a list: --claim-json 'NAME=[\"one\",\"two\"]'"));
        }
    }
    Ok(claims)
}

fn signing_key(args: &SignArgs, host: &mut Host<'_>) -> Result<SigningKey, Failure> {
    let key = match (key_source::load(&args.key, host)?, args.key_id.as_deref()) {
        (Key::Secret(key), Some(kid)) => Key::Secret(key.with_kid(kid)?),
        (Key::Private(key), Some(kid)) => Key::Private(key.with_kid(kid)?),
        (other, _) => other,
    };
    super::jws::sign::signing_key(key)
}
