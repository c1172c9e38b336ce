//! The cases of one worker, each ready to be repeated.

use crate::{Action, Operation};
use std::hint::black_box;

/// One contender's way to do one operation.
pub struct Case {
    pub operation: Operation,
    pub contender: &'static str,
    work: Box<dyn Work>,
}

/// All that a worker can do.
#[derive(Default)]
pub struct Suite {
    pub cases: Vec<Case>,
}

trait Work {
    fn repeat(&mut self, times: u64);

    /// A token as this case signs it.
    fn token(&mut self) -> Option<String> {
        None
    }

    /// Whether this case accepts `token`.
    fn accepts(&mut self, _token: &str) -> Option<bool> {
        None
    }
}

impl Case {
    // A profiler counts from here on; setting keys up is not what it shall see.
    #[inline(never)]
    pub fn repeat(&mut self, times: u64) {
        self.work.repeat(times);
    }

    pub fn token(&mut self) -> Option<String> {
        self.work.token()
    }

    pub fn accepts(&mut self, token: &str) -> Option<bool> {
        self.work.accepts(token)
    }
}

impl Suite {
    fn push(&mut self, operation: Operation, contender: &'static str, work: impl Work + 'static) {
        self.cases.push(Case { operation, contender, work: Box::new(work) });
    }

    /// Something that neither makes nor takes a whole token: the bare primitive.
    pub fn bare<T>(
        &mut self,
        operation: Operation,
        contender: &'static str,
        work: impl FnMut() -> T + 'static,
    ) {
        self.push(operation, contender, Bare(work));
    }

    /// Making a token of its own.
    pub fn sign<T: AsRef<[u8]>>(
        &mut self,
        operation: Operation,
        contender: &'static str,
        work: impl FnMut() -> T + 'static,
    ) {
        assert_eq!(operation.action, Action::Sign);
        self.push(operation, contender, Sign(work));
    }

    /// Making a token in a buffer that is used again.
    pub fn sign_into(
        &mut self,
        operation: Operation,
        contender: &'static str,
        work: impl FnMut(&mut Vec<u8>) + 'static,
    ) {
        assert_eq!(operation.action, Action::Sign);
        self.push(operation, contender, SignInto { work, out: Vec::new() });
    }

    /// Verifying; `work` says whether it accepts the token, having read the subject.
    pub fn verify(
        &mut self,
        operation: Operation,
        contender: &'static str,
        work: impl FnMut(&str) -> bool + 'static,
    ) {
        assert_ne!(operation.action, Action::Sign);
        let token = crate::claims::token(operation.algorithm, operation.size);
        self.push(operation, contender, Verify { work, token });
    }
}

struct Bare<F>(F);

impl<T, F: FnMut() -> T> Work for Bare<F> {
    fn repeat(&mut self, times: u64) {
        for _ in 0..times {
            black_box((self.0)());
        }
    }
}

struct Sign<F>(F);

impl<T: AsRef<[u8]>, F: FnMut() -> T> Work for Sign<F> {
    fn repeat(&mut self, times: u64) {
        for _ in 0..times {
            black_box((self.0)());
        }
    }

    fn token(&mut self) -> Option<String> {
        Some(String::from_utf8_lossy((self.0)().as_ref()).into_owned())
    }
}

struct SignInto<F> {
    work: F,
    out: Vec<u8>,
}

impl<F: FnMut(&mut Vec<u8>)> Work for SignInto<F> {
    fn repeat(&mut self, times: u64) {
        for _ in 0..times {
            (self.work)(&mut self.out);
            black_box(&self.out);
        }
    }

    fn token(&mut self) -> Option<String> {
        (self.work)(&mut self.out);
        Some(String::from_utf8_lossy(&self.out).into_owned())
    }
}

struct Verify<F> {
    work: F,
    token: String,
}

impl<F: FnMut(&str) -> bool> Work for Verify<F> {
    fn repeat(&mut self, times: u64) {
        for _ in 0..times {
            assert!((self.work)(black_box(&self.token)), "the token was refused");
        }
    }

    fn accepts(&mut self, token: &str) -> Option<bool> {
        Some((self.work)(token))
    }
}
