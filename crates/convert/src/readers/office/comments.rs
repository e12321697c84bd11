//! Comments of readers of a document, which the library leaves out.

use std::collections::HashMap;

use super::mapping::Mapper;
use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use crate::ConvertError;
use crate::ir::{Annotation, BlockKind};
use crate::xml::{Element, XmlEvent, XmlReader};

/// Comments of a document that are read, at most.
const MAX_COMMENTS: usize = 100_000;

/// Reads the comments that belong to a part of an Office package.
pub(super) fn of_part(
    package: &mut Package<'_>,
    part: &str,
    authors: &HashMap<String, String>,
) -> Vec<Annotation> {
    let related = relations::of(package, part);
    let parts = related.into_iter().filter(|relation| relation.kind == "comments");
    let mut comments = Vec::new();
    for relation in parts {
        if let Some(text) = package.text(&relation.target) {
            comments.extend(read(&text, authors));
        }
    }
    comments
}

/// Reads the comments in each of the elements of this name of an OpenDocument file.
pub(super) fn of_elements(package: &mut Package<'_>, name: &str) -> Vec<Vec<Annotation>> {
    let content = package.text("content.xml").unwrap_or_default();
    if !content.contains("<office:annotation") {
        return Vec::new();
    }
    let (tag, authors) = (format!("<{name} "), HashMap::new());
    let elements = content.split(tag.as_str()).skip(1);
    elements
        .map(|element| read(&format!("{tag}{element}"), &authors))
        .collect()
}

/// Authors of the comments of a presentation by their ids.
pub(super) fn authors(package: &mut Package<'_>) -> HashMap<String, String> {
    let mut authors = HashMap::new();
    for part in ["ppt/commentAuthors.xml", "ppt/authors.xml"] {
        let text = package.text(part).unwrap_or_default();
        let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
        while let Ok(Some(event)) = reader.next() {
            if let XmlEvent::Start(tag) = event
                && let (Some(id), Some(name)) = (tag.value("id"), tag.value("name"))
            {
                authors.insert(id, name);
            }
        }
    }
    authors
}

/// Reads the comments in a part of their own (WordprocessingML, SpreadsheetML, PresentationML) or in the content of an
/// OpenDocument file.
pub(super) fn read(xml: &str, authors: &HashMap<String, String>) -> Vec<Annotation> {
    let mut scan = Scan {
        authors,
        own_authors: Vec::new(),
        comments: Vec::new(),
        open: None,
        element: String::new(),
        text: String::new(),
    };
    let mut reader = XmlReader::new(xml, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => scan.start(&tag),
            XmlEvent::End { name } => scan.end(&name),
            XmlEvent::Text(text) => scan.text.push_str(&text),
        }
        if scan.comments.len() == MAX_COMMENTS {
            break;
        }
    }
    scan.comments
}

struct Scan<'a> {
    authors: &'a HashMap<String, String>,
    /// Authors that the part lists itself.
    own_authors: Vec<String>,
    comments: Vec<Annotation>,
    open: Option<Annotation>,
    element: String,
    text: String,
}

impl Scan<'_> {
    fn start(&mut self, tag: &Element<'_>) {
        // Text before a comment is none of it.
        let text = std::mem::take(&mut self.text);
        if let Some(comment) = &mut self.open
            && !text.trim().is_empty()
        {
            comment.text.push_str(&text);
        }
        if is_comment(tag.name()) {
            let id = tag.value("authorId");
            let listed = id.and_then(|id| {
                let own = id
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| self.own_authors.get(index));
                own.or_else(|| self.authors.get(&id)).cloned()
            });
            let dates = ["w:date", "dt", "created"];
            self.open = Some(Annotation {
                author: tag.value("w:author").or(listed),
                date: dates.into_iter().find_map(|name| tag.value(name)),
                text: String::new(),
            });
        }
        tag.name().clone_into(&mut self.element);
    }

    fn end(&mut self, name: &str) {
        let text = std::mem::take(&mut self.text);
        let leaf = self.element == name;
        self.element.clear();
        if is_comment(name) {
            let open = self.open.take().map(|mut comment| {
                comment.text = comment.text.trim().to_owned();
                comment
            });
            self.comments
                .extend(open.filter(|comment| !comment.text.is_empty()));
            return;
        }
        let Some(comment) = &mut self.open else {
            if leaf && name == "author" {
                self.own_authors.push(text);
            }
            return;
        };
        match name {
            "dc:creator" => comment.author = Some(text),
            "dc:date" => comment.date = Some(text),
            "meta:creator-initials" => {}
            // Text beside other elements that is blank is white space of the file.
            _ if !leaf && text.trim().is_empty() && !is_paragraph(name) => {}
            _ if is_paragraph(name) => {
                comment.text.push_str(&text);
                comment.text.push('\n');
            }
            _ => comment.text.push_str(&text),
        }
    }
}

fn is_paragraph(name: &str) -> bool {
    matches!(name, "w:p" | "a:p" | "text:p")
}

fn is_comment(name: &str) -> bool {
    matches!(
        name,
        "w:comment" | "comment" | "p:cm" | "p188:cm" | "office:annotation"
    )
}

/// Adds the comments to the page.
pub(super) fn add(comments: Vec<Annotation>, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
    for comment in comments {
        mapper.ledger.found(1);
        mapper.ledger.placed();
        mapper.comments += 1;
        mapper.builder.add(BlockKind::Comment(comment))?;
    }
    Ok(())
}
