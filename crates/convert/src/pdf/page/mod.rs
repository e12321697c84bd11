//! Content of a page: glyphs with their places, lines and areas that it draws, and its images.
//!
//! ```text
//!   hayro-syntax     objects, streams, operators            hayro-font   codes ─► advances, glyph names, ToUnicode
//!        │                                                       │
//!   stream          content streams decoded under a cap      fonts      one per font dictionary; a code is looked up once
//!        │                                                       │
//!   walker ◄── state (CTM, text, clip) ◄── colors          unicode     code ─► text: mapped, or guessed, or unknown
//!    ├ show         a string ─► Glyph each
//!    ├ path         lines and rectangles ─► Drawing
//!    ├ marked       MCID, artifacts, ActualText, layers that are off
//!    ├ xobject      forms (nested, bounded) and images
//!    └ annotation   appearances of annotations and form fields
//!        │
//!   PageContent     in the frame that a viewer shows: points, y upwards, turned by /Rotate already
//!        │
//!   words           glyphs ─► layout::Word: what is printed twice once, white space by gaps, one frame a direction
//! ```
//!
//! The walker interprets what text needs and nothing else. It paints nothing, so clips count by their boxes alone.

mod annotation;
mod colors;
mod content;
mod fonts;
mod frame;
mod hidden;
mod letters;
mod marked;
mod marks;
mod path;
mod show;
mod state;
mod stream;
mod unicode;
mod walker;
mod words;
mod xobject;

pub(super) use content::PageContent;
pub(super) use frame::{Direction, Frame};
pub(super) use words::{PageWords, WordGroup};

use self::words::page_words;

use hayro::hayro_syntax::Pdf;

use self::fonts::Fonts;
use self::marked::Layers;

/// Open document, as its pages are read: its fonts are loaded once.
pub(super) struct ContentReader<'a> {
    pdf: &'a Pdf,
    fonts: Fonts<'a>,
    layers: Layers,
}

impl<'a> ContentReader<'a> {
    pub(super) fn new(pdf: &'a Pdf) -> Self {
        Self {
            pdf,
            fonts: Fonts::default(),
            layers: Layers::of(pdf),
        }
    }

    /// Reads the content of the 1-based page `number`; `None` if there is no such page.
    pub(super) fn read(&mut self, number: u32) -> Option<PageContent> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let page = self.pdf.pages().get(index)?;
        Some(walker::read_page(page, &mut self.fonts, &self.layers))
    }

    /// Words of the content of a page.
    pub(super) fn words(&self, content: &PageContent) -> PageWords {
        page_words(content, &self.fonts)
    }
}
