use super::{AUDIENCE, ready, until, verdict};
use std::time::Duration;
use waxseal_trust::revocations::Kind;
use waxseal_trust::testing::TestIssuer;
use waxseal_trust::{Issuer, StalePolicy};

const FEED: &str = "/v1/revocations";
const INCARNATION: &str = "00000000-0000-4000-8000-000000000001";

/// The requests for the feed, without the path.
fn connections(test: &TestIssuer) -> Vec<String> {
    let requests = test.requests();
    let paths = requests.iter().filter_map(|request| request.strip_prefix(FEED));
    paths.filter(|rest| !rest.starts_with('/')).map(|rest| rest.trim().to_owned()).collect()
}

async fn reconnected(test: &TestIssuer, issuer: &Issuer) {
    // Paused time passes only while everybody waits, so this outlasts the pause before the next connection.
    tokio::time::sleep(Duration::from_secs(1)).await;
    issuer.ready().await;
    assert_eq!(test.readers(), 1);
}

#[tokio::test]
async fn what_was_revoked_before_the_start_is_in_the_snapshot() {
    let test = TestIssuer::new();
    test.revoke(Kind::Session, "session-1");
    let issuer = ready(&test).await;
    assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, "token_revoked");
}

#[tokio::test]
async fn a_silent_feed_becomes_stale_and_a_heartbeat_heals_it() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let token = test.token(AUDIENCE).sign();
    test.advance(Duration::from_secs(5));
    assert_eq!(verdict(&issuer, &token).await, "accepted");
    test.advance(Duration::from_secs(1));
    assert_eq!(verdict(&issuer, &token).await, "revocations_stale");
    assert!(!issuer.status().feed_fresh);
    test.heartbeat();
    issuer.ready().await;
    assert_eq!(verdict(&issuer, &token).await, "accepted");
}

#[tokio::test]
async fn a_feed_that_was_never_reached_is_judged_by_the_policy() {
    let cases = [
        (StalePolicy::Accept, "accepted"),
        (StalePolicy::CapAge(Duration::from_secs(60)), "accepted"),
        (StalePolicy::CapAge(Duration::ZERO), "token_too_old"),
        (StalePolicy::Reject, "revocations_stale"),
    ];
    for (policy, expected) in cases {
        let test = TestIssuer::new();
        let issuer = test.builder(AUDIENCE).feed_token("wrong").when_stale(policy).build().unwrap();
        until("keys", || issuer.status().keys_loaded).await;
        assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, expected, "{policy:?}");
        assert!(!issuer.status().feed_fresh);
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_is_resumed_where_it_ended() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    test.revoke(Kind::Session, "session-2");
    until("the first revocation", || issuer.status().revocations == 1).await;
    // Not UTF-8: the stream is of no further use.
    test.send_raw(&b"\xff\n"[..]);
    until("the connection is given up", || test.readers() == 0).await;
    test.revoke(Kind::Session, "session-1");
    reconnected(&test, &issuer).await;
    assert_eq!(connections(&test), ["".to_owned(), format!("{INCARNATION}.1")]);
    assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, "token_revoked");
}

#[tokio::test(start_paused = true)]
async fn silence_is_noticed_without_the_connection_ending() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(connections(&test).len() > 1, "a connection may be dead without either side knowing");
    assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, "accepted");
}

#[tokio::test(start_paused = true)]
async fn events_that_do_not_verify_are_never_applied() {
    let test = TestIssuer::new();
    // Its feed key and its token key are strangers here; everything else is alike.
    let stranger = TestIssuer::new();
    let token = stranger.token(AUDIENCE).sign();
    // Signed by the right key, but the name outside of the signature was changed.
    let renamed = test.heartbeat_event().replace("event: heartbeat", "event: revocations");
    let cases = [
        ("not a token", "event: heartbeat\ndata: x\n\n".to_owned()),
        ("an access token", format!("event: heartbeat\ndata: {}\n\n", test.token(AUDIENCE).sign())),
        ("an access token of another issuer", format!("event: revocations\ndata: {token}\n\n")),
        ("an event of another issuer", stranger.revoke_unheard(Kind::Session, "session-1")),
        ("an event under another name", renamed),
        ("an unknown event", "event: reset\ndata: x\n\n".to_owned()),
    ];
    for (name, bytes) in cases {
        let issuer = ready(&test).await;
        test.send_raw(bytes);
        until(name, || test.readers() == 0).await;
        assert_eq!(issuer.status().revocations, 0, "{name}");
        assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, "accepted", "{name}");
        reconnected(&test, &issuer).await;
        drop(issuer);
        until("closed", || test.readers() == 0).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_event_leads_to_a_new_snapshot() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let lost = test.revoke_unheard(Kind::Session, "session-1");
    test.revoke(Kind::Session, "session-2");
    until("the gap is noticed", || test.readers() == 0).await;
    reconnected(&test, &issuer).await;
    assert_eq!(connections(&test), ["", ""], "without Last-Event-ID");
    assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, "token_revoked");
    assert!(lost.starts_with("event: revocations"));
}

#[tokio::test(start_paused = true)]
async fn a_replayed_event_neither_harms_nor_refreshes() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let event = test.revoke_unheard(Kind::Session, "session-2");
    test.send_raw(event.clone());
    test.revoke(Kind::Session, "session-3");
    until("both", || issuer.status().revocations == 2).await;
    test.advance(Duration::from_secs(6));
    test.send_raw(event);
    // It comes after the replay, so once it has ended the connection, the replay was seen.
    test.send_raw(&b"\xff\n"[..]);
    until("the connection is given up", || test.readers() == 0).await;
    assert_eq!(verdict(&issuer, &test.token(AUDIENCE).sign()).await, "revocations_stale");
}

#[tokio::test(start_paused = true)]
async fn a_revoked_signing_key_is_refused_and_the_keys_are_fetched_at_once() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let token = test.token(AUDIENCE).sign();
    let kid = waxseal::peek_kid_without_verifying(&token).unwrap().unwrap();
    test.rotate_keys();
    test.revoke(Kind::SigningKey, &kid);
    until("the revocation", || issuer.status().revocations == 1).await;
    let refusal = verdict(&issuer, &token).await;
    assert!(["token_revoked", "key_not_found"].contains(&refusal), "{refusal}");
    let new = test.token(AUDIENCE).sign();
    let answered = || test.requests().iter().filter(|path| *path == "/.well-known/jwks.json").count() == 2;
    until("the second fetch", answered).await;
    until("its keys", || {
        issuer.verify_now::<waxseal_trust::NoClaims>(&new).is_some_and(|result| result.is_ok())
    })
    .await;
}
