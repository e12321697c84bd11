//! `ilios_fuzz::readers` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::readers(data));
