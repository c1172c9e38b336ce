//! libFuzzer drives [`waxseal_fuzz::header::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::header::property(data));
