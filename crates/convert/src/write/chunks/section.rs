use super::unit::Unit;
use crate::ir::{BlockKind, inlines_text};

/// Headings above the place at which the writer is.
#[derive(Default)]
pub(super) struct Sections {
    path: Vec<Section>,
}

struct Section {
    level: u8,
    /// Text of the heading, on one line.
    title: String,
    /// Its Markdown.
    markdown: String,
}

/// Characters of a title, at most: it stands in every chunk below its heading.
const LONGEST_TITLE: usize = 200;

impl Sections {
    /// Returns true if a heading of this level ends the innermost section.
    pub(super) fn end_at(&self, level: u8) -> bool {
        self.path.last().is_some_and(|section| level <= section.level)
    }

    /// Enters the section of a heading.
    pub(super) fn enter(&mut self, level: u8, heading: &Unit) {
        while self.end_at(level) {
            self.path.pop();
        }
        let number = match &heading.block.kind {
            BlockKind::Heading { number, .. } => number.as_deref(),
            _ => None,
        };
        let text = inlines_text(heading.block.kind.inlines().unwrap_or_default());
        let words: Vec<&str> = number.into_iter().chain(text.split_whitespace()).collect();
        self.path.push(Section {
            level,
            title: shortened(&words.join(" ")),
            markdown: heading.text.clone(),
        });
    }

    /// Number of the headings above a unit that begins a chunk; a heading is not above itself.
    pub(super) fn above(&self, unit: &Unit) -> usize {
        match unit.heading {
            // The headings behind it are deeper.
            Some(level) => self
                .path
                .iter()
                .take_while(|section| section.level < level)
                .count(),
            None => self.path.len(),
        }
    }

    /// Titles of the first `count` headings, the outermost first.
    pub(super) fn titles(&self, count: usize) -> impl Iterator<Item = &str> {
        self.path.iter().take(count).map(|section| section.title.as_str())
    }

    /// Markdown of the first `count` headings, the innermost first.
    pub(super) fn markdown(&self, count: usize) -> impl Iterator<Item = &str> {
        let path = self.path.get(..count.min(self.path.len())).unwrap_or_default();
        path.iter().rev().map(|section| section.markdown.as_str())
    }
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(LONGEST_TITLE) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or_default()),
        None => title.to_owned(),
    }
}
