//! libFuzzer drives [`waxseal_fuzz::claims::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::claims::property(data));
