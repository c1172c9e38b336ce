//! What inputs led to: how a driver without coverage feedback tells an interesting input from one like many others.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static REACHED: RefCell<BTreeSet<Cow<'static, str>>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that the current input got as far as `outcome`.
pub(crate) fn reached(outcome: impl Into<Cow<'static, str>>) {
    REACHED.with_borrow_mut(|reached| {
        reached.insert(outcome.into());
    });
}

/// The outcomes since the last call.
pub(crate) fn take() -> BTreeSet<Cow<'static, str>> {
    REACHED.take()
}
