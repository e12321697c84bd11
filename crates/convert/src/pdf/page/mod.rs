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
mod fields;
mod fonts;
mod frame;
mod hidden;
mod letters;
mod loose_map;
mod marked;
mod marks;
mod open_marks;
mod path;
mod path_parts;
mod placed;
mod plain_font;
mod printed;
mod program_map;
mod show;
mod simple_font;
mod stamps;
mod state;
mod stream;
mod unicode;
mod walker;
mod words;
mod xobject;

pub(super) use content::{ContentPart, PageContent, PaintedWidget};
pub(super) use fields::form_fields;
pub(super) use frame::{Direction, Frame};
pub(super) use open_marks::MarkedContent;
pub(super) use stamps::Stamp;
pub(super) use words::{PageWords, WordGroup};

use hayro::hayro_syntax::Pdf;

use self::content::{Glyph, LinkArea};
use self::fonts::Fonts;
use self::printed::Printed;
use self::words::page_words;
use super::annotations::{self, Annotation, AnnotationKind, LinkTarget};
use super::destinations::Destinations;
use super::fields::Form;
use super::optional_content::OptionalContent;

/// Open document, as its pages are read: its fonts are loaded once.
pub(super) struct ContentReader<'a> {
    pdf: &'a Pdf,
    fonts: Fonts<'a>,
    layers: OptionalContent,
    form: Form<'a>,
    destinations: Destinations<'a>,
    buffers: Buffers,
}

/// Memory of the page before, which the next one is read into.
#[derive(Default)]
struct Buffers {
    glyphs: Vec<Glyph>,
    printed: Printed,
}

/// Glyphs whose memory is kept for the next page, at most.
const MAX_KEPT_GLYPHS: usize = 100_000;

/// Page as it is read.
pub(super) struct ReadPage {
    pub(super) content: PageContent,
    pub(super) words: PageWords,
    pub(super) stamps: Vec<Stamp>,
    /// Remarks of readers beside the content.
    pub(super) comments: Vec<Annotation>,
}

impl<'a> ContentReader<'a> {
    pub(super) fn new(pdf: &'a Pdf) -> Self {
        Self {
            pdf,
            fonts: Fonts::default(),
            layers: OptionalContent::read(pdf),
            form: Form::new(pdf),
            destinations: Destinations::new(pdf),
            buffers: Buffers::default(),
        }
    }

    /// Reads the 1-based page `number`; `None` if there is no such page.
    pub(super) fn read(&mut self, number: u32) -> Option<ReadPage> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let page = self.pdf.pages().get(index)?;
        let Buffers { glyphs, mut printed } = std::mem::take(&mut self.buffers);
        let mut content = walker::read_page(page, glyphs, &mut self.fonts, &mut self.form, &self.layers);
        let annotations = annotations::read(page, &self.destinations, &self.layers);
        let links = annotations.iter().filter(|annotation| !annotation.is_hidden);
        content.links = links.flat_map(link_areas).collect();
        let mut words = page_words(&content, &self.fonts, &mut printed);
        content.facts.recognized = !content.images.is_empty() && content.is_mostly_invisible();
        let mut glyphs = std::mem::take(&mut content.glyphs);
        if glyphs.capacity() <= MAX_KEPT_GLYPHS {
            glyphs.clear();
            self.buffers = Buffers { glyphs, printed };
        }
        for group in &mut words.groups {
            marks::strike_by_annotations(&mut group.words, &group.frame, &annotations);
        }
        let stamps = stamps::take(&mut words.groups, &content, &annotations);
        words.groups.retain(|group| !group.words.is_empty());
        Some(ReadPage {
            content,
            words,
            stamps,
            comments: annotations.into_iter().filter(is_comment).collect(),
        })
    }
}

/// Returns true if the content of a page is short enough to be read for the sizes of its text alone.
pub(super) fn is_short(pdf: &Pdf, number: u32) -> bool {
    let index = number
        .checked_sub(1)
        .and_then(|index| usize::try_from(index).ok());
    let page = index.and_then(|index| pdf.pages().get(index));
    page.is_some_and(stream::is_short)
}

/// Areas of a link to an address.
fn link_areas(annotation: &Annotation) -> Vec<LinkArea> {
    let AnnotationKind::Link(LinkTarget::Address(address)) = &annotation.kind else {
        return Vec::new();
    };
    let uri: std::rc::Rc<str> = address.as_str().into();
    let areas = annotation.areas().iter().map(|extent| LinkArea {
        extent: *extent,
        uri: uri.clone(),
    });
    areas.collect()
}

/// Returns true for a remark of a reader, which is beside the content.
fn is_comment(annotation: &Annotation) -> bool {
    let remark = matches!(
        annotation.kind,
        AnnotationKind::Note | AnnotationKind::Mark(_) | AnnotationKind::Other
    );
    remark && annotation.text.is_some() && !annotation.is_hidden
}
