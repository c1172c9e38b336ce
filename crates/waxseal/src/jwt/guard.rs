//! The payload guard: names that say their value is a secret.
//!
//! Anyone who holds a token can read its claims, and tokens end up in logs. A password in a claim is a
//! mistake often enough to ask for a second look: the caller must allow such a name explicitly.

/// Words that name a secret wherever they stand in a name.
const WORDS: &[&[u8]] = &[
    b"password",
    b"passwords",
    b"passwd",
    b"pwd",
    b"passphrase",
    b"passcode",
    b"secret",
    b"secrets",
    b"ssn",
    b"cvv",
    b"cvc",
    b"pin",
    b"otp",
    b"totp",
    b"mnemonic",
];

/// Sequences of letters that name a secret together, whatever stands between the words.
const PHRASES: &[&[u8]] = &[
    b"password",
    b"creditcard",
    b"cardnumber",
    b"cardno",
    b"socialsecurity",
    b"privatekey",
    b"apikey",
    b"refreshtoken",
    b"seedphrase",
    b"accesskey",
    b"masterkey",
    b"signingkey",
    b"encryptionkey",
    b"bankaccount",
];

const SHORTEST_WORD: usize = 3;
const SHORTEST_PHRASE: usize = 6;

/// Whether `name` sounds like a secret: `password`, `userPassword`, `CLIENT_SECRET`, `card-number`.
#[inline]
pub(super) fn sounds_secret(name: &str) -> bool {
    const STACK: usize = 64;
    if name.len() < SHORTEST_WORD {
        return false;
    }
    // Most names are one word in lower case, which needs no taking apart.
    if name.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return is_word(Some(name.as_bytes())) || contains_phrase(name.as_bytes());
    }
    if name.len() <= STACK && name.is_ascii() {
        return ascii_sounds_secret(name.as_bytes(), &mut [0; STACK]);
    }
    // What is no ASCII cannot be part of a word of the lists, but separates words like any other sign.
    let ascii: Vec<u8> = name.chars().map(|c| u8::try_from(c).unwrap_or(b'_')).collect();
    ascii_sounds_secret(&ascii, &mut vec![0; ascii.len()])
}

/// Collects the letters of `name` in `letters`, in lower case, and looks at each word on the way.
fn ascii_sounds_secret(name: &[u8], letters: &mut [u8]) -> bool {
    let (mut len, mut word) = (0, 0);
    let mut after_lower = false;
    for &byte in name {
        let separates = !byte.is_ascii_alphanumeric();
        if separates || (byte.is_ascii_uppercase() && after_lower) {
            if is_word(letters.get(word..len)) {
                return true;
            }
            word = len;
        }
        after_lower = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if !separates && let Some(slot) = letters.get_mut(len) {
            *slot = byte.to_ascii_lowercase();
            len += 1;
        }
    }
    is_word(letters.get(word..len)) || contains_phrase(letters.get(..len).unwrap_or(&[]))
}

#[inline]
fn is_word(word: Option<&[u8]>) -> bool {
    // No word of the list has another length or begins with another letter.
    word.is_some_and(|word| {
        matches!((word.len(), word), (3 | 4 | 6..=10, [b'p' | b's' | b'c' | b'o' | b't' | b'm', ..]))
            && WORDS.contains(&word)
    })
}

fn contains_phrase(letters: &[u8]) -> bool {
    let mut rest = letters;
    while rest.len() >= SHORTEST_PHRASE {
        let may_begin = matches!(rest, [b'p' | b'c' | b's' | b'a' | b'r' | b'm' | b'e' | b'b', ..]);
        if may_begin && PHRASES.iter().any(|phrase| rest.starts_with(phrase)) {
            return true;
        }
        rest = rest.get(1..).unwrap_or(&[]);
    }
    false
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
            ("größe_pwd", true),
            ("пароль password", true),
            ("a_name_that_is_much_longer_than_the_buffer_on_the_stack_and_ends_in_secret", true),
            ("a_name_that_is_much_longer_than_the_buffer_on_the_stack_and_ends_in_peace", false),
            ("scope", false),
            ("sub", false),
            ("secretary", false),
            ("assn_id", false),
            ("opinion", false),
            ("pinned", false),
            ("keyboard", false),
            ("größe", false),
            ("", false),
        ] {
            assert_eq!(sounds_secret(name), secret, "{name}");
        }
    }

    #[test]
    fn the_quick_tests_let_every_entry_through() {
        for word in WORDS {
            assert!(is_word(Some(word)), "{}", word.escape_ascii());
        }
        for phrase in PHRASES {
            assert!(contains_phrase(phrase), "{}", phrase.escape_ascii());
        }
    }

    #[test]
    fn the_shortest_entries_are_where_the_search_stops() {
        assert_eq!(WORDS.iter().map(|word| word.len()).min(), Some(SHORTEST_WORD));
        assert_eq!(PHRASES.iter().map(|phrase| phrase.len()).min(), Some(SHORTEST_PHRASE));
    }
}
