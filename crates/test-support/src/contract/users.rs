//! Accounts, keys and what belongs to the store as a whole.
#![allow(missing_docs, reason = "the names of the tests say what they show")]

use super::Bench;
use waxseal_domain::repository::InsertUserError;
use waxseal_domain::signing_key::{KeyPurpose, KeyState, StoredKey};
use waxseal_domain::user::{UserState, Username};
use waxseal_domain::{Timestamp, UserId};

pub async fn usernames_are_unique(bench: Bench) {
    let (first, second) = tokio::join!(
        bench.store.insert_user(bench.new_user("alice")),
        bench.store.insert_user(bench.new_user("ALICE!"))
    );
    assert!(first.is_ok() && second.is_ok(), "different names");
    let (mut same, mut also) = (bench.new_user("Carol"), bench.new_user("cAROL"));
    (same.id, also.id) = (UserId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
    let (same, also) = tokio::join!(bench.store.insert_user(same), bench.store.insert_user(also));
    assert!(same.is_ok() ^ also.is_ok(), "exactly one of two racing insertions wins");
    assert!([same, also].into_iter().any(|r| matches!(r, Err(InsertUserError::UsernameTaken))));
}

pub async fn a_credential_is_found_by_any_capitals(bench: Bench) {
    let user = bench.insert_user("Alice").await;
    let found = bench.store.find_credential(&Username::new("aLICE").unwrap()).await.unwrap().unwrap();
    assert_eq!((found.user.id, found.user.username.as_str(), found.version), (user.id, "Alice", 1));
    assert_eq!(found.user.state, UserState::Active);
    assert_eq!(found.password_hash.as_phc(), "hash of Alice");
    assert!(bench.store.find_credential(&Username::new("bob").unwrap()).await.unwrap().is_none());
}

pub async fn ids_find_users(bench: Bench) {
    let user = bench.insert_user("alice").await;
    let found = bench.store.find_user(user.id).await.unwrap().unwrap();
    assert_eq!((found.id, found.created_at), (user.id, user.created_at));
    assert!(bench.store.find_user(UserId::from_bytes([0; 16])).await.unwrap().is_none());
}

pub async fn first_keys_are_made_once(bench: Bench) {
    let key = |kid: &str, state| StoredKey {
        kid: kid.to_owned(),
        algorithm: "ES256".to_owned(),
        purpose: KeyPurpose::AccessToken,
        state,
        key_epoch: 1,
        sealed: vec![1, 2, 3],
        created_at: Timestamp::from_millis(5),
    };
    let keys =
        |name: &str| vec![key(name, KeyState::Active), key(&format!("{name}-next"), KeyState::Pending)];
    let insert = |name| bench.store.insert_first_keys(KeyPurpose::AccessToken, keys(name));
    let (a, b) = tokio::join!(insert("a"), insert("b"));
    assert!(a.unwrap() ^ b.unwrap(), "of two servers that start at once, one makes the keys");
    let stored = bench.store.list_keys().await.unwrap();
    assert!(stored == keys("a") || stored == keys("b"), "{stored:?}");
    assert!(!insert("c").await.unwrap());
    assert!(
        bench.store.insert_first_keys(KeyPurpose::RevocationFeed, Vec::new()).await.unwrap(),
        "another purpose"
    );
}

pub async fn one_issuer_for_life(bench: Bench) {
    assert_eq!(bench.store.claim_issuer("https://a").await.unwrap(), "https://a");
    assert_eq!(bench.store.claim_issuer("https://b").await.unwrap(), "https://a");
    bench.store.ping().await.unwrap();
}
