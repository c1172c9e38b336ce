fn main() {
    bench_core::worker::main(boringssl_peer::suite());
}
