//! The rules of the token server: ids, time, state machines and repository traits.
