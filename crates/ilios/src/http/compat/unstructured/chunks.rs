use std::io;

use super::element::{Element, Origin};
use super::options::{Chunking, Options};

/// Elements of a document, joined to chunks.
pub(super) struct Chunks<'a, I> {
    elements: I,
    origin: &'a Origin,
    options: &'a Options,
    limits: Chunking,
    /// Text that is not given out yet, its characters, and its page.
    text: String,
    length: usize,
    page: u32,
    /// True if the text is no more than what it repeats of the chunk before.
    repeats: bool,
    count: usize,
    ready: std::collections::VecDeque<Element>,
}

/// Separator of two elements of a chunk.
const BETWEEN: &str = "\n\n";

impl<'a, I: Iterator<Item = io::Result<Element>>> Chunks<'a, I> {
    pub(super) fn new(elements: I, origin: &'a Origin, options: &'a Options, limits: Chunking) -> Self {
        Self {
            elements,
            origin,
            options,
            limits,
            text: String::new(),
            length: 0,
            page: 0,
            repeats: false,
            count: 0,
            ready: std::collections::VecDeque::new(),
        }
    }

    fn take(&mut self, element: Element) {
        let length = element.text.chars().count();
        if element.kind == "Table" {
            self.flush();
            return self.table(element, length);
        }
        if length == 0 {
            return;
        }
        let new_section =
            self.limits.by_title && element.kind == "Title" && self.length >= self.limits.combine_under;
        let new_page = self.limits.by_page && element.page != self.page;
        let is_full =
            self.length >= self.limits.enough || self.length + BETWEEN.len() + length > self.limits.most;
        // A title that the rest of its section would not fit behind begins the next chunk.
        let title = self.limits.by_title && element.kind == "Title" && self.length * 2 > self.limits.most;
        if new_section || new_page || is_full || title {
            self.flush();
        }
        if self.text.is_empty() {
            self.page = element.page;
        } else {
            self.text.push_str(BETWEEN);
            self.length += BETWEEN.len();
        }
        self.text.push_str(&element.text);
        self.length += length;
        self.repeats = false;
        if self.length > self.limits.most {
            self.flush();
        }
    }

    /// Gives out a table, in parts if it is long.
    fn table(&mut self, element: Element, length: usize) {
        if length <= self.limits.most {
            self.ready.push_back(element);
            return;
        }
        self.page = element.page;
        for part in parts(&element.text, self.limits.most, self.limits.overlap) {
            self.push("TableChunk", part);
        }
    }

    fn flush(&mut self) {
        if self.repeats {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let length = std::mem::take(&mut self.length);
        if text.is_empty() {
            return;
        }
        if length <= self.limits.most {
            self.push("CompositeElement", text);
        } else {
            for part in parts(&text, self.limits.most, self.limits.overlap) {
                self.push("CompositeElement", part);
            }
        }
        if self.limits.overlap_all && self.limits.overlap > 0 {
            let last = self
                .ready
                .back()
                .map(|last| tail(&last.text, self.limits.overlap));
            self.text = last.unwrap_or_default();
            self.length = self.text.chars().count();
            self.repeats = true;
        }
    }

    fn push(&mut self, kind: &str, text: String) {
        self.count += 1;
        self.ready.push_back(Element {
            kind: kind.to_owned(),
            id: self
                .origin
                .hash(self.options, &format!("chunk {} {text}", self.count)),
            text,
            page: self.page,
            metadata: self.origin.metadata(self.page, self.options, None),
        });
    }

    fn finish(&mut self) {
        self.limits.overlap_all = false;
        if self.repeats {
            self.text.clear();
        }
        self.flush();
    }
}

impl<I: Iterator<Item = io::Result<Element>>> Iterator for Chunks<'_, I> {
    type Item = io::Result<Element>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            match self.elements.next() {
                Some(Ok(element)) => self.take(element),
                Some(Err(error)) => return Some(Err(error)),
                None if self.text.is_empty() => return None,
                None => self.finish(),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

/// Parts of a text of at most so many characters, cut at a space where one is in the last half of them.
fn parts(text: &str, most: usize, overlap: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let (mut parts, mut from) = (Vec::new(), 0);
    while from < characters.len() {
        let end = (from + most).min(characters.len());
        let window = characters.get(from..end).unwrap_or_default();
        let space = window
            .iter()
            .rposition(|c| c.is_whitespace())
            .filter(|at| *at > most / 2);
        let length = match space {
            Some(at) if end < characters.len() => at,
            _ => window.len(),
        };
        let part: String = window.iter().take(length).collect();
        if !part.trim().is_empty() {
            parts.push(part.trim().to_owned());
        }
        if from + length >= characters.len() {
            break;
        }
        from += length.saturating_sub(overlap).max(1);
    }
    parts
}

/// The last characters of a text.
fn tail(text: &str, most: usize) -> String {
    let skipped = text.chars().count().saturating_sub(most);
    text.chars().skip(skipped).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::compat::files_form::FormOptions;
    use serde_json::Map;

    fn element(kind: &str, text: &str, page: u32) -> io::Result<Element> {
        Ok(Element {
            kind: kind.into(),
            id: String::new(),
            text: text.into(),
            page,
            metadata: Map::new(),
        })
    }

    fn chunked(fields: &[(&'static str, &str)], elements: Vec<io::Result<Element>>) -> Vec<(String, String)> {
        let mut options = Options::default();
        for (name, text) in fields {
            options.set(name, text).expect("an option");
        }
        let options = options.finish().expect("options");
        let origin = Origin {
            id: "i".into(),
            name: "n".into(),
            mime_type: "m".into(),
        };
        let limits = options.chunking.expect("chunks");
        let chunks = Chunks::new(elements.into_iter(), &origin, &options, limits);
        chunks
            .map(|chunk| chunk.expect("memory"))
            .map(|chunk| (chunk.kind, chunk.text))
            .collect()
    }

    #[test]
    fn elements_are_joined_up_to_the_limit() {
        let elements = [
            element("Title", "One", 1),
            element("NarrativeText", "aaaa", 1),
            element("NarrativeText", "bbbbbb", 2),
        ];
        let texts = |fields: &[(&'static str, &str)]| -> Vec<String> {
            let elements = elements
                .iter()
                .map(|element| match element {
                    Ok(element) => Ok(element.clone()),
                    Err(_) => Err(io::Error::other("no")),
                })
                .collect();
            chunked(fields, elements)
                .into_iter()
                .map(|(_, text)| text)
                .collect()
        };
        assert_eq!(
            texts(&[("chunking_strategy", "basic")]),
            ["One\n\naaaa\n\nbbbbbb"]
        );
        assert_eq!(
            texts(&[("chunking_strategy", "basic"), ("max_characters", "10")]),
            ["One\n\naaaa", "bbbbbb"]
        );
        assert_eq!(
            texts(&[("chunking_strategy", "by_page")]),
            ["One\n\naaaa", "bbbbbb"]
        );
    }

    #[test]
    fn nothing_is_longer_than_the_limit_and_tables_stay_apart() {
        let long = "word ".repeat(50);
        let elements = vec![
            element("NarrativeText", &long, 1),
            element("Table", &long, 1),
            element("Table", "a b", 1),
        ];
        let chunks = chunked(
            &[("chunking_strategy", "by_title"), ("max_characters", "60")],
            elements,
        );
        assert!(
            chunks.iter().all(|(_, text)| text.chars().count() <= 60),
            "{chunks:?}"
        );
        assert_eq!(chunks.last(), Some(&("Table".to_owned(), "a b".to_owned())));
        assert!(chunks.iter().any(|(kind, _)| kind == "TableChunk"));
        let words: usize = chunks
            .iter()
            .map(|(_, text)| text.split_whitespace().filter(|word| *word == "word").count())
            .sum();
        assert_eq!(words, 100);
    }

    #[test]
    fn parts_overlap_and_end() {
        assert_eq!(parts("abcdef", 4, 2), ["abcd", "cdef"]);
        assert_eq!(parts("", 4, 2), [""; 0]);
        assert_eq!(parts("a", 1, 0), ["a"]);
    }
}
