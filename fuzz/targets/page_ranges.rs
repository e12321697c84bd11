//! `ilios_fuzz::page_ranges` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::page_ranges(data));
