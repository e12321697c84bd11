//! Documents within a Word document (`w:altChunk`): pages of HTML, RTF, text and other Word documents, which the library
//! leaves out. Their places are marked before it reads the document, and their blocks are put there.
//!
//! ```text
//!   <w:altChunk r:id="rId5"/>  ──>  <w:p>«sign»rId5</w:p>  ──>  blocks of the part of that id
//! ```
//!
//! Those of a document within the document are left out. What stands in a table is put behind that.

use std::collections::HashMap;

use anydoc::model::{Block, inlines_to_plain_text};

use super::pages::Pages;
use super::relations::{self, Relation};
use crate::pictures::Taken;
use crate::readers::decode::decode;
use crate::readers::{html, office, text};
use crate::xml::escape;
use crate::{ConvertError, Format, Limits, Options, Warning};

use super::package::Package;

const DOCUMENT: &str = "word/document.xml";
/// Sign before the id of a part: a noncharacter, which no text has.
const SIGN: char = '\u{fdd6}';
/// Documents within a document, at most, and their bytes together.
const MAX_CHUNKS: usize = 200;
const MAX_CHUNK_BYTES: usize = 64 << 20;
/// Reason for which others are not read.
const LEFT_OUT: &str = "documents within the document left out";

/// Marks the places in the body of a Word document; `None` if there are none.
pub(super) fn marked(part: &str) -> Option<String> {
    if !part.contains("<w:altChunk") {
        return None;
    }
    let mut out = String::with_capacity(part.len() + 64);
    let (mut rest, mut tables, mut waiting) = (part, 0_usize, String::new());
    while let Some((before, after)) = rest.split_once('<') {
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&format!("<{tag}>"));
        rest = behind;
        let name = tag.split([' ', '/', '\t', '\n', '\r']).next().unwrap_or_default();
        match name {
            "w:tbl" => tables += 1,
            "w:altChunk" => waiting.push_str(&mark(tag)),
            "" if tag == "/w:tbl" => tables = tables.saturating_sub(1),
            _ => {}
        }
        let ends = matches!(tag, "/w:tbl" | "/w:altChunk") || name == "w:altChunk" && tag.ends_with('/');
        if ends && tables == 0 {
            out.push_str(&std::mem::take(&mut waiting));
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Paragraph that names the part of a place.
fn mark(tag: &str) -> String {
    let id = tag.split_once("r:id=").and_then(|(_, value)| {
        let quote = value.chars().next()?;
        value.get(1..)?.split(quote).next()
    });
    let id = escape(id.unwrap_or_default());
    format!("<w:p><w:r><w:t>{SIGN}{id}</w:t></w:r></w:p>")
}

/// Id of the part whose place is at this block.
fn id_at(block: &Block) -> Option<String> {
    let Block::Paragraph(content) = block else {
        return None;
    };
    let text = inlines_to_plain_text(content);
    Some(text.trim().strip_prefix(SIGN)?.to_owned())
}

/// Adds the blocks of a document, those of the documents within it at their places.
pub(super) fn add_blocks(
    blocks: &[Block],
    package: Option<&mut Package<'_>>,
    options: &Options,
    limits: &Limits,
    pages: &mut Pages<'_, '_>,
) -> Result<Vec<Warning>, ConvertError> {
    let (mut warnings, mut begin) = (Vec::new(), 0);
    let ids: Vec<(usize, String)> = (blocks.iter().enumerate())
        .filter_map(|(index, block)| Some((index, id_at(block)?)))
        .collect();
    let mut parts = match (package, ids.is_empty()) {
        (Some(package), false) => Some(Parts {
            relations: relations::of(package, DOCUMENT),
            package,
            count: 0,
            bytes: 0,
        }),
        _ => None,
    };
    for (index, id) in ids {
        add_own(blocks.get(begin..index).unwrap_or_default(), pages)?;
        begin = index + 1;
        match parts.as_mut().and_then(|parts| parts.take(&id)) {
            Some((name, bytes)) => warnings.extend(add(&name, &bytes, options, limits, pages)?),
            None => pages.mapper.ledger.note(LEFT_OUT, 1),
        }
    }
    add_own(blocks.get(begin..).unwrap_or_default(), pages)?;
    Ok(warnings)
}

fn add_own(blocks: &[Block], pages: &mut Pages<'_, '_>) -> Result<(), ConvertError> {
    pages.mapper.ledger.found(super::mapping::units(blocks));
    pages.mapper.blocks(blocks)
}

/// Parts that are documents, and what was taken of them.
struct Parts<'p, 'a> {
    relations: Vec<Relation>,
    package: &'p mut Package<'a>,
    count: usize,
    bytes: usize,
}

impl Parts<'_, '_> {
    /// Name and content of a part, as long as they are few and small.
    fn take(&mut self, id: &str) -> Option<(String, Vec<u8>)> {
        let relation = self.relations.iter().find(|relation| relation.id == id)?;
        if self.count == MAX_CHUNKS {
            return None;
        }
        let bytes = self.package.bytes(&relation.target)?;
        self.count += 1;
        self.bytes = self.bytes.saturating_add(bytes.len());
        (self.bytes <= MAX_CHUNK_BYTES).then(|| (relation.target.clone(), bytes))
    }
}

/// Adds the blocks of a document within the document, and says what is missing of it.
fn add(
    name: &str,
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    pages: &mut Pages<'_, '_>,
) -> Result<Vec<Warning>, ConvertError> {
    let about = |what: &str| Warning::document(format!("document within the document: {what}"));
    let ledger = &mut pages.mapper.ledger;
    let builder = &mut *pages.mapper.builder;
    let mut found = Vec::new();
    match Format::detect(bytes, name) {
        Some(Format::Html) => {
            let page = decode(bytes, html::declared_encoding(bytes));
            found.extend(html::read_blocks(&page, builder, limits)?);
        }
        Some(Format::Text) => text::read_blocks(decode(bytes, None).trim_start_matches('\u{feff}'), builder)?,
        Some(format @ (Format::Rtf | Format::Docx)) => {
            let mut inner = options.clone();
            inner.pages = None;
            match office::read(bytes, format, true, &inner, limits) {
                Ok(reading) => {
                    let pictures: HashMap<String, Taken> = reading
                        .images
                        .into_iter()
                        .map(|image| (image.name, builder.picture(&image.bytes)))
                        .collect();
                    let blocks = reading.pages.into_iter().flat_map(|page| page.blocks);
                    builder.graft(blocks.collect(), 0, &pictures)?;
                    found = reading.warnings;
                }
                Err(error @ ConvertError::LimitExceeded { .. }) => return Err(error),
                Err(error) => found.push(Warning::document(error.to_string())),
            }
        }
        _ => {
            ledger.note(LEFT_OUT, 1);
            return Ok(Vec::new());
        }
    }
    ledger.found(1);
    ledger.placed();
    Ok(found.iter().map(|warning| about(&warning.message)).collect())
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn places_are_marked_outside_of_tables() {
        let part = "<w:body><w:altChunk r:id=\"a\"/><w:tbl><w:tc><w:altChunk r:id=\"b\"><w:altChunkPr/></w:altChunk></w:tc></w:tbl><w:p/></w:body>";
        let marked = marked(part).unwrap().replace('\u{fdd6}', "«»");
        assert_eq!(
            marked,
            "<w:body><w:altChunk r:id=\"a\"/><w:p><w:r><w:t>«»a</w:t></w:r></w:p><w:tbl><w:tc><w:altChunk r:id=\"b\">\
             <w:altChunkPr/></w:altChunk></w:tc></w:tbl><w:p><w:r><w:t>«»b</w:t></w:r></w:p><w:p/></w:body>"
        );
        assert_eq!(super::marked("<w:p/>"), None);
    }
}
