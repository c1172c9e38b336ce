//! libFuzzer drives [`waxseal_fuzz::cache::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::cache::property(data));
