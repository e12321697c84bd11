//! The `ilios` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A child of our own starts here, before configuration, logging and runtime: it needs none of them, and puts
    // its sandbox around itself while it has one thread and little memory.
    if let Some(code) = ilios::cli::run_own_child(std::env::args_os()) {
        return code;
    }
    ilios::cli::run()
}
