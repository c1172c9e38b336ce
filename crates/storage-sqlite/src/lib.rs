//! SQLite storage for the token server.
