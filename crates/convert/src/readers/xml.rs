use encoding_rs::Encoding;
use quick_xml::events::{BytesStart, Event};

use super::decode::decode;
use super::{Reading, invalid, too_deep};
use crate::{ConvertError, Limits, markdown};

/// Levels that a list is set in by; deeper ones stay there.
const INDENTED_LEVELS: usize = 12;

/// XML becomes a list: an element is an item with its name, its attributes and its text, and what it contains
/// is the list below. Text between elements keeps their text in line.
///
/// No entity but the five of XML and character references is resolved; a document type is skipped.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, declared_encoding(bytes));
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut outline = Outline::default();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| invalid(format!("XML error at byte {}: {error}", reader.error_position())))?;
        match event {
            Event::Start(tag) => {
                outline.open(&tag);
                if outline.open.len() > limits.depth as usize {
                    return Err(too_deep(limits));
                }
            }
            Event::Empty(tag) => {
                outline.open(&tag);
                outline.close();
            }
            Event::End(_) => outline.close(),
            Event::Text(text) => outline.text(&text),
            Event::CData(text) => outline.text(&text),
            Event::GeneralRef(name) => outline.text(&reference(&name)),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if !outline.open.is_empty() {
        return Err(invalid("the XML ends within an element"));
    }
    Ok(outline.lines.join("\n").into())
}

/// The character of a reference; an entity that the document defines itself stays as written.
fn reference(name: &str) -> String {
    let number = name
        .strip_prefix('#')
        .and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
    if let Some(c) = number.and_then(char::from_u32) {
        return c.to_string();
    }
    quick_xml::escape::resolve_xml_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}

fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
    let (_, value) = head
        .strip_prefix("<?xml")?
        .split_once("?>")?
        .0
        .split_once("encoding")?;
    let value = value.trim_start_matches([' ', '=', '"', '\'']);
    let end = value.find(['"', '\''])?;
    Encoding::for_label(value.get(..end)?.as_bytes())
}

/// The list as it grows: the elements that are open, and finished lines.
#[derive(Default)]
struct Outline {
    open: Vec<Element>,
    lines: Vec<String>,
}

struct Element {
    /// Name and attributes.
    label: String,
    text: String,
    /// Index of the first line below it.
    first: usize,
    /// Text stands beside child elements: the children's text belongs into the line.
    mixed: bool,
}

impl Outline {
    fn open(&mut self, tag: &BytesStart<'_>) {
        let label = label(tag);
        if let Some(parent) = self.open.last_mut()
            && !parent.text.trim().is_empty()
        {
            parent.mixed = true;
        }
        self.open.push(Element {
            label,
            text: String::new(),
            first: self.lines.len(),
            mixed: false,
        });
    }

    fn text(&mut self, text: &str) {
        let lines = self.lines.len();
        if let Some(element) = self.open.last_mut() {
            element.mixed |= lines > element.first && !text.trim().is_empty();
            element.text.push_str(text);
        }
    }

    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let depth = self.open.len();
        let text = element.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(parent) = self.open.last_mut()
            && parent.mixed
            && element.first == self.lines.len()
        {
            parent.text.push_str(&element.text);
            return;
        }
        if text.is_empty() && element.first == self.lines.len() && !element.label.contains(' ') {
            return;
        }
        let colon = if text.is_empty() { "" } else { ": " };
        let indent = "  ".repeat(depth.min(INDENTED_LEVELS));
        let line = format!("{indent}- {}{colon}{}", element.label, markdown::escape(&text));
        self.lines.insert(element.first, line);
    }
}

/// `name (key: value, …)`; namespace declarations say nothing to a reader.
fn label(tag: &BytesStart<'_>) -> String {
    let name = tag.local_name().as_ref().to_owned();
    let mut attributes = tag.attributes();
    let values: Vec<String> = attributes
        .with_checks(false)
        .filter_map(Result::ok)
        .filter(|attribute| !attribute.key.as_ref().starts_with("xmlns"))
        .map(|attribute| {
            let key = attribute.key.local_name();
            let value =
                quick_xml::escape::unescape(&attribute.value).unwrap_or_else(|_| attribute.value.clone());
            format!(
                "{}: {}",
                key.as_ref(),
                value.split_whitespace().collect::<Vec<_>>().join(" ")
            )
        })
        .collect();
    let name = format!("**{}**", markdown::escape(&name));
    if values.is_empty() {
        name
    } else {
        format!("{name} ({})", markdown::escape(&values.join(", ")))
    }
}
