use serde_json::{Value, json};

use super::shapes::{array, blocks, count, inlines, level, number, object, one_of, reference, text, truth};
use crate::ir::DoubtCode;
use crate::write::json::names::{ALIGNMENTS, HEADER_KINDS, PAGE_KINDS, SEVERITIES, UNITS, VALUE_TYPES};

/// Parts that several objects have.
pub(super) fn shared() -> Vec<(&'static str, Value)> {
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
        ("line", line()),
        ("word", word()),
    ]
}

fn line() -> Value {
    object(&[
        ("page", count()),
        ("bbox", reference("bbox")),
        ("angle?", number()),
        ("text", text()),
        ("words?", array(reference("word"))),
    ])
}

fn word() -> Value {
    object(&[
        ("text", text()),
        ("bbox", reference("bbox")),
        ("confidence?", reference("share")),
    ])
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
        ("width?", count()),
        ("height?", count()),
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
pub(super) fn table_fields() -> Vec<(&'static str, Value)> {
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
