//! The payload guard: names that say their value is a secret.
//!
//! Anyone who holds a token can read its claims, and tokens end up in logs. A password in a claim is a
//! mistake often enough to ask for a second look: the caller must allow such a name explicitly.

/// Words that name a secret wherever they stand in a name.
const WORDS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "secrets",
    "ssn",
    "cvv",
    "cvc",
    "pin",
    "otp",
    "totp",
    "mnemonic",
];

/// Sequences of words that name a secret together.
const PHRASES: &[&str] = &[
    "creditcard",
    "cardnumber",
    "cardno",
    "socialsecurity",
    "privatekey",
    "apikey",
    "refreshtoken",
    "seedphrase",
    "accesskey",
    "masterkey",
    "signingkey",
    "encryptionkey",
    "bankaccount",
];

/// Whether `name` sounds like a secret: `password`, `userPassword`, `CLIENT_SECRET`, `card-number`.
pub(super) fn sounds_secret(name: &str) -> bool {
    let mut joined = String::with_capacity(name.len());
    let mut word = String::new();
    let mut previous_lower = false;
    for character in name.chars() {
        let boundary = !character.is_alphanumeric() || (character.is_uppercase() && previous_lower);
        if boundary {
            if WORDS.contains(&word.as_str()) {
                return true;
            }
            word.clear();
        }
        previous_lower = character.is_lowercase() || character.is_numeric();
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
            joined.extend(character.to_lowercase());
        }
    }
    WORDS.contains(&word.as_str())
        || joined.contains("password")
        || PHRASES.iter().any(|phrase| joined.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footgun_41_names_of_secrets_are_recognised_by_word() {
        for (name, secret) in [
            ("password", true),
            ("userPassword", true),
            ("USER_PASSWORD", true),
            ("newpassword2", true),
            ("client_secret", true),
            ("clientSecret", true),
            ("ssn", true),
            ("user.ssn", true),
            ("creditCardNumber", true),
            ("card_number", true),
            ("api-key", true),
            ("refresh_token", true),
            ("pin_code", true),
            ("scope", false),
            ("sub", false),
            ("secretary", false),
            ("assn_id", false),
            ("opinion", false),
            ("pinned", false),
            ("keyboard", false),
            ("", false),
        ] {
            assert_eq!(sounds_secret(name), secret, "{name}");
        }
    }
}
