//! Pieces of long documents: a model gets as much as it can read, and is told how to go on.

use ilios_convert::PageRanges;
use serde_json::{Map, Value, json};

use crate::model::{DocumentContent, Id};

/// Text of a page, in a document of one or more.
pub(super) struct PageText<'a> {
    pub(super) number: u32,
    pub(super) text: &'a str,
}

/// Part of a document that is wanted.
pub(super) struct Wanted {
    /// Pages; all of them by default.
    pub(super) pages: Option<PageRanges>,
    /// Characters of the first of them that are left out.
    pub(super) offset: usize,
    /// The most characters.
    pub(super) max_chars: usize,
}

/// A piece of a document.
#[derive(Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Place where the document goes on.
    pub(super) next: Option<Next>,
}

/// Begin of what follows a piece.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Next {
    /// Page with which it begins.
    pub(super) page: u32,
    /// Characters of that page that were there before.
    pub(super) offset: usize,
    /// All wanted pages from there on.
    pub(super) pages: Option<PageRanges>,
}

/// The pages of a converted document; one where it has none.
pub(super) fn pages_of(content: &DocumentContent) -> Vec<PageText<'_>> {
    let text = |start, end| content.markdown.get(start..end).unwrap_or_default().trim();
    let pages = content.pages.iter().map(|page| PageText {
        number: page.number,
        text: text(page.start, page.end),
    });
    let pages: Vec<_> = pages.collect();
    if pages.len() > 1 {
        return pages;
    }
    let number = pages.first().map_or(1, |page| page.number);
    vec![PageText {
        number,
        text: content.markdown.trim(),
    }]
}

/// A piece of `pages`; the text of each of several begins with its number. `None` where none of them is wanted, or the
/// first has fewer characters than are to be left out.
pub(super) fn piece(pages: &[PageText<'_>], wanted: &Wanted) -> Option<Piece> {
    let is_wanted = |page: &&PageText<'_>| {
        let selected = wanted.pages.as_ref();
        selected.is_none_or(|selected| selected.contains(page.number))
    };
    let chosen: Vec<&PageText<'_>> = pages.iter().filter(is_wanted).collect();
    let mut out = Out::new(wanted.max_chars);
    let mut offset = wanted.offset;
    for (place, page) in chosen.iter().enumerate() {
        let rest = after(page.text, std::mem::take(&mut offset))?;
        let cut = out.add(page.number, rest, pages.len() > 1);
        if let Some(taken) = cut {
            let before = page.text.chars().count() - rest.chars().count();
            let left = chosen.iter().skip(place).map(|page| page.number);
            return Some(Piece {
                text: out.text,
                next: Some(Next {
                    page: page.number,
                    offset: before + taken,
                    pages: PageRanges::of(left).filter(|_| pages.len() > 1),
                }),
            });
        }
    }
    (!chosen.is_empty()).then_some(Piece {
        text: out.text,
        next: None,
    })
}

/// Rest of `text` behind `count` characters; `None` where it has fewer.
fn after(text: &str, count: usize) -> Option<&str> {
    if count == 0 {
        return Some(text);
    }
    let (last, c) = text.char_indices().nth(count - 1)?;
    text.get(last + c.len_utf8()..)
}

/// A piece that grows.
struct Out {
    text: String,
    chars: usize,
    max_chars: usize,
}

impl Out {
    fn new(max_chars: usize) -> Self {
        Self {
            text: String::new(),
            chars: 0,
            max_chars,
        }
    }

    /// Adds the rest of a page. Answers how many characters of it there was room for, if it was not all.
    fn add(&mut self, number: u32, rest: &str, of_several: bool) -> Option<usize> {
        let mut mark = String::new();
        if !self.text.is_empty() {
            mark.push_str("\n\n");
        }
        if of_several {
            mark.push_str(&format!("<!-- page {number} -->\n\n"));
        }
        let room = self.max_chars.saturating_sub(self.chars + mark.chars().count());
        let chars = rest.chars().count();
        if chars <= room {
            self.push(&mark, rest, chars);
            return None;
        }
        // A page that begins near the end is left to the next piece.
        if self.chars > self.max_chars / 2 {
            return Some(0);
        }
        let taken = break_before(rest, room.max(1));
        let kept = rest.get(..taken).unwrap_or_default();
        let count = kept.chars().count();
        self.push(&mark, kept.trim_end(), count);
        Some(count)
    }

    fn push(&mut self, mark: &str, text: &str, chars: usize) {
        self.text.push_str(mark);
        self.text.push_str(text);
        self.chars += mark.chars().count() + chars;
    }
}

/// Bytes of `text` up to the last paragraph, line or word that ends within `chars` characters, in their second half.
fn break_before(text: &str, chars: usize) -> usize {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    let half = text.char_indices().nth(chars / 2).map_or(end, |(at, _)| at);
    let window = text.get(half..end).unwrap_or_default();
    let found = ["\n\n", "\n", " "]
        .into_iter()
        .find_map(|sign| window.rfind(sign).map(|at| half + at + sign.len()));
    found.unwrap_or(end)
}

impl Piece {
    /// The text, and behind it what to ask for to read on.
    pub(super) fn for_model(&self, id: &Id, format: &str) -> String {
        let Some(next) = &self.next else {
            return self.text.clone();
        };
        let mut arguments = json!({"document_id": id.as_str()});
        if format != "markdown" {
            arguments["format"] = format.into();
        }
        if let Some(pages) = &next.pages {
            arguments["pages"] = pages.to_string().into();
        }
        if next.offset > 0 {
            arguments["offset"] = next.offset.into();
        }
        format!(
            "{}\n\n[The document goes on. Call get_document with {arguments} for what follows.]",
            self.text
        )
    }

    /// Fields that say whether the document goes on, and where.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("truncated".into(), self.next.is_some().into());
        if let Some(next) = &self.next {
            fields.insert("next_page".into(), next.page.into());
            fields.insert("next_offset".into(), next.offset.into());
            if let Some(pages) = &next.pages {
                fields.insert("next_pages".into(), pages.to_string().into());
            }
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a document to its end; fails where a piece is too long or does not get on.
    fn read_all(pages: &[PageText<'_>], max_chars: usize) -> String {
        let (mut text, mut wanted) = (
            String::new(),
            Wanted {
                pages: None,
                offset: 0,
                max_chars,
            },
        );
        for _ in 0..1_000 {
            let piece = piece(pages, &wanted).expect("a piece");
            assert!(piece.text.chars().count() <= max_chars, "{}", piece.text);
            text.push_str(&piece.text);
            text.push('\n');
            let Some(next) = piece.next else {
                return text;
            };
            (wanted.pages, wanted.offset) = (next.pages, next.offset);
        }
        panic!("it never ends");
    }

    fn words(text: &str) -> Vec<&str> {
        let marks = ["<!--", "page", "-->"];
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        text.split_whitespace()
            .filter(|word| !marks.contains(word) && !is_number(word))
            .collect()
    }

    #[test]
    fn pieces_together_are_the_document() {
        let long = "Grüße an alle. ".repeat(300);
        let texts = [
            "first page\n\nof two paragraphs",
            long.as_str(),
            "",
            "last",
            "x\u{1f600}y",
        ];
        let pages: Vec<PageText<'_>> = (1..)
            .zip(texts)
            .map(|(number, text)| PageText {
                number,
                text: text.trim(),
            })
            .collect();
        for max_chars in [200, 333, 1_000, 100_000] {
            let read = read_all(&pages, max_chars);
            assert_eq!(words(&read), words(&texts.join(" ")), "{max_chars}");
        }
        let one = [PageText {
            number: 1,
            text: long.trim(),
        }];
        assert_eq!(words(&read_all(&one, 200)), words(&long));
        // A text without a place to break is broken somewhere.
        let dense = "ä".repeat(1_000);
        let one = [PageText {
            number: 1,
            text: &dense,
        }];
        assert_eq!(read_all(&one, 200).replace('\n', ""), dense);
    }

    #[test]
    fn pages_are_chosen_and_marked() {
        let pages = [(1, "one"), (2, "two"), (3, "three")].map(|(number, text)| PageText { number, text });
        let wanted = |pages: &str, offset| Wanted {
            pages: pages.parse().ok(),
            offset,
            max_chars: 1_000,
        };
        let some = piece(&pages, &wanted("2-3", 1)).expect("a piece");
        assert_eq!(some.text, "<!-- page 2 -->\n\nwo\n\n<!-- page 3 -->\n\nthree");
        assert_eq!(some.next, None);
        assert_eq!(piece(&pages, &wanted("4", 0)), None);
        assert_eq!(piece(&pages, &wanted("2", 4)), None);
    }

    #[test]
    fn a_page_that_does_not_fit_is_left_to_the_next_piece() {
        let text = "word ".repeat(30);
        let pages = [1, 2, 3].map(|number| PageText {
            number,
            text: text.trim(),
        });
        let wanted = Wanted {
            pages: None,
            offset: 0,
            max_chars: 250,
        };
        let next = piece(&pages, &wanted).expect("a piece").next.expect("more");
        let pages = "2-3".parse().ok();
        assert_eq!(
            next,
            Next {
                page: 2,
                offset: 0,
                pages
            }
        );
    }
}
