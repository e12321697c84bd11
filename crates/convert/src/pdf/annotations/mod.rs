//! Annotations of a page that hold text or lead somewhere (ISO 32000-1, 12.5). Widgets are in `fields`.

mod contents;
mod link;
#[cfg(test)]
mod tests;

use hayro::hayro_syntax::object::{Array, Dict, Object};
use hayro::hayro_syntax::page::Page;

pub(in crate::pdf) use self::contents::{rich_text, text_of};
pub(in crate::pdf) use self::link::LinkTarget;

use super::attachments::file_of;
use super::destinations::Destinations;
use super::fields::HIDDEN_FLAGS;
use super::frame::PageFrame;
use super::metadata::rfc3339;
use super::objects::{is_name, name, nonblank_text, resolve, text};
use super::optional_content::OptionalContent;
use crate::AttachedFile;
use crate::layout::Extent;

/// Annotations of one page that are read, at most.
const MAX_ANNOTATIONS: usize = 50_000;
/// Bytes that the annotations of one page take in memory, at most: the list may name one of them again and again.
const MAX_PAGE_BYTES: usize = 8 << 20;
/// Quadrilaterals of one annotation that are read, at most.
const MAX_QUADS: usize = 1_000;

/// Annotation of a page.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pdf) struct Annotation {
    pub(in crate::pdf) kind: AnnotationKind,
    /// Box in the frame of the page as a viewer shows it.
    pub(in crate::pdf) extent: Extent,
    /// Boxes of the words that a link or mark is about, if it says them; else `extent` is all that is known.
    pub(in crate::pdf) quads: Vec<Extent>,
    /// Text: that of a free text or note, or the remark beside a mark.
    pub(in crate::pdf) text: Option<String>,
    /// Author, as the document says it.
    pub(in crate::pdf) author: Option<String>,
    /// Time of the last change, RFC 3339 where it could be parsed.
    pub(in crate::pdf) date: Option<String>,
    /// Set if it has an appearance, which shows the text of a free text or stamp: content like any other.
    pub(in crate::pdf) has_appearance: bool,
    /// Set if no viewer shows it: by its flags, or in a layer that is off.
    pub(in crate::pdf) is_hidden: bool,
}

impl Annotation {
    /// Boxes of what it is about.
    pub(in crate::pdf) fn areas(&self) -> &[Extent] {
        match self.quads.as_slice() {
            [] => std::slice::from_ref(&self.extent),
            quads => quads,
        }
    }

    /// Bytes in memory, as far as the document decides on them.
    fn bytes(&self) -> usize {
        let texts = [&self.text, &self.author].into_iter().flatten();
        let own = match &self.kind {
            AnnotationKind::Link(LinkTarget::Address(address)) => address.len(),
            AnnotationKind::Stamp { name } => name.as_ref().map_or(0, String::len),
            _ => 0,
        };
        size_of::<Self>() + size_of_val(self.quads.as_slice()) + own + texts.map(String::len).sum::<usize>()
    }
}

/// Kind of an annotation.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pdf) enum AnnotationKind {
    /// Text on the page.
    FreeText,
    /// Rubber stamp, with the name of its picture, such as `Draft`.
    Stamp {
        /// Name in words: the text of the standard stamps.
        name: Option<String>,
    },
    /// Comment beside the page. A reply to another comment is one too.
    Note,
    /// Mark on words.
    Mark(MarkKind),
    Link(LinkTarget),
    /// File that is pinned to the page.
    File(AttachedFile),
    /// Drawing or sound with a remark.
    Other,
}

/// Kind of a mark on words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pdf) enum MarkKind {
    Highlight,
    Underline,
    Squiggly,
    StrikeOut,
    /// Place where text is to be put in.
    Caret,
}

/// Reads the annotations of a page in their order, without widgets and popups, and without links that lead nowhere.
pub(in crate::pdf) fn read<'a>(
    page: &Page<'a>,
    destinations: &Destinations<'a>,
    layers: &OptionalContent,
) -> Vec<Annotation> {
    let frame = PageFrame::of(page);
    let annotations = page.raw().get::<Array<'a>>("Annots").unwrap_or_default();
    let mut bytes = 0_usize;
    annotations
        .raw_iter()
        .take(MAX_ANNOTATIONS)
        .filter_map(|annotation| match resolve(page.xref(), annotation)? {
            Object::Dict(annotation) => annotation_of(&annotation, frame, destinations, layers),
            _ => None,
        })
        .take_while(|annotation| {
            bytes = bytes.saturating_add(annotation.bytes());
            bytes <= MAX_PAGE_BYTES
        })
        .collect()
}

fn annotation_of<'a>(
    dict: &Dict<'a>,
    frame: PageFrame,
    destinations: &Destinations<'a>,
    layers: &OptionalContent,
) -> Option<Annotation> {
    let kind = kind(dict, destinations)?;
    let quads = match kind {
        AnnotationKind::Mark(_) | AnnotationKind::Link(_) => quads(dict, frame),
        _ => Vec::new(),
    };
    let extent = frame
        .extent(dict.get("Rect")?)
        .or_else(|| quads.iter().copied().reduce(Extent::with))?;
    let date = text(dict, "M").or_else(|| text(dict, "CreationDate"));
    Some(Annotation {
        kind,
        extent,
        quads,
        text: contents::text_of(dict),
        author: nonblank_text(dict, "T"),
        date: date.and_then(|date| rfc3339(&date)),
        has_appearance: has_appearance(dict),
        is_hidden: dict.get::<u32>("F").unwrap_or(0) & HIDDEN_FLAGS != 0 || !layers.shows(dict),
    })
}

fn kind<'a>(dict: &Dict<'a>, destinations: &Destinations<'a>) -> Option<AnnotationKind> {
    Some(match name(dict, "Subtype")?.as_str() {
        "FreeText" => AnnotationKind::FreeText,
        "Stamp" => AnnotationKind::Stamp {
            name: name(dict, "Name").map(|name| in_words(&name)),
        },
        "Text" => AnnotationKind::Note,
        "Highlight" => AnnotationKind::Mark(MarkKind::Highlight),
        "Underline" => AnnotationKind::Mark(MarkKind::Underline),
        "Squiggly" => AnnotationKind::Mark(MarkKind::Squiggly),
        "StrikeOut" => AnnotationKind::Mark(MarkKind::StrikeOut),
        "Caret" => AnnotationKind::Mark(MarkKind::Caret),
        "Link" => AnnotationKind::Link(LinkTarget::of(dict, destinations)?),
        "FileAttachment" => AnnotationKind::File(file_of(&dict.get::<Object<'a>>("FS")?)?),
        "Popup" | "Widget" | "PrinterMark" | "TrapNet" | "Watermark" => return None,
        _ => AnnotationKind::Other,
    })
}

/// Name of a standard stamp in words: `NotApproved` is shown as "Not Approved".
fn in_words(name: &str) -> String {
    let name = name.trim_start_matches('#');
    let name = name
        .strip_prefix("SB")
        .filter(|rest| rest.starts_with(char::is_uppercase))
        .unwrap_or(name);
    let mut words = String::with_capacity(name.len() + 4);
    let mut before_is_small = false;
    for character in name.chars() {
        if character.is_uppercase() && before_is_small {
            words.push(' ');
        }
        before_is_small = character.is_lowercase();
        words.push(character);
    }
    words
}

/// Boxes of the quadrilaterals of an annotation. Programs write their corners in different orders, so only the box of
/// each is used.
fn quads(dict: &Dict<'_>, frame: PageFrame) -> Vec<Extent> {
    let points = dict.get::<Array<'_>>("QuadPoints").unwrap_or_default();
    let numbers: Vec<f64> = points.iter::<f32>().take(8 * MAX_QUADS).map(f64::from).collect();
    let (quads, _) = numbers.as_chunks::<8>();
    let boxes = quads
        .iter()
        .filter_map(|[a, b, c, d, e, f, g, h]| frame.around(&[[*a, *b], [*c, *d], [*e, *f], [*g, *h]]));
    boxes.collect()
}

fn has_appearance(dict: &Dict<'_>) -> bool {
    let appearances = dict.get::<Dict<'_>>("AP").unwrap_or_default();
    match appearances.get::<Object<'_>>("N") {
        Some(Object::Stream(_)) => true,
        Some(Object::Dict(states)) => name(dict, "AS").is_some_and(|state| states.contains_key(&state)),
        _ => false,
    }
}

/// Returns true for the reply to another annotation that only sets its state, such as "Accepted".
fn sets_state(dict: &Dict<'_>) -> bool {
    dict.contains_key("StateModel") || (dict.contains_key("State") && is_name(dict, "Subtype", "Text"))
}
