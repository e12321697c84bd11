use ilios_convert::{LocateQuery, MAX_QUOTE_CHARS};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::DocumentTools;
use crate::http::compat::mcp::answer::ToolAnswer;
use crate::http::compat::mcp::arguments::Arguments;
use crate::http::respond::problem::Problem;

/// Bytes of the places that a child has written, at most: it writes twenty.
const MAX_PLACES_BYTES: u64 = 4 << 20;

/// Places as a child writes them, as far as they are told.
#[derive(Deserialize)]
struct Found {
    matches: Vec<Place>,
    more: bool,
}

/// Place in a document.
#[derive(Deserialize, Serialize)]
struct Place {
    page: u32,
    text: String,
    exact: bool,
    score: f64,
    locator: String,
}

/// Finds words in a document.
pub(super) async fn search(tools: &DocumentTools, mut arguments: Arguments) -> Result<ToolAnswer, Problem> {
    let id = arguments.document_id()?;
    let query = arguments.required("query")?;
    arguments.finish()?;
    let quote = LocateQuery::Quote(query.clone());
    if query.chars().count() > MAX_QUOTE_CHARS || !quote.says_something() {
        let takes = format!("takes a text with letters or digits, of up to {MAX_QUOTE_CHARS} characters");
        return Err(Problem::invalid("query", takes));
    }
    let written = tools.app.located(&tools.caller.tenant, &id, quote).await?;
    if written.size() > MAX_PLACES_BYTES {
        return Err(Problem::internal("a converter has written too many places"));
    }
    let read = move || written.read_at(0, usize::MAX);
    let bytes = tokio::task::spawn_blocking(read)
        .await
        .map_err(Problem::internal)?;
    let bytes = bytes.map_err(Problem::unavailable)?;
    let found: Found = serde_json::from_slice(&bytes).map_err(Problem::internal)?;
    Ok(ToolAnswer {
        text: lines(&found),
        structured: json!({"document_id": id.as_str(), "matches": found.matches, "more": found.more}),
    })
}

fn lines(found: &Found) -> String {
    if found.matches.is_empty() {
        return "Nothing in the document is like this.".to_owned();
    }
    let mut lines: Vec<String> = found.matches.iter().map(line).collect();
    if found.more {
        lines.push("[There are more places: search for more words.]".to_owned());
    }
    lines.join("\n")
}

fn line(place: &Place) -> String {
    let Place {
        page,
        text,
        exact,
        locator,
        ..
    } = place;
    let like = if *exact { "" } else { " (similar)" };
    format!("page {page}{like}: {text} [{locator}]")
}
