use serde_json::json;
use std::time::Duration;
use waxseal_test_support::{Answer, TestServer};

async fn refresh(server: &TestServer, token: &str) -> Answer {
    server.post("/v1/refresh", &json!({ "refresh_token": token })).await
}

#[tokio::test]
async fn login_answers_with_both_tokens() {
    let server = TestServer::start().await;
    let answer = server.alice().await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.text("token_type"), "Bearer");
    let expires_in = answer.body["expires_in"].as_u64().unwrap();
    assert!((570..=600).contains(&expires_in), "ten minutes less a little: {expires_in}");
    assert_eq!(answer.body["refresh_token_expires_in"], 14 * 24 * 3600);
    assert!(answer.text("refresh_token").starts_with("wxs_rt_"));
    let me = server.get("/v1/me", Some(answer.text("access_token"))).await;
    assert_eq!((me.status.as_u16(), me.text("username")), (200, "alice"));
}

#[tokio::test]
async fn wrong_password_and_unknown_user_look_alike() {
    let server = TestServer::start().await;
    server.alice().await;
    let mut answers = Vec::new();
    for (username, password) in
        [("alice", "wrong horse"), ("nobody", "wrong horse"), ("", ""), ("a\u{0}b", "x")]
    {
        let answer = server.post("/v1/login", &json!({ "username": username, "password": password })).await;
        assert_eq!(answer.status, 401, "{username:?}");
        answers.push(answer.body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(answers[0]["code"], "invalid_credentials");
}

#[tokio::test]
async fn two_refreshes_in_the_same_second_both_work() {
    let server = TestServer::start().await;
    let login = server.alice().await;
    let first = refresh(&server, login.text("refresh_token")).await;
    let second = refresh(&server, first.text("refresh_token")).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    assert_eq!(second.text("session_id"), login.text("session_id"), "the session stays the same");
}

#[tokio::test]
async fn a_second_device_does_not_log_out_the_first() {
    let server = TestServer::start().await;
    let first = server.alice().await;
    let account = json!({ "username": "alice", "password": "correct horse", "device": "phone" });
    let second = server.post("/v1/login", &account).await;
    let list = server.get("/v1/sessions", Some(first.text("access_token"))).await;
    let sessions = list.body["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let current: Vec<_> =
        sessions.iter().filter(|s| s["current"] == true).map(|s| s["session_id"].clone()).collect();
    assert_eq!(current, [first.text("session_id")]);
    let logout = server.post("/v1/logout", &json!({ "refresh_token": second.text("refresh_token") })).await;
    assert_eq!(logout.status, 204);
    assert_eq!(refresh(&server, first.text("refresh_token")).await.status, 200);
    assert_eq!(refresh(&server, second.text("refresh_token")).await.text("code"), "invalid_grant");
}

#[tokio::test]
async fn an_old_token_after_the_window_ends_everything_of_its_session() {
    let server = TestServer::start().await;
    let login = server.alice().await;
    let renewed = refresh(&server, login.text("refresh_token")).await;
    server.clock.advance(Duration::from_secs(31));
    for token in [login.text("refresh_token"), renewed.text("refresh_token")] {
        let refused = refresh(&server, token).await;
        assert_eq!((refused.status.as_u16(), refused.text("code")), (400, "invalid_grant"));
    }
    let me = server.get("/v1/me", Some(renewed.text("access_token"))).await;
    assert_eq!((me.status.as_u16(), me.text("code")), (401, "token_revoked"));
}

#[tokio::test]
async fn an_access_token_dies_in_time() {
    let server = TestServer::start().await;
    let login = server.alice().await;
    server.clock.advance(Duration::from_secs(600));
    let me = server.get("/v1/me", Some(login.text("access_token"))).await;
    assert_eq!((me.status.as_u16(), me.text("code")), (401, "token_expired"));
    assert!(me.headers["www-authenticate"].to_str().unwrap().contains("invalid_token"));
}

#[tokio::test]
async fn logout_twice_is_no_error_and_no_theft() {
    let server = TestServer::start().await;
    let login = server.alice().await;
    for _ in 0..2 {
        let answer =
            server.post("/v1/logout", &json!({ "refresh_token": login.text("refresh_token") })).await;
        assert_eq!(answer.status, 204);
    }
}

#[tokio::test]
async fn key_sets_are_public_and_apart() {
    let server = TestServer::start().await;
    let tokens = server.get("/.well-known/jwks.json", None).await;
    let feed = server.get("/v1/revocations/jwks.json", None).await;
    for answer in [&tokens, &feed] {
        let keys = answer.body["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2, "the active key and the next");
        assert!(keys.iter().all(|key| key.get("d").is_none() && key["kid"].is_string()));
        assert_eq!(answer.headers["cache-control"], "public, max-age=300");
    }
    assert_eq!((&tokens.body["keys"][0]["kty"], &feed.body["keys"][0]["kty"]), (&json!("EC"), &json!("OKP")));
}
