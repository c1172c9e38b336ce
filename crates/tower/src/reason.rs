//! Why a request is refused, and what the client is told.

use crate::credentials::NoToken;
use http::StatusCode;
use waxseal_trust::Refusal;

/// What goes into the answer to a refused request. All of it is text of this crate: nothing that came with the
/// request, and nothing an error carries, can reach a header or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) status: StatusCode,
    /// The error code of RFC 6750 §3.1, if the challenge has one.
    pub(crate) error: Option<&'static str>,
    /// The stable code of the problem.
    pub(crate) code: &'static str,
    /// One sentence, ASCII without quotation mark or backslash (RFC 6750 §3).
    pub(crate) description: &'static str,
}

impl Reason {
    const fn new(
        status: StatusCode,
        error: Option<&'static str>,
        code: &'static str,
        description: &'static str,
    ) -> Self {
        Self { status, error, code, description }
    }

    /// Whether asking again later with the same token makes sense.
    pub(crate) fn is_temporary(self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
    }
}

impl From<NoToken> for Reason {
    fn from(no_token: NoToken) -> Self {
        let invalid = Some("invalid_request");
        match no_token {
            // RFC 6750 §3.1: without credentials the challenge should carry no error.
            NoToken::Missing => Self::new(
                StatusCode::UNAUTHORIZED,
                None,
                "credentials_missing",
                "an access token is required",
            ),
            NoToken::Malformed => Self::new(
                StatusCode::BAD_REQUEST,
                invalid,
                "credentials_malformed",
                "the Authorization header is not of the form: Bearer <token>",
            ),
            NoToken::Several => Self::new(
                StatusCode::BAD_REQUEST,
                invalid,
                "credentials_ambiguous",
                "there is more than one Authorization header",
            ),
        }
    }
}

impl From<&Refusal> for Reason {
    fn from(refusal: &Refusal) -> Self {
        let code = refusal.code();
        if refusal.is_temporary() {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, None, code, describe(code))
        } else {
            Self::new(StatusCode::UNAUTHORIZED, Some("invalid_token"), code, describe(code))
        }
    }
}

/// The sentence for a stable code.
fn describe(code: &str) -> &'static str {
    match code {
        "token_malformed" => "the token is not a signed JWT in compact form",
        "token_too_large" => "the token is too large",
        "header_invalid" => "the header of the token is invalid",
        "crit_unsupported" => "the token demands an extension that is not supported",
        "typ_mismatch" => "the token is not an access token",
        "algorithm_mismatch" => "the algorithm of the token is not the one of its key",
        "key_not_found" => "the token is signed with a key that the issuer does not publish",
        "signature_invalid" => "the signature of the token is not valid",
        "token_expired" => "the token has expired",
        "token_not_yet_valid" => "the token is not valid yet",
        "token_too_old" => "the token is too old",
        "token_revoked" => "the token was revoked",
        "claim_missing" => "a required claim is missing",
        "claim_invalid" => "a claim has the wrong type",
        "issuer_mismatch" => "the token is from another issuer",
        "audience_mismatch" => "the token is not meant for this API",
        "claims_mismatch" => "the claims are not those that this API needs",
        "revocations_stale" => "it is not known at the moment whether the token was revoked",
        "keys_unavailable" => "the keys of the issuer are not available at the moment",
        _ => "the token was refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_fits_into_a_challenge() {
        let codes = waxseal::Code::ALL.iter().map(|code| code.as_str());
        for code in codes.chain(["token_revoked", "revocations_stale", "keys_unavailable"]) {
            let sentence = describe(code);
            assert!(sentence.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'), "{code}");
        }
    }
}
