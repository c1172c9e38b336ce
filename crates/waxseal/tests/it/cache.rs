//! The cache answers what its verifier would.

use crate::support::*;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;
use waxseal::*;

fn caching(verifier: Verifier) -> CachingVerifier<Value> {
    CachingVerifier::new(verifier, 1 << 20)
}

fn token(subject: &str) -> String {
    signer(secret()).token(now()).subject(subject).sign().unwrap()
}

#[test]
fn footgun_26_only_the_same_text_is_a_hit() {
    let cache = caching(verifier(secret()));
    let token = token("alice");
    assert!(cache.verify(&token, now()).is_ok());
    for index in [0, 5, token.len() / 2, token.len() - 70, token.len() - 1] {
        let other = if &token[index..=index] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &token[..index], &token[index + 1..]);
        assert!(cache.verify(&changed, now()).is_err(), "{index}");
    }
    // The end, which finds the place in the cache, is that of an accepted token.
    let longer = format!("x{token}");
    let forged = format!("{}.{}", base64url(HEADER), token.split_once('.').unwrap().1);
    assert!(cache.verify(&longer, now()).is_err());
    assert_eq!(cache.verify(&forged, now()).is_ok(), forged == token);
    assert!(cache.verify("", now()).is_err() && cache.verify("a.b.c", now()).is_err());
    assert_eq!(cache.stats().entries, 1, "refused tokens are not remembered");
}

#[test]
fn footgun_27_time_is_checked_at_every_hit() {
    let base = || Verifier::builder().key(secret()).issuer("iss").audience("aud");
    let verifier = base().max_age(Duration::from_secs(30)).leeway(Duration::from_secs(2)).build().unwrap();
    let cache = caching(verifier.clone());
    let token = signer(secret()).token(now()).not_before(at(10)).sign().unwrap();
    assert!(cache.verify(&token, at(10)).is_ok());
    for seconds in [0, 7, 8, 10, 32, 33, 61, 62, 1_000_000] {
        let found = cache.verify(&token, at(seconds)).map(|verified| verified["exp"].clone());
        let expected = verifier.verify::<Value>(&token, at(seconds)).map(|verified| verified["exp"].clone());
        assert_eq!(found, expected, "{seconds}");
    }
    assert_eq!((cache.stats().hits, cache.stats().misses), (9, 1));
}

#[test]
fn the_callers_checks_run_at_every_hit() {
    let open = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&open);
    let verifier = Verifier::builder().key(secret()).audience("aud");
    let verifier = verifier.check("sub", "still welcome", move |_| seen.load(Ordering::Relaxed)).build();
    let cache = caching(verifier.unwrap());
    let token = token("alice");
    assert!(cache.verify(&token, now()).is_ok());
    open.store(false, Ordering::Relaxed);
    let error = cache.verify(&token, now()).unwrap_err();
    assert_eq!((error.code(), cache.stats().hits), (Code::ClaimRejected, 1));
}

#[test]
fn keys_that_are_replaced_vouch_for_nothing() {
    let cache = caching(verifier(secret()));
    let token = token("alice");
    assert!(cache.verify(&token, now()).is_ok());
    cache.replace_keys(SecretKey::generate(Algorithm::Hs256).unwrap().into());
    assert_eq!(cache.verify(&token, now()).unwrap_err(), VerifyError::BadSignature);
    cache.replace_keys(secret().into());
    assert!(cache.verify(&token, now()).is_ok());
}

#[test]
fn entries_are_removed_by_key_and_by_predicate() {
    let keys = [secret().with_kid("a").unwrap(), secret().with_kid("b").unwrap()];
    let both = Verifier::builder().keys(KeyRing::new(keys.clone()).unwrap()).audience("aud");
    let cache = caching(both.build().unwrap());
    for key in &keys {
        for subject in ["alice", "bob"] {
            let token = signer(key.clone()).token(now()).subject(subject).sign().unwrap();
            assert!(cache.verify(&token, now()).is_ok());
        }
    }
    assert_eq!(cache.stats().entries, 4);
    assert_eq!(cache.remove_kid("a"), 2);
    assert_eq!(cache.remove_where(|verified| verified["sub"] == "alice"), 1);
    assert_eq!(cache.stats().entries, 1);
    cache.clear();
    assert_eq!((cache.stats().entries, cache.stats().bytes), (0, 0));
}

#[test]
fn memory_is_bounded_and_what_is_used_stays() {
    for limit in [0, 100, 20_000, 300_000] {
        let cache = CachingVerifier::<Value>::new(verifier(secret()), limit);
        let favourite = token("favourite");
        assert!(cache.verify(&favourite, now()).is_ok());
        for n in 0..400 {
            assert!(cache.verify(&token(&n.to_string()), now()).is_ok());
            assert!(cache.verify(&favourite, now()).is_ok());
            assert!(cache.stats().bytes <= limit, "{limit} {n}");
        }
        let stats = cache.stats();
        assert_eq!(stats.hits > 390, limit >= 20_000, "{limit} {stats:?}");
        assert_eq!(stats.entries > 10, limit >= 20_000, "{limit} {stats:?}");
    }
}

#[test]
fn many_threads_share_it() {
    let cache = Arc::new(caching(verifier(secret())));
    let tokens: Arc<Vec<String>> = Arc::new((0..20).map(|n| token(&n.to_string())).collect());
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (cache, tokens, start) = (Arc::clone(&cache), Arc::clone(&tokens), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                for round in 0..200 {
                    let (n, token) = tokens.iter().enumerate().nth(round % 20).unwrap();
                    assert_eq!(cache.verify(token, now()).unwrap()["sub"], n.to_string());
                    if round == 100 {
                        cache.replace_keys(secret().into());
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let stats = cache.stats();
    assert_eq!(stats.hits + stats.misses, 800);
}

#[test]
fn nothing_of_a_token_is_shown() {
    let cache = caching(verifier(secret()));
    assert!(cache.verify(&token("alice"), now()).is_ok());
    let shown = format!("{cache:?}");
    assert!(!shown.contains("alice") && !shown.contains("eyJ"), "{shown}");
}

#[test]
fn a_predicate_that_panics_leaves_the_cache_as_it_was() {
    // Small enough for one lock.
    let cache = CachingVerifier::<Value>::new(verifier(secret()), 64 * 1024);
    for subject in ["a", "b", "c"] {
        assert!(cache.verify(&token(subject), now()).is_ok());
    }
    let before = cache.stats();
    let mut asked = 0;
    let panics = std::panic::AssertUnwindSafe(|| {
        cache.remove_where(|_| {
            asked += 1;
            assert!(asked < 3, "the predicate's own fault");
            true
        })
    });
    assert!(std::panic::catch_unwind(panics).is_err());
    assert_eq!(cache.stats(), before);
    cache.clear();
    assert_eq!((cache.stats().entries, cache.stats().bytes), (0, 0));
}
