//! The API behind the guard, with tokens of an issuer in memory.
#![allow(clippy::unwrap_used, reason = "tests")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;
use waxseal_tower::GuardLayer;
use waxseal_trust::testing::TestIssuer;

async fn api(test: &TestIssuer) -> Router {
    let issuer = test.builder("notes").build().unwrap();
    issuer.ready().await;
    axum_api::router(GuardLayer::new(issuer))
}

/// Status, challenge and body of the answer to a request with these `authorization` headers.
async fn send(
    api: &Router,
    method: &str,
    path: &str,
    credentials: &[&str],
    body: &str,
) -> (StatusCode, String, String) {
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    for value in credentials {
        request = request.header("authorization", *value);
    }
    let answer = api.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let challenge =
        answer.headers().get("www-authenticate").map_or("", |value| value.to_str().unwrap()).to_owned();
    let (status, body) = (answer.status(), answer.into_body().collect().await.unwrap().to_bytes());
    (status, challenge, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn notes_belong_to_the_user_of_the_token() {
    let test = TestIssuer::new();
    let api = api(&test).await;
    let alice = format!("Bearer {}", test.token("notes").subject("alice").sign());
    let bob = format!("bearer {}", test.token("notes").subject("bob").sign());
    let (status, _, note) = send(&api, "POST", "/notes", &[&alice], r#"{"text":"wax"}"#).await;
    assert_eq!((status, note.as_str()), (StatusCode::CREATED, r#"{"id":1,"text":"wax"}"#));
    assert_eq!(send(&api, "GET", "/notes/1", &[&alice], "").await.0, StatusCode::OK);
    for method in ["GET", "DELETE"] {
        assert_eq!(send(&api, method, "/notes/1", &[&bob], "").await.0, StatusCode::NOT_FOUND, "{method}");
    }
    assert_eq!(send(&api, "GET", "/notes", &[&bob], "").await.2, "[]");
    let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(1001));
    assert_eq!(send(&api, "POST", "/notes", &[&alice], &long).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&api, "DELETE", "/notes/1", &[&alice], "").await.0, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn nobody_else_gets_in_and_is_told_why() {
    let test = TestIssuer::new();
    let api = api(&test).await;
    let good = format!("Bearer {}", test.token("notes").sign());
    let other = format!("Bearer {}", test.token("billing").sign());
    let cases: [(&[&str], StatusCode, &str, &str); 5] = [
        (&[], StatusCode::UNAUTHORIZED, "Bearer", "credentials_missing"),
        (&["Bearer a b"], StatusCode::BAD_REQUEST, "invalid_request", "credentials_malformed"),
        (&[&good, &good], StatusCode::BAD_REQUEST, "invalid_request", "credentials_ambiguous"),
        (&["Bearer a.b.c"], StatusCode::UNAUTHORIZED, "invalid_token", "token_malformed"),
        (&[&other], StatusCode::UNAUTHORIZED, "invalid_token", "audience_mismatch"),
    ];
    for (credentials, status, challenge, code) in cases {
        let answer = send(&api, "GET", "/notes", credentials, "").await;
        assert_eq!(answer.0, status, "{code}: {}", answer.2);
        assert!(answer.1.contains(challenge), "{code}: {}", answer.1);
        assert!(answer.2.contains(&format!("\"code\":\"{code}\"")), "{code}: {}", answer.2);
    }
    assert!(
        !send(&api, "GET", "/notes", &[], "").await.1.contains("error="),
        "no error without a token (RFC 6750 section 3.1)"
    );
    assert_eq!(send(&api, "GET", "/notes", &[&good], "").await.0, StatusCode::OK);
}
