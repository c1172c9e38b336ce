fn main() {
    if std::env::args().nth(1).as_deref() == Some("write-tokens") {
        own::write_tokens();
    } else {
        bench_core::worker::main(own::suite());
    }
}
