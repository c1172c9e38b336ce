//! libFuzzer drives [`waxseal_fuzz::jwt_verify::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::jwt_verify::property(data));
