//! Slides of OpenDocument presentations that are left out when the slides are shown: their styles say so.

use std::collections::HashSet;

use super::package::{MAX_XML_DEPTH, Package};
use crate::xml::{XmlEvent, XmlReader};

/// Returns for each slide whether it is hidden.
pub(super) fn of(package: &mut Package<'_>) -> Vec<bool> {
    package
        .text("content.xml")
        .map_or_else(Vec::new, |content| read(&content))
}

fn read(content: &str) -> Vec<bool> {
    if !content.contains("presentation:visibility") {
        return Vec::new();
    }
    let (mut style, mut hidden, mut slides) = (String::new(), HashSet::new(), Vec::new());
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        let XmlEvent::Start(tag) = event else { continue };
        match tag.name() {
            "style:style" => style = tag.value("style:name").unwrap_or_default(),
            "style:drawing-page-properties"
                if tag.value("presentation:visibility").as_deref() == Some("hidden") =>
            {
                hidden.insert(style.clone());
            }
            "draw:page" => slides.push(
                tag.value("draw:style-name")
                    .is_some_and(|name| hidden.contains(&name)),
            ),
            _ => {}
        }
    }
    slides
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn styles_hide_slides() {
        let content = "<a><style:style style:name=\"s\"><style:drawing-page-properties presentation:visibility=\"hidden\"/></style:style>\
                       <draw:page draw:style-name=\"t\"/><draw:page draw:style-name=\"s\"/></a>";
        assert_eq!(read(content), [false, true]);
    }
}
