use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::model::{is_hidden, printable};

/// Format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Reason there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is none.
    #[error(transparent)]
    Level(#[from] ParseError),
    /// The process logs already.
    #[error("the log cannot be started: {0}")]
    Start(Box<dyn Error + Send + Sync>),
}

/// libSQL logs every synchronization. The store logs the failures. rmcp logs every message, with the documents in it.
const LIBRARY_LEVELS: &str = "libsql=error,libsql_replication=error,rmcp=error";

/// Begins to log to standard error what is of `level`; text on a terminal and JSON elsewhere, unless `format` says
/// otherwise.
///
/// # Errors
/// [`LogError`].
pub fn start_log(format: Option<LogFormat>, level: &str) -> Result<(), LogError> {
    let terminal = io::stderr().is_terminal();
    let default = if terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    let format = format.unwrap_or(default);
    let builder = tracing_subscriber::fmt()
        .with_writer(move || Lines {
            format,
            coloured: terminal,
        })
        .with_env_filter(EnvFilter::try_new(format!("{LIBRARY_LEVELS},{level}"))?);
    let started = match format {
        LogFormat::Text => builder.with_ansi(terminal).with_target(false).try_init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    started.map_err(LogError::Start)
}

/// Standard error, one entry a write. Names of files and words of libraries may be in an entry: nothing of them reaches
/// a terminal or a line's end but what can be seen.
struct Lines {
    format: LogFormat,
    coloured: bool,
}

impl Write for Lines {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let shown = match self.format {
            LogFormat::Text if self.coloured => coloured(line),
            LogFormat::Text => printable(line).into_owned(),
            LogFormat::Json => escaped(line),
        };
        // A log that cannot be written, on a full disk or to a reader that has gone, keeps nothing else from being done.
        // The library would print an error to the same place, and end the task that has logged.
        let _ = io::stderr().write_all(format!("{shown}\n").as_bytes());
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line of text with colours, which stay: they are the logger's own, which shows the escape characters of what it is
/// given as escapes.
fn coloured(line: &str) -> String {
    const COLOUR: &str = "\u{1b}[";
    let mut out = String::with_capacity(line.len());
    let mut parts = line.split(COLOUR);
    out.push_str(&printable(parts.next().unwrap_or_default()));
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|&end| part[end..].starts_with('m')) {
            Some(end) => {
                out.push_str(COLOUR);
                out.push_str(&part[..=end]);
                out.push_str(&printable(&part[end + 1..]));
            }
            None => {
                out.push_str(&printable(COLOUR));
                out.push_str(&printable(part));
            }
        }
    }
    out
}

/// A line of JSON, in which only texts can have such characters.
fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
