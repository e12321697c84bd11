//! Requests to addresses that clients name: to the public internet alone, by one policy.

mod address;
mod client;
mod policy;
mod resolver;

pub use address::is_public;
pub use client::{Fetched, Fetcher, FetcherSettings};
pub use policy::{AllowedHosts, check};
pub use resolver::{Lookup, SystemLookup};

use crate::spool::SpoolError;

/// Reason a document was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The operator has not turned it on.
    #[error("this server fetches no documents: its operator can set ALLOW_URL_INPUT")]
    Off,
    /// It is no address that could be fetched.
    #[error("the URL {0}")]
    Invalid(&'static str),
    /// It leads, by itself or by a redirection, to where the server does not go.
    #[error("the URL leads to {0}, where this server does not go")]
    NotAllowed(&'static str),
    /// The other server did not give the document.
    #[error("the document could not be fetched: {0}")]
    Failed(String),
    /// It was not there in time.
    #[error("the document was not there within {0} s")]
    Late(u64),
    /// The document could not be spooled, most often because it is too large.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl FetchError {
    /// The stable name of the fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Off => "url_input_off",
            Self::Invalid(_) => "invalid_url",
            Self::NotAllowed(_) => "url_not_allowed",
            Self::Failed(_) | Self::Late(_) => "url_fetch_failed",
            Self::Spool(SpoolError::TooLarge { .. }) => "too_large",
            Self::Spool(SpoolError::Io(_)) => "unavailable",
        }
    }
}
