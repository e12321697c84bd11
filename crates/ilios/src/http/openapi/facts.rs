//! Constraints of fields and parameters that their Rust types do not express: choices, bounds, defaults, examples,
//! patterns. A test sends the choices, bounds and defaults of forms and query parameters to the server.

use ilios_convert::{OcrEngine, OutputFormat};
use serde_json::Value;
use utoipa::Number;
use utoipa::openapi::schema::{Array, ArrayItems, Object, Schema};
use utoipa::openapi::{OpenApi, RefOr};

use super::{objects, operations};
use crate::http::extract::query::{DEFAULT_LIMIT, MAX_LIMIT, MAX_WAIT};

/// Something that is known of a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact {
    /// It is one of these.
    OneOf(&'static [&'static str]),
    /// A whole number or an amount within these bounds.
    Between(usize, usize),
    /// At least this.
    AtLeast(usize),
    /// It has so many characters, or entries.
    Length(usize, usize),
    /// It matches.
    Pattern(&'static str),
    /// Default: a field that is absent means this text.
    Text(&'static str),
    /// Default of a number.
    Count(usize),
    /// Default `false` of a flag.
    No,
    /// Example value; digits become a number.
    Example(&'static str),
}

use Fact::{AtLeast, Between, Count, Example, Length, No, OneOf, Pattern, Text};

type Facts = &'static [Fact];

const ID: Facts = &[Pattern("^[a-z0-9]{20,30}$"), Example("d0mh3k2p9x7v5b1n8q4w6z2y")];
const DOCUMENT_STATUS: Facts = &[OneOf(&[
    "pending",
    "processing",
    "completed",
    "failed",
    "archived",
])];
const BATCH_STATUS: Facts = &[OneOf(&["pending", "processing", "completed", "failed"])];
const OUTPUTS: Facts = &[OneOf(OutputFormat::NAMES), Text("markdown")];
const ENGINES: Facts = &[OneOf(&["local", "mistral"])];
const HEALTH: Facts = &[OneOf(&["healthy", "degraded", "unhealthy"])];
const CODE: Facts = &[Pattern("^[a-z0-9_]+$"), Example("unsupported_type")];
const SHA256: Facts = &[Pattern("^([0-9a-f]{64})?$")];
const RETENTION: Facts = &[Between(1, 3_650), Count(365)];
const PRIORITY: Facts = &[Between(1, 10), Count(5)];
const DOLLARS: Facts = &[Pattern("^-?[0-9]+\\.[0-9]{2}$"), Example("0.39")];
const FLAG: Facts = &[No];
/// Pages made of the description fill forms with what they make up, unless there is an example that says otherwise:
/// sent as they are, forms have to do what they do without these fields. An empty field is an absent one.
const LEFT_OUT: Fact = Example("");
const URL: Facts = &[Pattern("^(https?://.*)?$"), LEFT_OUT];
const NAME: Facts = &[Example("report.pdf")];
const CURSOR: Facts = &[Pattern("^[0-9]+-[a-z0-9]{20,30}$")];

/// Of the fields of what is sent and answered, by schema and field.
#[rustfmt::skip]
pub(super) const FIELDS: &[(&str, &str, Facts)] = &[
    ("AcceptedDocument", "errorCode", CODE),
    ("AcceptedDocument", "fileName", NAME),
    ("AcceptedDocument", "status", &[OneOf(&["pending", "failed"])]),
    ("BatchAnswer", "status", &[OneOf(&["queued", "failed"])]),
    ("BatchAnswer", "statusUrl", &[Example("/v1/batch/status/d0mh3k2p9x7v5b1n8q4w6z2y")]),
    ("BatchAnswer", "totalDocuments", &[Between(1, 100)]),
    ("BatchDocument", "errorCode", CODE),
    ("BatchDocument", "fileName", NAME),
    ("BatchDocument", "status", DOCUMENT_STATUS),
    ("BatchList", "nextCursor", CURSOR),
    ("BatchRequest", "files", &[Length(1, 100)]),
    ("BatchRequest", "model", &[LEFT_OUT]),
    ("BatchRequest", "priority", PRIORITY),
    ("BatchRequest", "url", URL),
    ("BatchRequest", "useMistralBatch", FLAG),
    ("BatchStatus", "downloadUrl", &[Example("/v1/batch/download/d0mh3k2p9x7v5b1n8q4w6z2y")]),
    ("BatchStatus", "status", BATCH_STATUS),
    ("ChunkView", "kind", &[OneOf(&["text", "table", "code", "list", "figure"])]),
    ("ConvertAnswer", "content", &[Example("# Report\n\nFirst paragraph.\n")]),
    ("ConvertAnswer", "downloadUrl", &[Example("/api/documents/d0mh3k2p9x7v5b1n8q4w6z2y")]),
    ("ConvertRequest", "format", OUTPUTS),
    ("ConvertRequest", "url", URL),
    ("DocumentAnswer", "content", &[Example("# Report\n\nFirst paragraph.\n")]),
    ("DocumentAnswer", "fileName", NAME),
    ("DocumentList", "nextCursor", CURSOR),
    ("EstimateAnswer", "engine", ENGINES),
    ("EstimateAnswer", "totalUSD", DOLLARS),
    ("EstimatedPage", "engine", ENGINES),
    ("EstimatedPage", "number", &[AtLeast(1)]),
    ("Health", "status", HEALTH),
    ("Line", "errorCode", CODE),
    ("Line", "fileName", NAME),
    ("Line", "status", DOCUMENT_STATUS),
    ("Metadata", "engine", &[OneOf(&["local", "mistral", "mixed", "imported"])]),
    ("Metadata", "fileName", NAME),
    ("Metadata", "mimeType", &[Example("application/pdf")]),
    ("Metadata", "sha256", SHA256),
    ("MistralStatus", "status", &[Example("RUNNING")]),
    ("OperationSums", "operation", &[Example("convert")]),
    ("OperationSums", "totalCostUSD", DOLLARS),
    ("PageView", "engine", ENGINES),
    ("PageView", "kind", &[OneOf(&["text_layer", "ocr", "structure", "empty"])]),
    ("PageView", "number", &[AtLeast(1)]),
    ("PartialResult", "reason", CODE),
    ("PageView", "unit", &[OneOf(&["pt", "px"])]),
    ("ProblemBody", "code", CODE),
    ("ProblemBody", "error", &[Example("priority takes a whole number from 1 to 10; higher ones go first")]),
    ("ProblemBody", "field", &[Example("priority")]),
    ("ProblemBody", "status", DOCUMENT_STATUS),
    ("ReconversionView", "errorCode", CODE),
    ("ReconversionView", "status", &[OneOf(&["pending", "failed"])]),
    ("QueueGroupFields", "engine", &[OneOf(&["mistral", "local", "auto"])]),
    ("Record", "engine", &[OneOf(&["local", "mistral", "mixed", "imported"])]),
    ("Record", "operation", &[Example("convert")]),
    ("RecordsAnswer", "nextCursor", CURSOR),
    ("Services", "database", HEALTH),
    ("Services", "mistral", &[OneOf(&["healthy", "unhealthy", "disabled"])]),
    ("Services", "objects", &[OneOf(&["healthy", "unhealthy"])]),
    ("Services", "s3", &[OneOf(&["healthy", "unhealthy", "disabled"])]),
    ("StatusAnswer", "downloadUrl", &[Example("/api/documents/d0mh3k2p9x7v5b1n8q4w6z2y")]),
    ("StatusAnswer", "errorCode", CODE),
    ("StatusAnswer", "fileName", NAME),
    ("StatusAnswer", "queuePosition", &[AtLeast(1)]),
    ("StatusAnswer", "status", DOCUMENT_STATUS),
    ("SubmitAnswer", "fileName", NAME),
    ("SubmitAnswer", "retentionDays", &[Between(1, 3_650)]),
    ("SubmitAnswer", "status", &[OneOf(&["pending"])]),
    ("SubmitRequest", "priority", PRIORITY),
    ("SubmitRequest", "url", URL),
    ("Summary", "totalCostUSD", DOLLARS),
    ("UploadCompleteAnswer", "status", DOCUMENT_STATUS),
    ("UploadUrlAnswer", "expiresIn", &[Example("3600")]),
    ("UploadUrlRequest", "fileName", &[Example("report.pdf")]),
    ("UploadUrlRequest", "fileSize", &[AtLeast(1), Example("1048576")]),
    ("UploadUrlRequest", "mimeType", &[Example("application/pdf")]),
    ("UploadUrlRequest", "retentionDays", RETENTION),
];

/// Of the fields that all forms have.
#[rustfmt::skip]
pub(super) const FORMS: (&[&str], &[(&str, Facts)]) = (
    &["BatchRequest", "ConvertRequest", "ReconvertRequest", "SubmitRequest"],
    &[
        ("engine", &[OneOf(&["mistral", "local", "auto"]), Example("auto")]),
        ("extractFooter", FLAG),
        ("extractHeader", FLAG),
        ("includeImages", FLAG),
        ("maxCostCents", &[AtLeast(0), Example("1000")]),
        ("ocr", &[OneOf(&["auto", "off", "force"]), Text("auto")]),
        ("ocrEngine", &[OneOf(OcrEngine::NAMES), Text("auto")]),
        ("ocrLanguages", &[Pattern("^[A-Za-z][A-Za-z0-9_]{1,31}(\\+[A-Za-z][A-Za-z0-9_]{1,31}){0,7}$"), Text("eng")]),
        ("pages", &[Pattern("^([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?$"), LEFT_OUT]),
        ("partial", FLAG),
        ("retentionDays", RETENTION),
    ],
);

/// Of the parameters of operations; of all operations where none is named.
#[rustfmt::skip]
pub(super) const PARAMETERS: &[(&str, &str, Facts)] = &[
    ("", "batchId", ID),
    ("", "id", ID),
    ("", "cursor", CURSOR),
    ("", "details", FLAG),
    ("", "dpi", &[Between(36, 200), Count(96)]),
    ("", "Idempotency-Key", &[Length(1, 255), Pattern("^[!-~]+$")]),
    ("", "limit", &[Between(1, MAX_LIMIT as usize), Count(DEFAULT_LIMIT as usize)]),
    ("", "wait", &[Between(0, MAX_WAIT as usize), Count(0)]),
    ("", "area", &[OneOf(&["documents", "archive", "images"])]),
    ("download_batch", "format", &[OneOf(&["jsonl", "zip", "markdown", "chunks"]), Text("jsonl")]),
    ("list_batches", "status", BATCH_STATUS),
    ("list_documents", "name", &[Length(1, 255), Example("report")]),
    ("list_documents", "status", DOCUMENT_STATUS),
    ("locate", "quotation", &[Length(1, 4_000), Example("on 62 evenings")]),
    ("locate", "block", &[Pattern("^p[1-9][0-9]*b[1-9][0-9]*$"), Example("p3b7")]),
    ("locate", "hash", &[Pattern("^[0-9a-f]{12}$"), Example("b48c51bb3c62")]),
    ("locate", "page", &[AtLeast(1), Example("3")]),
    ("locate", "bbox", &[Pattern("^ *-?[0-9.]+ *(, *-?[0-9.]+ *){3}$"), Example("72,100,540,300")]),
    ("read_document", "format", OUTPUTS),
    ("usage_records", "format", &[OneOf(&["json", "csv"]), Text("json")]),
];

/// Fields that hold ids, in every schema.
const IDS: [&str; 3] = ["id", "batchId", "documentId"];

/// Adds what is known.
pub(super) fn add_facts(openapi: &mut OpenApi) {
    for (name, object) in objects(openapi) {
        let is_form = FORMS.0.contains(&name.as_str());
        for (field, property) in &mut object.properties {
            let own = FIELDS
                .iter()
                .filter(|(schema, of, _)| schema == name && of == field);
            let common = FORMS.1.iter().filter(|(of, _)| is_form && of == field);
            let id = IDS.contains(&field.as_str()).then_some(ID);
            let known = own.map(|fact| fact.2).chain(common.map(|fact| fact.1)).chain(id);
            known.flatten().for_each(|fact| fact.say_of(property));
        }
    }
    for operation in operations(openapi) {
        let id = operation.operation_id.clone().unwrap_or_default();
        for parameter in operation.parameters.iter_mut().flatten() {
            let RefOr::T(parameter) = parameter else {
                continue;
            };
            let (name, schema) = (&parameter.name, &mut parameter.schema);
            let known = PARAMETERS
                .iter()
                .filter(|(of, named, _)| (of.is_empty() || *of == id) && named == name);
            if let Some(schema) = schema {
                known.flat_map(|fact| fact.2).for_each(|fact| fact.say_of(schema));
            }
        }
    }
}

impl Fact {
    fn say_of(self, schema: &mut RefOr<Schema>) {
        match schema {
            RefOr::T(Schema::Object(object)) => self.say_of_object(object),
            RefOr::T(Schema::Array(array)) => self.say_of_array(array),
            _ => {}
        }
    }

    fn say_of_array(self, array: &mut Array) {
        match self {
            Length(least, most) => {
                array.min_items = Some(least);
                array.max_items = Some(most);
            }
            fact => {
                if let ArrayItems::RefOrSchema(items) = &mut array.items {
                    fact.say_of(items);
                }
            }
        }
    }

    fn say_of_object(self, object: &mut Object) {
        match self {
            OneOf(choices) => {
                object.enum_values = Some(choices.iter().map(|choice| Value::from(*choice)).collect());
            }
            Between(least, most) => {
                object.minimum = Some(Number::UInt(least));
                object.maximum = Some(Number::UInt(most));
            }
            AtLeast(least) => object.minimum = Some(Number::UInt(least)),
            Length(least, most) => {
                object.min_length = Some(least);
                object.max_length = Some(most);
            }
            Pattern(pattern) => object.pattern = Some(pattern.to_owned()),
            Text(text) => object.default = Some(Value::from(text)),
            Count(number) => object.default = Some(Value::from(number)),
            No => object.default = Some(Value::from(false)),
            Example(text) => {
                let number = text.parse::<u64>().map(Value::from);
                object.examples = vec![number.unwrap_or_else(|_| Value::from(text))];
            }
        }
    }
}
