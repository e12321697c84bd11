//! What a hostile document would make a converter do, one attempt a test: each is stopped by the layer that the
//! test names, and, where it can be shown without harm, not stopped without it.
//!
//! The children are this very program, which is why it has no harness before `main`: a child puts its layers
//! around itself while it has one thread, as the real one does.

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
fn main() -> std::process::ExitCode {
    layers::main()
}

/// Elsewhere there are no layers to test.
#[cfg(not(target_os = "linux"))]
fn main() {}
