//! Textual cues: wording that shows which block a line begins or ends.

/// Dots of a leader, at least: fewer are an ellipsis.
const MIN_LEADER_DOTS: usize = 4;

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
