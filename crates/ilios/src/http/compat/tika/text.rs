use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::answer::{self, Entry};
use super::content::{Form, content};
use super::document::{BodyDocument, Document};
use super::metadata::{Names, metadata};
use crate::http::HttpState;
use crate::http::compat::json_text::Text;
use crate::http::respond::problem::Problem;

/// The media types that an answer may have.
const OFFERED: [&str; 5] = [
    "text/plain",
    "application/json",
    "text/html",
    "text/xml",
    "text/markdown",
];

pub(super) async fn greeting() -> &'static str {
    "This is Tika Server (Ilios). Please PUT a document.\n"
}

/// `PUT /tika`: what the client accepts decides the form.
pub(super) async fn by_accept(
    State(state): State<HttpState>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    accepted(&state, &document).await
}

/// Answers in the form that the client accepts: plain text, if it does not say.
pub(super) async fn accepted(state: &HttpState, document: &Document) -> Result<Response, Problem> {
    let (form, media_type) = match preferred(&document.headers).unwrap_or(OFFERED[0]) {
        "application/json" => return object(state, document, Form::Xhtml, Names::Three).await,
        "text/html" => (Form::Xhtml, "text/html; charset=utf-8"),
        "text/xml" => (Form::Xhtml, "text/xml; charset=utf-8"),
        "text/markdown" => (Form::Markdown, Form::Markdown.media_type()),
        _ => (Form::Text, Form::Text.media_type()),
    };
    let text = content(state, document, form).await?;
    answer::plain(state, text.unwrap_or(Text::Memory(String::new())), media_type).await
}

/// `PUT /tika/text` and its like: an object, but for clients that ask for the text alone.
pub(super) async fn in_form(
    State(state): State<HttpState>,
    Path(name): Path<String>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    if name == "json" {
        return object(&state, &document, Form::Markdown, Names::Both).await;
    }
    named(&state, &document, &name).await
}

/// `PUT /tika/json/md` and its like, as version 4 has them.
pub(super) async fn json_in_form(
    State(state): State<HttpState>,
    Path(name): Path<String>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    object(&state, &document, Form::named(&name), Names::Both).await
}

/// Answers in the form of this name.
pub(super) async fn named(state: &HttpState, document: &Document, name: &str) -> Result<Response, Problem> {
    let form = Form::named(name);
    let asked = preferred(&document.headers);
    let is_plain = name == "main" || asked.is_some_and(|asked| asked != "application/json");
    if !is_plain || form == Form::Ignore {
        return object(state, document, form, Names::Three).await;
    }
    let text = content(state, document, form).await?;
    answer::plain(
        state,
        text.unwrap_or(Text::Memory(String::new())),
        form.media_type(),
    )
    .await
}

async fn object(
    state: &HttpState,
    document: &Document,
    form: Form,
    names: Names,
) -> Result<Response, Problem> {
    let entry = Entry {
        metadata: metadata(document, names),
        content: content(state, document, form).await?,
        fields: match names {
            Names::Three => &["X-TIKA:content"],
            Names::Both => &["tk:content", "X-TIKA:content"],
        },
    };
    answer::object(state, entry).await
}

/// The media type of those offered that the client likes best; `None` if it likes all the same.
pub(super) fn preferred(headers: &HeaderMap) -> Option<&'static str> {
    let accept = headers.get(header::ACCEPT)?.to_str().ok()?;
    let mut best: Option<(&'static str, f32)> = None;
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts
            .find_map(|part| part.strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0);
        let named = OFFERED
            .into_iter()
            .find(|offered| *offered == name || (name == "application/xml" && *offered == "text/xml"));
        if let Some(named) = named
            && quality > best.map_or(0.0, |(_, quality)| quality)
        {
            best = Some((named, quality));
        }
    }
    best.map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::preferred;

    #[test]
    fn the_best_of_what_is_accepted_decides() {
        for (accept, best) in [
            ("*/*", None),
            ("text/plain", Some("text/plain")),
            ("application/json", Some("application/json")),
            ("text/html;q=0.5, text/xml", Some("text/xml")),
            ("text/html, */*;q=0.1", Some("text/html")),
            ("application/json;q=0", None),
            ("image/png", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(preferred(&headers), best, "{accept}");
        }
    }
}
