//! libFuzzer drives [`waxseal_fuzz::sign::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::sign::property(data));
