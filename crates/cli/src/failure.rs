//! Why a command did not do what it was asked, and how that is told.

use crate::host::{Exit, Host};
use crate::output::printable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::fmt::Write as _;
use waxseal::jwe::{BuildError, DecryptError, EncryptError};
use waxseal::{Code, KeyError, SignError, VerifierError, VerifyError};

/// A failure with its stable code, for people and for programs.
///
/// Codes of the library are passed on; the command line adds `usage_invalid`, `input_unreadable`,
/// `input_too_large`, `input_malformed`, `key_duplicate`, `key_set_unusable`, `output_exists`, `output_failed`, `runtime_failed`,
/// `serve_failed` and `quickstart_failed`.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    exit: Exit,
    code: &'static str,
    message: String,
    details: Vec<String>,
    help: Option<String>,
}

impl Failure {
    /// Wrong usage, an unusable key or a file problem: exit code 2.
    pub(crate) fn unusable(code: &'static str, message: impl Into<String>) -> Self {
        Self { exit: Exit::Unusable, code, message: message.into(), details: Vec::new(), help: None }
    }

    /// A server or demonstration that could not go on: exit code 1.
    pub(crate) fn failed(code: &'static str, message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, ..Self::unusable(code, message) }
    }

    fn unusable_with_help(code: Code, message: String) -> Self {
        Self { help: help_for(code).map(str::to_owned), ..Self::unusable(code.as_str(), message) }
    }

    /// A token that was refused: exit code 1.
    pub(crate) fn refused(error: &VerifyError) -> Self {
        let rejections = error.rejections();
        let details = if rejections.len() > 1 {
            rejections.iter().map(|rejection| format!("{}: {rejection}", rejection.code())).collect()
        } else {
            Vec::new()
        };
        Self {
            exit: Exit::Refused,
            code: error.code().as_str(),
            message: error.to_string(),
            details,
            help: match error.code() {
                Code::TokenMalformed => {
                    Some("a token is three base64url parts with two dots between them".to_owned())
                }
                code => help_for(code).map(str::to_owned),
            },
        }
    }

    /// An encrypted token that was refused: exit code 1.
    pub(crate) fn undecrypted(error: &DecryptError) -> Self {
        let failure = Self::unusable_with_help(error.code(), error.to_string());
        Self { exit: Exit::Refused, ..failure }
    }

    /// A key of a type that several algorithms take, none of which was named.
    pub(crate) fn ambiguous_key() -> Self {
        let code = Code::KeyAlgorithmAmbiguous;
        Self::unusable(code.as_str(), "the key does not tell which algorithm it is for")
            .with_help("name the algorithm, for example --algorithm RS256")
    }

    /// Wrong usage that needs no code of its own.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::unusable("usage_invalid", message)
    }

    /// Says what to do next.
    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Lists what adds up to the failure, one line each.
    #[must_use]
    pub(crate) fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// Says where the problem was found, for example in which file.
    #[must_use]
    pub(crate) fn at(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Wrong usage as the argument parser found it; `text` is its own explanation.
    pub(crate) fn from_parser(error: &clap::Error, text: &str) -> Self {
        let text = text.strip_prefix("error: ").unwrap_or(text).trim_end();
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Self::usage(format!("a command is missing\n\n{text}"));
        }
        let failure = Self::usage(text);
        match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(arg))
                if error.kind() == ErrorKind::UnknownArgument && names_a_secret(arg) =>
            {
                failure.with_help(
                    "secrets are never taken from the command line, where every user of the machine can \
                     read them: use the option with -env NAME or -file PATH, for example --secret-env NAME",
                )
            }
            _ => failure,
        }
    }

    /// Tells the failure on standard error and returns the exit code it means.
    pub(crate) fn report(&self, host: &mut Host<'_>) -> Exit {
        let verdict = if self.exit == Exit::Refused { "refused" } else { "error" };
        let mut text = format!("{verdict}[{}]: {}", self.code, self.message);
        for detail in &self.details {
            let _ = write!(text, "\n  - {detail}");
        }
        if let Some(help) = &self.help {
            let _ = write!(text, "\n  help: {help}");
        }
        host.note(&printable(&text));
        self.exit
    }
}

fn names_a_secret(arg: &str) -> bool {
    let name = arg.split('=').next().unwrap_or(arg);
    matches!(name, "--secret" | "--key" | "--password" | "--passphrase" | "--private-key")
}

/// What to type next, for the codes where the command line knows better than the library.
fn help_for(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::PayloadMissing => "give the payload along: --payload-file PATH",
        Code::CompressionNotAllowed => "to accept compressed content, add --allow-zip",
        Code::AlgorithmMismatch => {
            "the key decides: if it is meant for another algorithm, name that with --algorithm"
        }
        Code::KeyNotFound => "the token names a key that was not given",
        Code::KeySecretTooShort => "make a good one: waxseal keys generate --algorithm HS256 --out FILE",
        Code::KeySecretIsKeyText => "give key files with --key-file or --key-env",
        Code::KeyNotPrivate => "signing takes the private key; the public one only checks",
        Code::SignLifetimeMissing => "say how long the token lives, for example --expires-in 15m",
        Code::SignClaimRefused => {
            "a token can be read by anyone who holds it; if the value is no secret, add --allow-claim NAME"
        }
        Code::VerifierAudienceMissing => {
            "say who you are with --audience NAME, or --without-audience to accept a token made for anyone"
        }
        Code::VerifierIssuerMissing => "say who may have made the token with --issuer URL",
        _ => return None,
    })
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error.code() {
            // The library names its own functions here.
            Code::KeyAlgorithmAmbiguous => Self::ambiguous_key(),
            code => Self::unusable_with_help(code, error.to_string()),
        }
    }
}

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        Self::unusable_with_help(error.code(), error.to_string())
    }
}

impl From<EncryptError> for Failure {
    fn from(error: EncryptError) -> Self {
        Self::unusable_with_help(error.code(), error.to_string())
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Key(error) => error.into(),
            error => Self::unusable_with_help(error.code(), error.to_string()),
        }
    }
}

impl From<VerifierError> for Failure {
    fn from(error: VerifierError) -> Self {
        Self::unusable_with_help(error.code(), error.to_string())
    }
}
