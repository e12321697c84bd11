use std::collections::{HashMap, VecDeque};

use anydoc::model::{Block, Document, inlines_to_plain_text};
use quick_xml::events::{BytesStart, Event};

/// Titles that are looked for at once: those that the library dropped must not hold up the next ones.
const AHEAD: usize = 20;

/// The longest text that counts as a title, in characters.
const LONGEST: usize = 120;

/// Titles that an OpenDocument file shows as such and the library takes for paragraphs become headings:
/// paragraphs of the styles `Title` and `Subtitle`, and the first short text of a slide that has no title
/// frame (as slides converted from PowerPoint have none).
pub(super) fn promote(document: &mut Document, content: &str) {
    let mut titles = find(content);
    for block in &mut document.blocks {
        let Block::Paragraph(inlines) = block else {
            continue;
        };
        let text = inlines_to_plain_text(inlines);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(position) = titles.iter().take(AHEAD).position(|title| title.text == text) {
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
    /// Automatic styles and the level of the title style they come from.
    styles: HashMap<String, u8>,
    /// The paragraph that is read, with its level as a title.
    paragraph: Option<(Option<u8>, String)>,
    slide: Option<Slide>,
}

#[derive(Default)]
struct Slide {
    has_title: bool,
    /// The text of its first shape, and how many paragraphs that has.
    first: String,
    paragraphs: usize,
    shapes: usize,
    notes: bool,
}

fn find(content: &str) -> VecDeque<Title> {
    let mut finder = Finder::default();
    let mut reader = quick_xml::Reader::from_str(content);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => finder.start(&tag),
            Ok(Event::Empty(tag)) if tag.name().as_ref() == "style:style" => finder.style(&tag),
            Ok(Event::End(tag)) => finder.end(tag.name().as_ref()),
            Ok(Event::Text(text)) => finder.text(&text),
            Ok(Event::GeneralRef(name)) => {
                finder.text(quick_xml::escape::resolve_xml_entity(&name).unwrap_or_default());
            }
            Ok(Event::Eof) | Err(_) => return finder.titles,
            Ok(_) => {}
        }
    }
}

impl Finder {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
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

    fn style(&mut self, tag: &BytesStart<'_>) {
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
                if !slide.has_title && slide.paragraphs == 1 && slide.first.chars().count() <= LONGEST {
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

fn value(tag: &BytesStart<'_>, name: &str) -> String {
    let attribute = tag.try_get_attribute(name).ok().flatten();
    attribute
        .map(|attribute| attribute.value.into_owned())
        .unwrap_or_default()
}
