use hayro::hayro_syntax::object::{Dict, Object};

use super::sets_state;
use crate::pdf::decode::decoded;
use crate::pdf::objects::nonblank_text;
use crate::pdf::text_string::text_string;
use crate::xml::{XmlEvent, XmlReader};

/// Bytes of a rich text, at most.
const MAX_BYTES: usize = 1 << 20;
/// Nesting of a rich text, at most.
const MAX_DEPTH: u32 = 64;

/// Text of an annotation: its plain text, else that of its rich text. Lines are separated by `\n`.
pub(in crate::pdf) fn text_of(dict: &Dict<'_>) -> Option<String> {
    if sets_state(dict) {
        return None;
    }
    let text = nonblank_text(dict, "Contents").or_else(|| rich_text(dict, "RC"))?;
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Text of an entry that is a rich text.
pub(in crate::pdf) fn rich_text(dict: &Dict<'_>, key: &str) -> Option<String> {
    let rich = match dict.get::<Object<'_>>(key)? {
        Object::String(rich) => text_string(rich.as_bytes()),
        Object::Stream(rich) => text_string(&decoded(&rich, MAX_BYTES).ok()?.bytes),
        _ => return None,
    };
    plain(&rich)
}

/// Text of a rich text, which is XHTML; up to the first error in it.
fn plain(rich: &str) -> Option<String> {
    let mut reader = XmlReader::new(rich.trim_start_matches('\u{feff}'), MAX_DEPTH);
    let mut text = String::new();
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Text(part) => text.push_str(&part),
            XmlEvent::Start(element) if element.local_name() == "br" => text.push('\n'),
            XmlEvent::End { name } if matches!(crate::xml::local(&name), "p" | "div" | "li") => {
                text.push('\n')
            }
            XmlEvent::Start(_) | XmlEvent::End { .. } => {}
        }
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
