use super::{AUDIENCE, ready, until, verdict};
use std::time::Duration;
use waxseal_trust::NoClaims;
use waxseal_trust::testing::TestIssuer;

const JWKS: &str = "/.well-known/jwks.json";

fn fetches(test: &TestIssuer) -> usize {
    test.requests().iter().filter(|path| *path == JWKS).count()
}

#[tokio::test(start_paused = true)]
async fn a_token_of_a_new_key_waits_for_the_key_and_passes() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let old = test.token(AUDIENCE).sign();
    test.rotate_keys();
    let new = test.token(AUDIENCE).sign();
    assert_eq!(verdict(&issuer, &new).await, "key_not_found", "the set was fetched a moment ago");
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(issuer.verify_now::<NoClaims>(&new).is_none());
    assert_eq!(verdict(&issuer, &new).await, "accepted");
    assert_eq!(verdict(&issuer, &old).await, "key_not_found", "the issuer withdrew it");
    assert_eq!(fetches(&test), 2);
}

#[tokio::test(start_paused = true)]
async fn many_tokens_of_unknown_keys_share_one_request() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    tokio::time::advance(Duration::from_secs(10)).await;
    let stranger = TestIssuer::new();
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            stranger.rotate_keys();
            let (issuer, token) = (issuer.clone(), stranger.token(AUDIENCE).sign());
            tokio::spawn(async move { verdict(&issuer, &token).await })
        })
        .collect();
    for answer in waiting {
        assert_eq!(answer.await.unwrap(), "key_not_found");
    }
    assert_eq!(fetches(&test), 2, "one at the start, one for all of them");
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_cannot_be_reached_makes_tokens_undecided_until_it_can() {
    let test = TestIssuer::new();
    test.set_reachable(false);
    let issuer = test.builder(AUDIENCE).build().unwrap();
    let token = test.token(AUDIENCE).sign();
    assert_eq!(verdict(&issuer, &token).await, "keys_unavailable");
    test.set_reachable(true);
    issuer.ready().await;
    assert_eq!(verdict(&issuer, &token).await, "accepted");
}

#[tokio::test(start_paused = true)]
async fn keys_stay_in_use_while_the_issuer_is_away() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let token = test.token(AUDIENCE).sign();
    test.set_reachable(false);
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert!(fetches(&test) > 2, "the age of the set has passed, and it was asked for again");
    assert_eq!(verdict(&issuer, &token).await, "accepted");
    let stranger = TestIssuer::new().token(AUDIENCE).sign();
    assert_eq!(verdict(&issuer, &stranger).await, "keys_unavailable", "nobody knows whether that key is new");
}

#[tokio::test]
async fn dropping_the_last_handle_ends_the_tasks() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let second = issuer.clone();
    drop(issuer);
    assert_eq!(verdict(&second, &test.token(AUDIENCE).sign()).await, "accepted");
    assert_eq!(test.readers(), 1);
    drop(second);
    until("the feed is closed", || test.readers() == 0).await;
}
