//! An issuer changes its key, and nobody notices.

use crate::support::*;
use serde_json::Value;
use std::time::Duration;
use waxseal::*;

const TIMES: RotationTimes =
    RotationTimes { cache: Duration::from_secs(100), token: Duration::from_secs(60) };

fn key(kid: &str) -> PrivateKey {
    PrivateKey::generate(Algorithm::Es256).unwrap().with_kid(kid).unwrap()
}

fn published(keys: &SigningKeys) -> Vec<String> {
    let set = keys.published();
    set.keys().iter().map(|key| key.kid().unwrap().to_owned()).collect()
}

/// Verifiers fetch the set every hundred seconds, at different times; every token is checked by all of them
/// as long as it lives.
#[test]
fn rotation_without_downtime() {
    let mut keys = SigningKeys::new(TIMES, key("0"));
    let mut copies = vec![keys.verifying_keys(); 10];
    let mut tokens: Vec<(i64, String)> = Vec::new();
    let (mut made, mut activated) = (0, 0);
    for second in 0..2000 {
        if second % 400 == 0 {
            made += 1;
            keys.publish(key(&made.to_string()), at(second)).unwrap();
        }
        if second % 400 == 200 {
            keys.activate(&made.to_string(), at(second)).unwrap();
            activated += 1;
        }
        keys.remove_expired(at(second));
        assert!(published(&keys).len() <= 3, "{second}: {:?}", published(&keys));
        if second % 10 == 0 {
            copies[usize::try_from(second / 10 % 10).unwrap()] = keys.verifying_keys();
            tokens.push((second, signer(keys.active().clone()).token(at(second)).sign().unwrap()));
        }
        if second % 20 == 0 {
            tokens.retain(|(made, _)| second < made + 60);
            for ring in &copies {
                let verifier = verifier(secret()).with_keys(ring.clone());
                for (made, token) in &tokens {
                    let outcome = verifier.verify::<Value>(token, at(second));
                    assert!(outcome.is_ok(), "token of {made} at {second}: {outcome:?}");
                }
            }
        }
    }
    assert_eq!(activated, 5);
}

#[test]
fn the_boundaries_of_each_state() {
    let mut keys = SigningKeys::new(TIMES, key("a"));
    keys.publish(key("b"), at(0)).unwrap();
    assert_eq!(keys.ready_at("b"), Some(at(200)));
    assert_eq!(keys.ready_at("a"), None);
    assert_eq!(keys.activate("b", at(199)).unwrap_err().code(), Code::KeyTooEarly);
    assert_eq!(keys.activate("c", at(999)).unwrap_err().code(), Code::KeyIdUnknown);
    assert_eq!(keys.active().kid(), Some("a"));
    keys.activate("b", at(200)).unwrap();
    assert_eq!((keys.active().kid(), published(&keys)), (Some("b"), vec!["b".to_owned(), "a".to_owned()]));
    assert_eq!(keys.activate("b", at(999)).unwrap_err().code(), Code::KeyIdUnknown, "it is active");
    assert!(keys.remove_expired(at(200 + 159)).is_empty());
    let gone = keys.remove_expired(at(200 + 160));
    assert_eq!(gone[0].kid(), Some("a"));
    assert_eq!(published(&keys), ["b"]);
}

#[test]
fn a_stolen_key_goes_at_once() {
    let mut keys = SigningKeys::new(TIMES, key("stolen"));
    let token = signer(keys.active().clone()).token(now()).sign().unwrap();
    assert_eq!(keys.remove("stolen").unwrap_err().code(), Code::KeyIdUnknown);
    keys.publish(key("fresh"), at(0)).unwrap();
    keys.activate_at_once("fresh", at(1)).unwrap();
    assert_eq!(keys.retiring().map(|(key, since)| (key.kid(), since)).next(), Some((Some("stolen"), at(1))));
    keys.remove("stolen").unwrap();
    let verifier = verifier(secret()).with_keys(keys.verifying_keys());
    assert_eq!(verifier.verify::<Value>(&token, at(1)).unwrap_err().code(), Code::KeyNotFound);
    assert_eq!(keys.pending().count() + keys.retiring().count(), 0);
}

#[test]
fn ids_are_taken_once_and_the_set_stays_readable() {
    let active = key("a");
    let mut keys = SigningKeys::new(TIMES, active.clone());
    for taken in [active, key("a")] {
        assert_eq!(keys.publish(taken.clone(), now()).unwrap_err().code(), Code::KeyIdTaken);
        assert_eq!(keys.add_retiring(taken, now()).unwrap_err().code(), Code::KeyIdTaken);
    }
    for index in 1..JwkSet::MAX_KEYS {
        keys.publish(key(&index.to_string()), now()).unwrap();
    }
    assert_eq!(keys.publish(key("more"), now()).unwrap_err().code(), Code::KeySetTooLarge);
    assert_eq!(JwkSet::parse(keys.published().to_json()).unwrap().keys().len(), JwkSet::MAX_KEYS);
    let shown = format!("{keys:?}");
    assert!(shown.contains("active") && !shown.contains("\"d\""), "{shown}");
}
