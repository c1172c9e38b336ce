//! Create and verify signed tokens: one key, one algorithm, and nothing unverified passes.
