//! Any header, correctly sealed: accepted only if nothing in it asks for anything else than the key does.

use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{agree, fixed, generate};
use std::sync::OnceLock;
use waxseal::{Code, Profile, Verifier};

const NAMES: &[&str] = &[
    "alg", "typ", "kid", "crit", "b64", "cty", "jwk", "jku", "x5c", "x5u", "zip", "enc", "alg", "typ", "kid",
    "x", "",
];

/// Headers that a fair share of the inputs starts with, less their last brace.
const GOOD: &[&str] = &[
    "{",
    r#"{"alg":"HS256""#,
    r#"{"alg":"HS256","typ":"JWT""#,
    r#"{"typ":"at+jwt","alg":"HS256""#,
    r#"{"alg":"HS256","kid":"k""#,
    r#"{"alg":"\u0048S256","kid":"k","typ":"application/JWT""#,
];

/// Claims that every verifier here accepts.
const CLAIMS: &str = r#"{"iss":"https://issuer.example","sub":"alice","aud":"api","exp":1700000060,"iat":1699999990,"jti":"k","client_id":"c"}"#;

/// Panics if a header is accepted that the model refuses, or the other way round.
pub fn property(data: &[u8]) {
    let header = header(&mut Source::new(data));
    let token = fixed::seal(&header, CLAIMS);
    let tree = Tree::read(&header).filter(|tree| tree.is_strict_object(32));
    let fits_size = token.len() <= 16 * 1024 && token.find('.').is_some_and(|dot| dot <= 8 * 1024);
    for (verifier, key_kid, typ) in verifiers() {
        let acceptable = fits_size && tree.as_ref().is_some_and(|tree| acceptable(tree, *key_kid, typ));
        match agree::verify(verifier, &token, fixed::at(0)) {
            Ok(verified) => {
                assert!(acceptable, "accepted: {header}");
                assert_eq!(verified.kid(), *key_kid, "the id is the key's, not the token's");
                reached("accepted");
            }
            Err(error) => {
                assert!(!acceptable, "{error}: {header}");
                assert_ne!(error.code(), Code::SignatureInvalid, "the seal is good: {header}");
                assert!(error.rejections().is_empty(), "the claims are good: {header}");
                reached(format!("refused {}", error.code()));
            }
        }
    }
}

fn header(source: &mut Source<'_>) -> String {
    if source.one_in(4) {
        return String::from_utf8_lossy(source.rest()).into_owned();
    }
    let start = source.pick(GOOD);
    let generated = generate::object(source, NAMES);
    let members = generated.strip_prefix('{').unwrap_or(&generated);
    let comma = if start == "{" || members.trim_start().starts_with('}') { "" } else { "," };
    format!("{start}{comma}{members}")
}

/// Whether a verifier with one key for HS256 under `key_kid`, that wants `typ`, has to accept.
fn acceptable(header: &Tree, key_kid: Option<&str>, typ: &str) -> bool {
    let alg = header.member("alg").and_then(Tree::text) == Some("HS256");
    let kid = header.member("kid").is_none_or(|kid| {
        let text = kid.text();
        text.is_some_and(|kid| (1..=256).contains(&kid.len()) && !kid.chars().any(char::is_control))
            && (key_kid.is_none() || text == key_kid)
    });
    let found = header.member("typ").map(|typ| typ.text().unwrap_or_default().to_ascii_lowercase());
    let found = found.as_ref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
    let typ = found == Some(typ) || found.is_none() && typ == "jwt";
    alg && kid && typ && header.member("crit").is_none() && header.member("b64").is_none()
}

type Case = (Verifier, Option<&'static str>, &'static str);

fn verifiers() -> &'static [Case] {
    static VERIFIERS: OnceLock<Vec<Case>> = OnceLock::new();
    VERIFIERS.get_or_init(|| {
        let named = || fixed::secret_key().with_kid("k").expect("a good id");
        let build = |key: waxseal::SecretKey, profile| {
            let verifier = Verifier::builder().key(key).profile(profile);
            verifier.issuer(fixed::ISSUER).audience(fixed::AUDIENCE).build().expect("a good verifier")
        };
        vec![
            (build(fixed::secret_key(), Profile::FirstParty), None, "jwt"),
            (build(named(), Profile::FirstParty), Some("k"), "jwt"),
            (build(named(), Profile::AccessToken), Some("k"), "at+jwt"),
        ]
    })
}
