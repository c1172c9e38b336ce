fn main() {
    let measure = |work: &mut dyn FnMut()| allocation_counter::measure(work).count_total;
    bench_core::worker::allocations(rust_peers::suite(), measure);
}
