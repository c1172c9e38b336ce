//! Properties of waxseal that hold for every input.
//!
//! Each property is a plain function of bytes that panics when it does not hold. It knows nothing of what drives
//! it: `src/bin/check.rs` does with nothing but Rust and a fixed seed, `fuzz_targets/` does with libFuzzer.
//!
//! What a property expects comes from [`reference`] and [`model`], written from the RFCs and the public
//! documentation, as simply as possible and with nothing taken from the library under test.

#![forbid(unsafe_code)]

pub mod base64url;
pub mod cache;
pub mod claims;
pub mod dpop;
pub mod driver;
pub mod header;
pub mod json;
pub mod jwe;
pub mod jwe_made;
pub mod jws;
pub mod jwt_verify;
pub mod keys;
pub mod mutate;
pub mod sign;

mod agree;
mod fixed;
mod generate;
mod model;
mod outcome;
mod reference;
mod source;
mod tree;

use driver::Target;

/// Every property, under the name of its corpus directory and of its libFuzzer executable.
///
/// `must_reach` are outcomes without which a run says nothing: a driver that never gets a token accepted would
/// not notice if the wrong ones were.
pub const TARGETS: &[Target] = &[
    Target {
        name: "jwt_verify",
        property: jwt_verify::property,
        iterations: 60_000,
        must_reach: &["accepted as written", "accepted after sealing", "refused token_malformed"],
    },
    Target {
        name: "mutate",
        property: mutate::property,
        iterations: 40_000,
        must_reach: &["unchanged", "refused signature_invalid", "refused token_malformed"],
    },
    Target {
        name: "json",
        property: json::property,
        iterations: 300_000,
        must_reach: &["both read", "both refuse", "repeated member", "JWK read", "JWK Set read"],
    },
    Target {
        name: "claims",
        property: claims::property,
        iterations: 150_000,
        must_reach: &[
            "accepted",
            "rejected token_expired",
            "rejected claim_invalid",
            "rejected audience_mismatch",
        ],
    },
    Target {
        name: "base64url",
        property: base64url::property,
        iterations: 150_000,
        must_reach: &["canonical", "refused", "secret read back"],
    },
    Target {
        name: "keys",
        property: keys::property,
        iterations: 30_000,
        must_reach: &[
            "private round trip",
            "public round trip",
            "secret round trip",
            "set round trip",
            "private set round trip",
            "certificate read",
            "encrypted key read",
        ],
    },
    Target {
        name: "sign",
        property: sign::property,
        iterations: 80_000,
        must_reach: &[
            "verified",
            "refused sign_claim_refused",
            "refused sign_claim_duplicate",
            "refused sign_too_large",
            "allowed by name",
        ],
    },
    Target {
        name: "header",
        property: header::property,
        iterations: 300_000,
        must_reach: &[
            "accepted",
            "refused algorithm_mismatch",
            "refused crit_unsupported",
            "refused typ_mismatch",
            "refused key_not_found",
        ],
    },
    Target {
        name: "cache",
        property: cache::property,
        iterations: 25_000,
        must_reach: &[
            "accepted",
            "hit",
            "remembered token_expired",
            "remembered token_not_yet_valid",
            "remembered claim_rejected",
            "unknown algorithm_mismatch",
        ],
    },
    Target {
        name: "jws",
        property: jws::property,
        iterations: 150_000,
        must_reach: &[
            "accepted",
            "refused crit_unsupported",
            "refused header_invalid",
            "made form 0, detached true, unencoded true",
            "made form 1, detached false, unencoded true",
            "made form 2, detached false, unencoded false",
        ],
    },
    Target {
        name: "dpop",
        property: dpop::property,
        iterations: 60_000,
        must_reach: &[
            "accepted",
            "refused typ_mismatch",
            "refused dpop_request_mismatch",
            "refused dpop_token_mismatch",
            "refused nonce_mismatch",
            "refused token_too_old",
        ],
    },
    Target {
        name: "jwe_made",
        property: jwe_made::property,
        iterations: 30_000,
        must_reach: &[
            "unchanged",
            "changed where nothing is protected",
            "refused decryption_failed",
            "made form 0",
            "made form 1",
            "made form 2",
            "nested",
            "decompressed",
        ],
    },
    Target {
        name: "jwe",
        property: jwe::property,
        iterations: 200_000,
        must_reach: &[
            "decrypted",
            "decrypted form 0",
            "decrypted form 1",
            "decrypted form 2",
            "refused decryption_failed",
            "refused encryption_not_allowed",
            "refused crit_unsupported",
            "refused compression_not_allowed",
            "refused header_invalid",
        ],
    },
];
