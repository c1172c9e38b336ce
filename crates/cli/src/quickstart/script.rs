//! The story, step by step. Each step sends real requests and says what it expected.

use super::http::{Answer, Request};
use super::report::{Report, Step};
use super::token_view;
use super::world::World;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Who the story is about.
pub(crate) struct Account {
    pub(crate) username: &'static str,
    pub(crate) password: &'static str,
}

const ALICE: Account = Account { username: "alice", password: "correct horse battery staple" };

/// How soon an API must refuse what was revoked.
const REVOCATION_LIMIT: Duration = Duration::from_secs(1);

/// The tokens in hand.
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn from(answer: &Answer) -> Self {
        Self {
            access: answer.text("access_token").to_owned(),
            refresh: answer.text("refresh_token").to_owned(),
        }
    }
}

/// A step in the making: what was asked and answered, and whether it was as it should be.
struct Checked {
    step: Step,
}

impl Checked {
    fn new(name: &'static str, proves: &'static str) -> Self {
        Self {
            step: Step {
                name,
                request: None,
                response: None,
                shows: Value::Null,
                proves,
                failures: Vec::new(),
                ok: true,
            },
        }
    }

    fn exchange(mut self, request: Request, answer: Answer) -> Self {
        self.step.request = Some(request);
        self.step.response = Some(answer);
        self
    }

    fn shows(mut self, shows: Value) -> Self {
        self.step.shows = shows;
        self
    }

    fn expect(mut self, held: bool, what: impl Into<String>) -> Self {
        if !held {
            self.step.failures.push(format!("expected {}", what.into()));
            self.step.ok = false;
        }
        self
    }

    fn status(self, expected: u16) -> Self {
        let found = self.step.response.as_ref().map_or(0, |answer| answer.status);
        self.expect(found == expected, format!("status {expected}, found {found}"))
    }

    fn code(self, expected: &str) -> Self {
        let found = self.step.response.as_ref().map_or("", |answer| answer.text("code")).to_owned();
        self.expect(found == expected, format!("code {expected}, found {found:?}"))
    }
}

/// Plays the story and returns the account that it made.
pub(crate) async fn play(world: &World, report: &mut Report<'_>) -> Result<Account> {
    let mut story = Story { world, report };
    story.start().await?;
    story.create_user().await?;
    let tokens = story.log_in().await?;
    story.decode(&tokens)?;
    story.call_api(&tokens).await?;
    story.forgeries(&tokens).await?;
    story.expiry(&tokens).await?;
    let renewed = story.refresh(&tokens).await?;
    story.theft(&tokens, &renewed).await?;
    story.log_out().await?;
    Ok(ALICE)
}

struct Story<'a, 'b> {
    world: &'a World,
    report: &'a mut Report<'b>,
}

impl Story<'_, '_> {
    async fn start(&mut self) -> Result<()> {
        let request = Request::get(format!("{}/healthz", self.world.server_url()));
        let answer = self.send(&request).await?;
        let shows = json!({ "server": self.world.server_url(), "API": self.world.api_url() });
        let step = Checked::new(
            "start",
            "A token server with its own database and keys, and an API that trusts it, run on this machine.",
        );
        self.add(step.exchange(request, answer).shows(shows).status(200))
    }

    async fn create_user(&mut self) -> Result<()> {
        let body = json!({ "username": ALICE.username, "password": ALICE.password });
        let request = Request::post(format!("{}/v1/users", self.world.server_url()), body);
        let answer = self.send(&request).await?;
        let step =
            Checked::new("create_user", "The account exists; of the password only an argon2id hash is kept.");
        self.add(step.exchange(request, answer).status(201))
    }

    async fn log_in(&mut self) -> Result<Tokens> {
        let (request, answer) = self.login_exchange().await?;
        let tokens = Tokens::from(&answer);
        let step =
            Checked::new("log_in", "A password was traded for a short access token and a refresh token.");
        let complete = !tokens.access.is_empty() && !tokens.refresh.is_empty();
        self.add(step.exchange(request, answer).status(200).expect(complete, "both tokens"))?;
        Ok(tokens)
    }

    async fn login_exchange(&self) -> Result<(Request, Answer)> {
        let body = json!({ "username": ALICE.username, "password": ALICE.password, "device": "quickstart" });
        let request = Request::post(format!("{}/v1/login", self.world.server_url()), body);
        let answer = self.send(&request).await?;
        Ok((request, answer))
    }

    fn decode(&mut self, tokens: &Tokens) -> Result<()> {
        let shows = token_view::explain(&tokens.access);
        let step = Checked::new(
            "decode",
            "Anyone can read a token; the signature only keeps others from writing one. No secrets inside.",
        );
        let readable = shows.is_object();
        self.add(step.shows(shows).expect(readable, "a token of three parts"))
    }

    async fn call_api(&mut self, tokens: &Tokens) -> Result<()> {
        let url = format!("{}/notes", self.world.api_url());
        let request = Request::post(url.clone(), json!({ "text": "buy sealing wax" })).bearer(&tokens.access);
        let answer = self.send(&request).await?;
        let step = Checked::new(
            "call_api",
            "The API accepted the token without asking anybody: it holds the server's public key.",
        );
        self.add(step.exchange(request, answer).status(201))?;
        let request = Request::get(url).bearer(&tokens.access);
        let answer = self.send(&request).await?;
        let found = answer.body.to_string().contains("buy sealing wax");
        let step = Checked::new("read_back", "The note belongs to the user named in the token.");
        self.add(step.exchange(request, answer).status(200).expect(found, "the note"))
    }

    async fn forgeries(&mut self, tokens: &Tokens) -> Result<()> {
        let url = format!("{}/notes", self.world.api_url());
        let request = Request::get(url.clone());
        let answer = self.send(&request).await?;
        let step = Checked::new("no_token", "Without a token there is no way in.");
        self.add(step.exchange(request, answer).status(401))?;
        let forged = token_view::tampered(&tokens.access).unwrap_or_default();
        let request = Request::get(url).bearer(&forged);
        let answer = self.send(&request).await?;
        let step = Checked::new(
            "tampered_token",
            "Another `sub` under the old signature: the seal is broken, and the API sees it.",
        );
        self.add(step.exchange(request, answer).status(401).code("signature_invalid"))
    }

    async fn expiry(&mut self, tokens: &Tokens) -> Result<()> {
        self.world.clock().advance(Duration::from_secs(11 * 60));
        let request = Request::get(format!("{}/notes", self.world.api_url())).bearer(&tokens.access);
        let answer = self.send(&request).await?;
        let step = Checked::new(
            "expired_token",
            "Eleven minutes later (the clock was put forward) the same token is too old.",
        );
        self.add(step.exchange(request, answer).status(401).code("token_expired"))
    }

    async fn refresh(&mut self, tokens: &Tokens) -> Result<Tokens> {
        let (request, answer) = self.refresh_exchange(tokens).await?;
        let renewed = Tokens::from(&answer);
        let rotated = !renewed.refresh.is_empty() && renewed.refresh != tokens.refresh;
        let step =
            Checked::new("refresh", "The refresh token gave a new access token and was itself replaced.");
        self.add(step.exchange(request, answer).status(200).expect(rotated, "another refresh token"))?;
        let request = Request::get(format!("{}/notes", self.world.api_url())).bearer(&renewed.access);
        let answer = self.send(&request).await?;
        let step = Checked::new("call_api_again", "The user goes on without a password.");
        self.add(step.exchange(request, answer).status(200))?;
        Ok(renewed)
    }

    async fn refresh_exchange(&self, tokens: &Tokens) -> Result<(Request, Answer)> {
        let body = json!({ "refresh_token": tokens.refresh });
        let request = Request::post(format!("{}/v1/refresh", self.world.server_url()), body);
        let answer = self.send(&request).await?;
        Ok((request, answer))
    }

    async fn theft(&mut self, old: &Tokens, renewed: &Tokens) -> Result<()> {
        let (request, answer) = self.refresh_exchange(old).await?;
        let same = answer.text("refresh_token") == renewed.refresh;
        let step = Checked::new(
            "retry_in_grace",
            "A second tab or a lost answer: the old token, a moment later, gives the same current token again.",
        );
        self.add(
            step.exchange(request, answer).status(200).expect(same, "the same refresh token as before"),
        )?;
        self.world.clock().advance(Duration::from_secs(31));
        let (request, answer) = self.refresh_exchange(old).await?;
        let step = Checked::new(
            "stolen_token",
            "After the grace window the old token means that a copy exists: the session is revoked.",
        );
        self.add(step.exchange(request, answer).status(400).code("invalid_grant"))?;
        let (request, answer) = self.refresh_exchange(renewed).await?;
        let step = Checked::new(
            "session_revoked",
            "The current refresh token died with its session, so a thief keeps nothing.",
        );
        self.add(step.exchange(request, answer).status(400).code("invalid_grant"))?;
        let step = Checked::new(
            "api_learns_of_theft",
            "The API refuses the session's access token too, though it has not expired.",
        );
        self.refused_soon(step, &renewed.access).await
    }

    async fn log_out(&mut self) -> Result<()> {
        let (request, answer) = self.login_exchange().await?;
        let tokens = Tokens::from(&answer);
        let step = Checked::new("log_in_again", "The account is fine; only that session ended.");
        self.add(step.exchange(request, answer).status(200))?;
        let request = Request::get(format!("{}/notes", self.world.api_url())).bearer(&tokens.access);
        let answer = self.send(&request).await?;
        let step = Checked::new("call_api_once_more", "A login right after a revocation works.");
        self.add(step.exchange(request, answer).status(200))?;
        let body = json!({ "refresh_token": tokens.refresh });
        let request = Request::post(format!("{}/v1/logout", self.world.server_url()), body);
        let answer = self.send(&request).await?;
        let step = Checked::new("log_out", "The session is over at the server.");
        self.add(step.exchange(request, answer).status(204))?;
        let step = Checked::new(
            "api_learns_of_logout",
            "Within a second the API refuses the token, without a database of its own.",
        );
        self.refused_soon(step, &tokens.access).await
    }

    /// Asks the API again and again until it refuses, and says how long that took.
    async fn refused_soon(&mut self, step: Checked, access_token: &str) -> Result<()> {
        let request = Request::get(format!("{}/notes", self.world.api_url())).bearer(access_token);
        let begin = Instant::now();
        let mut pace = interval(Duration::from_millis(5));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let answer = loop {
            pace.tick().await;
            let answer = self.send(&request).await?;
            if answer.status == 401 || begin.elapsed() > REVOCATION_LIMIT {
                break answer;
            }
        };
        let shows = json!({ "refused after (milliseconds)": u64::try_from(begin.elapsed().as_millis())? });
        self.add(step.exchange(request, answer).shows(shows).status(401).code("token_revoked"))
    }

    async fn send(&self, request: &Request) -> Result<Answer> {
        Ok(request.send(self.world.client()).await?)
    }

    fn add(&mut self, checked: Checked) -> Result<()> {
        let Checked { step } = checked;
        Ok(self.report.add(&step)?)
    }
}
