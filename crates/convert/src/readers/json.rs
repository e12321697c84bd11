use serde::de::IgnoredAny;

use super::decode::decode;
use super::{Reading, too_deep};
use crate::ir::{BlockKind, Builder};
use crate::{ConvertError, Limits, Warning};

/// Reads JSON as a code block, indented by two spaces a level; keys, numbers and their order stay as written. Text that
/// is not JSON (JSON Lines, comments) stays as it is.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, None);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return Ok(Reading::default());
    }
    check_depth(text, limits)?;
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    let whole = is_json(text);
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let mut builder = Builder::new(limits);
    builder.add(BlockKind::Code {
        language: Some("json".into()),
        text: if whole { pretty(text) } else { text.to_owned() },
    })?;
    let mut reading = Reading::of_one_page(&mut builder)?;
    if !whole && !lines().all(is_json) {
        reading.warnings.push(Warning::document(
            "the file is not valid JSON; its text is passed on as it is",
        ));
    }
    Ok(reading)
}

/// Checks the nesting depth.
pub(super) fn check_depth(text: &str, limits: &Limits) -> Result<(), ConvertError> {
    let mut depth = 0_u32;
    for token in tokens(text) {
        match token {
            "{" | "[" => depth = depth.saturating_add(1),
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits.depth {
            return Err(too_deep(limits));
        }
    }
    Ok(())
}

/// Iterates over brackets, colons, commas, strings and other words, without the white space between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end = match first {
            '{' | '}' | '[' | ']' | ':' | ',' => 1,
            '"' => string_end(rest),
            _ => rest
                .find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ':' | ',' | '"'))
                .unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(token)
    })
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn pretty(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut open = false;
    for token in tokens(text) {
        let closes = matches!(token, "}" | "]");
        if closes {
            depth = depth.saturating_sub(1);
        }
        if open != closes {
            line_break(&mut out, depth, open || closes);
        }
        open = matches!(token, "{" | "[");
        out.push_str(token);
        match token {
            "{" | "[" => depth += 1,
            "," => line_break(&mut out, depth, true),
            ":" => out.push(' '),
            _ => {}
        }
    }
    out
}

fn line_break(out: &mut String, depth: usize, wanted: bool) {
    if wanted {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}
