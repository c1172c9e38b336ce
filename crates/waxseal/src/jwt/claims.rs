//! The registered claims (RFC 7519 §4.1) as one scan finds them.

use crate::NumericDate;
use crate::json::{self, JsonStr, Kind, Value, Visitor};
use std::borrow::Cow;

/// The registered claims of a verified token.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct RegisteredClaims {
    /// `iss`: who made the token.
    pub iss: Option<String>,
    /// `sub`: whom it is about.
    pub sub: Option<String>,
    /// `aud`: whom it is for; a single text counts as a list of one.
    pub aud: Vec<String>,
    /// `exp`: from this second on it is no longer valid.
    pub exp: Option<NumericDate>,
    /// `nbf`: before this second it is not valid yet.
    pub nbf: Option<NumericDate>,
    /// `iat`: when it was made.
    pub iat: Option<NumericDate>,
    /// `jti`: its id.
    pub jti: Option<String>,
}

/// Where the registered claims stand in the text, and which other claims of interest were seen.
pub(super) struct Slots<'c> {
    pub(super) iss: Option<Value<'c>>,
    pub(super) sub: Option<Value<'c>>,
    pub(super) aud: Option<Value<'c>>,
    pub(super) exp: Option<Value<'c>>,
    pub(super) nbf: Option<Value<'c>>,
    pub(super) iat: Option<Value<'c>>,
    pub(super) jti: Option<Value<'c>>,
    /// The names asked for, with the value where the claim was seen.
    pub(super) wanted: Vec<(&'c str, Option<Value<'c>>)>,
}

impl<'c> Slots<'c> {
    pub(super) fn wanting(names: impl Iterator<Item = &'c str>) -> Self {
        let wanted = names.map(|name| (name, None)).collect();
        Self { iss: None, sub: None, aud: None, exp: None, nbf: None, iat: None, jti: None, wanted }
    }

    /// The claim called `name`, registered or asked for.
    pub(super) fn find(&self, name: &str) -> Option<Value<'c>> {
        match name {
            "iss" => self.iss,
            "sub" => self.sub,
            "aud" => self.aud,
            "exp" => self.exp,
            "nbf" => self.nbf,
            "iat" => self.iat,
            "jti" => self.jti,
            _ => self.wanted.iter().find(|(wanted, _)| *wanted == name).and_then(|(_, value)| *value),
        }
    }

    fn registered(&mut self, name: &str) -> Option<&mut Option<Value<'c>>> {
        match name {
            "iss" => Some(&mut self.iss),
            "sub" => Some(&mut self.sub),
            "aud" => Some(&mut self.aud),
            "exp" => Some(&mut self.exp),
            "nbf" => Some(&mut self.nbf),
            "iat" => Some(&mut self.iat),
            "jti" => Some(&mut self.jti),
            _ => None,
        }
    }
}

impl<'c> Visitor<'c> for Slots<'c> {
    fn member(&mut self, name: JsonStr<'c>, value: Value<'c>) {
        let name = name.decode();
        if let Some(slot) = self.registered(&name) {
            *slot = Some(value);
        } else if let Some((_, slot)) = self.wanted.iter_mut().find(|(wanted, _)| *wanted == name) {
            *slot = Some(value);
        }
    }
}

/// The text of a claim that must be one.
pub(super) fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    value.as_str().map(JsonStr::decode)
}

/// The audiences: one text, or an array of texts.
pub(super) fn audiences(value: Value<'_>) -> Option<Vec<Cow<'_, str>>> {
    if value.kind == Kind::Array {
        return json::elements(value, crate::Limits::MAX_DEPTH).into_iter().map(text).collect();
    }
    text(value).map(|one| vec![one])
}

/// How to read a date that is not a whole second.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    Down,
    Up,
}

/// A date within the range of [`NumericDate`]; a fraction is rounded to the stricter side.
pub(super) fn date(value: Value<'_>, round: Round) -> Option<NumericDate> {
    if value.kind != Kind::Number {
        return None;
    }
    if let Ok(seconds) = value.raw.parse::<i64>() {
        return NumericDate::from_seconds(seconds);
    }
    let seconds: f64 = value.raw.parse().ok()?;
    let seconds = if round == Round::Up { seconds.ceil() } else { seconds.floor() };
    // Within this range every whole number is exact in an f64, so the cast changes nothing.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    if (0.0..=NumericDate::MAX.seconds() as f64).contains(&seconds) {
        return NumericDate::from_seconds(seconds as i64);
    }
    None
}

impl RegisteredClaims {
    /// Reads claims that were checked before; nothing in them can be wrong any more.
    pub(super) fn read(payload: &str) -> Self {
        let mut slots = Slots::wanting(std::iter::empty());
        if json::scan_object(payload, crate::Limits::MAX_DEPTH, &mut slots).is_err() {
            return Self::default();
        }
        let own = |slot: Option<Value<'_>>| slot.and_then(text).map(Cow::into_owned);
        let aud = slots.aud.and_then(audiences).unwrap_or_default();
        Self {
            iss: own(slots.iss),
            sub: own(slots.sub),
            aud: aud.into_iter().map(Cow::into_owned).collect(),
            exp: slots.exp.and_then(|value| date(value, Round::Down)),
            nbf: slots.nbf.and_then(|value| date(value, Round::Up)),
            iat: slots.iat.and_then(|value| date(value, Round::Down)),
            jti: own(slots.jti),
        }
    }
}
