//! `ilios_fuzz::zip_budget` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::zip_budget(data));
