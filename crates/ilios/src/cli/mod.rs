//! The command line: one file a command.

mod allocator;
mod convert;
mod db;
mod doctor;
mod health;
mod hints;
mod identity;
mod instance_lock;
mod keys;
mod licences;
mod mcp;
mod migrate;
mod models;
mod node;
mod openapi;
mod queue;
mod reference;
mod remote;
mod runtime;
mod sandbox;
mod serve;
mod status;
mod terminal;
mod usage;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError, Raw};
use terminal::{UsageFault, print, print_error, say};

/// The hidden first argument of a converter child.
pub const CONVERTER_CHILD: &str = "__convert-child";
/// The hidden first argument of a process that limits itself and becomes another program.
pub const LIMITED_PROGRAM: &str = "__limited-program";
/// The hidden first argument of a child that tries out its sandbox.
pub const SANDBOX_PROBE: &str = "__sandbox-probe";

/// The exit status of wrong arguments.
const USAGE: u8 = 2;

const EXAMPLES: &str = "\
Examples:
  ilios convert report.pdf                      one file to standard output
  ilios convert *.docx -o markdown/             many files into a folder
  ilios convert inbox/ -r -o out/ --format json a whole tree, with pages and metadata
  ilios serve                                   the HTTP server on http://127.0.0.1:1337
  ilios doctor                                  what is configured, reachable and installed
  ilios status                                  whether a server is well, and what it has done today
  ilios queue                                   what waits and runs there, each second

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
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    #[command(subcommand)]
    Tenants(keys::TenantsCommand),
    /// Print the OpenAPI description of the HTTP interface.
    Openapi,
    /// Say what is configured, what is reachable and which optional programs are installed.
    Doctor,
    Health(health::HealthArguments),
    Mcp(mcp::McpArguments),
    Status(status::StatusArguments),
    Queue(queue::QueueArguments),
    #[command(subcommand)]
    Models(models::ModelsCommand),
    Usage(usage::UsageArguments),
    /// Print the licences and notices of everything that the program contains.
    #[command(alias = "licenses")]
    Licences,
    Reference(reference::ReferenceArguments),
}

/// Does the work of a process that this program started for itself, if it is one.
pub fn run_own_child(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    match arguments.next()?.to_str()? {
        CONVERTER_CHILD => Some(crate::engine::run_child()),
        LIMITED_PROGRAM => Some(ilios_sandbox::exec_limited(arguments)),
        SANDBOX_PROBE => Some(ilios_sandbox::run_probe()),
        _ => None,
    }
}

/// Runs the command that the arguments name. Faults go to standard error; the status is 1 for a fault,
/// 2 for wrong arguments.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Arguments = match terminal::parse() {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let outcome = match arguments.command {
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Migrate => migrate::run(),
        Command::Db(command) => db::run(&command),
        Command::Keys(command) => keys::run(command),
        Command::Tenants(command) => keys::run_tenants(command),
        Command::Openapi => openapi::run(),
        Command::Doctor => doctor::run(),
        Command::Health(arguments) => health::run(&arguments),
        Command::Mcp(arguments) => mcp::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Queue(arguments) => queue::run(&arguments),
        Command::Models(command) => models::run(&command),
        Command::Licences => licences::run(),
        Command::Usage(arguments) => usage::run(&arguments),
        Command::Reference(arguments) => reference::run(&arguments),
    };
    outcome.unwrap_or_else(|error| failed(&error))
}

/// Prints the error that has ended a command; returns the status.
fn failed(error: &anyhow::Error) -> ExitCode {
    let text = format!("ilios: {error:#}");
    if error.is::<ConfigError>() {
        // A line for each variable.
        text.lines().for_each(print_error);
    } else {
        print_error(&text);
    }
    hints::print_hint(error);
    if error.chain().any(|cause| cause.is::<UsageFault>()) {
        ExitCode::from(USAGE)
    } else {
        ExitCode::FAILURE
    }
}

fn load_config() -> anyhow::Result<Config> {
    Ok(Config::resolve(&load_environment()?)?)
}

fn load_environment() -> anyhow::Result<Raw> {
    Raw::from_process(Path::new(".")).map_err(anyhow::Error::msg)
}
