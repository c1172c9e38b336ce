//! The built-in client against a server that says what it is told to.

use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use waxseal_trust::{HttpClient, Transport as _};

/// Answers one connection with `answer` and returns what was asked.
async fn exchange(answer: &'static str) -> (String, Result<(u16, Vec<u8>), String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(asked).unwrap()
    });
    let request = http::Request::get(url).header("authorization", "Bearer x").body(()).unwrap();
    let answer = match HttpClient::new().unwrap().send(request).await {
        Err(error) => Err(error.to_string()),
        Ok(response) => {
            let status = response.status().as_u16();
            let mut chunks = response.into_body();
            let mut body = Vec::new();
            loop {
                match chunks.next().await {
                    None => break Ok((status, body)),
                    Some(Ok(chunk)) => body.extend_from_slice(&chunk),
                    Some(Err(error)) => break Err(error.to_string()),
                }
            }
        }
    };
    (server.await.unwrap(), answer)
}

#[tokio::test]
async fn an_answer_arrives_with_its_body() {
    let (asked, answer) = exchange("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    assert!(asked.starts_with("GET /x HTTP/1.1\r\n") && asked.contains("authorization: Bearer x"), "{asked}");
    assert_eq!(answer, Ok((200, b"hello".to_vec())));
}

#[tokio::test]
async fn footgun_16_redirects_are_not_followed() {
    let (_, answer) =
        exchange("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(answer, Ok((302, vec![])));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error() {
    let (_, answer) = exchange("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello").await;
    assert!(answer.is_err(), "{answer:?}");
}
