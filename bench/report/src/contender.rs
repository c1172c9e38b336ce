//! Names for people.

/// The row of the bare primitive.
pub(crate) const FLOOR: &str = "aws-lc-rs";

pub(crate) fn is_ours(contender: &str) -> bool {
    contender.starts_with("waxseal")
}

pub(crate) fn label(contender: &str) -> &str {
    match contender {
        FLOOR => "bare aws-lc-rs, prepared key",
        "waxseal-builtin" => "Waxseal, built-in borrowed claims",
        "waxseal-borrowed" => "Waxseal, user's borrowed struct",
        "waxseal-owned" => "Waxseal, owned struct",
        "waxseal-buffer" => "Waxseal, into a reused buffer",
        "waxseal-string" => "Waxseal, new String",
        "waxseal-cached" => "Waxseal, verified-token cache",
        "jsonwebtoken-aws" => "jsonwebtoken, aws_lc_rs",
        "jsonwebtoken-rust" => "jsonwebtoken, rust_crypto",
        other => other,
    }
}
