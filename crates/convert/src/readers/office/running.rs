//! Headers, footers and watermarks of Word and OpenDocument texts, which the library leaves out. They are furniture: in
//! the model once each, and out of the text unless they are asked for.

use super::mapping::Mapper;
use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use crate::ir::{BlockKind, Inline};
use crate::xml::{XmlEvent, XmlReader, local};
use crate::{ConvertError, Format};

/// Texts that are read, at most: a document has a few for each of its sections.
const MAX_TEXTS: usize = 1_000;

/// Texts beside the body of a document, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Running {
    headers: Vec<String>,
    footers: Vec<String>,
    watermarks: Vec<String>,
}

/// Place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    Footer,
    Watermark,
}

/// Reads the texts of a document.
pub(super) fn of(package: &mut Package<'_>, format: Format) -> Running {
    let mut running = Running::default();
    match format {
        Format::Docx => {
            for relation in relations::of(package, "word/document.xml") {
                let kind = match relation.kind.as_str() {
                    "header" => Kind::Header,
                    "footer" => Kind::Footer,
                    _ => continue,
                };
                let text = package.text(&relation.target).unwrap_or_default();
                running.read(&text, Some(kind));
            }
        }
        Format::Odt => {
            let styles = package.text("styles.xml").unwrap_or_default();
            running.read(&styles, None);
        }
        _ => {}
    }
    running
}

impl Running {
    /// Reads the paragraphs of a part that is one text, or of those elements of a part that are.
    fn read(&mut self, xml: &str, part: Option<Kind>) {
        let (mut kind, mut paragraph, mut fallback) = (part, String::new(), 0_usize);
        let mut reader = XmlReader::new(xml, MAX_XML_DEPTH);
        let mut element = String::new();
        while let Ok(Some(event)) = reader.next() {
            match event {
                XmlEvent::Start(tag) => {
                    tag.name().clone_into(&mut element);
                    match tag.name() {
                        "mc:Fallback" => fallback += 1,
                        "w:tab" | "text:tab" | "w:br" | "text:line-break" | "text:s" => paragraph.push(' '),
                        "v:textpath" => self.add(Kind::Watermark, &tag.value("string").unwrap_or_default()),
                        name => kind = in_styles(name).or(kind),
                    }
                }
                XmlEvent::End { name } => {
                    element.clear();
                    match local(&name) {
                        "Fallback" => fallback = fallback.saturating_sub(1),
                        "p" | "h" => {
                            if let Some(kind) = kind {
                                self.add(kind, &paragraph);
                            }
                            paragraph.clear();
                        }
                        _ if in_styles(&name).is_some() => kind = part,
                        _ => {}
                    }
                }
                XmlEvent::Text(text) => {
                    let is_text = part.is_none() || element == "w:t";
                    if kind.is_some() && fallback == 0 && is_text {
                        paragraph.push_str(&text);
                    }
                }
            }
        }
    }

    /// Takes the lines of a header or a footer.
    pub(super) fn add_lines(&mut self, is_header: bool, lines: &[String]) {
        let kind = if is_header { Kind::Header } else { Kind::Footer };
        for line in lines {
            self.add(kind, line);
        }
    }

    fn add(&mut self, kind: Kind, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let texts = match kind {
            Kind::Header => &mut self.headers,
            Kind::Footer => &mut self.footers,
            Kind::Watermark => &mut self.watermarks,
        };
        if !text.is_empty() && texts.len() < MAX_TEXTS && !texts.contains(&text) {
            texts.push(text);
        }
    }

    /// Adds what stands above the body.
    pub(super) fn add_above(&mut self, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        add(std::mem::take(&mut self.headers), BlockKind::Header, mapper)?;
        add(std::mem::take(&mut self.watermarks), BlockKind::Watermark, mapper)
    }

    /// Adds what stands below it.
    pub(super) fn add_below(&mut self, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        add(std::mem::take(&mut self.footers), BlockKind::Footer, mapper)
    }
}

/// Kind of an element in the styles of an OpenDocument file.
fn in_styles(name: &str) -> Option<Kind> {
    match name {
        "style:header" | "style:header-left" | "style:header-first" => Some(Kind::Header),
        "style:footer" | "style:footer-left" | "style:footer-first" => Some(Kind::Footer),
        _ => None,
    }
}

fn add(
    texts: Vec<String>,
    kind: fn(Vec<Inline>) -> BlockKind,
    mapper: &mut Mapper<'_, '_>,
) -> Result<(), ConvertError> {
    for text in texts {
        mapper.ledger.found(1);
        mapper.ledger.placed();
        mapper.builder.add(kind(vec![Inline::plain(text)]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Running};

    #[test]
    fn headers_and_footers_are_read_once_each() {
        let mut running = Running::default();
        let part = "<w:hdr><w:p><w:r><w:t>Head</w:t><w:tab/><w:t>one</w:t><w:instrText>PAGE</w:instrText></w:r></w:p>\
                    <w:p><w:pict><v:textpath string=\"DRAFT\"/></w:pict></w:p></w:hdr>";
        running.read(part, Some(Kind::Header));
        running.read(part, Some(Kind::Header));
        let styles = "<a><style:header><text:p>Above</text:p></style:header><style:footer><text:p>Below <text:page-number>1</text:page-number>\
                      </text:p></style:footer><text:p>no</text:p></a>";
        running.read(styles, None);
        assert_eq!(running.headers, ["Head one", "Above"]);
        assert_eq!(running.footers, ["Below 1"]);
        assert_eq!(running.watermarks, ["DRAFT"]);
    }
}
