//! What the demonstration prints: each step as text for people, or as a line of JSON for programs.

use super::http::{Answer, Request};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// One step, done.
#[derive(Debug, Serialize)]
pub(crate) struct Step {
    /// A short stable name.
    #[serde(rename = "step")]
    pub(crate) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<Request>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response: Option<Answer>,
    /// What else is to be seen, such as the parts of a token.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(crate) shows: Value,
    /// What it proves, in one line.
    pub(crate) proves: &'static str,
    /// What was expected and did not happen. Empty when the step behaved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) failures: Vec<String>,
    pub(crate) ok: bool,
}

/// Prints steps and remembers whether all behaved.
pub(crate) struct Report<'a> {
    out: &'a mut dyn Write,
    json: bool,
    steps: usize,
    failed: usize,
}

impl<'a> Report<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, json: bool) -> Self {
        Self { out, json, steps: 0, failed: 0 }
    }

    pub(crate) fn add(&mut self, step: &Step) -> io::Result<()> {
        self.steps += 1;
        self.failed += usize::from(!step.ok);
        if self.json { self.line(step) } else { self.text(step) }
    }

    /// Prints the sum and says whether every step behaved.
    pub(crate) fn finish(&mut self) -> io::Result<bool> {
        let (steps, failed) = (self.steps, self.failed);
        if self.json {
            self.line(&serde_json::json!({ "steps": steps, "failed": failed, "ok": failed == 0 }))?;
        } else if failed == 0 {
            writeln!(self.out, "\nAll {steps} steps behaved.")?;
        } else {
            writeln!(self.out, "\n{failed} of {steps} steps did not behave; they are marked with FAILED.")?;
        }
        self.out.flush()?;
        Ok(failed == 0)
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut *self.out, value)?;
        writeln!(self.out)
    }

    fn text(&mut self, step: &Step) -> io::Result<()> {
        writeln!(self.out, "\n{}. {}", self.steps, step.name.replace('_', " "))?;
        if let Some(request) = &step.request {
            writeln!(self.out, "   > {} {}", request.method, request.url)?;
            if let Some(token) = &request.bearer {
                writeln!(self.out, "   > authorization: Bearer {}", shortened(token))?;
            }
            if let Some(body) = &request.body {
                writeln!(self.out, "   > {}", with_short_texts(body))?;
            }
        }
        if let Some(answer) = &step.response {
            writeln!(self.out, "   < {}", answer.status)?;
            if let Some(challenge) = &answer.www_authenticate {
                writeln!(self.out, "   < www-authenticate: {challenge}")?;
            }
            if !answer.body.is_null() {
                writeln!(self.out, "   < {}", with_short_texts(&answer.body))?;
            }
        }
        self.shows(&step.shows)?;
        for failure in &step.failures {
            writeln!(self.out, "   FAILED: {failure}")?;
        }
        writeln!(self.out, "   = {}", step.proves)
    }

    fn shows(&mut self, shows: &Value) -> io::Result<()> {
        for (name, value) in shows.as_object().into_iter().flatten() {
            match value {
                Value::Object(members) => {
                    writeln!(self.out, "   {name}:")?;
                    for (member, value) in members {
                        writeln!(
                            self.out,
                            "     {member:<12} {}",
                            value.as_str().unwrap_or(&value.to_string())
                        )?;
                    }
                }
                other => writeln!(self.out, "   {name}: {}", other.as_str().unwrap_or(&other.to_string()))?,
            }
        }
        Ok(())
    }
}

/// The beginning and the length: a token is long, and a terminal's history is no place for it.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) if text.len() > 80 => {
            let (head, _) = text.split_at(end);
            format!("{head}... ({} characters)", text.len())
        }
        _ => text.to_owned(),
    }
}

fn with_short_texts(value: &Value) -> Value {
    match value {
        Value::String(text) if !text.contains(' ') => Value::String(shortened(text)),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), with_short_texts(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(with_short_texts).collect(),
        other => other.clone(),
    }
}
