//! `ilios_fuzz::child_frames` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ilios_fuzz::child_frames(data));
