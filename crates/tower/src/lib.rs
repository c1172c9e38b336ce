//! A tower layer and axum extractors that let only verified tokens through.
