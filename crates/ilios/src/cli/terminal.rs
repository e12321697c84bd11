//! Output of commands on standard output and standard error, and faults of their arguments.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use super::USAGE;
use crate::model::printable;

/// Arguments that each make sense and together, or for what is there, do not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct UsageFault(pub(super) String);

/// A fault of the arguments, in words.
pub(super) fn usage(words: impl Into<String>) -> anyhow::Error {
    UsageFault(words.into()).into()
}

/// Writes a line to standard error; failures to write are ignored. It may name files: nothing in their names reaches
/// the terminal but what can be seen.
pub(super) fn print_error(line: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(line));
}

/// Writes a line to standard output. It may name files, as for [`print_error`].
pub(super) fn say(line: &str) -> anyhow::Result<()> {
    print(&format!("{}\n", printable(line)))
}

/// A span of time in its two largest units: `34 s`, `2 min 5 s`, `3 h 12 min`, `4 d 2 h`.
pub(super) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// Writes to standard output, as it is. A closed pipe (`| head`) is no fault.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// The arguments, or the status when there is nothing to do but to print what the parser has to say: help, the version,
/// or what is wrong. It quotes arguments, so that those with characters as of [`print_error`] are parsed once more as they
/// are shown.
pub(super) fn parse<T: Parser>() -> Result<T, ExitCode> {
    let error = match T::try_parse() {
        Ok(arguments) => return Ok(arguments),
        Err(error) => error,
    };
    let shown = std::env::args_os().map(|argument| match argument.to_str() {
        Some(text) => printable(text).into_owned().into(),
        None => argument,
    });
    let error = T::try_parse_from(shown).err().unwrap_or(error);
    // A failure to write it cannot be reported.
    let _ = error.print();
    Err(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(USAGE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_two_units() {
        let told = |seconds| span(Duration::from_secs(seconds));
        assert_eq!(told(0), "0 s");
        assert_eq!(told(59), "59 s");
        assert_eq!(told(125), "2 min 5 s");
        assert_eq!(told(11_520), "3 h 12 min");
        assert_eq!(told(352_800), "4 d 2 h");
    }
}
