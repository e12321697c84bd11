//! `ilios queue`: what waits and runs on a server.

mod screen;
mod table;
mod watch;

use std::cell::Cell;
use std::io::{IsTerminal, stdout};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

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
    let (source, runtime) = (Source::new(&server), runtime::runtime()?);
    if arguments.remote.json {
        let answer = runtime.block_on(source.ask())?;
        print(&format!("{}\n", serde_json::to_string_pretty(&answer)?))?;
    } else if stdout().is_terminal() {
        let last = runtime.block_on(watch::watch(&source))?;
        print(&last)?;
    } else {
        let answer = runtime.block_on(source.ask())?;
        print(&Queue::of(&answer).text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A queue to ask for: that of all tenants, until the server says that the key does not open it.
struct Source<'a> {
    server: &'a Server,
    of_all: Cell<bool>,
}

impl<'a> Source<'a> {
    fn new(server: &'a Server) -> Self {
        Self {
            server,
            of_all: Cell::new(true),
        }
    }

    async fn ask(&self) -> Result<Value, RemoteError> {
        if self.of_all.get() {
            match self.server.json("/api/admin/queue", &[]).await {
                Err(error) if error.is_missing_scope() => self.of_all.set(false),
                answer => return answer,
            }
        }
        self.server.json("/api/queue", &[]).await
    }
}
