//! `--claim name=value` and `--claim-json name=JSON`.

use serde_json::Value;

/// A claim from the command line.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) value: Value,
}

impl Claim {
    /// Reads `name=value`; everything behind the first `=` is the text of the claim.
    pub(crate) fn text(argument: &str) -> Result<Self, String> {
        let (name, value) = halves(argument)?;
        Ok(Self { name: name.to_owned(), value: Value::String(value.to_owned()) })
    }

    /// Reads `name=JSON`, for claims that are not text.
    pub(crate) fn json(argument: &str) -> Result<Self, String> {
        let (name, json) = halves(argument)?;
        let value = serde_json::from_str(json)
            .map_err(|error| format!("the value is not JSON ({error}); for plain text use --claim"))?;
        Ok(Self { name: name.to_owned(), value })
    }
}

fn halves(argument: &str) -> Result<(&str, &str), String> {
    argument
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| "expected name=value".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn claims_that_are_read() {
        for (argument, name, value) in [
            ("role=admin", "role", "admin"),
            ("a=", "a", ""),
            ("a=b=c", "a", "b=c"),
            ("n=1", "n", "1"),
            ("é= x", "é", " x"),
        ] {
            let claim = Claim::text(argument).unwrap();
            assert_eq!((claim.name.as_str(), claim.value), (name, json!(value)), "{argument}");
        }
        for (argument, value) in
            [("a=1", json!(1)), ("a=[true,null]", json!([true, null])), ("a=\"x\"", json!("x"))]
        {
            assert_eq!(Claim::json(argument).unwrap().value, value, "{argument}");
        }
    }

    #[test]
    fn claims_that_are_refused() {
        for argument in ["", "role", "=admin", "="] {
            assert!(Claim::text(argument).is_err(), "{argument}");
            assert!(Claim::json(argument).is_err(), "{argument}");
        }
        for argument in ["a=", "a=admin", "a={", "a=1 2", "a='x'", "a=NaN"] {
            assert!(Claim::json(argument).is_err(), "{argument}");
        }
    }
}
