//! The client of the demonstration: plain HTTP, and a record of what was said.

use serde::Serialize;
use serde_json::Value;

/// One request, as it will be shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bearer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Value>,
}

impl Request {
    pub(crate) fn get(url: String) -> Self {
        Self { method: "GET", url, bearer: None, body: None }
    }

    pub(crate) fn post(url: String, body: Value) -> Self {
        Self { method: "POST", url, bearer: None, body: Some(body) }
    }

    pub(crate) fn bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    pub(crate) async fn send(&self, client: &reqwest::Client) -> Result<Answer, reqwest::Error> {
        let mut request = match self.method {
            "POST" => client.post(&self.url),
            _ => client.get(&self.url),
        };
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let challenge = response.headers().get("www-authenticate");
        let www_authenticate = challenge.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status, www_authenticate, body })
    }
}

/// One answer, as it will be shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) www_authenticate: Option<String>,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(crate) body: Value,
}

impl Answer {
    /// A text member of the body, empty when there is none.
    pub(crate) fn text(&self, member: &str) -> &str {
        self.body.get(member).and_then(Value::as_str).unwrap_or_default()
    }
}
