use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// libSQL tells of every synchronization. What is the matter with one, the store says.
const QUIET: &str = "libsql=error,libsql_replication=error";

/// Begins to log to standard error.
pub(super) fn start(config: &Config) -> anyhow::Result<()> {
    let terminal = std::io::stderr().is_terminal();
    let default = if terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    let builder = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::try_new(format!("{QUIET},{}", config.log_level))?);
    let started = match config.log_format.unwrap_or(default) {
        LogFormat::Text => builder.with_ansi(terminal).with_target(false).try_init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}
