//! Checks of the caller's own, which run with the built-in ones.

use super::ClaimsRef;
use crate::Code;
use crate::{Rejection, Rejections};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

type Test = dyn Fn(&ClaimsRef<'_>) -> bool + Send + Sync;

/// A named predicate over verified claims.
#[derive(Clone)]
pub(super) struct CustomCheck {
    claim: String,
    expected: String,
    test: Arc<Test>,
}

impl CustomCheck {
    pub(super) fn new(claim: String, expected: String, test: Arc<Test>) -> Self {
        Self { claim, expected, test }
    }

    pub(super) fn run(&self, claims: &ClaimsRef<'_>, broken: &mut Rejections) {
        if !(self.test)(claims) {
            let expected = Cow::Owned(self.expected.clone());
            broken.push(Rejection::new(Code::ClaimRejected, self.claim.clone(), expected));
        }
    }
}

impl fmt::Debug for CustomCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomCheck").field("claim", &self.claim).finish_non_exhaustive()
    }
}
