use std::cell::OnceCell;
use std::collections::HashSet;

use super::line::Line;

/// What stands between two lines of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    Space,
    Nothing,
    /// The hyphen at the end of the first goes, the word is one.
    Word,
}

const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{ad}'];
/// First parts that keep their hyphen before most words.
const PREFIXES: [&str; 14] = [
    "all", "cross", "ex", "half", "high", "long", "low", "mid", "non", "self", "short", "so", "vice", "well",
];
/// Words behind a hyphen that stands for a part of the word after next.
const BETWEEN: [&str; 12] = [
    "and", "or", "to", "und", "oder", "bzw", "et", "ou", "y", "o", "e", "en",
];

/// The words of a page, which tell whether one that is broken at a line's end has a hyphen of its own. They
/// are collected at the first question.
pub(super) struct Words {
    lines: Vec<String>,
    known: OnceCell<HashSet<String>>,
}

impl Words {
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a Line>) -> Self {
        let lines: Vec<String> = lines.map(|line| line.text.clone()).collect();
        let hyphens = lines.iter().any(|line| line.trim_end().ends_with(HYPHENS));
        Self {
            lines: if hyphens { lines } else { Vec::new() },
            known: OnceCell::new(),
        }
    }

    /// How the line `next` follows the text `before`.
    pub(super) fn join(&self, before: &str, next: &str) -> Join {
        let next = next.trim_start();
        let (Some(last), Some(first)) = (before.chars().next_back(), next.chars().next()) else {
            return Join::Nothing;
        };
        if !HYPHENS.contains(&last) {
            let inner = before.chars().rev().nth(1).is_some_and(char::is_alphanumeric);
            let dash = matches!(last, '–' | '—') && inner && first.is_alphanumeric();
            let solid = dash || is_spaceless(last) && is_spaceless(first);
            return if solid { Join::Nothing } else { Join::Space };
        }
        if last == '\u{ad}' {
            return Join::Word;
        }
        let head = before.strip_suffix(HYPHENS).unwrap_or(before);
        let head = head.rsplit(|c: char| !is_word(c)).next().unwrap_or_default();
        let tail: &str = next
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        if !head.ends_with(char::is_alphanumeric) {
            return Join::Space;
        }
        if BETWEEN.contains(&tail) {
            return Join::Space;
        }
        if self.is_one(head, tail) {
            Join::Word
        } else {
            Join::Nothing
        }
    }

    /// Whether the two parts are one word without a hyphen: as the rest of the page has it, or as most are.
    fn is_one(&self, head: &str, tail: &str) -> bool {
        let known = self.known.get_or_init(|| self.collect());
        let (first, second) = (head.to_lowercase(), tail.to_lowercase());
        if known.contains(&format!("{first}{second}")) {
            return true;
        }
        let compound = known.contains(&format!("{first}-{second}"));
        let words = head.ends_with(char::is_lowercase) && tail.starts_with(char::is_lowercase);
        words && !compound && !head.contains(HYPHENS) && !PREFIXES.contains(&head)
    }

    fn collect(&self) -> HashSet<String> {
        let words = self
            .lines
            .iter()
            .flat_map(|line| line.split(|c: char| !is_word(c)))
            .filter(|word| !word.is_empty() && !word.ends_with(HYPHENS));
        words
            .map(|word| word.replace('\u{2010}', "-").to_lowercase())
            .collect()
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || HYPHENS.contains(&c)
}

/// Whether the character belongs to a script without spaces between words.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{323af}')
}
