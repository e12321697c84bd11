//! `ilios_fuzz::sniff` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::sniff(data));
