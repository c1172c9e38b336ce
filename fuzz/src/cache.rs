//! A caching verifier answers as its verifier does, whatever was asked before, at whatever time.

use crate::fixed;
use crate::outcome::reached;
use crate::source::Source;
use serde_json::Value;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use waxseal::{Algorithm, CachingVerifier, KeyRing, Verifier};

/// Panics if the two differ about a token, or the cache holds more than it may.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    let max_bytes = source.pick(&[8 * 1024, 0, 2 * 1024, 1024 * 1024]);
    let switch = Arc::new(AtomicBool::new(true));
    let mut plain = verifier(&mut source, &switch);
    let cached = CachingVerifier::<Value>::new(plain.clone(), max_bytes);
    let mut calls = 0;
    while !source.is_empty() && calls < 48 {
        match source.byte() % 24 {
            0 => {
                let keys = ring(&mut source);
                plain = plain.with_keys(keys.clone());
                cached.replace_keys(keys);
            }
            1 => cached.clear(),
            2 => drop(cached.remove_kid(source.pick(&["k", "other"]))),
            3 => drop(cached.remove_where(|verified| verified.get("sub").is_some())),
            4 => switch.store(source.one_in(2), Ordering::Relaxed),
            _ => {
                calls += 1;
                compare(&mut source, &plain, &cached);
            }
        }
        let stats = cached.stats();
        assert!(stats.bytes <= max_bytes, "{stats:?}");
        assert_eq!(stats.hits + stats.misses, calls, "{stats:?}");
    }
    if cached.stats().hits > 0 {
        reached("hit");
    }
}

fn compare(source: &mut Source<'_>, plain: &Verifier, cached: &CachingVerifier<Value>) {
    let mut token = source.pick_from(tokens()).clone();
    if source.one_in(8) {
        // The same end, which is what the cache looks up by.
        let place = source.below(token.len());
        token.replace_range(place..=place, source.pick(&["A", "B", "=", "."]));
    }
    let now = fixed::at(source.pick(&[0, 0, 1, 59, 60, 61, -1, 10, 65, 1_000_000_000]));
    let hits = cached.stats().hits;
    let expected = plain.verify::<Value>(&token, now);
    match (expected, cached.verify(&token, now)) {
        (Ok(expected), Ok(found)) => {
            assert_eq!((expected.claims(), expected.kid()), (found.claims(), found.kid()), "{token}");
            assert_eq!(expected.payload(), found.payload(), "{token}");
            reached("accepted");
        }
        (Err(expected), Err(found)) => {
            assert_eq!(expected, found, "{token}");
            let kept = if cached.stats().hits > hits { "remembered" } else { "unknown" };
            reached(format!("{kept} {}", found.code()));
        }
        (expected, found) => panic!("{token} at {now}: {expected:?} and {found:?}"),
    }
}

fn verifier(source: &mut Source<'_>, switch: &Arc<AtomicBool>) -> Verifier {
    let switch = Arc::clone(switch);
    let mut verifier = Verifier::builder().keys(ring(source)).without_expiry();
    verifier = verifier.leeway(Duration::from_secs(source.pick(&[0, 5])));
    if source.one_in(2) {
        verifier = verifier.max_age(Duration::from_secs(source.pick(&[60, 0])));
    }
    // A check whose answer changes for the same token.
    verifier = verifier.check("sub", "somebody else", move |claims| {
        switch.load(Ordering::Relaxed) || claims.sub().as_deref() != Some("alice")
    });
    let verifier = if source.one_in(2) { verifier.audience("api") } else { verifier.without_audience() };
    verifier.build().expect("a good verifier")
}

/// Some of the keys, those for HMAC under an id or not.
fn ring(source: &mut Source<'_>) -> KeyRing {
    let named = |kid| fixed::secret_key().with_kid(kid).expect("a good id").into();
    let pairs = fixed::pairs();
    let fast = |pair: &&fixed::Pair| [Algorithm::EdDsa, Algorithm::Es256].contains(&pair.algorithm);
    let others = pairs.iter().filter(fast).map(|pair| pair.verifying.clone());
    let own = match source.byte() % 4 {
        0 => vec![fixed::secret_key().into()],
        1 => vec![named("k")],
        2 => vec![named("other"), named("k")],
        _ => Vec::new(),
    };
    KeyRing::new(own.into_iter().chain(others)).expect("few keys")
}

fn tokens() -> &'static [String] {
    static TOKENS: OnceLock<Vec<String>> = OnceLock::new();
    TOKENS.get_or_init(|| {
        let claims = [
            "{}",
            r#"{"sub":"alice","exp":1700000060}"#,
            r#"{"sub":"bob","exp":1700000060,"iat":1700000000,"aud":"api"}"#,
            r#"{"aud":["api","other"],"nbf":1700000001,"exp":1700000061,"sub":"alice","iat":1700000001}"#,
            r#"{"iat":1699999990,"exp":253402300799,"sub":"alice"}"#,
            r#"{"exp":1}"#,
            "{\"exp\":1,\"exp\":2}",
        ];
        let headers = [r#"{"alg":"HS256"}"#, r#"{"alg":"HS256","kid":"k"}"#];
        let sealed =
            headers.iter().flat_map(|header| claims.iter().map(move |claims| fixed::seal(header, claims)));
        sealed.chain(fixed::tokens().iter().map(|(_, token)| token.clone())).collect()
    })
}
