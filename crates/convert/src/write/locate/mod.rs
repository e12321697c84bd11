//! Places of a quotation, a block or a box in a document, as JSON.
//!
//! ```text
//!   blocks of the pages ──> passages: one for each text ──> letters of all, one after another
//!                                                                     │
//!   quotation ──> letters ──────────────> exact: the same letters ────┤
//!                                                                     │ none
//!                 words ────────────────> fuzzy: windows that share most words, aligned word by word
//!                                                                     │
//!                                 spans of passages ──> blocks, regions, range
//! ```
//!
//! Letters are those of words alone, without accents and case. So a quotation is found over the ends of lines, columns
//! and pages, and however its quotation marks, hyphens and ligatures are written. What stands beside the text of a page,
//! such as tables, captions, notes and running headers, is a stream of its own: it does not part a sentence that goes on
//! behind it.

mod answer;
mod exact;
mod fuzzy;
mod letters;
mod offsets;
mod passage;
mod span;
mod stream;
#[cfg(test)]
mod tests;
mod text;

use serde::{Deserialize, Serialize};

use self::answer::{Found, write_answer};
use self::letters::letters;
use self::passage::{Passage, passages};
use self::text::Text;
use super::writer::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::{Block, BlockId, Page, block_hash};

/// Places that are answered, at most.
pub const MAX_PLACES: usize = 20;
/// Characters of a quotation, at most.
pub const MAX_QUOTE_CHARS: usize = 4_000;

/// Part of a document that is looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LocateQuery {
    /// Text, as somebody has quoted it.
    Quote(String),
    /// Block of an id.
    Block(BlockId),
    /// Blocks of a hash.
    Hash(String),
    /// Blocks on a page, or within a box of it.
    Area {
        /// 1-based number of the page.
        page: u32,
        /// Left, top, right and bottom edge, in the unit of the page.
        bbox: Option<[f32; 4]>,
    },
}

impl LocateQuery {
    /// Returns true for a quotation with a letter or a digit, and for everything else.
    #[must_use]
    pub fn says_something(&self) -> bool {
        match self {
            Self::Quote(quote) => !letters(quote).is_empty(),
            Self::Block(_) | Self::Hash(_) | Self::Area { .. } => true,
        }
    }
}

/// Writer of the places of what is looked for.
#[derive(Debug)]
pub struct Locator {
    /// Name of the document in locators: `ilios:DOCUMENT#p3b7`.
    document: String,
    query: LocateQuery,
    text: Text,
    /// Blocks that were found while the pages went by.
    found: Vec<Found>,
    /// More were found than are answered.
    more: bool,
}

impl Locator {
    /// Creates a locator for `query` in the document that is named `document`.
    #[must_use]
    pub fn new(document: String, query: LocateQuery) -> Self {
        Self {
            document,
            query,
            text: Text::default(),
            found: Vec::new(),
            more: false,
        }
    }

    fn take(&mut self, passage: Passage) {
        if self.found.len() < MAX_PLACES {
            self.found.push(Found::whole(passage));
        } else {
            self.more = true;
        }
    }
}

impl DocumentWriter for Locator {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, _out: &mut String) -> Result<(), ConvertError> {
        let query = self.query.clone();
        match &query {
            LocateQuery::Quote(_) => {
                for block in &page.blocks {
                    passages(block, page.number, false, &mut |passage, aside| {
                        self.text.push(passage, aside);
                    });
                }
            }
            LocateQuery::Area { page: number, .. } if page.number != *number => {}
            query => {
                for block in &page.blocks {
                    block.visit(&mut |block| {
                        if is_meant(query, block) {
                            self.take(Passage::of_block(block, page.number));
                        }
                    });
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        let mut found = std::mem::take(&mut self.found);
        if let LocateQuery::Quote(quote) = &self.query {
            let matches = self.text.find(quote);
            self.more = matches.len() > MAX_PLACES;
            let shown = matches.into_iter().take(MAX_PLACES);
            found.extend(shown.filter_map(|spans| Found::quoted(&self.text, spans)));
        }
        write_answer(&self.document, &found, self.more, out);
        Ok(())
    }
}

/// Returns true for a block that a query other than a quotation means.
fn is_meant(query: &LocateQuery, block: &Block) -> bool {
    match query {
        LocateQuery::Quote(_) => false,
        LocateQuery::Block(id) => block.id == *id,
        LocateQuery::Hash(hash) => block_hash(block) == *hash,
        LocateQuery::Area { page, bbox } => {
            let on_page = block.regions.iter().filter(|region| region.page == *page);
            let Some([left, top, right, bottom]) = *bbox else {
                return true;
            };
            on_page.into_iter().any(|region| {
                let [own_left, own_top, own_right, own_bottom] = region.bbox;
                own_left < right && left < own_right && own_top < bottom && top < own_bottom
            })
        }
    }
}
