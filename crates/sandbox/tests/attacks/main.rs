//! Attacks of a compromised converter, one a test: the layer that the test names refuses each, and, where that can
//! be shown without harm, the attempt succeeds without the layer.
//!
//! The children run this executable, so the test has no harness before `main`: a child applies its layers while it
//! has one thread, as the real one does.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::expect_used,
        clippy::panic,
        clippy::print_stderr,
        reason = "a test fails by a panic, and a child under test prints"
    )
)]

#[cfg(target_os = "linux")]
mod attempts;
#[cfg(target_os = "linux")]
mod layers;
#[cfg(target_os = "linux")]
mod reuse;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    layers::main()
}

/// Does nothing: other systems have no layers to test.
#[cfg(not(target_os = "linux"))]
fn main() {}
