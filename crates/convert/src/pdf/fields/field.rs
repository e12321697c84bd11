use std::collections::HashMap;
use std::rc::Rc;

use hayro::hayro_syntax::object::{Array, Dict, Object, ObjectIdentifier, String as PdfString};
use hayro::hayro_syntax::xref::XRef;

use super::Form;
use crate::pdf::annotations::rich_text;
use crate::pdf::objects::{name_text, nonblank_text, reference, resolve, text};
use crate::pdf::text_string::text_string;

/// Fields above a widget, at most: circles end there too.
const MAX_DEPTH: usize = 32;
/// Options of a field that are read, at most.
const MAX_OPTIONS: usize = 10_000;
/// Bytes of the full name of a field, at most.
const MAX_NAME_BYTES: usize = 1_024;

/// Field with what it inherits.
#[derive(Debug, Clone, Default)]
pub(super) struct Field<'a> {
    /// Kind: `Tx`, `Ch`, `Btn` or `Sig`.
    pub(super) kind: Option<Vec<u8>>,
    pub(super) flags: u32,
    pub(super) value: Option<Object<'a>>,
    /// Texts of the value.
    pub(super) texts: Rc<[String]>,
    /// Bytes of these texts with an end for each.
    pub(super) bytes: usize,
    /// Indices of the chosen options.
    pub(super) chosen: Vec<usize>,
    pub(super) options: FieldOptions,
    pub(super) appearance: Option<String>,
    pub(super) name: Option<String>,
    pub(super) label: Option<String>,
    /// Set if a script of it formats dates.
    pub(super) is_date: bool,
}

/// Options of a choice: values with their displayed texts.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldOptions {
    indices: Rc<HashMap<String, usize>>,
    displayed: Rc<[String]>,
}

impl FieldOptions {
    fn read(options: &Array<'_>, xref: &XRef) -> Self {
        let mut indices = HashMap::new();
        let mut displayed = Vec::new();
        for option in options.raw_iter().take(MAX_OPTIONS) {
            let (value, text) = match resolve(xref, option) {
                Some(Object::String(text)) => (text_string(text.as_bytes()), None),
                Some(Object::Array(pair)) => {
                    let mut pair = pair
                        .iter::<PdfString<'_>>()
                        .map(|text| text_string(text.as_bytes()));
                    (pair.next().unwrap_or_default(), pair.next())
                }
                _ => (String::new(), None),
            };
            displayed.push(text.unwrap_or_else(|| value.clone()));
            indices.entry(value).or_insert(displayed.len() - 1);
        }
        Self {
            indices: Rc::new(indices),
            displayed: displayed.into(),
        }
    }

    pub(super) fn displayed(&self) -> Rc<[String]> {
        Rc::clone(&self.displayed)
    }

    /// Displayed text of the option with this index.
    pub(super) fn at(&self, index: usize) -> Option<&str> {
        self.displayed.get(index).map(String::as_str)
    }

    /// Displayed text of a value; the value itself where it is no option.
    pub(super) fn text_of<'t>(&'t self, value: &'t str) -> &'t str {
        let index = self.indices.get(value);
        index.and_then(|index| self.at(*index)).unwrap_or(value)
    }
}

impl<'a> Field<'a> {
    /// Reads a field over the one above it. A widget may be a field of its own or merged with one.
    fn read(dict: &Dict<'a>, above: &Self, xref: &'a XRef) -> Self {
        let mut field = above.clone();
        if let Some(Object::Name(kind)) = dict.get("FT") {
            field.kind = Some(kind.to_vec());
        }
        if let Some(flags) = dict.get::<i64>("Ff") {
            field.flags = u32::try_from(flags).unwrap_or(0);
        }
        if let Some(value) = dict.get::<Object<'a>>("V") {
            field.texts = texts(&value).into();
            field.bytes = field.texts.iter().map(|text| text.len() + 1).sum();
            field.value = Some(value);
        } else if let Some(text) = rich_text(dict, "RV") {
            field.bytes = text.len() + 1;
            field.texts = Rc::new([text]);
        }
        if let Some(chosen) = dict.get::<Array<'_>>("I") {
            let chosen = chosen.iter::<i32>().take(MAX_OPTIONS);
            field.chosen = chosen.filter_map(|index| usize::try_from(index).ok()).collect();
        }
        if let Some(options) = dict.get::<Array<'_>>("Opt") {
            field.options = FieldOptions::read(&options, xref);
        }
        field.is_date |= formats_dates(dict);
        field.appearance = nonblank_text(dict, "DA").or(field.appearance);
        field.label = nonblank_text(dict, "TU").or(field.label);
        if let Some(part) = nonblank_text(dict, "T") {
            field.name = Some(match above.name.as_deref() {
                Some(above) if above.len() + part.len() < MAX_NAME_BYTES => format!("{above}.{part}"),
                _ => part,
            });
        }
        field
    }
}

impl<'a> Form<'a> {
    /// Field of a widget, with all that it inherits.
    pub(super) fn field_of(&mut self, widget: &Dict<'a>) -> Field<'a> {
        let mut above = Vec::new();
        let mut next = reference(widget, "Parent");
        let mut field = Rc::default();
        while let Some(id) =
            next.filter(|id| above.len() < MAX_DEPTH && !above.iter().any(|(seen, _)| seen == id))
        {
            if let Some(known) = self.fields.get(&id) {
                field = Rc::clone(known);
                break;
            }
            let Some(dict) = self.xref.get::<Dict<'a>>(id) else {
                break;
            };
            next = reference(&dict, "Parent");
            above.push((id, dict));
        }
        for (id, dict) in above.into_iter().rev() {
            field = Rc::new(Field::read(&dict, &field, self.xref));
            self.remember(id, &field);
        }
        Field::read(widget, &field, self.xref)
    }

    fn remember(&mut self, id: ObjectIdentifier, field: &Rc<Field<'a>>) {
        self.fields.insert(id, Rc::clone(field));
    }
}

/// Returns true if the script that formats the value is the one for dates or times, which all programs write.
fn formats_dates(dict: &Dict<'_>) -> bool {
    let actions = dict.get::<Dict<'_>>("AA").unwrap_or_default();
    let action = actions.get::<Dict<'_>>("F").unwrap_or_default();
    text(&action, "JS").is_some_and(|script| {
        let script = script.trim_start();
        script.starts_with("AFDate_") || script.starts_with("AFTime_")
    })
}

/// Bytes of a value in a stream, at most.
const MAX_VALUE_BYTES: usize = 1 << 20;

/// Texts of a value: one string, name or stream, or an array of them.
fn texts(value: &Object<'_>) -> Vec<String> {
    match value {
        Object::String(text) => vec![text_string(text.as_bytes())],
        Object::Name(name) => vec![name_text(name)],
        Object::Array(values) => values
            .iter::<PdfString<'_>>()
            .take(MAX_OPTIONS)
            .map(|text| text_string(text.as_bytes()))
            .collect(),
        Object::Stream(stream) => {
            let text = crate::pdf::decode::decoded(stream, MAX_VALUE_BYTES);
            text.iter().map(|text| text_string(&text.bytes)).collect()
        }
        _ => Vec::new(),
    }
}
