//! libFuzzer drives [`waxseal_fuzz::dpop::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::dpop::property(data));
