use super::{AUDIENCE, ready, until, verdict};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use waxseal_trust::NoClaims;
use waxseal_trust::revocations::{Epochs, Kind};
use waxseal_trust::testing::{TestIssuer, TestToken};

#[tokio::test]
async fn a_good_token_gives_the_callers_claims_and_the_session() {
    // A type without `sid` and the other claims that the revocations need.
    #[derive(Deserialize)]
    struct Editor {
        role: String,
    }
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let token = test.token(AUDIENCE).subject("bob").claim("role", json!("editor")).sign();
    let accepted = issuer.verify::<Editor>(&token).await.unwrap();
    assert_eq!(accepted.role, "editor");
    assert_eq!(
        (accepted.subject(), accepted.session_id(), accepted.client_id()),
        ("bob", "session-1", "test-client")
    );
    assert_eq!(accepted.registered().jti.as_deref(), Some("token-1"));
}

#[tokio::test]
async fn tokens_that_are_not_good_and_why() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let good = || test.token(AUDIENCE);
    let cases: [(&str, TestToken, &str); 8] = [
        ("good", good(), "accepted"),
        ("another API's", test.token("billing"), "audience_mismatch"),
        ("another issuer's", good().issued_by("https://evil.test"), "issuer_mismatch"),
        ("of another kind", good().typ("JWT"), "typ_mismatch"),
        ("a feed event", good().typ("waxseal-revocations+jwt"), "typ_mismatch"),
        ("without a session", good().without_claim("sid"), "claims_mismatch"),
        ("without counters", good().without_claim("epochs"), "claims_mismatch"),
        ("without a client", good().without_claim("client_id"), "claim_missing"),
    ];
    for (name, token, expected) in cases {
        assert_eq!(verdict(&issuer, &token.sign()).await, expected, "{name}");
    }
}

#[tokio::test]
async fn forgeries_are_refused() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let good = test.token(AUDIENCE).sign();
    let parts: Vec<_> = good.split('.').collect();
    // {"alg":"none","typ":"at+jwt"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    let other_claims = test.token(AUDIENCE).subject("admin").sign();
    let other_claims = other_claims.split('.').nth(1).unwrap();
    let cases = [
        (String::new(), "token_malformed"),
        (good.replace('.', "-"), "token_malformed"),
        (format!("{good}."), "token_malformed"),
        (format!("{}.{}.", parts[0], parts[1]), "signature_invalid"),
        (format!("{}.{other_claims}.{}", parts[0], parts[2]), "signature_invalid"),
        (format!("{none}.{}.", parts[1]), "algorithm_mismatch"),
    ];
    for (token, expected) in cases {
        assert_eq!(verdict(&issuer, &token).await, expected, "{expected}");
    }
    let stranger = TestIssuer::new().token(AUDIENCE).sign();
    assert_eq!(verdict(&issuer, &stranger).await, "key_not_found");
}

#[tokio::test]
async fn a_token_ends_with_the_second_in_exp() {
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let token = test.token(AUDIENCE).sign();
    test.advance(Duration::from_secs(899));
    test.heartbeat();
    issuer.ready().await;
    assert_eq!(verdict(&issuer, &token).await, "accepted");
    test.advance(Duration::from_secs(1));
    assert_eq!(verdict(&issuer, &token).await, "token_expired");
}

#[tokio::test]
async fn revocations_reach_the_handle_and_refuse_what_they_name() {
    let epochs = Epochs { all: 1, client: 1, subject: 1 };
    type Revoke = fn(&TestIssuer);
    let cases: [(&str, Revoke); 5] = [
        ("session", |test| test.revoke(Kind::Session, "session-1")),
        ("token", |test| test.revoke(Kind::Token, "token-1")),
        ("subject", |test| test.raise_epoch(Kind::Subject, "alice", 2)),
        ("client", |test| test.raise_epoch(Kind::Client, "test-client", 2)),
        ("all", |test| test.raise_epoch_of_all(2)),
    ];
    for (name, revoke) in cases {
        let test = TestIssuer::new();
        let issuer = ready(&test).await;
        let token = test.token(AUDIENCE).epochs(epochs).sign();
        assert_eq!(verdict(&issuer, &token).await, "accepted", "{name}");
        revoke(&test);
        until(name, || issuer.status().revocations == 1).await;
        assert_eq!(verdict(&issuer, &token).await, "token_revoked", "{name}");
        let after = test.token(AUDIENCE).id("token-2").session("session-2");
        let after = after.epochs(Epochs { all: 2, client: 2, subject: 2 }).sign();
        assert_eq!(
            verdict(&issuer, &after).await,
            "accepted",
            "{name}: a new login works in the same second"
        );
    }
}

#[tokio::test]
async fn claims_that_do_not_fit_the_callers_type_are_refused() {
    #[derive(Debug, Deserialize)]
    struct Needs {
        #[expect(dead_code, reason = "only whether it can be read matters")]
        role: String,
    }
    let test = TestIssuer::new();
    let issuer = ready(&test).await;
    let token = test.token(AUDIENCE).sign();
    assert_eq!(issuer.verify::<Needs>(&token).await.unwrap_err().code(), "claims_mismatch");
    assert!(issuer.verify::<NoClaims>(&token).await.is_ok());
}
