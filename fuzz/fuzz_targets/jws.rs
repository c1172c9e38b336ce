//! libFuzzer drives [`waxseal_fuzz::jws::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::jws::property(data));
