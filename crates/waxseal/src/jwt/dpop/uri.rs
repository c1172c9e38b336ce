//! Comparing the addresses of requests (RFC 9449 §4.3, RFC 3986 §6.2.2 and §6.2.3).

/// Whether both are the same `http` or `https` address, query and fragment left aside.
pub(super) fn same_resource(found: &str, expected: &str) -> bool {
    matches!((parts(found), parts(expected)), (Some(found), Some(expected)) if found == expected)
}

/// Scheme, host with port, and path. What is not plainly such an address is none.
fn parts(uri: &str) -> Option<(String, String, String)> {
    let (scheme, rest) = uri.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority).to_owned();
    let path = if path.is_empty() { "/" } else { path };
    Some((scheme, authority, with_upper_case_escapes(path)))
}

/// RFC 3986 §6.2.2.1: `%3a` and `%3A` are the same.
fn with_upper_case_escapes(path: &str) -> String {
    let mut digits_left = 0;
    let upper = |character: char| {
        if character == '%' {
            digits_left = 2;
        } else if digits_left > 0 {
            digits_left -= 1;
            return character.to_ascii_uppercase();
        }
        character
    };
    path.chars().map(upper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_compare_without_query_and_spelling() {
        let expected = "https://server.example/a/b%3Ac";
        for (found, same) in [
            ("https://server.example/a/b%3Ac", true),
            ("HTTPS://Server.Example/a/b%3ac", true),
            ("https://server.example:443/a/b%3Ac", true),
            ("https://server.example/a/b%3Ac?query#fragment", true),
            ("https://server.example/a/b%3Ac/", false),
            ("https://server.example/A/b%3Ac", false),
            ("https://server.example:8443/a/b%3Ac", false),
            ("http://server.example/a/b%3Ac", false),
            ("https://server.example@evil.example/a/b%3Ac", false),
            ("https://server.example.evil.example/a/b%3Ac", false),
            ("https://server.example", false),
            ("server.example/a/b%3Ac", false),
            ("", false),
        ] {
            assert_eq!(same_resource(found, expected), same, "{found}");
        }
        assert!(same_resource("http://localhost:80", "http://localhost/"));
        assert!(!same_resource("javascript://x", "javascript://x"));
    }
}
