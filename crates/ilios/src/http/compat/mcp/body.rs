use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::HttpState;
use crate::http::extract::upload::announced;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::FileName;

/// Bytes of a message, at most: a document in it takes a third more than its own size. Larger ones are named by their
/// address, or sent to the HTTP API.
pub(super) const MAX_MESSAGE: u64 = 16 << 20;
/// Bytes of a message from which it takes one of few places in memory.
const MIN_LARGE: u64 = 256 * 1024;
/// Large messages that are in memory at once, each of them several times.
static LARGE_MESSAGES: Semaphore = Semaphore::const_new(2);

/// Place of a large message in memory.
pub(super) type Place = SemaphorePermit<'static>;

/// A request or notification as it was sent.
pub(super) struct Message {
    pub(super) bytes: Bytes,
    pub(super) place: Option<Place>,
}

/// Fields by which a request or a notification is told from what is none.
#[derive(Deserialize)]
struct Head {
    jsonrpc: Option<String>,
    method: Option<String>,
    id: Option<Id>,
    #[serde(rename = "params")]
    _params: Option<IgnoredAny>,
}

/// Id of a request.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Number(#[expect(dead_code, reason = "only that it is one is of interest")] i64),
    Text(#[expect(dead_code, reason = "only that it is one is of interest")] String),
}

impl Message {
    /// Receives a message.
    ///
    /// # Errors
    /// It is too large, breaks off, or is neither a request nor a notification.
    pub(super) async fn receive(state: &HttpState, headers: &HeaderMap, body: Body) -> Result<Self, Problem> {
        if !is_json(headers) {
            let problem = Problem::invalid("content-type", "takes application/json");
            return Err(problem.answered_as(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        if announced(headers).is_some_and(|bytes| bytes > MAX_MESSAGE) {
            return Err(too_large());
        }
        if headers.contains_key(header::CONTENT_ENCODING) {
            return Err(Problem::invalid(
                "content-encoding",
                "takes nothing: send the message as it is",
            ));
        }
        let name = FileName::clean("message.json");
        let received = state.app.receive(name, limited(body)).await?;
        let size = received.file.size();
        let place = if size > MIN_LARGE {
            Some(LARGE_MESSAGES.acquire().await.map_err(Problem::internal)?)
        } else {
            None
        };
        let read = move || {
            let bytes = received
                .file
                .read_at(0, usize::MAX)
                .map_err(Problem::unavailable)?;
            check(&bytes)?;
            Ok::<_, Problem>(Bytes::from(bytes))
        };
        let bytes = tokio::task::spawn_blocking(read)
            .await
            .map_err(Problem::internal)??;
        Ok(Self { bytes, place })
    }
}

/// The bytes of a body, which ends with an error where it has too many.
fn limited(body: Body) -> impl Stream<Item = Result<Bytes, Problem>> {
    let mut left = MAX_MESSAGE;
    body.into_data_stream().map(move |bytes| {
        let bytes = bytes.map_err(|error| Problem::new(Code::INVALID_BODY, error.to_string()))?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        Ok(bytes)
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

/// Refuses what is no JSON, and JSON that is neither a request nor a notification.
fn check(bytes: &[u8]) -> Result<(), Problem> {
    let head: Head = serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            invalid("takes one JSON-RPC request or notification, and no list of them")
        } else {
            Problem::new(Code::INVALID_BODY, format!("the body is no JSON: {error}"))
        }
    })?;
    if head.jsonrpc.as_deref() != Some("2.0") {
        return Err(invalid("takes `jsonrpc` \"2.0\""));
    }
    if head.method.is_none() {
        return Err(invalid(
            "takes a `method`: requests and notifications, and no results",
        ));
    }
    drop(head.id);
    Ok(())
}

fn invalid(takes: &str) -> Problem {
    Problem::new(Code::INVALID_PARAMETER, format!("the body {takes}"))
}

fn too_large() -> Problem {
    let error = format!(
        "a message takes at most {MAX_MESSAGE} bytes: name the document by its http address, or send it to /v1/convert"
    );
    Problem::new(Code::TOO_LARGE, error)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::http::respond::codes::Code;

    #[test]
    fn requests_and_notifications_alone_are_messages() {
        for sound in [
            r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":"a","method":"ping","params":{"a":[1]}}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        ] {
            assert!(check(sound.as_bytes()).is_ok(), "{sound}");
        }
        let deep = format!(
            r#"{{"jsonrpc":"2.0","method":"a","params":{}}}"#,
            "[".repeat(100_000)
        );
        for (text, code) in [
            ("", Code::INVALID_BODY),
            ("{", Code::INVALID_BODY),
            ("\u{feff}{}", Code::INVALID_BODY),
            (deep.as_str(), Code::INVALID_BODY),
            ("[]", Code::INVALID_PARAMETER),
            ("5", Code::INVALID_PARAMETER),
            ("{}", Code::INVALID_PARAMETER),
            (r#"{"jsonrpc":"1.0","method":"ping"}"#, Code::INVALID_PARAMETER),
            (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, Code::INVALID_PARAMETER),
            (
                r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
                Code::INVALID_PARAMETER,
            ),
            (
                r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
                Code::INVALID_PARAMETER,
            ),
        ] {
            assert_eq!(
                check(text.as_bytes()).map_err(|problem| problem.code()),
                Err(code),
                "{text:.80}"
            );
        }
    }
}
