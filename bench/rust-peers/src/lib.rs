//! Peers in Rust. The first argument says which: jsonwebtoken chooses its back end once for a whole process.

mod compact;
mod jsonwebtoken;

/// All cases of this worker.
///
/// # Panics
/// When the first argument is none of `jsonwebtoken-aws`, `jsonwebtoken-rust` and `jwt-compact`.
#[must_use]
pub fn suite() -> bench_core::Suite {
    let mut suite = bench_core::Suite::default();
    match std::env::args().nth(1).as_deref() {
        Some("jwt-compact") => compact::add(&mut suite),
        Some("jsonwebtoken-aws") => jsonwebtoken::add(&mut suite, jsonwebtoken::BackEnd::Aws),
        Some("jsonwebtoken-rust") => jsonwebtoken::add(&mut suite, jsonwebtoken::BackEnd::Rust),
        other => panic!("no such peer: {other:?}"),
    }
    suite
}
