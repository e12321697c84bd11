use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::model::Timestamp;

/// Reason a request to the service failed; each kind is handled in its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The service is busy or broken for a moment.
    Passing {
        what: String,
        /// Pause that it asks for.
        after: Option<Duration>,
        /// True if it works and only has too much to do.
        limited: bool,
    },
    /// No answer came although the document was sent: the work was done and is billed, perhaps.
    Lost(String),
    /// The answer cannot be used; the work was done and is billed, perhaps.
    Unusable(String),
    /// Only an operator can fix it, at this server or its account.
    Denied(String),
    /// The document is refused.
    Document { code: Option<u32>, reason: String },
    /// There is no such path, which an operator has to set right.
    NotFound(String),
    /// The uploaded file is not there yet, or no longer.
    Missing,
    /// The answer is larger than any that is taken.
    TooLarge,
}

/// Characters of the service's words that are passed on.
const MAX_WORDS: usize = 300;
/// The longest that the service is left alone because it asks so.
const MAX_PAUSE: Duration = Duration::from_secs(300);

impl Fault {
    /// A request that got no answer. Of the error only its kind is told: it may name addresses.
    pub(super) fn of_transport(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            Self::passing("no connection")
        } else if error.is_timeout() {
            Self::Lost("no answer within the time allowed".into())
        } else {
            Self::passing("the connection was closed before an answer began")
        }
    }

    /// An answer that began and did not end.
    pub(super) fn of_body(_: &reqwest::Error) -> Self {
        Self::Lost("the answer broke off".into())
    }

    pub(super) fn passing(what: impl Into<String>) -> Self {
        Self::Passing {
            what: what.into(),
            after: None,
            limited: false,
        }
    }

    /// Maps a status other than 200 to a fault.
    pub(super) fn of_status(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Self {
        let said = Said::of(body);
        let number = status.as_u16();
        match number {
            401..=403 => Self::Denied(format!("{}{}", denied(number), said.quoted())),
            404 if said.code == Some(3040) => said.wrong_model(),
            404 if said.text.contains("file") || said.text.contains("File") => Self::Missing,
            404 => Self::NotFound(format!(
                "HTTP 404: MISTRAL_BASE_URL leads to no OCR service{}",
                said.quoted()
            )),
            400 | 422 if said.code == Some(1500) => said.wrong_model(),
            400 if said.code == Some(3310) && said.is_about_fetching() => Self::Missing,
            400 | 413 | 415 | 422 => Self::Document {
                code: if number == 413 { Some(413) } else { said.code },
                reason: said.reason(number),
            },
            429 => Self::Passing {
                what: "HTTP 429: too many requests".into(),
                after: pause(headers, now),
                limited: true,
            },
            // A gateway has timed out; the request that it has passed on goes on.
            504 => Self::Lost("HTTP 504".into()),
            500..=599 | 408 => Self::Passing {
                what: format!("HTTP {number}"),
                after: pause(headers, now),
                limited: false,
            },
            _ => Self::Denied(format!("HTTP {number} is no answer of the OCR service")),
        }
    }
}

fn denied(status: u16) -> &'static str {
    match status {
        401 => "HTTP 401: MISTRAL_API_KEY is not accepted",
        402 => "HTTP 402: the account cannot be charged; look at its billing",
        _ => "HTTP 403: the account or its plan does not allow this",
    }
}

/// Code and message of an error body, whatever its shape.
struct Said {
    code: Option<u32>,
    text: String,
}

impl Said {
    fn of(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            // A page of a gateway says nothing that helps.
            return Self {
                code: None,
                text: String::new(),
            };
        };
        let code = match value.get("code") {
            Some(Value::String(code)) => code.parse().ok(),
            Some(code) => code.as_u64().and_then(|code| u32::try_from(code).ok()),
            None => None,
        };
        let message = value.get("message").map(words).unwrap_or_default();
        let detail = value.get("detail").map(words).unwrap_or_default();
        let text = [detail, message]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>();
        Self {
            code,
            text: clean(&text.join(" ")),
        }
    }

    /// Returns true if the service could not get the file, rather than not read it.
    fn is_about_fetching(&self) -> bool {
        ["fetched", "could not be found", "expired"]
            .iter()
            .any(|words| self.text.contains(words))
    }

    fn wrong_model(&self) -> Fault {
        Fault::Denied(format!(
            "the service has no such model: look at MISTRAL_OCR_MODEL{}",
            self.quoted()
        ))
    }

    fn reason(&self, status: u16) -> String {
        if self.text.is_empty() {
            format!("HTTP {status}")
        } else {
            self.text.clone()
        }
    }

    fn quoted(&self) -> String {
        if self.text.is_empty() {
            String::new()
        } else {
            format!(" (it says: {})", self.text)
        }
    }
}

/// The words of a message: a string, a list of flaws of the request, or an object around either.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(flaws) => flaws.iter().map(flaw).collect::<Vec<_>>().join("; "),
        Value::Object(object) => object.get("detail").map(words).unwrap_or_default(),
        _ => String::new(),
    }
}

/// One flaw: where, and what. What was sent is not repeated, for that may be the document.
fn flaw(flaw: &Value) -> String {
    let place = flaw.get("loc").and_then(Value::as_array);
    let place: Vec<String> = place
        .into_iter()
        .flatten()
        .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
        .collect();
    let message = flaw.get("msg").and_then(Value::as_str).unwrap_or_default();
    format!("{}: {message}", place.join("."))
}

/// Words on one line, without addresses (which may be signed) and not too many of them.
pub(super) fn clean(text: &str) -> String {
    let word = |word: &str| {
        let is_address = word.contains("://") || word.contains("data:");
        if is_address {
            "(address)".to_owned()
        } else {
            word.to_owned()
        }
    };
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    let text: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    if text.chars().count() <= MAX_WORDS {
        return text;
    }
    text.chars().take(MAX_WORDS).chain(['…']).collect()
}

/// Pause that the service asks for (`Retry-After`).
fn pause(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let exact = text("retry-after-ms").and_then(|text| text.parse().ok());
    let span = exact.map(Duration::from_millis).or_else(|| {
        let text = text(RETRY_AFTER.as_str())?;
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => until(text, now),
        }
    })?;
    (!span.is_zero()).then(|| span.min(MAX_PAUSE))
}

fn until(date: &str, now: Timestamp) -> Option<Duration> {
    let moment = OffsetDateTime::parse(date, &Rfc2822).ok()?;
    let millis = i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).ok()?;
    Some(Timestamp::from_millis(millis).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, body: &str) -> Fault {
        let status = StatusCode::from_u16(status).expect("a status");
        Fault::of_status(
            status,
            &HeaderMap::new(),
            body.as_bytes(),
            Timestamp::from_millis(0),
        )
    }

    fn asked(name: &'static str, value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a value"));
        pause(&headers, Timestamp::from_millis(784_111_777_000))
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(asked("retry-after", "7"), seconds(7));
        assert_eq!(asked("retry-after", "0"), None, "as good as absent");
        assert_eq!(
            asked("retry-after", "86400"),
            seconds(300),
            "no server stops us for a day"
        );
        assert_eq!(asked("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"), seconds(10));
        assert_eq!(
            asked("retry-after-ms", "1500"),
            Some(Duration::from_millis(1_500))
        );
        assert_eq!(asked("retry-after", "soon"), None);
    }

    #[test]
    fn every_shape_of_a_refusal_gives_its_reason() {
        let reason = |body: &str| match fault(422, body) {
            Fault::Document { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        let schema = r#"{"detail":[{"type":"missing","loc":["body","document",0],"msg":"Field required","input":{"a":"SECRET"}}]}"#;
        assert_eq!(reason(schema), "body.document.0: Field required");
        assert_eq!(reason(r#"{"message":{"detail":"odd"}}"#), "odd");
        assert_eq!(reason("<html>"), "HTTP 422");
        let upload = r#"{"detail":"Invalid file format.","message":"Only PDFs"}"#;
        assert_eq!(reason(upload), "Invalid file format. Only PDFs");
    }

    #[test]
    fn addresses_of_files_are_not_repeated() {
        let body = r#"{"message":"Bad file at url https://x/y?sig=SECRET","code":"3741"}"#;
        match fault(400, body) {
            Fault::Document { code, reason } => {
                assert_eq!((code, reason.as_str()), (Some(3741), "Bad file at url (address)"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_only_an_operator_can_mend_is_told_apart_from_the_document() {
        for (status, body, words) in [
            (401, r#"{"detail":"Unauthorized"}"#, "MISTRAL_API_KEY"),
            (402, "{}", "billing"),
            (403, r#"{"code":"1910","message":"no"}"#, "plan"),
            (404, r#"{"detail":"Not Found"}"#, "MISTRAL_BASE_URL"),
            (404, r#"{"code":"3040","message":"no"}"#, "MISTRAL_OCR_MODEL"),
            (
                400,
                r#"{"code":"1500","message":"Invalid model: x"}"#,
                "MISTRAL_OCR_MODEL",
            ),
            (302, "", "HTTP 302"),
        ] {
            match fault(status, body) {
                Fault::Denied(message) | Fault::NotFound(message) => {
                    assert!(message.contains(words), "{message}")
                }
                other => panic!("{status}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_file_that_cannot_be_got_at_is_no_broken_file() {
        let body = |message: &str| format!(r#"{{"code":"3310","message":"{message}"}}"#);
        let gone = body("File 'x' could not be found or may have expired.");
        assert_eq!(fault(400, &gone), Fault::Missing);
        assert_eq!(
            fault(404, r#"{"detail":"No file matches the given query."}"#),
            Fault::Missing
        );
        let broken = body("File is corrupted and cannot be parsed.");
        assert!(matches!(fault(400, &broken), Fault::Document { .. }));
    }
}
