//! `ilios_fuzz::content_disposition` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::content_disposition(data));
