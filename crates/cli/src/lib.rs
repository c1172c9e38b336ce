//! The binary waxseal: token and key tools, and the token server.
