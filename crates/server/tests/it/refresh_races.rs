use serde_json::json;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use waxseal_test_support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_parallel_refreshes_give_one_and_the_same_token() {
    let server = Arc::new(TestServer::start().await);
    let login = server.alice().await;
    let body = json!({ "refresh_token": login.text("refresh_token") });
    let mut races = JoinSet::new();
    for _ in 0..100 {
        let (server, body) = (Arc::clone(&server), body.clone());
        races.spawn(async move { server.post("/v1/refresh", &body).await });
    }
    let mut tokens = HashSet::new();
    for answer in races.join_all().await {
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        tokens.insert(answer.text("refresh_token").to_owned());
    }
    assert_eq!(tokens.len(), 1, "every racer holds the same token");
    let token = tokens.into_iter().next().unwrap();
    assert_ne!(token, login.text("refresh_token"));

    // One write: the token in hand is generation 1, the only successor, so it is current long after the window.
    server.clock.advance(Duration::from_secs(3600));
    let next = server.post("/v1/refresh", &json!({ "refresh_token": token })).await;
    assert_eq!(next.status, 200, "{:?}", next.body);
}
