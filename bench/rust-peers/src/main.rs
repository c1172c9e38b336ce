fn main() {
    bench_core::worker::main(rust_peers::suite());
}
