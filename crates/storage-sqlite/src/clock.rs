//! A clock that does not run backwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use waxseal_domain::{Clock, Timestamp};

/// The machine's clock, held at the latest time it ever showed while it shows an earlier one.
///
/// Without it a machine whose clock stepped back an hour would find sessions alive that had ended.
#[derive(Clone, Debug)]
pub(crate) struct StoreClock {
    clock: Arc<dyn Clock>,
    high_water: Arc<AtomicI64>,
}

impl StoreClock {
    pub(crate) fn new(clock: Arc<dyn Clock>, high_water: Timestamp) -> Self {
        Self { clock, high_water: Arc::new(AtomicI64::new(high_water.millis())) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let shown = self.clock.now().millis();
        let before = self.high_water.fetch_max(shown, Ordering::AcqRel);
        Timestamp::from_millis(before.max(shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Stepping(AtomicI64);

    impl Clock for Stepping {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn time_stands_still_while_the_machine_goes_back() {
        let machine = Arc::new(Stepping(AtomicI64::new(100)));
        let clock = StoreClock::new(machine.clone(), Timestamp::from_millis(150));
        assert_eq!(clock.now().millis(), 150);
        for (shown, expected) in [(200, 200), (120, 200), (201, 201)] {
            machine.0.store(shown, Ordering::Relaxed);
            assert_eq!(clock.now().millis(), expected, "{shown}");
        }
    }
}
