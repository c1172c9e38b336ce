//! libFuzzer drives [`waxseal_fuzz::jwe_made::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::jwe_made::property(data));
