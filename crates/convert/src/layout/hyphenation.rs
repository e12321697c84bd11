use std::cell::OnceCell;
use std::collections::HashSet;

use super::line::Line;

/// Joint between two lines of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineJoin {
    /// A space: the break is between two words.
    Space,
    /// Nothing: a hyphen or dash that belongs to the text, or a script without spaces.
    Nothing,
    /// Nothing, and the hyphen at the end of the first line goes: it divides a word.
    Dehyphenate,
}

/// Hyphen-minus, hyphen and soft hyphen.
const HYPHENS: [char; 3] = ['-', '\u{2010}', SOFT_HYPHEN];
/// Mark that a program leaves where it divided a word.
pub(super) const SOFT_HYPHEN: char = '\u{ad}';
/// First parts of compounds that keep their hyphen before most words.
const HYPHENATED_PREFIXES: [&str; 14] = [
    "all", "cross", "ex", "half", "high", "long", "low", "mid", "non", "self", "short", "so", "vice", "well",
];
/// Conjunctions after a suspended hyphen, as in "pre- and post-war": the hyphen stands for the end of a later word.
const SUSPENDED_HYPHEN_CONJUNCTIONS: [&str; 12] = [
    "and", "or", "to", "und", "oder", "bzw", "et", "ou", "y", "o", "e", "en",
];

/// Endings of Korean words that are no words of their own.
const HANGUL_ENDINGS: [&str; 20] = [
    "은",
    "는",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "에게",
    "에는",
    "으로",
    "으로는",
    "이며",
    "이고",
    "면서",
    "지만",
    "니다",
    "습니다",
    "입니다",
    "었다",
    "였다",
];
/// Endings of Korean sentences, which are words elsewhere.
const HANGUL_LAST_ENDINGS: [&str; 3] = ["다", "요", "이다"];

/// Vocabulary of a page: shows whether a word divided at the end of a line has a hyphen of its own elsewhere.
/// Collected when first asked, since most pages divide no word.
#[derive(Default)]
pub(crate) struct Vocabulary {
    lines: Vec<String>,
    known: OnceCell<HashSet<String>>,
}

impl Vocabulary {
    /// Prepares the vocabulary of the lines of a page.
    pub(crate) fn of<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Self {
        let divided = |line: &Line| {
            let text = line.text.trim_end();
            text.ends_with(HYPHENS) || text.ends_with(is_hangul)
        };
        let hyphens = lines.clone().any(divided);
        Self {
            lines: match hyphens {
                true => lines.map(|line| line.text.clone()).collect(),
                false => Vec::new(),
            },
            known: OnceCell::new(),
        }
    }

    /// Adds the lines of more text of the page.
    pub(crate) fn add<'a>(&mut self, lines: impl Iterator<Item = &'a Line> + Clone) {
        self.lines.extend(Self::of(lines).lines);
        self.known = OnceCell::new();
    }

    /// Decides the joint between the text `before` and the line `next`.
    pub(crate) fn join(&self, before: &str, next: &str) -> LineJoin {
        let next = next.trim_start();
        let (Some(last), Some(first)) = (before.chars().next_back(), next.chars().next()) else {
            return LineJoin::Nothing;
        };
        if !HYPHENS.contains(&last) {
            // A dash between two figures or words is set without spaces; one after a space has a space behind it, too.
            let inner = before.chars().rev().nth(1).is_some_and(char::is_alphanumeric);
            let dash = matches!(last, '–' | '—') && inner && first.is_alphanumeric();
            let hangul = is_hangul(last) && is_hangul(first) && self.is_divided_hangul(before, next);
            let solid = dash || hangul || is_spaceless(last) && is_spaceless(first);
            return if solid { LineJoin::Nothing } else { LineJoin::Space };
        }
        if last == SOFT_HYPHEN {
            return LineJoin::Dehyphenate;
        }
        let head = before.strip_suffix(HYPHENS).unwrap_or(before);
        let head = head.rsplit(|c: char| !is_word(c)).next().unwrap_or_default();
        let tail: &str = next
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        if !head.ends_with(char::is_alphanumeric) {
            return LineJoin::Space;
        }
        if SUSPENDED_HYPHEN_CONJUNCTIONS.contains(&tail) {
            return LineJoin::Space;
        }
        if self.is_single_word(head, tail) {
            LineJoin::Dehyphenate
        } else {
            LineJoin::Nothing
        }
    }

    /// Returns true if the two parts are one word without a hyphen: as the rest of the page writes it, or else as most
    /// words are. Digits, capitals and a second hyphen speak for a compound.
    fn is_single_word(&self, head: &str, tail: &str) -> bool {
        let known = self.known.get_or_init(|| self.collect());
        let (first, second) = (head.to_lowercase(), tail.to_lowercase());
        // The page itself is the best dictionary: it has the names and terms that none lists.
        if known.contains(&format!("{first}{second}")) {
            return true;
        }
        let compound = known.contains(&format!("{first}-{second}"));
        let words = head.ends_with(char::is_lowercase) && tail.starts_with(char::is_lowercase);
        words && !compound && !head.contains(HYPHENS) && !HYPHENATED_PREFIXES.contains(&head)
    }

    /// Returns true if a Korean word goes on in the next line. Words have spaces between them, and lines may end within
    /// one, without a hyphen.
    fn is_divided_hangul(&self, before: &str, next: &str) -> bool {
        let head = before.rsplit(|c: char| !is_hangul(c)).next().unwrap_or_default();
        let tail = next.split(|c: char| !is_hangul(c)).next().unwrap_or_default();
        let ends = next
            .get(tail.len()..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(['.', ',', '!', '?', ')']));
        if HANGUL_ENDINGS.contains(&tail) || ends && HANGUL_LAST_ENDINGS.contains(&tail) {
            return true;
        }
        let known = self.known.get_or_init(|| self.collect());
        known.contains(&format!("{head}{tail}"))
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

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// Returns true for characters of scripts without spaces between words: Chinese and Japanese.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{323af}')
}
