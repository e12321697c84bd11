//! Beginnings of slides, which the library does not report: it puts all slides into one row of blocks.

use std::collections::BTreeMap;

use anydoc::model::{Block, Inline, inlines_to_plain_text};

use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use crate::xml::{self, XmlEvent, XmlReader, local};

const PRESENTATION: &str = "ppt/presentation.xml";
const SLIDE_TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide";
/// Sign before the number of a slide: a noncharacter, which no text has.
const MARK: char = '\u{fdd3}';

/// Size and parts of the slides of a PowerPoint package.
#[derive(Debug, Default)]
pub(super) struct Slides {
    /// Width and height in points.
    pub(super) size: Option<(f32, f32)>,
    /// Names of the parts, in the order in which they are shown.
    pub(super) parts: Vec<String>,
}

pub(super) fn of(package: &mut Package<'_>) -> Slides {
    const UNITS_A_POINT: f32 = 12_700.0;
    let Some(text) = package.text(PRESENTATION) else {
        return Slides::default();
    };
    let related = relations::of(package, PRESENTATION);
    let mut slides = Slides::default();
    let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        let XmlEvent::Start(tag) = event else { continue };
        match tag.local_name() {
            "sldSz" => {
                let side = |name| tag.value(name).and_then(|side| side.parse::<f32>().ok());
                slides.size = side("cx")
                    .zip(side("cy"))
                    .map(|(width, height)| (width / UNITS_A_POINT, height / UNITS_A_POINT));
            }
            "sldId" => {
                let id = tag
                    .attributes()
                    .find(|(key, _)| key.contains(':') && local(key) == "id");
                let part = id.and_then(|(_, id)| related.iter().find(|relation| *relation.id == *id));
                slides.parts.extend(part.map(|part| part.target.clone()));
            }
            _ => {}
        }
    }
    slides
}

/// Returns true for a presentation that lists no slides.
pub(super) fn are_none(package: &mut Package<'_>) -> bool {
    let Some(text) = package.text(PRESENTATION) else {
        return false;
    };
    let ends_name = |at: usize| {
        text.get(at..)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    };
    let mut slides = text.match_indices("sldId").map(|(at, name)| at + name.len());
    !slides.any(ends_name)
}

/// Returns true if a slide is left out when the slides are shown.
pub(super) fn is_hidden(package: &mut Package<'_>, part: &str) -> bool {
    let text = package.text(part).unwrap_or_default();
    let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        if let XmlEvent::Start(tag) = event {
            return matches!(tag.value("show").as_deref(), Some("0" | "false"));
        }
    }
    false
}

/// Gives the first slide of a PowerPoint package a relation to every slide: the library sets an anchor at the beginning
/// of each slide that another one leads to.
pub(super) fn with_anchors(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let slides: Vec<String> = relations::of(package, PRESENTATION)
        .into_iter()
        .filter(|relation| relation.kind == "slide")
        .map(|relation| relation.target)
        .collect();
    let Some(first) = slides.first() else {
        return BTreeMap::new();
    };
    let name = relations::part_of(first);
    let own = package.text(&name);
    let own = own.as_deref().and_then(|text| text.rsplit_once("</"));
    let (before, after) = match own {
        Some((before, end)) => (before.to_owned(), format!("</{end}")),
        None => (
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                .to_owned(),
            "</Relationships>".to_owned(),
        ),
    };
    let mut text = before;
    for (index, slide) in slides.iter().enumerate() {
        let target = xml::escape(slide);
        text.push_str(&format!(
            "<Relationship xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\" Id=\"beginning{index}\" \
             Type=\"{SLIDE_TYPE}\" Target=\"/{target}\"/>"
        ));
    }
    text.push_str(&after);
    BTreeMap::from([(name, text)])
}

/// Gives each slide of an OpenDocument presentation a title frame with its number, in front of everything else;
/// `None` if there are none.
pub(super) fn with_marks(content: &str) -> Option<String> {
    let mut out = String::with_capacity(content.len());
    let (mut rest, mut number) = (content, 0);
    while let Some((before, after)) = rest.split_once("<draw:page ") {
        let Some((attributes, after)) = after.split_once('>') else {
            break;
        };
        number += 1;
        let open = attributes.trim_end_matches('/');
        let end = if open.len() < attributes.len() {
            "</draw:page>"
        } else {
            ""
        };
        out.push_str(&format!("{before}<draw:page {open}>{}{end}", frame(number)));
        rest = after;
    }
    out.push_str(rest);
    (number > 0).then_some(out)
}

fn frame(number: u32) -> String {
    const OASIS: &str = "urn:oasis:names:tc:opendocument:xmlns";
    format!(
        "<draw:frame xmlns:draw=\"{OASIS}:drawing:1.0\" xmlns:presentation=\"{OASIS}:presentation:1.0\" \
         xmlns:text=\"{OASIS}:text:1.0\" presentation:class=\"title\"><draw:text-box><text:p>{MARK}{number}</text:p>\
         </draw:text-box></draw:frame>"
    )
}

/// Number of the slide that begins with this block, which is not part of it.
pub(super) fn beginning(block: &Block) -> Option<u32> {
    match block {
        Block::Paragraph(content) => match content.as_slice() {
            [Inline::Anchor(name)] => name.strip_prefix("slide-")?.parse().ok(),
            _ => None,
        },
        Block::Heading { content, .. } => {
            let text = inlines_to_plain_text(content);
            text.trim().strip_prefix(MARK)?.parse().ok()
        }
        _ => None,
    }
}

/// Name of the chapter of a book that begins with this block.
pub(super) fn chapter(block: &Block) -> Option<&str> {
    match block {
        Block::Paragraph(content) => match content.as_slice() {
            [Inline::Anchor(name)] if !name.contains('#') => Some(name),
            _ => None,
        },
        _ => None,
    }
}
