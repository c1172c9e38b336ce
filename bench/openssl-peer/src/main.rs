fn main() {
    bench_core::worker::main(openssl_peer::suite());
}
