use std::collections::{HashMap, VecDeque};

use anydoc::model::{Block, Document, inlines_to_plain_text};

use super::package::MAX_XML_DEPTH;
use crate::xml::{Element, XmlEvent, XmlReader};

/// Titles that are compared with a paragraph: those that the library dropped must not block the next ones.
const LOOKAHEAD_TITLES: usize = 20;
/// Characters of a title, at most.
const MAX_TITLE_CHARS: usize = 120;

/// Turns the titles of an OpenDocument file into headings, which the library takes for paragraphs: paragraphs of the
/// styles `Title` and `Subtitle`, and the first short text of a slide without a title frame (slides converted from
/// PowerPoint have none).
pub(super) fn promote(document: &mut Document, content: &str) {
    let mut titles = find(content);
    for block in &mut document.blocks {
        let Block::Paragraph(inlines) = block else {
            continue;
        };
        let text = inlines_to_plain_text(inlines);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(position) = titles
            .iter()
            .take(LOOKAHEAD_TITLES)
            .position(|title| title.text == text)
        {
            let level = titles.get(position).map_or(1, |title| title.level);
            titles.drain(..=position);
            *block = Block::heading(level, std::mem::take(inlines));
        }
    }
}

struct Title {
    level: u8,
    text: String,
}

/// Reads `content.xml` in one pass.
#[derive(Default)]
struct Finder {
    titles: VecDeque<Title>,
    /// Levels of automatic styles that derive from a title style.
    styles: HashMap<String, u8>,
    /// Current paragraph with its level as a title.
    paragraph: Option<(Option<u8>, String)>,
    slide: Option<Slide>,
}

#[derive(Default)]
struct Slide {
    has_title: bool,
    /// Text of its first shape, which has `paragraphs` paragraphs.
    first: String,
    paragraphs: usize,
    shapes: usize,
    notes: bool,
}

fn find(content: &str) -> VecDeque<Title> {
    let mut finder = Finder::default();
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => finder.start(&tag),
            XmlEvent::End { name } => finder.end(&name),
            XmlEvent::Text(text) => finder.text(&text),
        }
    }
    finder.titles
}

impl Finder {
    fn start(&mut self, tag: &Element<'_>) {
        match tag.name() {
            "style:style" => self.style(tag),
            "text:p" => {
                let style = value(tag, "text:style-name");
                let level = title_level(&style).or_else(|| self.styles.get(&style).copied());
                self.paragraph = Some((level, String::new()));
            }
            "draw:page" => self.slide = Some(Slide::default()),
            "draw:frame" | "draw:custom-shape" => {
                if let Some(slide) = &mut self.slide {
                    slide.shapes += 1;
                    slide.has_title |= value(tag, "presentation:class") == "title";
                }
            }
            "presentation:notes" => {
                if let Some(slide) = &mut self.slide {
                    slide.notes = true;
                }
            }
            _ => {}
        }
    }

    fn style(&mut self, tag: &Element<'_>) {
        if let Some(level) = title_level(&value(tag, "style:parent-style-name")) {
            self.styles.insert(value(tag, "style:name"), level);
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, paragraph)) = &mut self.paragraph {
            paragraph.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "text:p" => self.end_paragraph(),
            "draw:page" => {
                let Some(slide) = self.slide.take() else { return };
                if !slide.has_title && slide.paragraphs == 1 && slide.first.chars().count() <= MAX_TITLE_CHARS
                {
                    self.titles.push_back(Title {
                        level: 2,
                        text: slide.first,
                    });
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some((level, text)) = self.paragraph.take() else {
            return;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        if let Some(slide) = &mut self.slide {
            if slide.shapes == 1 && !slide.notes {
                slide.paragraphs += 1;
                slide.first = text;
            }
        } else if let Some(level) = level {
            self.titles.push_back(Title { level, text });
        }
    }
}

fn title_level(style: &str) -> Option<u8> {
    match style {
        "Title" => Some(1),
        "Subtitle" => Some(2),
        _ => None,
    }
}

fn value(tag: &Element<'_>, name: &str) -> String {
    tag.value(name).unwrap_or_default()
}
