//! What is measured: an action with an algorithm on claims of a size.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Algorithm {
    Hs256,
    Rs256,
    Es256,
    EdDsa,
    MlDsa65,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    Verify,
    Sign,
    /// Verifying a token that a verified-token cache holds already.
    Hit,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Size {
    /// 160 bytes of claims.
    Small,
    /// 2 KiB of claims.
    Large,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Operation {
    pub algorithm: Algorithm,
    pub action: Action,
    pub size: Size,
}

impl Algorithm {
    pub const ALL: [Self; 5] = [Self::Hs256, Self::Rs256, Self::Es256, Self::EdDsa, Self::MlDsa65];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::MlDsa65 => "ML-DSA-65",
        }
    }
}

impl Action {
    pub const ALL: [Self; 3] = [Self::Verify, Self::Sign, Self::Hit];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Sign => "sign",
            Self::Hit => "cache-hit",
        }
    }
}

impl Size {
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "160",
            Self::Large => "2048",
        }
    }
}

impl Operation {
    #[must_use]
    pub const fn new(algorithm: Algorithm, action: Action, size: Size) -> Self {
        Self { algorithm, action, size }
    }

    /// Every operation there could be, in the order of the report.
    pub fn all() -> impl Iterator<Item = Self> {
        let sizes = |algorithm| {
            Size::ALL.into_iter().flat_map(move |size| {
                Action::ALL.into_iter().map(move |action| Self { algorithm, action, size })
            })
        };
        Algorithm::ALL.into_iter().flat_map(sizes)
    }
}

/// One word, for command lines and pipes: `HS256/verify/160`.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.algorithm.name(), self.action.name(), self.size.name())
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::all().find(|one| one.to_string() == text).ok_or_else(|| format!("no operation `{text}`"))
    }
}
