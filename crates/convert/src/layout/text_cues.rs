//! Textual cues: wording that shows which block a line begins or ends.

use super::line::{Line, Raise};

/// Dots of a leader, at least: fewer are an ellipsis.
const MIN_LEADER_DOTS: usize = 4;
/// Words of a heading in the size of the text, at most.
const MAX_HEADING_WORDS: usize = 14;

/// Returns true if the line ends like an entry of a table of contents: dot leaders and a page number.
pub(super) fn ends_contents_entry(text: &str) -> bool {
    let text = text.trim_end();
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit() || "ivxlc".contains(c));
    let leaders = rest.trim_end_matches(['.', ' ', '…', '\u{a0}', '·']);
    let dots = rest[leaders.len()..]
        .chars()
        .filter(|c| !c.is_whitespace())
        .count();
    rest.len() < text.len() && (dots >= MIN_LEADER_DOTS || rest[leaders.len()..].contains('…'))
}

/// Returns true if the line starts like a caption: `Figure 3.`, `Tab. 2:`. The sign behind the number matters, for
/// "Figure 3 shows" is a sentence.
pub(super) fn starts_caption(text: &str) -> bool {
    const NAMES: [&str; 14] = [
        "Figure",
        "Fig.",
        "FIGURE",
        "FIG.",
        "Table",
        "TABLE",
        "Tab.",
        "Abbildung",
        "Abb.",
        "Tabelle",
        "Tableau",
        "Chart",
        "Scheme",
        "Exhibit",
    ];
    let text = text.trim_start();
    let Some(rest) = NAMES.iter().find_map(|name| text.strip_prefix(name)) else {
        return false;
    };
    let rest = rest.trim_start();
    let number = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let dotted = number.strip_prefix('.').unwrap_or(number);
    let behind = dotted.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.starts_with(|c: char| c.is_ascii_digit() || "IVXAB".contains(c))
        && (number.starts_with(['.', ':', '|']) || behind.starts_with(['.', ':', '|', '–', '—']))
}

/// Returns true if the line starts like a footnote: a raised number or sign before a word.
pub(super) fn starts_note(line: &Line) -> bool {
    let mut inked = line.runs.iter().filter(|run| !run.text.trim().is_empty());
    let (Some(mark), Some(text)) = (inked.next(), inked.next()) else {
        return false;
    };
    let sign = mark.text.trim();
    let is_mark = sign.len() <= 3 && sign.bytes().all(|byte| byte.is_ascii_digit())
        || matches!(sign, "*" | "**" | "†" | "‡" | "§");
    mark.raise == Raise::Superscript && is_mark && text.text.trim_start().starts_with(char::is_uppercase)
}

/// Letters and signs in front of the colon of a label, at most.
const MAX_LABEL_CHARS: usize = 32;
/// Words of a label, at most.
const MAX_LABEL_WORDS: usize = 4;

/// Returns true if the line starts like one of a record: `Invoice no. 7/31: rope`. A sentence may, too, so that one such
/// line says nothing.
pub(super) fn starts_labelled_entry(text: &str) -> bool {
    let Some((label, value)) = text.trim_start().split_once(':') else {
        return false;
    };
    let short =
        label.chars().count() <= MAX_LABEL_CHARS && label.split_whitespace().count() <= MAX_LABEL_WORDS;
    short
        && label.starts_with(char::is_uppercase)
        && value.starts_with(char::is_whitespace)
        && !value.trim().is_empty()
}

/// Returns true if the line starts like an entry in a list of references: `[12] `.
pub(super) fn starts_reference_entry(text: &str) -> bool {
    let inner = text
        .trim_start()
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    inner.is_some_and(|(number, rest)| {
        (1..=3).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && rest.starts_with(char::is_whitespace)
    })
}

/// Returns true if the words can be a heading: no code, no caption, no line torn out of a sentence or a table.
pub(super) fn reads_as_heading(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let caption = starts_caption(text)
        || ["Table", "Figure", "Fig."].iter().any(|name| {
            text.strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        });
    letters >= 3
        && letters * 2 > text.chars().filter(|c| !c.is_whitespace()).count()
        && text.split_whitespace().count() <= MAX_HEADING_WORDS
        && !text.starts_with(char::is_lowercase)
        && !text.contains(['{', '}', '=', '_', '"', '<', '>', ';'])
        && !text.ends_with(['.', ',', ';', '-', '('])
        && !caption
}
