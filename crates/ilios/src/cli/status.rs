//! `ilios status`: whether a server is well, and what it has done today.

use std::fmt::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::hints::print_hint;
use super::remote::{RemoteArguments, RemoteError, Server};
use super::terminal::span;
use super::{print, runtime};
use crate::model::{Clock, SystemClock, printable};

const EXAMPLES: &str = "\
Examples:
  ilios status
  ilios status --url https://docs.example.org --json
  ilios status >/dev/null && echo well";

/// Say whether a server is well, where its documents stand and what was used today (UTC). The status is 0 if it is
/// healthy, else 1.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct StatusArguments {
    #[command(flatten)]
    remote: RemoteArguments,
}

/// Everything that is known of a server.
#[derive(Debug, Default, Serialize)]
struct State {
    url: String,
    up: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    today: Option<Value>,
    /// Errors of what could not be found out.
    problems: Vec<String>,
    #[serde(skip)]
    errors: Vec<RemoteError>,
}

pub(super) fn run(arguments: &StatusArguments) -> anyhow::Result<ExitCode> {
    let server = Server::named(&arguments.remote)?;
    let state = runtime::runtime()?.block_on(state(&server));
    if arguments.remote.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&state)?))?;
    } else if state.up {
        print(&text(&state))?;
    }
    let well = state.is_well();
    // What keeps the server from being asked is the fault of the command; of the rest only the first is explained.
    if let Some(error) = state.errors.into_iter().next().filter(|_| !arguments.remote.json) {
        if !state.up {
            return Err(error.into());
        }
        print_hint(&error.into());
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn state(server: &Server) -> State {
    let today = SystemClock.now().to_string();
    let today = today.get(..10).unwrap_or_default();
    let mut state = State {
        url: server.shown().to_owned(),
        ..State::default()
    };
    state.health = state.keep(server.health().await);
    state.up = state.health.is_some();
    if state.up {
        let since = [("startDate", today)];
        let (documents, usage) = tokio::join!(
            server.json("/api/documents/summary", &[]),
            server.json("/api/usage/summary", &since)
        );
        state.documents = state.keep(documents);
        state.today = state.keep(usage).map(|mut usage| usage["summary"].take());
    }
    state
}

impl State {
    fn keep(&mut self, answer: Result<Value, RemoteError>) -> Option<Value> {
        match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.problems.push(error.to_string());
                self.errors.push(error);
                None
            }
        }
    }

    fn is_well(&self) -> bool {
        self.health
            .as_ref()
            .is_some_and(|health| health["status"] == "healthy")
    }
}

fn text(state: &State) -> String {
    let mut text = String::new();
    let health = state.health.clone().unwrap_or_default();
    line(
        &mut text,
        "server",
        &format!("{}  {}", state.url, word(&health["status"])),
    );
    let services = &health["services"];
    for (name, label) in [
        ("database", "database"),
        ("objects", "originals"),
        ("spool", "temporary"),
        ("mistral", "mistral"),
    ] {
        let message = services[format!("{name}Message")].as_str();
        let message = message.map_or_else(String::new, |message| format!(": {message}"));
        line(&mut text, label, &format!("{}{message}", word(&services[name])));
    }
    if let Some(documents) = &state.documents {
        line(&mut text, "documents", &counted(documents));
        if let Some(seconds) = documents["oldestPendingSeconds"].as_u64() {
            let age = span(Duration::from_secs(seconds));
            line(&mut text, "oldest", &format!("has waited {age}"));
        }
    }
    if let Some(today) = &state.today {
        let number = |name: &str| today[name].as_u64().unwrap_or_default();
        let cost = today["totalCostUSD"].as_str().unwrap_or("0.00");
        let words = format!(
            "{}, {}, {cost} USD",
            many(number("totalOperations"), "conversion"),
            many(number("totalPages"), "page")
        );
        line(&mut text, "today", &words);
    }
    for problem in &state.problems {
        line(&mut text, "unknown", problem);
    }
    text
}

fn counted(documents: &Value) -> String {
    let states = [
        ("pending", "waiting"),
        ("processing", "being converted"),
        ("completed", "completed"),
        ("failed", "failed"),
        ("archived", "archived"),
    ];
    let words = states.map(|(name, word)| format!("{} {word}", documents[name].as_u64().unwrap_or_default()));
    words.join(", ")
}

/// `1 page`, `2 pages`.
fn many(number: u64, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

fn word(status: &Value) -> &str {
    match status.as_str() {
        Some("disabled") => "not set up",
        Some(word) => word,
        None => "unknown",
    }
}

fn line(text: &mut String, label: &str, words: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{label:<10} {}", printable(words));
}
