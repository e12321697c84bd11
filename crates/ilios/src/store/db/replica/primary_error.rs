use reqwest::StatusCode;

use super::super::DbError;
use super::Failed;
use super::hrana::HranaError;

/// Meaning of an error of the primary or the network for the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The statement would fail again.
    Statement,
    /// A value is larger than the primary takes.
    TooLarge,
    /// The primary refuses the login or cannot write: an operator has to fix it.
    Refused,
    /// The primary or the stream to it is gone.
    Away,
    /// Another transaction was in the way.
    Contended,
}

/// An error of the primary or of the connection to it.
#[derive(Debug)]
pub(super) struct PrimaryError {
    pub(super) fault: Fault,
    pub(super) text: String,
    /// True if the primary may have committed.
    pub(super) maybe_committed: bool,
}

impl PrimaryError {
    pub(super) fn new(fault: Fault, text: impl Into<String>) -> Self {
        Self {
            fault,
            text: text.into(),
            maybe_committed: false,
        }
    }

    /// Sorts what the primary says of a statement, by the codes of sqld.
    pub(super) fn of(reported: &HranaError) -> Self {
        const NOT_WRITABLE: [&str; 5] = ["FULL", "READONLY", "IOERR", "CANTOPEN", "NOMEM"];
        let code = reported.code.as_deref().unwrap_or_default();
        let sqlite = code.strip_prefix("SQLITE_").unwrap_or_default();
        let begins = |names: &[&str]| names.iter().any(|name| sqlite.starts_with(name));
        let fault = if code.starts_with("TRANSACTION_")
            || code == "STREAM_EXPIRED"
            || begins(&["BUSY", "LOCKED"])
            // The stream has lost its transaction. sqld 0.24.1 has no code for it.
            || reported.message.contains("no transaction is active")
        {
            Fault::Contended
        // The code differs with the statement that the value belongs to (sqld 0.24.1).
        } else if reported.message.contains("too big") {
            Fault::TooLarge
        } else if code.contains("AUTH") || code == "BLOCKED" || begins(&NOT_WRITABLE) {
            Fault::Refused
        } else {
            Fault::Statement
        };
        Self::new(fault, reported.message.clone())
    }

    /// Sorts an answer that is none to the request's statements.
    pub(super) fn of_status(status: StatusCode, body: &str) -> Self {
        let said: String = body.chars().take(200).collect();
        let text = format!("the primary answers {status}: {said}");
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::new(
                Fault::Refused,
                format!("the primary refuses TURSO_AUTH_TOKEN ({status})"),
            ),
            // The stream is not known (any more): sqld 0.24.1 says so of a baton in a sentence without a code.
            StatusCode::BAD_REQUEST if said.contains("baton") || said.contains("STREAM_EXPIRED") => {
                Self::new(Fault::Away, text)
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(Fault::TooLarge, text),
            StatusCode::TOO_MANY_REQUESTS => Self::new(Fault::Away, text),
            status if status.is_client_error() => Self::new(Fault::Refused, text),
            _ => Self {
                maybe_committed: true,
                ..Self::new(Fault::Away, text)
            },
        }
    }

    /// Sorts what broke on the way.
    pub(super) fn of_transport(error: &reqwest::Error) -> Self {
        let mut text = "the primary does not answer".to_owned();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            text = format!("{text}: {inner}");
            cause = inner.source();
        }
        Self {
            maybe_committed: !error.is_connect(),
            ..Self::new(Fault::Away, text)
        }
    }

    pub(super) fn error(&self) -> DbError {
        let text = self.text.clone();
        match self.fault {
            Fault::Statement => DbError::Statement(text),
            Fault::TooLarge => DbError::TooLarge(text),
            Fault::Refused | Fault::Away | Fault::Contended => DbError::Unavailable(text),
        }
    }

    pub(super) fn failed(&self) -> Failed {
        match self.fault {
            Fault::Away | Fault::Contended => Failed::Retry(self.error()),
            Fault::Statement | Fault::TooLarge | Fault::Refused => Failed::Final(self.error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: &str, message: &str) -> Fault {
        let reported = HranaError {
            message: message.to_owned(),
            code: Some(code.to_owned()),
        };
        PrimaryError::of(&reported).fault
    }

    #[test]
    fn what_the_primary_says_tells_what_to_do_next() {
        assert_eq!(
            fault("TRANSACTION_TIMEOUT", "Transaction timed out"),
            Fault::Contended
        );
        assert_eq!(fault("SQLITE_BUSY", "database is locked"), Fault::Contended);
        assert_eq!(
            fault("SQLITE_CONSTRAINT", "UNIQUE constraint failed"),
            Fault::Statement
        );
        assert_eq!(fault("SQLITE_TOOBIG", "string or blob too big"), Fault::TooLarge);
        assert_eq!(fault("SQLITE_FULL", "database or disk is full"), Fault::Refused);
    }

    #[test]
    fn only_what_the_primary_cannot_have_done_is_certain() {
        let gateway = PrimaryError::of_status(StatusCode::BAD_GATEWAY, "");
        assert!(gateway.maybe_committed && gateway.fault == Fault::Away);
        let expired = PrimaryError::of_status(StatusCode::BAD_REQUEST, r#"{"code":"STREAM_EXPIRED"}"#);
        assert!(!expired.maybe_committed && expired.fault == Fault::Away);
        let token = PrimaryError::of_status(StatusCode::UNAUTHORIZED, "");
        assert!(token.text.contains("TURSO_AUTH_TOKEN") && token.fault == Fault::Refused);
    }
}
