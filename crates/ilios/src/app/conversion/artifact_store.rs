use std::sync::Arc;

use futures::future::BoxFuture;

use crate::app::App;
use crate::engine::{ArtifactError, ArtifactStore, Artifacts, ExtractedImage};
use crate::model::{Document, DocumentImage, Id, Timestamp};
use crate::objects::{ObjectKey, Objects};
use crate::spool::Spool;
use crate::store::Store;

impl App {
    /// Keeps the pictures of a document that has no row yet.
    #[must_use]
    pub fn artifacts(&self, document: &Id) -> Artifacts {
        Artifacts::new(Arc::new(DocumentArtifacts {
            objects: self.objects.clone(),
            spool: self.spool.clone(),
            store: None,
            document: document.clone(),
            replaced: None,
        }))
    }

    /// Keeps the pictures of a stored document and the finished parts of its conversion. Where it has a result, the pictures
    /// are kept beside those of that until the new result replaces it.
    #[must_use]
    pub fn artifacts_of(&self, document: &Document) -> Artifacts {
        let replaced = document.processed_at.filter(|_| document.status.has_content());
        Artifacts::new(Arc::new(DocumentArtifacts {
            objects: self.objects.clone(),
            spool: self.spool.clone(),
            store: Some(self.store.clone()),
            document: document.id.clone(),
            replaced,
        }))
    }
}

struct DocumentArtifacts {
    objects: Objects,
    spool: Spool,
    /// The database, for documents that have a row already.
    store: Option<Store>,
    document: Id,
    /// Time of the result that the conversion is to replace.
    replaced: Option<Timestamp>,
}

impl DocumentArtifacts {
    async fn put(&self, picture: ExtractedImage) -> Result<String, ArtifactError> {
        // The same picture of the same conversion has the same key, however often that is tried.
        let key = match self.replaced {
            None => ObjectKey::image(&self.document, &picture.name),
            Some(time) => {
                let name = format!("{}/{}", time.as_millis(), picture.name);
                ObjectKey::image(&self.document, &name)
            }
        };
        let size = picture.bytes.len() as u64;
        let incoming = self.spool.receive().append(picture.bytes).await;
        let file = incoming.map_err(artifact_error)?.finish();
        self.objects
            .put(&key, &file, picture.mime_type)
            .await
            .map_err(artifact_error)?;
        if let Some(store) = &self.store {
            let image = DocumentImage {
                name: picture.name,
                object_key: key.as_str().to_owned(),
                mime_type: picture.mime_type.to_owned(),
                size,
                pixels: picture.pixels,
            };
            store
                .put_image(&self.document, image, self.replaced.is_some())
                .await
                .map_err(artifact_error)?;
        }
        Ok(key.as_str().to_owned())
    }
}

impl ArtifactStore for DocumentArtifacts {
    fn put_image(&self, picture: ExtractedImage) -> BoxFuture<'_, Result<String, ArtifactError>> {
        Box::pin(self.put(picture))
    }

    fn get_part<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<String>, ArtifactError>> {
        Box::pin(async move {
            match &self.store {
                Some(store) => store
                    .conversion_part(&self.document, name)
                    .await
                    .map_err(artifact_error),
                None => Ok(None),
            }
        })
    }

    fn put_part(&self, name: String, part: String) -> BoxFuture<'_, Result<(), ArtifactError>> {
        Box::pin(async move {
            match &self.store {
                Some(store) => store
                    .put_conversion_part(&self.document, name, part)
                    .await
                    .map_err(artifact_error),
                None => Ok(()),
            }
        })
    }
}

fn artifact_error(error: impl std::fmt::Display) -> ArtifactError {
    ArtifactError(error.to_string())
}
