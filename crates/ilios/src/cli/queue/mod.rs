//! `ilios queue`: what waits and runs on a server.

mod screen;
mod table;
mod watch;

use std::io::{IsTerminal, stdout};
use std::process::ExitCode;

use clap::Args;

use super::remote::{RemoteArguments, RemoteError, Server};
use super::{print, runtime};
use table::Queue;

const EXAMPLES: &str = "\
Examples:
  ilios queue                                   on a terminal: drawn anew each second, until q or Ctrl-C
  ilios queue | cat                             once
  ilios queue --json --url https://docs.example.org";

/// Show what waits and runs on a server, by engine; with a key of administrators of all tenants. On a terminal it is
/// drawn anew each second, until q or Ctrl-C ends it; elsewhere it is printed once.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct QueueArguments {
    #[command(flatten)]
    remote: RemoteArguments,
}

pub(super) fn run(arguments: &QueueArguments) -> anyhow::Result<ExitCode> {
    let server = Server::named(&arguments.remote)?;
    let runtime = runtime::runtime()?;
    if arguments.remote.json {
        let answer = runtime.block_on(asked(&server))?;
        print(&format!("{}\n", serde_json::to_string_pretty(&answer)?))?;
    } else if stdout().is_terminal() {
        let last = runtime.block_on(watch::watch(&server))?;
        print(&last)?;
    } else {
        let answer = runtime.block_on(asked(&server))?;
        print(&Queue::of(&answer).text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The queue of all tenants where the key opens it, else that of the key.
async fn asked(server: &Server) -> Result<serde_json::Value, RemoteError> {
    match server.json("/api/admin/queue", &[]).await {
        Err(error) if error.is_missing_scope() => server.json("/api/queue", &[]).await,
        answer => answer,
    }
}
