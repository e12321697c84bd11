//! The command line: one file a command.

mod allocator;
mod convert;
mod db;
mod doctor;
mod logging;
mod migrate;
mod node;
mod openapi;
mod reference;
mod runtime;
mod sandbox;
mod serve;
mod sharing;
mod usage;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Raw};

/// The hidden first argument of a converter child.
pub const CONVERTER_CHILD: &str = "__convert-child";
/// The hidden first argument of a process that limits itself and becomes another program.
pub const LIMITED_PROGRAM: &str = "__limited-program";
/// The hidden first argument of a child that tries out its sandbox.
pub const SANDBOX_PROBE: &str = "__sandbox-probe";

const EXAMPLES: &str = "\
Examples:
  ilios convert report.pdf                      one file to standard output
  ilios convert *.docx -o markdown/             many files into a folder
  ilios convert inbox/ -r -o out/ --format json a whole tree, with pages and metadata
  ilios serve                                   the HTTP server on http://127.0.0.1:1337
  ilios doctor                                  what is configured, reachable and installed

The environment configures the program; `ilios reference configuration` lists all variables.";

/// Turns documents into Markdown.
#[derive(Debug, Parser)]
#[command(name = "ilios", version, about, after_help = EXAMPLES, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Convert(convert::ConvertArguments),
    /// Run the HTTP server.
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::ServeArguments),
    /// Create the database or bring it up to date, and end.
    Migrate,
    /// Back up, check or encrypt the database.
    #[command(subcommand)]
    Db(db::DbCommand),
    /// Print the OpenAPI description of the HTTP interface.
    Openapi,
    /// Say what is configured, what is reachable and which optional programs are installed.
    Doctor,
    Usage(usage::UsageArguments),
    Reference(reference::ReferenceArguments),
}

/// Does the work of a process that this program started for itself, if it is one.
pub fn run_own_child(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    match arguments.next()?.to_str()? {
        CONVERTER_CHILD => Some(crate::engine::run_child()),
        LIMITED_PROGRAM => Some(ilios_sandbox::become_program(arguments)),
        SANDBOX_PROBE => Some(ilios_sandbox::run_probe()),
        _ => None,
    }
}

/// Runs the command that the arguments name. Faults go to standard error; the status is 1 for a fault,
/// 2 for wrong arguments.
#[must_use]
pub fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Migrate => migrate::run(),
        Command::Db(command) => db::run(&command),
        Command::Openapi => openapi::run(),
        Command::Doctor => doctor::run(),
        Command::Usage(arguments) => usage::run(&arguments),
        Command::Reference(arguments) => reference::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        complain(&format!("ilios: {error:#}"));
        ExitCode::FAILURE
    })
}

/// Writes a line to standard error; when nobody reads it, there is nobody to tell.
fn complain(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn load_config() -> anyhow::Result<Config> {
    Ok(Config::resolve(&load_environment()?)?)
}

fn load_environment() -> anyhow::Result<Raw> {
    Raw::from_process(Path::new(".")).map_err(anyhow::Error::msg)
}
