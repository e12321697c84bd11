use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use futures::stream;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::options::{DoclingOptions, not_allowed};
use super::order::{Order, Source};
use crate::http::HttpState;
use crate::http::compat::big_json::{self, BigJson};
use crate::http::compat::files_form::{FormOptions, MAX_FILES};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// An order that is a JSON object.
pub(super) struct SourceOrder(pub(super) Order);

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    options: Map<String, Value>,
    #[serde(default)]
    convert_options: Map<String, Value>,
    #[serde(default)]
    chunking_options: Map<String, Value>,
    #[serde(default)]
    include_converted_doc: bool,
    #[serde(default)]
    sources: Vec<SourceFields>,
    /// As version 1alpha has them.
    #[serde(default)]
    http_sources: Vec<SourceFields>,
    #[serde(default)]
    file_sources: Vec<SourceFields>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: String,
}

#[derive(Deserialize)]
struct SourceFields {
    kind: Option<String>,
    url: Option<String>,
    base64_string: Option<String>,
    filename: Option<String>,
}

impl FromRequest<HttpState> for SourceOrder {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let BigJson { tenant, body, place } = big_json::receive::<Body>(state, request).await?;
        let (options, sources) = ordered(body)?;
        let mut received = Vec::with_capacity(sources.len());
        for source in sources {
            received.push(receive(state, source).await?);
        }
        // Documents are fetched without a place: others may take their time to give them out.
        drop(place);
        let mut files = Vec::with_capacity(received.len());
        for source in received {
            files.push(match source {
                Received::Source(source) => source,
                Received::Address(url) => fetch(state, &tenant, &url).await?,
            });
        }
        Ok(Self(Order { files, options }))
    }
}

/// A source that is received, or has to be fetched.
enum Received {
    Source(Source),
    Address(String),
}

/// The options and the sources of a body.
fn ordered(body: Body) -> Result<(DoclingOptions, Vec<SourceFields>), Problem> {
    let mut options = DoclingOptions::default();
    let fields = [&body.options, &body.convert_options, &body.chunking_options];
    for (name, value) in fields.into_iter().flatten() {
        if let Some(name) = DoclingOptions::known(name) {
            options.set_json(name, value)?;
        }
    }
    if body.include_converted_doc {
        options.set("include_converted_doc", "true")?;
    }
    match body.target.as_ref().map(|target| target.kind.as_str()) {
        None => {}
        Some(kind @ ("inbody" | "zip" | "presigned_url")) => options.set("target_type", kind)?,
        Some(_) => return Err(not_allowed()),
    }
    let options = options.finish()?;
    let old = body.http_sources.into_iter().chain(body.file_sources);
    let sources: Vec<SourceFields> = body.sources.into_iter().chain(old).collect();
    if sources.is_empty() {
        return Err(Problem::invalid("sources", "is required: one at least"));
    }
    if sources.len() > MAX_FILES {
        let error = format!(
            "Too many files: {} exceeds the maximum of {MAX_FILES}.",
            sources.len()
        );
        return Err(Problem::new(Code::INVALID_PARAMETER, error));
    }
    Ok((options, sources))
}

/// Receives a document that is sent itself. What is wrong with one is told in its own result.
async fn receive(state: &HttpState, source: SourceFields) -> Result<Received, Problem> {
    if let Some(url) = source.url {
        return Ok(Received::Address(url));
    }
    let kind = source.kind.as_deref().unwrap_or("file");
    let (Some(text), "file") = (source.base64_string, kind) else {
        return Err(Problem::invalid("sources", "takes one of http, file"));
    };
    let name = source.filename.unwrap_or_default();
    let Some(bytes) = big_json::decoded(text) else {
        let problem = Problem::new(Code::INVALID_DOCUMENT, "base64_string is no base64");
        return Ok(Received::Source(Source::Missing { name, problem }));
    };
    let bytes = stream::iter([Ok::<_, Problem>(Bytes::from(bytes))]);
    let upload = state.app.receive(FileName::clean(&name), bytes).await?;
    Ok(Received::Source(Source::File(upload)))
}

/// Fetches a document.
async fn fetch(state: &HttpState, tenant: &Tenant, url: &str) -> Result<Source, Problem> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    match state.app.fetch(tenant, url).await {
        Ok(upload) => Ok(Source::File(upload)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.http_status().is_server_error() {
                return Err(problem);
            }
            Ok(Source::Missing { name, problem })
        }
    }
}
