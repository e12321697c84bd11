use super::package::{MAX_XML_DEPTH, Package};
use crate::xml::{XmlEvent, XmlReader};
use crate::{Format, Metadata};

/// Reads title, author and dates from the part in which the family of formats keeps them.
pub(super) fn read(package: &mut Package<'_>, format: Format) -> Metadata {
    let part = match format {
        Format::Odt | Format::Ods | Format::Odp => Some("meta.xml".to_owned()),
        Format::Epub => package
            .text("META-INF/container.xml")
            .and_then(|text| root_file(&text)),
        _ => Some("docProps/core.xml".to_owned()),
    };
    let text = part.and_then(|part| package.text(&part)).unwrap_or_default();
    let mut metadata = parse(&text);
    metadata.page_count = page_count(package, format);
    metadata
}

/// Counts slides or sheets by their parts or, in OpenDocument, by their elements.
fn page_count(package: &mut Package<'_>, format: Format) -> Option<u32> {
    let count = match format {
        Format::Pptx | Format::Xlsx => package.pages(format).len(),
        Format::Odp => package.text("content.xml")?.matches("<draw:page ").count(),
        Format::Ods => package.text("content.xml")?.matches("<table:table ").count(),
        _ => 0,
    };
    u32::try_from(count).ok().filter(|&count| count > 0)
}

/// Finds the package document of an EPUB (OCF 3, section 4.2.6.3).
fn root_file(container: &str) -> Option<String> {
    let (_, rest) = container.split_once("full-path=")?;
    let quote = rest.chars().next()?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}

/// Parses Dublin Core and related elements, whatever their prefixes. Of several values the first is taken, except for
/// authors, which are joined.
fn parse(text: &str) -> Metadata {
    let mut metadata = Metadata::default();
    let mut initial_author = None;
    let mut reader = XmlReader::new(text, MAX_XML_DEPTH);
    let (mut element, mut value) = (String::new(), String::new());
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => {
                element = tag.local_name().to_owned();
                if element == "meta" && tag.attributes().any(|(_, value)| value == "dcterms:modified") {
                    element = "modified".into();
                }
                value.clear();
            }
            XmlEvent::Text(text) => value.push_str(&text),
            XmlEvent::End { .. } => {
                let text = value.trim();
                if !text.is_empty() {
                    store(&mut metadata, &mut initial_author, &element, text);
                }
                element.clear();
                value.clear();
            }
        }
    }
    // In OpenDocument, `creator` is the person who made the last change.
    metadata.author = initial_author.or(metadata.author);
    metadata
}

fn store(metadata: &mut Metadata, initial_author: &mut Option<String>, element: &str, text: &str) {
    let text = text.to_owned();
    match element {
        "title" => {
            metadata.title.get_or_insert(text);
        }
        "creator" => match &mut metadata.author {
            Some(authors) => {
                authors.push_str(", ");
                authors.push_str(&text);
            }
            None => metadata.author = Some(text),
        },
        "initial-creator" => *initial_author = Some(text),
        "created" | "creation-date" => metadata.created = Some(text),
        "modified" => metadata.modified = Some(text),
        // OpenDocument's date is that of the last change, EPUB's that of publication.
        "date" => {
            metadata.modified.get_or_insert(text);
        }
        _ => {}
    }
}
