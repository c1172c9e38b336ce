//! `Cache-Control` of a key set (RFC 9111 §5.2.2).

use std::time::Duration;

/// How long an answer with this `Cache-Control` may be used without asking again; zero for `no-store` and
/// `no-cache`, `None` if it does not say.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal_trust::key_set::max_age;
///
/// assert_eq!(max_age("public, max-age=300"), Some(Duration::from_secs(300)));
/// assert_eq!(max_age("no-store"), Some(Duration::ZERO));
/// assert_eq!(max_age("public"), None);
/// ```
#[must_use]
pub fn max_age(cache_control: &str) -> Option<Duration> {
    let mut age = None;
    for directive in cache_control.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let name = name.trim();
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return Some(Duration::ZERO);
        }
        if name.eq_ignore_ascii_case("max-age") {
            // §4.2.1: a directive that cannot be read makes the answer stale; of two, the shorter counts.
            let seconds = value.trim().trim_matches('"').parse().unwrap_or(0);
            let this = Duration::from_secs(seconds);
            age = Some(age.map_or(this, |other: Duration| other.min(this)));
        }
    }
    age
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_and_ages() {
        let cases = [
            ("", None),
            ("public", None),
            ("max-age=60", Some(60)),
            ("MAX-AGE = 60 , public", Some(60)),
            ("max-age=\"60\"", Some(60)),
            ("max-age=60, max-age=30", Some(30)),
            ("max-age=-1", Some(0)),
            ("max-age", Some(0)),
            ("max-age=99999999999999999999", Some(0)),
            ("max-age=60, no-cache", Some(0)),
            ("s-maxage=60", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(max_age(text), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
