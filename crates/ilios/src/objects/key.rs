use std::fmt;
use std::str::FromStr;

use object_store::path::Path;

use crate::model::Id;

/// Area of an object: the prefix of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// `documents/`: originals of documents within their retention.
    Documents,
    /// `archive/`: originals of archived documents.
    Archive,
    /// `images/`: pictures of documents.
    Images,
    /// `files/`: files that tenants keep to name them in requests.
    Files,
}

/// The name of an object: an area and the id of its document, `documents/{id}` or `archive/{id}`;
/// `documents/{id}.{copy}` for the copy of a direct upload, which no address can write to; `images/` and an id that
/// stands for the document and the picture's name; or `files/{id}` for a file that is no document. There are no others; what is on its way lies where the backend puts
/// it and has no key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectKey {
    area: Area,
    id: Id,
    text: String,
}

/// Separator between the id of a document and the id of the copy of its direct upload.
const COPY_SEPARATOR: char = '.';

/// The text is no key of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("takes documents/, archive/, images/ or files/ and an id")]
pub struct ObjectKeyError;

impl Area {
    /// All areas.
    pub const ALL: [Self; 4] = [Self::Documents, Self::Archive, Self::Images, Self::Files];

    /// The first part of its keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Archive => "archive",
            Self::Images => "images",
            Self::Files => "files",
        }
    }
}

impl ObjectKey {
    /// The key of the original of a document.
    #[must_use]
    pub fn original(id: &Id) -> Self {
        Self::new(Area::Documents, id.clone())
    }

    /// The key of the original of a document that its client has uploaded by itself, to [`Self::original`]: a copy of
    /// what was there when it was complete. `copy` is an id of its own for each try, so that none overwrites another.
    #[must_use]
    pub fn uploaded(id: &Id, copy: &Id) -> Self {
        Self {
            text: format!("{}/{id}{COPY_SEPARATOR}{copy}", Area::Documents.as_str()),
            area: Area::Documents,
            id: id.clone(),
        }
    }

    /// The key of the original of an archived document.
    #[must_use]
    pub fn archived(id: &Id) -> Self {
        Self::new(Area::Archive, id.clone())
    }

    /// The key of the picture `name` of a document.
    #[must_use]
    pub fn image(id: &Id, name: &str) -> Self {
        Self::new(Area::Images, id.derived(name))
    }

    /// The key of a file that is no document.
    #[must_use]
    pub fn file(id: &Id) -> Self {
        Self::new(Area::Files, id.clone())
    }

    /// The key in a row, if it has one and that is well-formed.
    #[must_use]
    pub fn stored(text: Option<&str>) -> Option<Self> {
        text.and_then(|text| text.parse().ok())
    }

    fn new(area: Area, id: Id) -> Self {
        let text = format!("{}/{id}", area.as_str());
        Self { area, id, text }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its area.
    #[must_use]
    pub fn area(&self) -> Area {
        self.area
    }

    /// The id in it: the document's, or a picture's own.
    #[must_use]
    pub fn id(&self) -> &Id {
        &self.id
    }

    pub(super) fn path(&self) -> Path {
        Path::from(self.text.as_str())
    }
}

impl FromStr for ObjectKey {
    type Err = ObjectKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (area, id) = text.split_once('/').ok_or(ObjectKeyError)?;
        let area = Area::ALL
            .into_iter()
            .find(|known| known.as_str() == area)
            .ok_or(ObjectKeyError)?;
        let parsed = |id: &str| id.parse().map_err(|_| ObjectKeyError);
        match id.split_once(COPY_SEPARATOR) {
            Some((id, copy)) if area == Area::Documents => Ok(Self::uploaded(&parsed(id)?, &parsed(copy)?)),
            _ => Ok(Self::new(area, parsed(id)?)),
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
