//! `ilios_fuzz::readers` under cargo-fuzz.
#![no_main]

libfuzzer_sys::fuzz_target!(
    // A panic of a library that a reader catches is none of the property.
    init: drop(std::panic::take_hook()),
    |data: &[u8]| ilios_fuzz::readers(data)
);
