use super::decode::decode;
use super::{Reading, invalid};
use crate::ir::{BlockKind, Builder, Inline, ItemStart, List, ListStyle, Run, Style};
use crate::xml::{Element as Tag, XmlError, XmlEvent, XmlReader, local};
use crate::{ConvertError, Limits};
use encoding_rs::Encoding;

/// Levels of indentation, at most; deeper elements stay there.
const MAX_INDENT_LEVELS: usize = 12;

/// Reads XML as a list: an element is an item with its name, attributes and text, and its children are the list below.
/// In mixed content, the text of child elements stays in line.
///
/// A document type is skipped; entities that it defines stay as written.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, declared_encoding(bytes));
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut reader = XmlReader::new(text, limits.depth);
    let mut outline = Outline::default();
    while let Some(event) = reader.next().map_err(error)? {
        match event {
            XmlEvent::Start(tag) => outline.open(&tag),
            XmlEvent::End { .. } => outline.close(),
            XmlEvent::Text(text) => outline.text(&text),
        }
    }
    if !outline.open.is_empty() {
        return Err(invalid("the XML ends within an element"));
    }
    let mut builder = Builder::new(limits);
    add_lines(outline.lines, &mut builder)?;
    Reading::of_one_page(&mut builder)
}

/// Adds the lines as nested lists: a line of a greater depth is in the item before it.
fn add_lines(lines: Vec<Line>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    // Each level is a list and its item.
    for line in lines {
        let open = builder.depth().div_ceil(2);
        let depth = line.depth.min(MAX_INDENT_LEVELS).min(open);
        builder.close_to(2 * depth + 1)?;
        if builder.depth() == 2 * depth {
            builder.open(BlockKind::List(List {
                ordered: false,
                style: ListStyle::Decimal,
                start: 1,
                items: Vec::new(),
            }))?;
        }
        builder.open_item(ItemStart::default())?;
        builder.add(BlockKind::Paragraph(line.inlines))?;
    }
    builder.close_to(0)
}

fn error(error: XmlError) -> ConvertError {
    match error {
        XmlError::Malformed { .. } => invalid(error),
        XmlError::TooDeep(_) | XmlError::NestedEntities => ConvertError::LimitExceeded {
            what: error.to_string(),
        },
    }
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

/// List under construction: open elements and finished lines.
#[derive(Default)]
struct Outline {
    open: Vec<Element>,
    lines: Vec<Line>,
}

struct Line {
    depth: usize,
    inlines: Vec<Inline>,
}

struct Element {
    name: String,
    /// Attributes, in parentheses.
    attributes: String,
    text: String,
    /// Index of the first line below it.
    first: usize,
    /// Mixed content: text stands beside child elements.
    mixed: bool,
}

impl Outline {
    fn open(&mut self, tag: &Tag<'_>) {
        if let Some(parent) = self.open.last_mut()
            && !parent.text.trim().is_empty()
        {
            parent.mixed = true;
        }
        self.open.push(Element {
            name: tag.local_name().to_owned(),
            attributes: attributes(tag),
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
        if text.is_empty() && element.first == self.lines.len() && element.attributes.is_empty() {
            return;
        }
        let colon = if text.is_empty() { "" } else { ": " };
        let bold = Style {
            bold: true,
            ..Style::default()
        };
        let inlines = vec![
            Inline::Run(Run::styled(element.name, bold)),
            Inline::plain(format!("{}{colon}{text}", element.attributes)),
        ];
        self.lines.insert(element.first, Line { depth, inlines });
    }
}

/// Returns ` (key: value, …)`, without namespace declarations, which tell a reader nothing.
fn attributes(tag: &Tag<'_>) -> String {
    let values: Vec<String> = tag
        .attributes()
        .filter(|(key, _)| !key.starts_with("xmlns"))
        .map(|(key, value)| {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("{}: {value}", local(key))
        })
        .collect();
    if values.is_empty() {
        String::new()
    } else {
        format!(" ({})", values.join(", "))
    }
}
