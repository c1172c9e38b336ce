//! libFuzzer drives [`waxseal_fuzz::base64url::property`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| waxseal_fuzz::base64url::property(data));
