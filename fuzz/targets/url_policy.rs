//! `ilios_fuzz::url_policy` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::url_policy(data));
