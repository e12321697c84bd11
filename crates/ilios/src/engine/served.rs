use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// What a paid service did of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// The model by the name that the service gave.
    pub model: String,
    /// Pages that the service says it has processed: what is billed.
    pub billed_pages: u32,
    /// Whether it was read as a part of a batch, which costs half.
    pub in_batch: bool,
    /// The pages that it read, by their 1-based numbers in the document.
    pub pages: BTreeMap<u32, ServedPage>,
    /// The pictures that were kept.
    pub pictures: Vec<KeptPicture>,
}

/// What a service tells of a page beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedPage {
    /// Its header, where that was taken out of the text.
    pub header: Option<String>,
    /// Its footer, where that was taken out of the text.
    pub footer: Option<String>,
}

/// A picture of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name, unique in its document: letters, digits, `-`, `_` and `.`. The Markdown links to it by this name
    /// alone.
    pub name: String,
    /// Media type by content.
    pub mime_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A picture that the keeper has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPicture {
    /// As [`Picture::name`].
    pub name: String,
    /// Media type by content.
    pub mime_type: String,
    /// Bytes.
    pub size: u64,
    /// What the keeper calls the place where it is.
    pub place: String,
}

/// Keeps what a conversion has got before it is complete: pictures, and finished parts of a document, so that
/// nothing is paid for twice.
pub trait Keep: Send + Sync {
    /// Takes a picture; answers what to call the place where it is.
    fn picture(&self, picture: Picture) -> BoxFuture<'_, Result<String, KeepError>>;

    /// The part that was kept under this name for this document, if one was.
    fn part<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<String>, KeepError>>;

    /// Keeps a part of this document until the document has ended. When this returns, it is durable.
    fn keep_part(&self, name: String, part: String) -> BoxFuture<'_, Result<(), KeepError>>;
}

/// What should be kept cannot be: trying again later helps.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct KeepError(pub String);

/// Who keeps what a conversion gets, if anybody.
#[derive(Clone, Default)]
pub struct Keeper(Option<Arc<dyn Keep>>);

impl Keeper {
    /// `keep` keeps it.
    #[must_use]
    pub fn new(keep: Arc<dyn Keep>) -> Self {
        Self(Some(keep))
    }

    /// Who it is.
    #[must_use]
    pub fn get(&self) -> Option<&dyn Keep> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Keeper" } else { "nobody" })
    }
}
