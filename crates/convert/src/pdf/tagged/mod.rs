//! Pages whose tags can be trusted: the structure tree says what their text is and in which order it is read.
//!
//! ```text
//!   structure tree ─► pieces (MCID of a stream) in its order     content of the page ─► parts (MCID, artifact) by painting
//!                                     └───────────── tags ──────────────┘
//!   words ─► tag of each         trusted where 95 % of the letters have one, and their order is about that of the geometry
//!     │
//!     ├─ units      words of one heading, paragraph, item, table …, in the order of the tree
//!     ├─ tables     rows and cells with what they cover; a drawn grid of the same words is preferred
//!     └─ blocks     units ─► layout blocks
//! ```
//!
//! A tag is strong evidence where it is present; the absence of one says nothing: a document without heading tags may have
//! headings, which are then found by their look.

mod blocks;
mod order;
mod tables;
mod units;

use std::collections::HashMap;

use hayro::hayro_syntax::object::ObjectIdentifier;

use super::page::{ContentPart, MarkedContent};
use super::structure::Structure;
use crate::layout::reading_order;
use crate::layout::word::Word;

pub(super) use blocks::{PageParts, blocks};

/// Share of the letters that have a tag, at least, on a page whose tags are trusted.
const MIN_TAGGED_SHARE: f64 = 0.95;
/// Distance of the order of the tree from that of the geometry, at most: 0 for equal, 1 for reversed.
const MAX_ORDER_DISTANCE: f64 = 0.1;

/// Tag of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    /// Running header, page number, ornament.
    Artifact,
    Element {
        /// Place of its marked content in the order of the tree.
        place: u32,
        element: u32,
    },
}

/// Tags of a page.
pub(super) struct PageTags<'a> {
    structure: &'a Structure,
    pieces: HashMap<(u32, Option<ObjectIdentifier>), (u32, u32)>,
    parts: &'a [ContentPart],
}

impl<'a> PageTags<'a> {
    /// Tags of the page with this object; `None` if the structure does not name it.
    pub(super) fn of(
        structure: &'a Structure,
        page: ObjectIdentifier,
        parts: &'a [ContentPart],
    ) -> Option<Self> {
        let pieces = structure.pages.get(&page).filter(|_| !structure.is_cut_off)?;
        let mut by_content = HashMap::new();
        for (place, piece) in (0..).zip(pieces) {
            by_content
                .entry((piece.mcid, piece.form))
                .or_insert((place, piece.element));
        }
        Some(Self {
            structure,
            pieces: by_content,
            parts,
        })
    }

    /// Tag of a word.
    pub(super) fn tag(&self, word: &Word) -> Tag {
        let at = self.parts.partition_point(|part| part.order < word.order);
        let Some(part) = at.checked_sub(1).and_then(|at| self.parts.get(at)) else {
            return Tag::None;
        };
        if part.artifact {
            return Tag::Artifact;
        }
        let known = part.content.and_then(|MarkedContent { mcid, form }| {
            let own = self.pieces.get(&(mcid, form));
            // Many trees leave out the form.
            own.or_else(|| self.pieces.get(&(mcid, None)))
        });
        known.map_or(Tag::None, |&(place, element)| Tag::Element { place, element })
    }

    /// Returns true if the words that are no artifacts are tagged, in about the order of the geometry.
    fn are_trusted(&self, words: &[Word], tags: &[Tag]) -> bool {
        let letters = |word: &Word| word.text.chars().count();
        let (mut all, mut tagged) = (0, 0);
        for (word, tag) in words.iter().zip(tags) {
            match tag {
                Tag::Artifact => {}
                Tag::None => all += letters(word),
                Tag::Element { .. } => {
                    all += letters(word);
                    tagged += letters(word);
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "letters of a page")]
        let share = tagged as f64 / all.max(1) as f64;
        tagged > 0 && share >= MIN_TAGGED_SHARE && self.order_distance(words, tags) < MAX_ORDER_DISTANCE
    }

    fn order_distance(&self, words: &[Word], tags: &[Tag]) -> f64 {
        let numbered = words.iter().enumerate().map(|(index, word)| Word {
            order: u32::try_from(index).unwrap_or(u32::MAX),
            ..word.clone()
        });
        let rows = reading_order::rows_in_order(numbered.collect());
        let places = rows
            .iter()
            .flatten()
            .filter_map(|word| match tags.get(word.order as usize) {
                Some(Tag::Element { place, .. }) => Some(*place),
                _ => None,
            });
        order::distance(places.collect())
    }
}
