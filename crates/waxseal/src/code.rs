//! The stable names of everything that can go wrong.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A stable name for a failure, the same in Rust, over HTTP and in Node.
        ///
        /// Match on this, not on the message: messages may improve, codes do not change.
        ///
        /// # Examples
        /// ```
        /// use waxseal::Code;
        ///
        /// assert_eq!(Code::TokenExpired.as_str(), "token_expired");
        /// assert!(Code::ALL.contains(&Code::TokenExpired));
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, for documentation and exhaustive tables.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code in `snake_case`, as it goes over the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The token is not three base64url parts, or a part is not strict JSON.
    TokenMalformed = "token_malformed",
    /// The token or its header is longer than the limit.
    TokenTooLarge = "token_too_large",
    /// A header member has the wrong type or a forbidden value.
    HeaderInvalid = "header_invalid",
    /// The header's `crit` names an extension that is not supported, or is itself wrong.
    CritUnsupported = "crit_unsupported",
    /// The header's `typ` is not the expected one.
    TypMismatch = "typ_mismatch",
    /// The header's `alg` is not the algorithm of the key.
    AlgorithmMismatch = "algorithm_mismatch",
    /// No key answers to the token's `kid`.
    KeyNotFound = "key_not_found",
    /// The signature does not verify.
    SignatureInvalid = "signature_invalid",
    /// `exp` has passed.
    TokenExpired = "token_expired",
    /// `nbf` (or `iat`, under an age limit) lies in the future.
    TokenNotYetValid = "token_not_yet_valid",
    /// `iat` is longer ago than the age limit.
    TokenTooOld = "token_too_old",
    /// A required claim is absent.
    ClaimMissing = "claim_missing",
    /// A claim has the wrong JSON type or an impossible value.
    ClaimInvalid = "claim_invalid",
    /// `iss` is not the expected issuer.
    IssuerMismatch = "issuer_mismatch",
    /// `aud` contains no expected audience.
    AudienceMismatch = "audience_mismatch",
    /// `sub` is not the expected subject.
    SubjectMismatch = "subject_mismatch",
    /// `jti` is not the expected id.
    IdMismatch = "id_mismatch",
    /// `nonce` is not the expected one.
    NonceMismatch = "nonce_mismatch",
    /// `scope` lacks a scope that is needed.
    ScopeInsufficient = "scope_insufficient",
    /// A proof of possession is for another request.
    DpopRequestMismatch = "dpop_request_mismatch",
    /// A proof of possession is for another access token, or for none.
    DpopTokenMismatch = "dpop_token_mismatch",
    /// A check of the application's own refused a claim.
    ClaimRejected = "claim_rejected",
    /// The claims do not fit the caller's type.
    ClaimsMismatch = "claims_mismatch",
    /// A JWS has no payload of its own, and none was given.
    PayloadMissing = "payload_missing",
    /// A JWS has a payload of its own, and a detached one was given.
    PayloadUnexpected = "payload_unexpected",
    /// A detached payload is longer than the limit.
    PayloadTooLarge = "payload_too_large",
    /// A JWS has more signatures than the limit.
    SignaturesTooMany = "signatures_too_many",

    /// The key text, DER or JWK cannot be read.
    KeyMalformed = "key_malformed",
    /// An HMAC secret is shorter than its hash, or a password shorter than its algorithm needs.
    KeySecretTooShort = "key_secret_too_short",
    /// A secret for encryption does not have the one length that its algorithm takes.
    KeySecretWrongLength = "key_secret_wrong_length",
    /// The algorithm is supported for decrypting only.
    KeyDecryptOnly = "key_decrypt_only",
    /// Text of a key file was given as an HMAC secret.
    KeySecretIsKeyText = "key_secret_is_key_text",
    /// The key is of a kind that the algorithm does not take.
    KeyAlgorithmMismatch = "key_algorithm_mismatch",
    /// The policy does not allow the key's algorithm.
    KeyAlgorithmForbidden = "key_algorithm_forbidden",
    /// The JWK's `alg` is not a supported algorithm for what the key is wanted for.
    KeyAlgorithmUnknown = "key_algorithm_unknown",
    /// The JWK fits several algorithms and names none.
    KeyAlgorithmAmbiguous = "key_algorithm_ambiguous",
    /// A number of the JWK has leading zeros too many or too few.
    KeyNonCanonical = "key_non_canonical",
    /// The RSA private JWK lacks its CRT members.
    KeyFactorsMissing = "key_factors_missing",
    /// The RSA key has more than two primes.
    KeyMultiPrime = "key_multi_prime",
    /// The kind of key or its encoding is not supported.
    KeyTypeUnsupported = "key_type_unsupported",
    /// The ML-DSA private key has no seed.
    KeyExpandedOnly = "key_expanded_only",
    /// The JWK's `use` or `key_ops` forbids this use.
    KeyUseForbidden = "key_use_forbidden",
    /// The RSA modulus or exponent is outside the accepted range, or no such key is made.
    KeySizeRefused = "key_size_refused",
    /// The RSA key comes from a generator whose keys can be factored (CVE-2017-15361).
    KeyFactorable = "key_factorable",
    /// The private key is encrypted.
    KeyEncrypted = "key_encrypted",
    /// A passphrase was given for a key that is not encrypted.
    KeyNotEncrypted = "key_not_encrypted",
    /// The private key is encrypted in a way that is not supported.
    KeyEncryptionUnsupported = "key_encryption_unsupported",
    /// Decrypting the private key would cost too much work.
    KeyCostRefused = "key_cost_refused",
    /// The passphrase is wrong, or the encrypted key damaged.
    KeyPassphraseWrong = "key_passphrase_wrong",
    /// The passphrase is empty.
    KeyPassphraseEmpty = "key_passphrase_empty",
    /// The parts of the key do not belong together, or are not on the curve.
    KeyInconsistent = "key_inconsistent",
    /// The key id is too long or contains control characters.
    KeyIdInvalid = "key_id_invalid",
    /// Another key of the issuer has the same id.
    KeyIdTaken = "key_id_taken",
    /// No key of the issuer has the id.
    KeyIdUnknown = "key_id_unknown",
    /// The key has not been published long enough to sign.
    KeyTooEarly = "key_too_early",
    /// A private key was needed and a public one given.
    KeyNotPrivate = "key_not_private",
    /// A public key was needed and a private or secret one given.
    KeyNotPublic = "key_not_public",
    /// A key set contains more keys than the limit.
    KeySetTooLarge = "key_set_too_large",
    /// The cryptographic library could not make or write the key.
    KeyOperationFailed = "key_operation_failed",

    /// An encrypted token does not decrypt: wrong key, or changed. Never says why.
    DecryptionFailed = "decryption_failed",
    /// The header's `enc` is not one that the decrypter allows.
    EncryptionNotAllowed = "encryption_not_allowed",
    /// The header's `zip` asks for decompression, which is off, or gives more than is allowed.
    CompressionNotAllowed = "compression_not_allowed",
    /// The header's `cty` does not say that the content is a JWT.
    ContentTypeMismatch = "content_type_mismatch",
    /// A member of the header cannot be set, or is set twice.
    EncryptHeaderInvalid = "encrypt_header_invalid",
    /// The keys cannot be the recipients of one message in this serialization.
    EncryptRecipientsInvalid = "encrypt_recipients_invalid",
    /// The claims cannot be written as a JSON object.
    EncryptClaimsInvalid = "encrypt_claims_invalid",
    /// The encrypted token would be longer than the limit.
    EncryptTooLarge = "encrypt_too_large",
    /// The cryptographic library refused to encrypt.
    EncryptFailed = "encrypt_failed",
    /// A decrypter was built without keys.
    DecrypterKeyMissing = "decrypter_key_missing",
    /// An option of an encrypter or decrypter has an impossible value.
    JweOptionInvalid = "jwe_option_invalid",

    /// A token was to be signed without a lifetime.
    SignLifetimeMissing = "sign_lifetime_missing",
    /// The lifetime is zero or ends outside the range of dates.
    SignLifetimeInvalid = "sign_lifetime_invalid",
    /// A claim was set twice.
    SignClaimDuplicate = "sign_claim_duplicate",
    /// A claim's name says that its value is a secret.
    SignClaimRefused = "sign_claim_refused",
    /// The claims cannot be written as a JSON object, or a registered claim has the wrong type.
    SignClaimsInvalid = "sign_claims_invalid",
    /// The token would be longer than the limit.
    SignTooLarge = "sign_too_large",
    /// A header member is reserved, set twice, or not what its name promises.
    SignHeaderInvalid = "sign_header_invalid",
    /// The payload cannot be carried in the serialization asked for.
    SignPayloadInvalid = "sign_payload_invalid",
    /// A JWS was to be signed without a key.
    SignKeyMissing = "sign_key_missing",
    /// A signature made outside does not verify with the public key, or is not of its algorithm.
    SignSignatureInvalid = "sign_signature_invalid",
    /// The private key is not here: the token must be prepared, signed elsewhere and finished.
    SignKeyElsewhere = "sign_key_elsewhere",
    /// A secret cannot sign elsewhere.
    SignKeySecret = "sign_key_secret",
    /// The cryptographic library refused to sign.
    SignFailed = "sign_failed",

    /// A verifier was built without keys.
    VerifierKeyMissing = "verifier_key_missing",
    /// A verifier was built without saying which audience it is.
    VerifierAudienceMissing = "verifier_audience_missing",
    /// A verifier's profile needs an issuer and none was named.
    VerifierIssuerMissing = "verifier_issuer_missing",
    /// An option of a verifier has an impossible value.
    VerifierOptionInvalid = "verifier_option_invalid",
}

/// What an API answers to a request whose token it refuses (RFC 6750 §3.1).
///
/// # Examples
/// ```
/// use waxseal::BearerError;
///
/// assert_eq!(BearerError::InvalidToken.as_str(), "invalid_token");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum BearerError {
    /// The token is malformed, expired, for somebody else, or not valid for another reason: HTTP status 401.
    InvalidToken,
    /// The token is good, and allows less than was asked for: HTTP status 403.
    InsufficientScope,
}

impl BearerError {
    /// The `error` of the challenge.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_distinct_and_snake_case() {
        let texts: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for text in texts {
            assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{text}");
        }
    }
}
