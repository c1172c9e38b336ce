//! The use cases of the token server: log in, refresh, revoke. Knows no HTTP.
