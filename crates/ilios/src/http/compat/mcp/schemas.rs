//! JSON schemas of arguments and results.

use std::sync::Arc;

use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::arguments::{DEFAULT_CHARS, MAX_CHARS, MIN_CHARS};

/// An object of these properties, of which some are required. Nothing else is taken as an argument.
fn object(properties: Value, required: &[&str]) -> JsonObject {
    let mut schema = JsonObject::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties);
    schema.insert("required".into(), required.into());
    schema.insert("additionalProperties".into(), false.into());
    schema
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn one_of(description: &str, values: &[&str]) -> Value {
    json!({"type": "string", "enum": values, "description": description})
}

fn number(description: &str, least: u64, most: u64) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": most, "description": description})
}

fn count(description: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": description})
}

fn list(of: JsonObject) -> Value {
    json!({"type": "array", "items": of})
}

fn document_id() -> Value {
    text("Id of the document, as convert_to_markdown and list_documents give it.")
}

fn max_chars() -> Value {
    let description = format!("The most characters of the answer; {DEFAULT_CHARS} by default.");
    number(&description, MIN_CHARS, MAX_CHARS as u64)
}

pub(super) fn convert_arguments(uri: &str) -> Arc<JsonObject> {
    let properties = json!({
        "uri": text(uri),
        "pages": text("1-based pages and ranges such as 1-3,7; all by default."),
        "ocr": one_of("Recognition of text in pictures: auto (default), off, or force for every page.", &["auto", "off", "force"]),
        "max_chars": max_chars(),
    });
    Arc::new(object(properties, &["uri"]))
}

pub(super) fn get_arguments() -> Arc<JsonObject> {
    let properties = json!({
        "document_id": document_id(),
        "pages": text("1-based pages and ranges such as 1-3,7; all by default. For the format markdown alone."),
        "format": one_of("Form of the text: markdown (default), text or html.", &["markdown", "text", "html"]),
        "offset": number("Characters at the beginning of the first page that are left out; 0 by default.", 0, u64::from(u32::MAX)),
        "max_chars": max_chars(),
    });
    Arc::new(object(properties, &["document_id"]))
}

/// A document's text, and whether it goes on.
pub(super) fn document_text() -> Arc<JsonObject> {
    let properties = json!({
        "document_id": text("Id of the document."),
        "pages": count("Pages of the document that were converted."),
        "format": text("Form of the text."),
        "truncated": json!({"type": "boolean", "description": "True if the document goes on."}),
        "next_page": count("Page with which it goes on."),
        "next_offset": count("Characters of that page that were there already: the next offset."),
        "next_pages": text("Pages from there on: the next pages."),
    });
    Arc::new(object(properties, &["document_id", "pages", "truncated"]))
}

pub(super) fn list_arguments() -> Arc<JsonObject> {
    let statuses = ["pending", "processing", "completed", "failed", "archived"];
    let properties = json!({
        "limit": number("The most documents; 20 by default.", 1, 200),
        "cursor": text("The next_cursor of an answer, for the documents after it."),
        "status": one_of("Only documents of this status.", &statuses),
    });
    Arc::new(object(properties, &[]))
}

pub(super) fn listed_documents() -> Arc<JsonObject> {
    let document = object(
        json!({
            "document_id": text("Id of the document."),
            "file_name": text("Its name."),
            "status": text("Its status."),
            "created_at": text("Time at which it was accepted."),
            "format": text("Its format."),
            "pages": count("Its pages."),
            "error": text("Reason of its failure."),
        }),
        &["document_id", "file_name", "status", "created_at"],
    );
    let properties = json!({
        "documents": list(document),
        "next_cursor": text("Cursor of the documents that follow, if there are any."),
    });
    Arc::new(object(properties, &["documents"]))
}

pub(super) fn search_arguments() -> Arc<JsonObject> {
    let properties = json!({
        "document_id": document_id(),
        "query": text("Words as they stand in the document, of up to 4,000 characters. Case, accents and the ends of lines do not matter; \
                       where nothing has these letters, what is like them is found."),
    });
    Arc::new(object(properties, &["document_id", "query"]))
}

pub(super) fn found_places() -> Arc<JsonObject> {
    let place = object(
        json!({
            "page": count("Page on which it begins."),
            "text": text("Text that was found."),
            "exact": json!({"type": "boolean", "description": "True if it has the letters of the query."}),
            "score": json!({"type": "number", "description": "Likeness, 0 to 1."}),
            "locator": text("Its place, to cite it by."),
        }),
        &["page", "text", "exact", "score", "locator"],
    );
    let properties = json!({
        "document_id": text("Id of the document."),
        "matches": list(place),
        "more": json!({"type": "boolean", "description": "True if there are more."}),
    });
    Arc::new(object(properties, &["document_id", "matches", "more"]))
}

pub(super) fn report_arguments() -> Arc<JsonObject> {
    Arc::new(object(json!({"document_id": document_id()}), &["document_id"]))
}

pub(super) fn report() -> Arc<JsonObject> {
    let doubt = object(
        json!({
            "code": text("Kind of the doubt."),
            "severity": text("low, medium or high."),
            "message": text("The doubt in words."),
        }),
        &["code", "severity", "message"],
    );
    let page = object(
        json!({"page": count("Its number."), "doubts": list(doubt)}),
        &["page", "doubts"],
    );
    let warning = object(
        json!({"page": count("Page that it is about."), "message": text("The warning.")}),
        &["message"],
    );
    let properties = json!({
        "document_id": text("Id of the document."),
        "file_name": text("Its name."),
        "status": text("Its status."),
        "format": text("Its format."),
        "engine": text("Engine that converted it: local, mistral or mixed."),
        "model": text("Model and version of the engine."),
        "pages": count("Pages that were converted."),
        "processing_time_ms": count("Milliseconds that the conversion took."),
        "cost_cents": json!({"type": "number", "description": "Cost in US cents."}),
        "doubtful_pages": list(page),
        "warnings": list(warning),
        "partial": text("Why the conversion was stopped; absent when the result is whole."),
        "fallback": text("Why the local engine has replaced the one that was asked for."),
        "error": text("Reason of its failure."),
    });
    Arc::new(object(properties, &["document_id", "file_name", "status"]))
}
