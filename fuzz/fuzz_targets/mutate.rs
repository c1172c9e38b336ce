//! libFuzzer drives [`waxseal_fuzz::mutate::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::mutate::property(data));
