//! JSON Schema of what the JSON writer writes.

use serde_json::{Map, Value, json};

use super::names::{
    ALIGNMENTS, DIRECTIONS, FIELD_KINDS, FIGURE_KINDS, GROUP_KINDS, HEADER_KINDS, LIST_STYLES, PAGE_KINDS,
    SEVERITIES, UNITS, VALUE_TYPES,
};
use crate::ir::DoubtCode;

/// JSON Schema (draft 2020-12) of a document. Objects may have more fields than it names: later minor versions of the
/// model add some.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    for (name, schema) in shared() {
        definitions.insert(name.to_owned(), schema);
    }
    let mut blocks = Vec::new();
    for (name, own) in blocks_by_type() {
        blocks.push(reference(name));
        definitions.insert(name.to_owned(), block(name, own));
    }
    definitions.insert("block".to_owned(), json!({"oneOf": blocks}));
    let mut schema = object(&[
        ("model", json!({"const": super::MODEL_VERSION})),
        ("metadata", reference("metadata")),
        ("pages", array(reference("page"))),
        ("outline", array(reference("outlineEntry"))),
        ("notes", array(reference("note"))),
        ("images", array(reference("image"))),
        ("warnings", array(reference("warning"))),
        ("partial?", object(&[("reason", text()), ("lastPage", count())])),
    ]);
    if let Value::Object(fields) = &mut schema {
        fields.insert(
            "$schema".into(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        fields.insert("title".into(), json!("Document model"));
        fields.insert("$defs".into(), Value::Object(definitions));
    }
    schema
}

/// Parts that several objects have.
fn shared() -> Vec<(&'static str, Value)> {
    vec![
        (
            "id",
            json!({"type": "string", "pattern": "^p[1-9][0-9]*b[1-9][0-9]*$"}),
        ),
        (
            "bbox",
            json!({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}),
        ),
        (
            "range",
            json!({"type": "array", "items": count(), "minItems": 2, "maxItems": 2}),
        ),
        ("share", json!({"type": "number", "minimum": 0, "maximum": 1})),
        (
            "region",
            object(&[
                ("page", count()),
                ("bbox", reference("bbox")),
                ("angle?", number()),
            ]),
        ),
        ("metadata", metadata()),
        (
            "attachedFile",
            object(&[("name", text()), ("mimeType?", text()), ("size?", count())]),
        ),
        ("page", page()),
        ("doubt", doubt()),
        ("outlineEntry", outline_entry()),
        (
            "note",
            object(&[("label", text()), ("block", reference("id")), ("page", count())]),
        ),
        ("image", image()),
        ("warning", object(&[("page?", count()), ("message", text())])),
        ("inline", inline()),
        ("inlineFormula", formula()),
        ("item", item()),
        ("definition", object(&[("term", inlines()), ("blocks", blocks())])),
        ("grid", grid()),
        ("cell", cell()),
        ("entry", entry()),
        ("at", place()),
    ]
}

fn metadata() -> Value {
    object(&[
        ("title?", text()),
        ("author?", text()),
        ("created?", text()),
        ("modified?", text()),
        ("pageCount?", count()),
        ("attachments?", array(reference("attachedFile"))),
    ])
}

fn page() -> Value {
    let confidence = object(&[("mean", reference("share")), ("min", reference("share"))]);
    object(&[
        ("number", count()),
        ("label?", text()),
        ("width?", number()),
        ("height?", number()),
        ("unit?", one_of(UNITS)),
        ("rotation?", json!({"enum": [0, 90, 180, 270]})),
        ("kind", one_of(PAGE_KINDS)),
        ("hidden?", truth()),
        ("confidence?", confidence),
        ("engine?", text()),
        ("lang?", text()),
        ("header?", text()),
        ("footer?", text()),
        ("markdown", text()),
        ("blocks", blocks()),
        ("doubts", array(reference("doubt"))),
    ])
}

fn doubt() -> Value {
    let codes: Vec<&str> = DoubtCode::ALL.iter().map(|code| code.as_str()).collect();
    object(&[
        ("code", one_of(&codes)),
        ("severity", one_of(SEVERITIES)),
        ("message", text()),
        ("share?", reference("share")),
        ("blocks?", array(reference("id"))),
    ])
}

fn outline_entry() -> Value {
    object(&[
        ("level", level()),
        ("number?", text()),
        ("text", text()),
        ("block", reference("id")),
        ("page", count()),
        ("label?", text()),
    ])
}

fn image() -> Value {
    object(&[
        ("name", text()),
        ("mimeType", text()),
        ("width", count()),
        ("height", count()),
    ])
}

fn inline() -> Value {
    let revision = object(&[("author?", text()), ("date?", text())]);
    let href = object(&[("href", text())]);
    let path = object(&[("path", text())]);
    let target = object(&[("block", reference("id"))]);
    let run = object(&[
        ("text", text()),
        ("bold?", truth()),
        ("italic?", truth()),
        ("underline?", truth()),
        ("strike?", truth()),
        ("code?", truth()),
        ("superscript?", truth()),
        ("subscript?", truth()),
        ("smallCaps?", truth()),
        ("highlight?", truth()),
        ("link?", json!({"oneOf": [href, path, target]})),
        ("lang?", text()),
        ("note?", reference("id")),
        ("comment?", reference("id")),
        ("image?", text()),
        ("formula?", reference("inlineFormula")),
        ("ruby?", text()),
        ("inserted?", revision.clone()),
        ("deleted?", revision),
    ]);
    json!({"oneOf": [run, object(&[("break", json!({"const": true}))])]})
}

fn formula() -> Value {
    object(&[("tex?", text()), ("mathml?", text()), ("text", text())])
}

fn item() -> Value {
    object(&[
        ("id", reference("id")),
        ("marker?", text()),
        ("checked?", truth()),
        ("blocks", blocks()),
    ])
}

/// Fields of a table.
fn table_fields() -> Vec<(&'static str, Value)> {
    let align: Vec<Value> = ALIGNMENTS
        .iter()
        .map(|name| json!(name))
        .chain([Value::Null])
        .collect();
    vec![
        ("rows", count()),
        ("columns", count()),
        ("align?", array(json!({"enum": align}))),
        ("cells", array(reference("cell"))),
        ("hiddenRows?", array(count())),
        ("hiddenColumns?", array(count())),
    ]
}

fn grid() -> Value {
    object(&table_fields())
}

fn cell() -> Value {
    object(&[
        ("row", count()),
        ("column", count()),
        ("rowSpan", count()),
        ("columnSpan", count()),
        ("header?", one_of(HEADER_KINDS)),
        ("text", text()),
        ("blocks?", blocks()),
        ("bbox?", reference("bbox")),
        ("value?", text()),
        ("valueType?", one_of(VALUE_TYPES)),
        ("formula?", text()),
        ("numberFormat?", text()),
    ])
}

fn entry() -> Value {
    object(&[
        ("level", count()),
        ("text", text()),
        ("inlines", inlines()),
        ("page?", text()),
        ("target?", reference("id")),
    ])
}

fn place() -> Value {
    json!({"oneOf": [
        object(&[("cells", text())]),
        object(&[("path", text())]),
        object(&[("lines", reference("range"))]),
        object(&[("message", count())]),
    ]})
}

/// Types of blocks, each with its own fields.
fn blocks_by_type() -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
    let lines = || vec![("text", text()), ("inlines", inlines())];
    let with = |own: Vec<(&'static str, Value)>| [own, lines()].concat();
    let annotation = || vec![("author?", text()), ("date?", text()), ("text", text())];
    vec![
        ("title", lines()),
        ("heading", with(vec![("level", level()), ("number?", text())])),
        ("paragraph", lines()),
        ("line_block", lines()),
        ("aside", lines()),
        ("list", list()),
        ("definition_list", vec![("items", array(reference("definition")))]),
        ("table", table_fields()),
        ("figure", figure()),
        ("caption", with(vec![("for?", reference("id"))])),
        ("code", vec![("language?", text()), ("text", text())]),
        ("quote", vec![("blocks", blocks())]),
        (
            "formula",
            vec![("tex?", text()), ("mathml?", text()), ("text", text())],
        ),
        ("footnote", vec![("label", text()), ("blocks", blocks())]),
        ("reference", lines()),
        ("toc", vec![("entries", array(reference("entry")))]),
        ("field", field()),
        (
            "group",
            vec![
                ("kind", one_of(GROUP_KINDS)),
                ("title?", text()),
                ("blocks", blocks()),
            ],
        ),
        ("comment", annotation()),
        (
            "attachment",
            vec![("name", text()), ("mimeType?", text()), ("size?", count())],
        ),
        ("stamp", annotation()),
        ("rule", Vec::new()),
        ("header", lines()),
        ("footer", lines()),
        ("page_number", lines()),
        ("watermark", lines()),
    ]
}

fn list() -> Vec<(&'static str, Value)> {
    vec![
        ("ordered", truth()),
        ("style?", one_of(LIST_STYLES)),
        ("start?", count()),
        ("items", array(reference("item"))),
    ]
}

fn figure() -> Vec<(&'static str, Value)> {
    vec![
        ("kind", one_of(FIGURE_KINDS)),
        ("image?", text()),
        ("alt?", text()),
        ("blocks?", blocks()),
        ("data?", reference("grid")),
    ]
}

fn field() -> Vec<(&'static str, Value)> {
    vec![
        ("kind", one_of(FIELD_KINDS)),
        ("name?", text()),
        ("label?", text()),
        ("value", text()),
        ("checked?", truth()),
        ("options?", array(text())),
    ]
}

/// A block of a type: its own fields, and those that every block may have.
fn block(name: &str, own: Vec<(&'static str, Value)>) -> Value {
    let first = vec![
        ("id", reference("id")),
        ("type", json!({"const": name})),
        ("hash", json!({"type": "string", "pattern": "^[0-9a-f]{12}$"})),
    ];
    let facts = vec![
        ("page?", count()),
        ("bbox?", reference("bbox")),
        ("regions?", array(reference("region"))),
        ("at?", reference("at")),
        ("range?", reference("range")),
        ("continues?", reference("id")),
        ("lang?", text()),
        ("dir?", one_of(DIRECTIONS)),
        ("confidence?", reference("share")),
        ("typeConfidence?", reference("share")),
    ];
    object(&[first, own, facts].concat())
}

/// An object of these fields; those whose name ends in `?` may be absent.
fn object(fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        let known = name.strip_suffix('?');
        if known.is_none() {
            required.push(*name);
        }
        properties.insert(known.unwrap_or(name).to_owned(), schema.clone());
    }
    json!({"type": "object", "properties": properties, "required": required})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn array(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn one_of(names: &[&str]) -> Value {
    json!({"enum": names})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn number() -> Value {
    json!({"type": "number"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn truth() -> Value {
    json!({"type": "boolean"})
}

fn level() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": 6})
}

fn inlines() -> Value {
    array(reference("inline"))
}

fn blocks() -> Value {
    array(reference("block"))
}
