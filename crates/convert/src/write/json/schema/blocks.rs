use serde_json::{Value, json};

use super::shapes::{array, blocks, count, inlines, level, object, one_of, reference, text, truth};
use super::shared::table_fields;
use crate::write::json::names::{DIRECTIONS, FIELD_KINDS, FIGURE_KINDS, GROUP_KINDS, LIST_STYLES};

/// Types of blocks, each with its own fields.
pub(super) fn blocks_by_type() -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
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
pub(super) fn block(name: &str, own: Vec<(&'static str, Value)>) -> Value {
    let first = vec![
        ("id", reference("id")),
        ("type", json!({"const": name})),
        ("hash", json!({"type": "string", "pattern": "^[0-9a-f]{12}$"})),
    ];
    let facts = vec![
        ("page?", count()),
        ("bbox?", reference("bbox")),
        ("regions?", array(reference("region"))),
        ("lines?", array(reference("line"))),
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
