use std::error::Error;

/// Reason a server did not answer as asked.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum RemoteError {
    /// Nothing answers there.
    #[error("{url} does not answer: {why}")]
    Away {
        /// Address of the server.
        url: String,
        /// Cause, in words.
        why: String,
    },
    /// It answers an error.
    #[error("{path} answers {status}: {error}")]
    Refused {
        /// Path that was asked.
        path: &'static str,
        /// HTTP status.
        status: u16,
        /// Stable code, if it has one.
        code: String,
        /// Description for people.
        error: String,
    },
    /// Its answer is not what Ilios answers.
    #[error("{url} answers, and not as an Ilios server does")]
    Foreign {
        /// Address of the server.
        url: String,
    },
}

impl RemoteError {
    /// The error of a server at `url` that did not answer a request.
    pub(in crate::cli) fn away(url: &str, error: &reqwest::Error) -> Self {
        Self::Away {
            url: url.to_owned(),
            why: innermost(error),
        }
    }

    /// The next step, where it is known.
    pub(in crate::cli) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Away { .. } => {
                Some("`ilios serve` starts a server on this machine; --url or ILIOS_URL names another one")
            }
            Self::Foreign { .. } => {
                Some("look at --url and ILIOS_URL: they take the address of an Ilios server")
            }
            Self::Refused { status: 401, .. } => Some("set ILIOS_API_KEY to an API key of this server"),
            Self::Refused {
                status: 403, code, ..
            } if code == "missing_scope" => Some(
                "set ILIOS_API_KEY to a key with this scope; `ilios keys create NAME --scopes read,usage` makes one",
            ),
            Self::Refused { status: 404, .. } => {
                Some("the server may be an older one or a worker; --url or ILIOS_URL names another one")
            }
            Self::Refused { status: 503, .. } => {
                Some("`ilios status` says what does not work; try again later")
            }
            Self::Refused { .. } => None,
        }
    }

    /// Returns true if the key that was sent lacks the permission.
    pub(in crate::cli) fn is_missing_scope(&self) -> bool {
        matches!(self, Self::Refused { status: 403, .. })
    }
}

/// The last cause of an error, which says the most: `Connection refused (os error 111)`.
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it takes too long".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
