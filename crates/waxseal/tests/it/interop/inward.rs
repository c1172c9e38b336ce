//! Tokens made by other implementations are accepted here, and only unchanged.

use super::{Cases, Row, keys, read, with_changed_character};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use waxseal::{Algorithm, Code, VerifyingKey};

const PRODUCERS: [&str; 4] = ["jose", "jsonwebtoken", "pyjwt", "jwcrypto"];

#[derive(Deserialize)]
struct Fixtures {
    producer: String,
    tokens: Vec<Fixture>,
}

#[derive(Deserialize)]
struct Fixture {
    alg: String,
    case: String,
    keys: Vec<String>,
    header: Value,
    token: String,
}

impl Fixtures {
    fn load_all() -> Vec<Self> {
        let load = |name: &&str| serde_json::from_str(&read(&format!("fixtures/{name}.json"))).unwrap();
        PRODUCERS.iter().map(load).collect()
    }

    /// The tokens whose algorithm this library has.
    fn known(&self) -> impl Iterator<Item = (Algorithm, &Fixture)> {
        self.tokens.iter().filter_map(|fixture| Some((fixture.alg.parse().ok()?, fixture)))
    }
}

impl Fixture {
    fn verifying_keys(&self, algorithm: Algorithm) -> impl Iterator<Item = (&str, VerifyingKey)> {
        self.keys.iter().map(move |file| (file.as_str(), keys::verifying(algorithm, file)))
    }
}

#[test]
fn tokens_of_other_libraries_verify_with_every_form_of_the_key() {
    let cases = Cases::load();
    for fixtures in Fixtures::load_all() {
        for (algorithm, fixture) in fixtures.known() {
            assert!(!fixture.keys.is_empty(), "{} {}", fixtures.producer, fixture.alg);
            for (file, key) in fixture.verifying_keys(algorithm) {
                let kid = (!algorithm.is_symmetric()).then(|| keys::public(algorithm, file).thumbprint());
                let what = format!("{} {} {} {file}", fixtures.producer, fixture.alg, fixture.case);
                let verified = cases.verifier(key).verify::<Value>(&fixture.token, cases.now());
                let verified = verified.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(verified.claims(), &cases.claims[&fixture.case], "{what}");
                assert_eq!(verified.kid(), kid.as_deref(), "{what}");
            }
        }
    }
}

#[test]
fn the_key_id_other_libraries_compute_is_ours() {
    let mut named = 0;
    for fixtures in Fixtures::load_all() {
        for (algorithm, fixture) in fixtures.known() {
            let Some(kid) = fixture.header.get("kid").and_then(Value::as_str) else { continue };
            named += 1;
            for file in &fixture.keys {
                assert_eq!(keys::public(algorithm, file).thumbprint(), kid, "{} {file}", fixtures.producer);
            }
        }
    }
    assert!(named > 0, "the rich case names its key");
}

#[test]
fn every_algorithm_has_tokens_of_another_library() {
    let all = Fixtures::load_all();
    for &algorithm in Algorithm::ALL {
        let makers: Vec<&str> = all
            .iter()
            .filter(|fixtures| fixtures.known().any(|(known, _)| known == algorithm))
            .map(|fixtures| fixtures.producer.as_str())
            .collect();
        assert!(
            !makers.is_empty(),
            "no library made tokens for {algorithm}: add it to cases.json and make them"
        );
    }
    for Row { alg, .. } in Cases::load().algorithms {
        if alg.parse::<Algorithm>().is_err() {
            let _ = writeln!(std::io::stderr(), "interop: not run, this library has no {alg} yet");
        }
    }
}

#[test]
fn fixtures_are_of_the_pinned_versions() {
    let packages: Value = serde_json::from_str(&read("package.json")).unwrap();
    let requirements = read("requirements.txt");
    let objects = super::jws::PRODUCERS.map(|name| format!("fixtures/objects.{name}.json"));
    let tokens = PRODUCERS.map(|name| format!("fixtures/{name}.json"));
    for file in tokens.into_iter().chain(objects) {
        let fixtures: Value = serde_json::from_str(&read(&file)).unwrap();
        let (producer, version) = (fixtures["producer"].as_str().unwrap(), &fixtures["version"]);
        let pinned = match packages["dependencies"].get(producer) {
            Some(pinned) => pinned == version,
            None => {
                requirements.lines().any(|line| line == format!("{producer}=={}", version.as_str().unwrap()))
            }
        };
        assert!(pinned, "{file} is of {version}: make the fixtures again");
    }
}

#[test]
fn the_time_and_the_audience_count() {
    let cases = Cases::load();
    let expiry = waxseal::NumericDate::from_seconds(4_102_444_800).unwrap();
    for fixtures in Fixtures::load_all() {
        for (algorithm, fixture) in fixtures.known() {
            let (_, key) = fixture.verifying_keys(algorithm).next().unwrap();
            let late = cases.verifier(key.clone()).verify::<Value>(&fixture.token, expiry);
            assert_eq!(late.err().map(|error| error.code()), Some(Code::TokenExpired), "{}", fixture.alg);
            let elsewhere = waxseal::Verifier::builder()
                .key(key)
                .issuer(cases.issuer.as_str())
                .audience("other")
                .build()
                .unwrap();
            let refused = elsewhere.verify::<Value>(&fixture.token, cases.now());
            assert_eq!(
                refused.err().map(|error| error.code()),
                Some(Code::AudienceMismatch),
                "{}",
                fixture.alg
            );
        }
    }
}

/// The last character of a part may carry bits that mean nothing: those must be refused, too, or one
/// signature has several spellings.
#[test]
fn no_changed_character_is_accepted() {
    let cases = Cases::load();
    for fixtures in Fixtures::load_all() {
        for (algorithm, fixture) in fixtures.known().filter(|(_, fixture)| fixture.case == "plain") {
            let (_, key) = fixture.verifying_keys(algorithm).next().unwrap();
            let verifier = cases.verifier(key);
            for index in indices_to_change(&fixture.token) {
                let changed = with_changed_character(&fixture.token, index);
                let outcome = verifier.verify::<Value>(&changed, cases.now());
                assert!(outcome.is_err(), "{} {} at {index}", fixtures.producer, fixture.alg);
            }
        }
    }
}

/// Every one; of the long tokens of ML-DSA, whose verification takes longer too, the ends of the parts and some.
fn indices_to_change(token: &str) -> BTreeSet<usize> {
    let step = if token.len() > 2000 { 31 } else { 1 };
    let ends = token.match_indices('.').flat_map(|(dot, _)| [dot - 1, dot, dot + 1]);
    (0..token.len()).step_by(step).chain(ends).chain([token.len() - 1]).collect()
}
