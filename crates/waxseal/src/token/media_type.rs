//! The values of `typ` and `cty`.

/// Compares media types as RFC 7515 §4.1.9 does: `application/` may be left out, case does not matter.
pub(crate) fn same_type(found: &str, expected: &str) -> bool {
    fn short(text: &str) -> &str {
        let prefix = "application/";
        match text.split_at_checked(prefix.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
            _ => text,
        }
    }
    short(found).eq_ignore_ascii_case(short(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_compare_without_prefix_and_case() {
        for (found, expected, same) in [
            ("at+jwt", "at+jwt", true),
            ("AT+JWT", "at+jwt", true),
            ("application/at+jwt", "at+jwt", true),
            ("Application/at+jwt", "application/AT+jwt", true),
            ("JWT", "at+jwt", false),
            ("", "at+jwt", false),
            ("application/", "JWT", false),
            ("application/application/jwt", "jwt", false),
        ] {
            assert_eq!(same_type(found, expected), same, "{found} {expected}");
        }
    }
}
