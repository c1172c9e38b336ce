//! The text of a refresh token.
//!
//! ```text
//! token = "wxs_rt_" || base64url(version | key epoch | session id | generation | s | tag)
//!            bytes:               1     |     2     |     16     |     4      | 16 | 32
//! s     = 16 random bytes made at login, the same in every token of the session; stored only as SHA-256(s)
//! tag   = HMAC-SHA256(HKDF(refresh subkey of that epoch, session id | s), version | key epoch | session id | generation)
//! ```
//!
//! The prefix lets secret scanners find a leak. The tag is checked before the database is asked, so noise and forgeries
//! cost nothing. Who reads the database lacks `s`; who reads the master key too still lacks `s`: neither makes a token.

use crate::master_key::{Label, MasterKey, Subkey, expand};
use aws_lc_rs::{digest, hkdf, hmac};
use std::fmt;
use waxseal_domain::session::{Generation, SecretHash};
use waxseal_domain::{Randomness, RandomnessError, SessionId};
use zeroize::Zeroizing;

/// What every refresh token begins with.
pub const PREFIX: &str = "wxs_rt_";

const VERSION: u8 = 1;
const HEAD: usize = 1 + 2 + 16 + 4;
const SECRET: usize = 16;
const TAG: usize = 32;
const BYTES: usize = HEAD + SECRET + TAG;
const TEXT: usize = PREFIX.len() + (BYTES * 4).div_ceil(3);

/// A refresh token as a client holds it; wiped from memory when dropped.
// No Display, Clone, Serialize or PartialEq: each is a way to leak it or to compare it in variable time.
pub struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    /// The token itself, to be handed to its client. Named so that every place that reads it can be found.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

/// The random value of a session, `s` above.
pub(crate) struct SessionSecret(Zeroizing<[u8; SECRET]>);

impl SessionSecret {
    pub(crate) fn generate(randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
        let mut secret = Zeroizing::new([0; SECRET]);
        randomness.fill(secret.as_mut_slice())?;
        Ok(Self(secret))
    }

    pub(crate) fn hash(&self) -> SecretHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_slice()).as_ref());
        SecretHash(hash)
    }
}

/// A token whose tag was found authentic. Only [`RefreshTokens::open`] makes one.
pub(crate) struct Opened {
    pub(crate) session_id: SessionId,
    pub(crate) generation: Generation,
    pub(crate) secret: SessionSecret,
}

/// Makes and opens the refresh tokens of one server.
pub(crate) struct RefreshTokens {
    epoch: u16,
    subkey: Subkey,
}

impl RefreshTokens {
    pub(crate) fn new(master: &MasterKey, issuer: &str) -> Self {
        Self { epoch: master.epoch(), subkey: master.subkey(Label::Refresh, issuer) }
    }

    pub(crate) fn make(
        &self,
        session: SessionId,
        generation: Generation,
        secret: &SessionSecret,
    ) -> RefreshToken {
        let head = self.head(session, generation);
        let tag = hmac::sign(&self.tag_key(session, secret), &head);
        let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES));
        bytes.extend_from_slice(&head);
        bytes.extend_from_slice(secret.0.as_slice());
        bytes.extend_from_slice(tag.as_ref());
        let mut text = Zeroizing::new(String::with_capacity(TEXT));
        text.push_str(PREFIX);
        base64_simd::URL_SAFE_NO_PAD.encode_append(bytes.as_slice(), &mut *text);
        RefreshToken(text)
    }

    /// Reads a token and checks its tag. `None` for anything that this server did not make.
    pub(crate) fn open(&self, text: &str) -> Option<Opened> {
        if text.len() != TEXT {
            return None;
        }
        let encoded = text.strip_prefix(PREFIX)?;
        // Strict: no padding, no foreign characters, no stray bits, so a token has one spelling.
        let bytes = Zeroizing::new(base64_simd::URL_SAFE_NO_PAD.decode_to_vec(encoded).ok()?);
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let (secret, tag) = rest.split_first_chunk::<SECRET>()?;
        let opened = self.parse(head, *secret)?;
        hmac::verify(&self.tag_key(opened.session_id, &opened.secret), head, tag).ok()?;
        Some(opened)
    }

    fn parse(&self, head: &[u8; HEAD], secret: [u8; SECRET]) -> Option<Opened> {
        let (&version, rest) = head.split_first()?;
        let (&epoch, rest) = rest.split_first_chunk::<2>()?;
        let (&id, rest) = rest.split_first_chunk::<16>()?;
        let (&generation, _) = rest.split_first_chunk::<4>()?;
        let known = version == VERSION && u16::from_be_bytes(epoch) == self.epoch;
        known.then(|| Opened {
            session_id: SessionId::from_bytes(id),
            generation: Generation::new(u32::from_be_bytes(generation)),
            secret: SessionSecret(Zeroizing::new(secret)),
        })
    }

    fn head(&self, session: SessionId, generation: Generation) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        let [version, e0, e1, rest @ ..] = &mut head;
        *version = VERSION;
        [*e0, *e1] = self.epoch.to_be_bytes();
        let (id, number) = rest.split_at_mut(16);
        id.copy_from_slice(session.as_bytes());
        number.copy_from_slice(&generation.number().to_be_bytes());
        head
    }

    fn tag_key(&self, session: SessionId, secret: &SessionSecret) -> hmac::Key {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"waxseal refresh token");
        let key = expand(&salt, self.subkey.as_slice(), &[session.as_bytes(), secret.0.as_slice()]);
        hmac::Key::new(hmac::HMAC_SHA256, key.as_slice())
    }
}

impl fmt::Debug for RefreshTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokens").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(master: &str) -> RefreshTokens {
        RefreshTokens::new(&MasterKey::from_base64url(&master.repeat(43)).unwrap(), "https://issuer.example")
    }

    fn token() -> RefreshToken {
        tokens("A").make(
            SessionId::from_bytes([5; 16]),
            Generation::new(77),
            &SessionSecret(Zeroizing::new([9; SECRET])),
        )
    }

    #[test]
    fn a_token_tells_what_it_was_made_of() {
        let opened = tokens("A").open(token().expose()).unwrap();
        assert_eq!(opened.session_id, SessionId::from_bytes([5; 16]));
        assert_eq!(opened.generation, Generation::new(77));
        assert_eq!(*opened.secret.0, [9; SECRET]);
        assert_eq!(token().expose(), token().expose(), "the same for every racer");
        assert_eq!(token().expose().len(), TEXT);
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let token = token();
        for index in 0..token.expose().len() {
            for replacement in [b'A', b'B', b'_', b'=', b' '] {
                let mut bytes = token.expose().as_bytes().to_vec();
                if bytes[index] == replacement {
                    continue;
                }
                bytes[index] = replacement;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(
                    tokens("A").open(&changed).is_none(),
                    "character {index} as {}",
                    char::from(replacement)
                );
            }
        }
    }

    #[test]
    fn strangers_tokens_and_noise_are_refused() {
        assert!(tokens("E").open(token().expose()).is_none(), "another master key");
        let elsewhere =
            RefreshTokens::new(&MasterKey::from_base64url(&"A".repeat(43)).unwrap(), "https://other.example");
        assert!(elsewhere.open(token().expose()).is_none(), "another issuer");
        let text = token().expose().to_owned();
        for noise in [
            "",
            PREFIX,
            text.get(1..).unwrap(),
            text.get(..TEXT - 1).unwrap(),
            &format!("{text}A"),
            &"é".repeat(51),
            &text.to_uppercase(),
        ] {
            assert!(tokens("A").open(noise).is_none(), "{noise}");
        }
        assert_eq!(format!("{:?}", token()), "RefreshToken(..)");
    }
}
