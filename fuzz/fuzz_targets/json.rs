//! libFuzzer drives [`waxseal_fuzz::json::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::json::property(data));
