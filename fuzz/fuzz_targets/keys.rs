//! libFuzzer drives [`waxseal_fuzz::keys::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::keys::property(data));
