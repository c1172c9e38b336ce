//! Test helpers: fixed keys, a mock clock, seeded randomness, and the contract suite every store must pass.
