use bytes::Bytes;
use futures::stream;
use ilios_convert::Format;
use serde_json::Value;

use super::fields::{Faults, Fields, Kind};
use super::refusal::Refusal;
use crate::app::{AppError, Upload};
use crate::http::HttpState;
use crate::http::compat::big_json;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// Document of a request.
#[derive(Debug)]
pub(super) struct DocumentSource {
    /// Name that the client gives it.
    pub(super) name: Option<String>,
    pub(super) place: SourcePlace,
}

/// Place of a document's bytes.
#[derive(Debug)]
pub(super) enum SourcePlace {
    /// The request itself: media type and base64.
    Data { media_type: String, text: String },
    /// An address.
    Address(String),
    /// A file that was uploaded.
    File(String),
}

/// Characters of a name, at most.
const MAX_NAME: usize = 255;

/// Reads the document of a request: told by its type, or by its fields where it has none.
pub(super) fn read_document(value: Value, place: Vec<Value>, faults: &mut Faults) -> Option<DocumentSource> {
    let mut fields = Fields::of(value, place, faults)?;
    let kinds = [
        ("document_url", "document_url"),
        ("image_url", "image_url"),
        ("file", "file_id"),
    ];
    let named = fields.has("type").then(|| fields.choice("type", &kinds));
    let field = match named {
        Some(field) => field?,
        None => {
            let known = kinds.into_iter().find(|(_, field)| fields.has(field));
            known.map_or("document_url", |(_, field)| field)
        }
    };
    let name = (field == "document_url")
        .then(|| fields.text("document_name"))
        .flatten();
    let value = fields.required(field);
    let source = match (field, value) {
        (_, None) => None,
        ("image_url", Some(value @ Value::Object(_))) => {
            let place = fields.place_of(field);
            image_address(value, place, fields.faults())
        }
        (_, Some(Value::String(text))) => Some(text),
        (_, Some(_)) => {
            fields.wrong(field, "Input should be a valid string");
            None
        }
    };
    let source = source.and_then(|text| match field {
        "file_id" => Some(SourcePlace::File(text)),
        _ => {
            let source = located(text);
            if source.is_none() {
                fields.wrong(
                    field,
                    "Value error, should start with https:// or be a data URI of base64",
                );
            }
            source
        }
    });
    fields.finish();
    Some(DocumentSource {
        name: name.map(|name| name.chars().take(MAX_NAME).collect()),
        place: source?,
    })
}

/// The address in an object.
fn image_address(value: Value, place: Vec<Value>, faults: &mut Faults) -> Option<String> {
    let mut fields = Fields::of(value, place, faults)?;
    let levels = [("low", ()), ("auto", ()), ("high", ())];
    fields.choice("detail", &levels);
    let url = fields.text("url");
    if url.is_none() && !fields.has("url") {
        fields.missing("url");
    }
    fields.finish();
    url
}

fn located(text: String) -> Option<SourcePlace> {
    let starts = |start: &str| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    if starts("https://") || starts("http://") {
        return Some(SourcePlace::Address(text));
    }
    if !starts("data:") {
        return None;
    }
    let (head, data) = text.split_once(',')?;
    let mut parameters = head.get("data:".len()..)?.split(';').map(str::trim);
    let media_type = parameters.next().unwrap_or_default().to_ascii_lowercase();
    let is_base64 = parameters.any(|parameter| parameter.eq_ignore_ascii_case("base64"));
    is_base64.then(|| SourcePlace::Data {
        media_type,
        text: data.to_owned(),
    })
}

/// Document that is received, or has to be brought here.
pub(super) enum Received {
    Upload(Upload),
    Address(String),
    File(String),
}

/// Takes a document out of its request.
pub(super) async fn receive(state: &HttpState, source: DocumentSource) -> Result<Received, Refusal> {
    match source.place {
        SourcePlace::Address(url) => Ok(Received::Address(url)),
        SourcePlace::File(id) => Ok(Received::File(id)),
        SourcePlace::Data { media_type, text } => {
            let Some(bytes) = big_json::decoded(text) else {
                let mut faults = Faults::default();
                let place = ["body".into(), "document".into()];
                faults.add(Kind::Value, &place, "Value error, the data URI holds no base64");
                return Err(Refusal::Invalid(faults));
            };
            let name = source.name.unwrap_or_else(|| name_of(&media_type));
            let bytes = stream::iter([Ok::<_, Problem>(Bytes::from(bytes))]);
            let upload = state.app.receive(FileName::clean(&name), bytes).await?;
            Ok(Received::Upload(upload))
        }
    }
}

/// A name whose extension says the type that the client names.
fn name_of(media_type: &str) -> String {
    let format = Format::all().find(|format| format.mime_type() == media_type);
    format.map_or_else(
        || "document".to_owned(),
        |format| format!("document.{}", format.extension()),
    )
}

/// Brings a document here.
pub(super) async fn brought(
    state: &HttpState,
    tenant: &Tenant,
    received: Received,
) -> Result<Upload, Refusal> {
    let upload = match received {
        Received::Upload(upload) => upload,
        Received::Address(url) => match state.app.file_at(&url) {
            // Its bytes are here: nothing is fetched, under whatever name of the server the address came back.
            Some(id) => kept(state, tenant, id.as_str()).await?,
            None => state.app.fetch(tenant, &url).await?,
        },
        Received::File(id) => kept(state, tenant, &id).await?,
    };
    if upload.file.size() == 0 {
        return Err(Problem::new(Code::EMPTY_FILE, "the file has no bytes").into());
    }
    Ok(upload)
}

/// A file that the tenant has uploaded.
pub(super) async fn kept(state: &HttpState, tenant: &Tenant, id: &str) -> Result<Upload, Refusal> {
    let missing = || Refusal::file(id);
    let found = state
        .app
        .fetch_file(tenant, &id.parse().map_err(|_| missing())?)
        .await;
    found.map_err(|error| match error {
        AppError::NotFound => missing(),
        error => error.into(),
    })
}

/// The type of a document, which its content tells. One that is called a PDF and is nothing but text is a PDF that was
/// lost on its way.
pub(super) async fn with_format(state: &HttpState, upload: Upload) -> Result<(Upload, Format), Refusal> {
    let (upload, format) = state.app.detected_format(upload).await?;
    let named = Format::from_name(upload.file_name.as_str());
    let error = match format {
        None => "The type of the document is not known by its content.",
        Some(Format::Text) if named == Some(Format::Pdf) => "Document is not a valid PDF.",
        Some(format) => return Ok((upload, format)),
    };
    Err(Problem::new(Code::UNSUPPORTED_TYPE, error).into())
}
