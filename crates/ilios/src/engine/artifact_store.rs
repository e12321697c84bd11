use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// A picture of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractedImage {
    /// Its name, unique in its document: letters, digits, `-`, `_` and `.`. The Markdown links to it by this name
    /// alone.
    pub name: String,
    /// Media type by content.
    pub mime_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Width and height in pixels, where they are known.
    pub pixels: Option<(u32, u32)>,
}

/// A stored picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredImage {
    /// As [`ExtractedImage::name`].
    pub name: String,
    /// Media type by content.
    pub mime_type: String,
    /// Bytes.
    pub size: u64,
    /// Key of its object.
    #[serde(rename = "place")]
    pub object_key: String,
    /// Width and height in pixels, where they are known.
    #[serde(default)]
    pub pixels: Option<(u32, u32)>,
}

/// Stores the artifacts of a conversion before it is complete: pictures, and finished parts of a document, so that
/// nothing is paid for twice.
pub trait ArtifactStore: Send + Sync {
    /// Stores a picture; returns the key of its object.
    fn put_image(&self, picture: ExtractedImage) -> BoxFuture<'_, Result<String, ArtifactError>>;

    /// The part that was stored under this name for this document, if one was.
    fn get_part<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<String>, ArtifactError>>;

    /// Stores a part of this document until the document has ended. When this returns, it is durable.
    fn put_part(&self, name: String, part: String) -> BoxFuture<'_, Result<(), ArtifactError>>;
}

/// An artifact could not be stored; a retry later may help.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct ArtifactError(pub String);

/// The artifact store of a conversion, if it has one.
#[derive(Clone, Default)]
pub struct Artifacts(Option<Arc<dyn ArtifactStore>>);

impl Artifacts {
    /// Artifacts go to `store`.
    #[must_use]
    pub fn new(store: Arc<dyn ArtifactStore>) -> Self {
        Self(Some(store))
    }

    /// The store.
    #[must_use]
    pub fn get(&self) -> Option<&dyn ArtifactStore> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Artifacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Artifacts"
        } else {
            "no artifacts"
        })
    }
}
