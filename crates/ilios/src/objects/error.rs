use std::error::Error as StdError;
use std::io;

use object_store::Error;

use crate::spool::SpoolError;

/// Letters of a cause that a message shows.
const MAX_CAUSE_CHARS: usize = 300;

/// Reason an operation of the object store failed. No message holds a secret.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ObjectsError {
    /// There is no object under this key.
    #[error("there is no such object")]
    NotFound,
    /// The store refuses this server: a wrong key, bucket or region. Names the variables to look at.
    #[error("{0}")]
    Denied(String),
    /// The store does not answer, or says that it cannot now.
    #[error("the object store is unavailable: {0}")]
    Unavailable(String),
    /// The object is not what was stored: its SHA-256 differs.
    #[error("the object is not what was stored: its SHA-256 differs")]
    Corrupt,
    /// The object is larger than a file may be.
    #[error("the object is larger than {limit} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// The bytes asked for are not in the object.
    #[error("the object has {size} bytes and not the range asked for")]
    OutOfRange {
        /// Bytes of the object.
        size: u64,
    },
    /// The disk of this machine failed, is full or cannot be written.
    #[error("{0}")]
    Io(String),
}

/// Action of the caller after a failed operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Try again later.
    Retry,
    /// Stop trying.
    GiveUp,
}

impl ObjectsError {
    /// Action of the caller.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Unavailable(_) | Self::Io(_) => Disposition::Retry,
            Self::NotFound
            | Self::Denied(_)
            | Self::Corrupt
            | Self::TooLarge { .. }
            | Self::OutOfRange { .. } => Disposition::GiveUp,
        }
    }

    /// A failure of this machine's disk.
    pub(super) fn disk(error: &io::Error) -> Self {
        Self::Io(error.to_string())
    }

    /// Maps a failed operation on a local folder to an error.
    pub(super) fn local(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::NotFound,
            error => Self::Io(error.to_string()),
        }
    }

    /// Maps a failed operation on `bucket` to an error.
    pub(super) fn s3(error: &Error, bucket: &str) -> Self {
        let text = error.to_string();
        let code = error_code(&text);
        let refused = matches!(
            error,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
        ) || is_refusal(&text);
        match (code.and_then(advice), error) {
            (Some(advice), _) => Self::Denied(denied(bucket, code, advice)),
            (None, _) if refused => Self::Denied(denied(bucket, code, CREDENTIALS_ADVICE)),
            (None, Error::NotFound { .. }) => Self::NotFound,
            (None, error) => Self::Unavailable(match code {
                Some(code) => format!("it answers {code}"),
                None => deepest(error),
            }),
        }
    }
}

impl From<SpoolError> for ObjectsError {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::TooLarge { limit } => Self::TooLarge { limit },
            SpoolError::Io(_) => Self::Io(error.to_string()),
        }
    }
}

const CREDENTIALS_ADVICE: &str =
    "look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what this key may do with S3_BUCKET";

fn denied(bucket: &str, code: Option<&str>, advice: &str) -> String {
    let code = code.unwrap_or("no reason given");
    format!("the object store refuses bucket {bucket} ({code}): {advice}")
}

// The client keeps its type for a failed request to itself, and a failed listing is nothing but that: what is not
// in the kind of an error is read from what it prints, which holds status and body.

/// Returns true if the status is 401 or 403.
fn is_refusal(text: &str) -> bool {
    ["status code: 401", "status code: 403"]
        .iter()
        .any(|status| text.contains(status))
}

/// The code in the body of an S3 error.
fn error_code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    Some(rest.split_once("</Code>")?.0)
}

/// Advice about a code that a retry does not cure.
fn advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "NoSuchBucket" | "InvalidBucketName" => {
            "there is no such bucket; look at S3_BUCKET and AWS_ENDPOINT_URL_S3"
        }
        "SignatureDoesNotMatch" => "the key is wrong; look at AWS_SECRET_ACCESS_KEY",
        "InvalidAccessKeyId" => "the key is unknown; look at AWS_ACCESS_KEY_ID",
        "AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException" => {
            "the bucket is elsewhere; look at AWS_REGION and AWS_ENDPOINT_URL_S3"
        }
        "RequestTimeTooSkewed" => "the clock of this machine is wrong",
        _ => return None,
    })
}

/// The innermost cause, which says most: that a connection was refused, for instance.
fn deepest(error: &Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string().chars().take(MAX_CAUSE_CHARS).collect()
}
