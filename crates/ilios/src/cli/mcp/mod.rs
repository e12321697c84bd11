//! `ilios mcp`: the tools of the Model Context Protocol over standard input and output.

mod file_address;
mod files;
mod local;
mod remote;
mod scratch_folder;
mod sse;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use rmcp::service::{QuitReason, ServerInitializeError};
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::stdio;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{load_config, runtime};
use crate::config::Config;
use crate::http::{McpServer, McpTools, OpenFile};
use crate::telemetry;
use files::Roots;

pub(super) const EXAMPLES: &str = "\
Examples:
  ilios mcp                                converts on this machine, keeps nothing
  ilios mcp --root ~/Documents             may open the files in a folder, too
  ILIOS_URL=https://docs.example.org ILIOS_API_KEY=… ilios mcp
                                           asks a server, and so finds its documents again
In the settings of a client:
  {\"mcpServers\": {\"ilios\": {\"command\": \"ilios\", \"args\": [\"mcp\", \"--root\", \"/home/me/Documents\"]}}}";

/// Bytes of a message, at most: documents may be in it.
const MAX_MESSAGE: usize = 64 << 20;

/// Serve the tools of the Model Context Protocol (MCP) on standard input and output, for the programs in which people
/// use language models.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct McpArguments {
    /// Folder whose files may be converted by their `file:` addresses; several where it is given several times. Links that
    /// lead out of it are refused.
    #[arg(long, value_name = "DIR")]
    root: Vec<PathBuf>,
}

pub(super) fn run(arguments: &McpArguments) -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    telemetry::start_log(config.log_format, &config.log_level)?;
    let files = Roots::open(&arguments.root)?.map(Roots::opener);
    let runtime = runtime::runtime()?;
    let outcome = runtime.block_on(served(&config, files));
    // A read of standard input may never end.
    runtime.shutdown_timeout(Duration::from_millis(100));
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn served(config: &Config, files: Option<OpenFile>) -> anyhow::Result<()> {
    match &config.client.url {
        Some(url) => {
            let key = config.client.key.clone();
            serve(McpServer::new(remote::RemoteTools::new(url, key, files)?)).await
        }
        None => {
            let here = local::Local::start(config).await?;
            let outcome = serve(McpServer::new(here.tools(files))).await;
            here.end().await;
            outcome
        }
    }
}

/// Answers what comes on standard input until it ends, or the system asks the program to stop.
async fn serve<T: McpTools>(server: McpServer<T>) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    cancel_on_signal(stop.clone())?;
    let (input, output) = stdio();
    let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(MAX_MESSAGE);
    let running = match rmcp::service::serve_server_with_ct(server, transport, stop).await {
        Ok(running) => running,
        // The client went away before it said who it is.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => return Ok(()),
        Err(error) => return Err(error).context("the client did not begin as the protocol has it"),
    };
    match running.waiting().await? {
        QuitReason::JoinError(error) => Err(error).context("the protocol failed"),
        _ => Ok(()),
    }
}

fn cancel_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}
