//! An API that keeps a handful of notes per user, protected by waxseal.
