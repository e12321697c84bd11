//! The `ilios` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A converter child starts here, before configuration, logging and runtime: it needs none of them.
    if ilios::cli::is_converter_child(std::env::args_os()) {
        return ilios::engine::run_child();
    }
    ilios::cli::run()
}
