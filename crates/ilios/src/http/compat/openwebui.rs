//! The external document loader of Open WebUI.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use axum::{Json, Router};
use serde::Serialize;
use serde_json::json;

use super::document::{convert, unless_empty};
use crate::app::ConvertedNow;
use crate::http::HttpState;
use crate::http::extract::raw_body;
use crate::http::extract::upload::Admitted;
use crate::http::respond::content_disposition::percent_decoded;
use crate::http::respond::problem::{ErrorForm, Problem};
use crate::model::{ConversionOptions, FileName, Tenant};

/// Users are shown the body as it is: it is short.
pub(super) const ERRORS: ErrorForm = ErrorForm(|problem| {
    let body = json!({"error": problem.error(), "code": problem.code().name()});
    (problem.http_status(), body)
});

pub(super) fn operations() -> Router<HttpState> {
    Router::new().route("/process", put(process))
}

/// A page, or a whole document without pages.
#[derive(Serialize)]
struct Part<'a> {
    page_content: &'a str,
    metadata: PartMetadata<'a>,
}

/// Stores of vectors take flat values alone.
#[derive(Serialize)]
struct PartMetadata<'a> {
    source: &'a str,
    /// From 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_id: Option<&'a str>,
}

/// Converts the body, and gives it out page by page.
async fn process(
    State(state): State<HttpState>,
    tenant: Tenant,
    _: Admitted,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let name = file_name(&parts.headers);
    let upload = raw_body::receive(&state, FileName::clean(&name), &parts.headers, body).await?;
    let source = upload.file_name.clone();
    let converted = convert(&state, &tenant, upload, ConversionOptions::default()).await;
    let answer = match unless_empty(converted)? {
        Some(converted) => Json(pages(&converted)).into_response(),
        None => Json([whole("", source.as_str(), None)]).into_response(),
    };
    Ok((StatusCode::OK, answer).into_response())
}

fn whole<'a>(text: &'a str, source: &'a str, document_id: Option<&'a str>) -> Part<'a> {
    Part {
        page_content: text,
        metadata: PartMetadata {
            source,
            page: None,
            page_label: None,
            document_id,
        },
    }
}

fn pages(converted: &ConvertedNow) -> Vec<Part<'_>> {
    let ConvertedNow {
        document, content, ..
    } = converted;
    let source = document.file_name.as_str();
    let id = Some(document.id.as_str());
    let texts = content.pages.iter().map(|page| {
        let text = content.markdown.get(page.start..page.end).unwrap_or_default();
        (page.number, text.trim())
    });
    let texts: Vec<(u32, &str)> = texts.filter(|(_, text)| !text.is_empty()).collect();
    let is_paged = content.pages.len() > 1 || content.pages.iter().any(|page| page.width.is_some());
    if texts.is_empty() || !is_paged {
        return vec![whole(content.markdown.trim(), source, id)];
    }
    let part = |(number, text)| Part {
        page_content: text,
        metadata: PartMetadata {
            source,
            page: Some(u32::saturating_sub(number, 1)),
            page_label: Some(number.to_string()),
            document_id: id,
        },
    };
    texts.into_iter().map(part).collect()
}

/// The name that the user has given the file: on the disk of Open WebUI an id stands in front of it.
fn file_name(headers: &HeaderMap) -> String {
    let sent = headers
        .get("x-filename")
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let sent = sent.unwrap_or_default();
    let name = percent_decoded(&sent).unwrap_or_else(|| sent.into_owned());
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match last.split_at_checked(36) {
        Some((id, rest)) if is_uuid(id) && rest.len() > 1 && rest.starts_with('_') => {
            rest.trim_start_matches('_').to_owned()
        }
        _ => last.to_owned(),
    }
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::file_name;

    #[test]
    fn names_are_decoded_and_lose_the_id_in_front() {
        for (sent, name) in [
            ("pr%C3%B6be%201.pdf", "pröbe 1.pdf"),
            ("0c5e1d9e-21a7-4ab1-9a34-0e6a4b0f2a11_a.pdf", "a.pdf"),
            (
                "0c5e1d9e-21a7-4ab1-9a34-0e6a4b0f2a11_",
                "0c5e1d9e-21a7-4ab1-9a34-0e6a4b0f2a11_",
            ),
            ("/app/data/uploads/b.txt", "b.txt"),
            ("100%.txt", "100%.txt"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-filename", HeaderValue::from_str(sent).expect("a value"));
            assert_eq!(file_name(&headers), name);
        }
        assert_eq!(file_name(&HeaderMap::new()), "");
    }
}
