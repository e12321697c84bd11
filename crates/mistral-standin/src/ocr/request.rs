//! The body of a request for OCR.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::page_list;
use crate::refusal::Refusal;
use crate::schema::{Field, Flaw, Kind, check, object};

/// A body that has kept all rules.
#[derive(Debug, Deserialize)]
pub(crate) struct OcrRequest {
    pub(crate) model: Option<String>,
    pub(crate) document: Value,
    pub(crate) pages: Option<Value>,
    pub(crate) include_image_base64: Option<bool>,
    pub(crate) image_limit: Option<usize>,
    pub(crate) image_min_size: Option<u32>,
    pub(crate) bbox_annotation_format: Option<Value>,
    pub(crate) document_annotation_format: Option<Value>,
    pub(crate) table_format: Option<String>,
    #[serde(default)]
    pub(crate) extract_header: bool,
    #[serde(default)]
    pub(crate) extract_footer: bool,
    /// Absent means true.
    pub(crate) include_blocks: Option<bool>,
    pub(crate) confidence_scores_granularity: Option<String>,
}

const COUNT: Kind = Kind::Int(0, i64::MAX);
const MODEL: &str = "model";

const FIELDS: &[Field] = &[
    Field::required("document", Kind::Other(check_document)),
    Field::optional("pages", Kind::Other(page_list::check)),
    Field::optional("include_image_base64", Kind::Bool),
    Field::optional("image_limit", COUNT),
    Field::optional("image_min_size", Kind::Int(0, u32::MAX as i64)),
    Field::optional("bbox_annotation_format", Kind::Other(check_format)),
    Field::optional("document_annotation_format", Kind::Other(check_format)),
    Field::optional("document_annotation_prompt", Kind::Text),
    Field::optional("table_format", Kind::OneOf(&["markdown", "html"])),
    Field::never_null("extract_header", Kind::Bool),
    Field::never_null("extract_footer", Kind::Bool),
    Field::never_null("include_blocks", Kind::Bool),
    Field::optional(
        "confidence_scores_granularity",
        Kind::OneOf(&["page", "word", "block"]),
    ),
    // Gone from the schema, but older clients send it.
    Field::optional("id", Kind::Text),
];

impl OcrRequest {
    /// Checks a body. Only inside a batch may the model be missing.
    pub(crate) fn parse(body: &Value, batch: bool) -> Result<Self, Refusal> {
        let at = [Value::from("body")];
        let model = if batch {
            Field::optional(MODEL, Kind::Text)
        } else {
            Field::key_required(MODEL, Kind::Text)
        };
        let mut fields = vec![model];
        fields.extend_from_slice(FIELDS);
        let mut flaws = Vec::new();
        check(body, &at, &fields, &mut flaws);
        let given = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
        if given("document_annotation_prompt") && !given("document_annotation_format") {
            let message = "document_annotation_prompt requires document_annotation_format";
            flaws.push(Flaw::value(&at, message, &Value::Null));
        }
        if !flaws.is_empty() {
            return Err(Refusal::Schema(flaws));
        }
        // The table has checked everything; what it lets through and this does not is refused all the same.
        Self::deserialize(body)
            .map_err(|error| Refusal::flaw(Flaw::value(&at, &error.to_string(), &Value::Null)))
    }

    /// Whether it asks for annotations, which have a price of their own.
    pub(crate) fn is_annotated(&self) -> bool {
        self.bbox_annotation_format.is_some() || self.document_annotation_format.is_some()
    }
}

/// One of three forms, told apart by `type`, or by their keys when that is missing.
fn check_document(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    const FORMS: [(&str, &str, Kind); 3] = [
        ("document_url", "document_url", Kind::Other(check_document_url)),
        ("image_url", "image_url", Kind::Other(check_image_url)),
        ("file", "file_id", Kind::Other(check_file_id)),
    ];
    let Some(members) = object(value, at, flaws) else {
        return;
    };
    let form = FORMS.iter().find(|(tag, key, _)| match members.get("type") {
        Some(named) => named == tag,
        None => members.contains_key(*key),
    });
    let Some((tag, key, kind)) = form else {
        let message = "Input should be a document with document_url, image_url or file_id";
        flaws.push(Flaw::new("union_tag_invalid", at, message, value));
        return;
    };
    let mut fields = vec![Field::never_null("type", Kind::Text), Field::required(key, *kind)];
    if *tag == "document_url" {
        fields.push(Field::optional("document_name", Kind::Text));
    }
    check(value, at, &fields, flaws);
}

fn check_document_url(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    check_address(value, at, "application", flaws);
}

fn check_image_url(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    if !value.is_object() {
        return check_address(value, at, "image", flaws);
    }
    let fields = [
        Field::required(
            "url",
            Kind::Other(|url, at, flaws| check_address(url, at, "image", flaws)),
        ),
        Field::optional("detail", Kind::OneOf(&["low", "auto", "high"])),
    ];
    check(value, at, &fields, flaws);
}

/// `https`, or a data URI of the family. Own signed addresses stand for `https`: there is no TLS on loopback.
fn check_address(value: &Value, at: &[Value], family: &str, flaws: &mut Vec<Flaw>) {
    let Some(address) = value.as_str() else {
        flaws.push(Flaw::new(
            "string_type",
            at,
            "Input should be a valid string",
            value,
        ));
        return;
    };
    let signed = address.starts_with("http://127.0.0.1:") && address.contains("/signed/");
    let data = address.starts_with(&format!("data:{family}/"));
    if !(address.starts_with("https://") || data || signed) {
        let message = format!("URL must start with 'https' or be a data URI of {family}");
        // The real one names the body as the place of this flaw.
        flaws.push(Flaw::value(&[Value::from("body")], &message, value));
    }
}

fn check_file_id(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    let id = value.as_str().map(Uuid::try_parse);
    if !matches!(id, Some(Ok(_))) {
        let message = "Input should be a valid UUID";
        flaws.push(Flaw::new("uuid_parsing", at, message, value));
    }
}

/// The format of an annotation.
fn check_format(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    const FORMAT: &[Field] = &[
        Field::required("type", Kind::OneOf(&["json_schema"])),
        Field::required("json_schema", Kind::Other(check_json_schema)),
    ];
    check(value, at, FORMAT, flaws);
}

fn check_json_schema(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    const SCHEMA: &[Field] = &[
        Field::required("name", Kind::Text),
        Field::required("schema", Kind::Other(check_schema)),
        Field::never_null("strict", Kind::Bool),
        Field::optional("description", Kind::Text),
    ];
    check(value, at, SCHEMA, flaws);
}

/// Any object: the schema itself is the client's affair.
fn check_schema(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    if !value.is_object() {
        flaws.push(Flaw::new(
            "dict_type",
            at,
            "Input should be a valid dictionary",
            value,
        ));
    }
}
