//! Whatever is sent: a 4xx with a stable code, never a 5xx.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use waxseal_test_support::{Answer, TestServer};

const BODIES: [&str; 4] = ["/v1/users", "/v1/login", "/v1/refresh", "/v1/logout"];
const TOKENS: [&str; 3] = ["/v1/me", "/v1/sessions", "/v1/revocations"];

fn assert_refused(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.body["code"].as_str()),
        (status, Some(code)),
        "{what}: {:?}",
        answer.body
    );
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
    assert_eq!(answer.body["status"], status, "{what}");
}

#[tokio::test]
async fn bodies_that_are_not_what_is_asked_for() {
    let server = TestServer::start().await;
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let table: &[(&[u8], &str)] = &[
        (b"", "invalid_json"),
        (b"not json", "invalid_json"),
        (b"{", "invalid_json"),
        (b"{} {}", "invalid_request"),
        (b"\xff\xfe", "invalid_json"),
        (b"{\"username\": \"\xff\"}", "invalid_json"),
        (deep.as_bytes(), "invalid_request"),
        (b"null", "invalid_request"),
        (b"[]", "invalid_request"),
        (b"\"secret-value\"", "invalid_request"),
        (b"{}", "invalid_request"),
        (b"{\"username\": 1, \"password\": 2, \"refresh_token\": 3}", "invalid_request"),
        (b"{\"username\": \"a\", \"password\": null}", "invalid_request"),
        (b"{\"refresh_token\": {\"a\": 1}}", "invalid_request"),
    ];
    for path in BODIES {
        for (body, code) in table {
            let answer = server.post_bytes(path, "application/json", body.to_vec()).await;
            let what =
                format!("{path} {}", String::from_utf8_lossy(body).chars().take(40).collect::<String>());
            assert_eq!(answer.status.as_u16(), 400, "{what}");
            assert!(["invalid_json", "invalid_request"].contains(&answer.text("code")), "{what}");
            if path == "/v1/login" && body.len() < 100 {
                assert_refused(&answer, 400, code, &what);
            }
            assert!(!answer.body.to_string().contains("secret-value"), "{what}: the body is not repeated");
        }
    }
}

#[tokio::test]
async fn unknown_and_repeated_members() {
    let server = TestServer::start().await;
    for (path, body) in [
        ("/v1/users", r#"{"username":"alice","password":"correct horse","role":"admin"}"#),
        ("/v1/users", r#"{"username":"alice","username":"bob","password":"correct horse"}"#),
        ("/v1/login", r#"{"username":"alice","password":"correct horse","otp":"1"}"#),
        ("/v1/refresh", r#"{"refresh_token":"a","scope":"all"}"#),
        ("/v1/logout", r#"{"refresh_token":"a","refresh_token":"b"}"#),
    ] {
        let answer = server.post_bytes(path, "application/json", body).await;
        assert_refused(&answer, 400, "invalid_request", body);
    }
}

#[tokio::test]
async fn bodies_of_the_wrong_kind_or_size() {
    let server = TestServer::start().await;
    for path in BODIES {
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
            let answer = server.post_bytes(path, content_type, "{}").await;
            assert_refused(&answer, 415, "unsupported_media_type", &format!("{path} {content_type}"));
        }
        let long = format!("{{\"refresh_token\": \"{}\"}}", "a".repeat(1 << 20));
        let answer = server.post_bytes(path, "application/json; charset=utf-8", long).await;
        assert_refused(&answer, 413, "body_too_large", path);
    }
}

#[tokio::test]
async fn values_out_of_range() {
    let server = TestServer::start().await;
    let long = "x".repeat(2_000);
    for body in [
        json!({ "username": "", "password": "correct horse" }),
        json!({ "username": long, "password": "correct horse" }),
        json!({ "username": "a\u{0}", "password": "correct horse" }),
        json!({ "username": "alice", "password": "short" }),
        json!({ "username": "alice", "password": long }),
        json!({ "username": "alice", "password": "correct horse", "email": "not an address" }),
    ] {
        let answer = server.post("/v1/users", &body).await;
        assert_refused(&answer, 422, "invalid_user", &body.to_string());
    }
    let body = json!({ "username": "alice", "password": "correct horse", "device": long });
    assert_refused(&server.post("/v1/login", &body).await, 422, "invalid_device", "device");
    for token in ["", "wxs_rt_", "wxs_rt_AAAA", "\u{0}", &long, "ü"] {
        for path in ["/v1/refresh", "/v1/logout"] {
            let answer = server.post(path, &json!({ "refresh_token": token })).await;
            assert_refused(&answer, 400, "invalid_grant", token);
        }
    }
}

#[tokio::test]
async fn taken_names_and_closed_registration() {
    let server = TestServer::start().await;
    server.alice().await;
    let body = json!({ "username": "ALICE", "password": "correct horse" });
    assert_refused(&server.post("/v1/users", &body).await, 409, "username_taken", "taken");
    let closed = TestServer::start_with(|settings| settings.open_registration = false).await;
    assert_refused(&closed.post("/v1/users", &body).await, 403, "registration_closed", "closed");
}

#[tokio::test]
async fn wrong_methods_and_paths() {
    let server = TestServer::start().await;
    for path in BODIES {
        assert_refused(&server.get(path, None).await, 405, "method_not_allowed", path);
    }
    for path in TOKENS.into_iter().chain(["/healthz", "/.well-known/jwks.json"]) {
        let answer = server.post(path, &json!({})).await;
        assert_refused(&answer, 405, "method_not_allowed", path);
        assert!(answer.headers.contains_key("allow"), "{path}");
    }
    for path in ["/", "/v1", "/v1/users/", "/v1/nothing", "/%ff"] {
        assert_refused(&server.get(path, None).await, 404, "not_found", path);
    }
}

#[tokio::test]
async fn credentials_that_are_none() {
    let server = TestServer::start().await;
    let login = server.alice().await;
    let access = login.text("access_token").to_owned();
    for path in TOKENS {
        let none = server.get(path, None).await;
        assert_refused(&none, 401, "token_missing", path);
        assert_eq!(
            none.headers["www-authenticate"], "Bearer",
            "no error code without a token (RFC 6750 section 3.1)"
        );
        for value in ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "ü"] {
            let request = Request::builder().uri(path).header("authorization", value.as_bytes());
            let answer = server.send(request.body(Body::empty()).unwrap()).await;
            assert_refused(&answer, 400, "invalid_request", &format!("{path} {value:?}"));
        }
        let request = Request::builder()
            .uri(path)
            .header("authorization", "Bearer a")
            .header("authorization", "Bearer b");
        assert_refused(
            &server.send(request.body(Body::empty()).unwrap()).await,
            400,
            "invalid_request",
            "two headers",
        );
        let long = "a".repeat(100_000);
        for token in [
            "a",
            "a.b.c",
            "....",
            &format!("{access}x"),
            &format!("x{access}"),
            &long,
            login.text("refresh_token"),
        ] {
            let answer = server.get(path, Some(token)).await;
            assert_eq!(answer.status.as_u16(), 401, "{path}");
            assert!(answer.body["code"].is_string());
            assert!(answer.headers["www-authenticate"].to_str().unwrap().contains("invalid_token"), "{path}");
        }
    }
    assert_eq!(server.get("/v1/revocations", Some(&access)).await.status, 401, "users do not read the feed");
}

#[tokio::test]
async fn positions_that_are_none() {
    let server = TestServer::start().await;
    for id in
        ["", "1", "x.1", "00000000-0000-0000-0000-000000000000.", "00000000-0000-0000-0000-000000000000.-1"]
    {
        let request = Request::builder()
            .uri("/v1/revocations")
            .header("authorization", format!("Bearer {}", server.service.feed_reader_token()))
            .header("last-event-id", id);
        let answer = server.send(request.body(Body::empty()).unwrap()).await;
        assert_refused(&answer, 400, "invalid_request", id);
    }
}
