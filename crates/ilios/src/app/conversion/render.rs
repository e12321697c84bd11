use std::sync::Arc;

use ilios_convert::ir::Image;
use ilios_convert::{Images, OutputForm, OutputFormat, Places, Warning, WriteOptions};

use crate::app::{App, AppError};
use crate::engine::{DocumentOutput, Owner, RenderRequest, Rendering, has_markdown_pages, spool_document};
use crate::model::{
    Document, DocumentContent, DocumentImage, DocumentMetadata, DocumentModel, FileName, Id, Tenant,
    image_folder,
};
use crate::spool::{Spool, SpoolError, Spooled};

/// Output that a client wants of a stored document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputRequest {
    /// Its format.
    pub format: OutputFormat,
    /// Options that it has instead of those that the document was converted with, by name.
    pub changes: Vec<(&'static str, String)>,
}

/// A document in the format that was asked for.
#[derive(Debug)]
pub struct RenderedDocument {
    /// The document.
    pub document: Document,
    /// Its content.
    pub content: DocumentContent,
    /// Output that a child has written.
    pub output: Arc<Spooled>,
    /// Options that only another conversion would follow.
    pub unfollowed: Vec<&'static str>,
}

/// A converted document that is to be rendered.
pub struct ToRender<'a> {
    /// Its name.
    pub name: &'a FileName,
    /// Its owner.
    pub owner: Owner,
    /// Its content.
    pub content: &'a DocumentContent,
    /// Its model, if it has one.
    pub model: Option<DocumentModel>,
    /// Metadata of its conversion.
    pub metadata: Option<&'a DocumentMetadata>,
    /// Its pictures.
    pub images: Vec<Image>,
    /// Warnings about what was asked for and cannot be had.
    pub remarks: Vec<Warning>,
}

impl ToRender<'_> {
    /// Builds the request of an engine.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn request(
        self,
        spool: &Spool,
        form: impl Into<OutputForm>,
        mut options: WriteOptions,
    ) -> Result<RenderRequest, SpoolError> {
        let has_markdown = has_markdown_pages(self.content, self.model.as_ref());
        if has_markdown && options.images == Images::default() {
            // The pictures that Markdown leads to were taken out of the document.
            options.images = Images::Extract;
        }
        let metadata = self.metadata;
        let output = DocumentOutput {
            form: form.into(),
            options,
            title: self.name.to_string(),
            images: self.images,
            warnings: metadata
                .map(|metadata| metadata.warnings.as_slice())
                .unwrap_or_default()
                .iter()
                .chain(&self.remarks)
                .cloned()
                .collect(),
            partial: metadata.and_then(|metadata| metadata.partial.clone()),
        };
        Ok(RenderRequest {
            input: Arc::new(spool_document(spool, self.content, self.model).await?),
            owner: self.owner,
            rendering: Rendering::Document(Box::new(output)),
            spool: spool.clone(),
        })
    }
}

/// Options with changes.
fn changed(options: &WriteOptions, changes: &[(&'static str, String)]) -> WriteOptions {
    let mut options = options.clone();
    for (name, value) in changes {
        // What it refuses has been refused already.
        let _known = options.set(name, value);
    }
    options
}

impl OutputRequest {
    /// The options, with those that a document was converted with where nothing else is asked for.
    fn options(&self, of_document: &WriteOptions) -> WriteOptions {
        changed(of_document, &self.changes)
    }

    /// Returns true if it is the Markdown that is stored.
    #[must_use]
    pub fn is_stored(&self, document: &Document) -> bool {
        let stored = &document.options.reading.output;
        self.format == OutputFormat::Markdown && self.options(stored) == *stored
    }
}

/// A picture as the model tells it. A size that is not known is 0.
pub(super) fn picture(image: DocumentImage) -> Image {
    let (width, height) = image.pixels.unwrap_or_default();
    Image {
        name: image.name,
        mime_type: image.mime_type,
        width,
        height,
        bytes: Vec::new(),
    }
}

/// Options that are asked for and were not followed when the document was converted, so that only another conversion can
/// follow them.
fn unfollowed(kept: &WriteOptions, wanted: &WriteOptions, pictures: bool) -> Vec<&'static str> {
    let fineness = |places: Places| match places {
        Places::Block => 0,
        Places::Line => 1,
        Places::Word => 2,
    };
    let asked = [
        (
            "images",
            wanted.images == Images::Extract && kept.images != Images::Extract && !pictures,
        ),
        ("places", fineness(wanted.places) > fineness(kept.places)),
        ("boilerplate", wanted.boilerplate != kept.boilerplate),
        ("attachments", wanted.attachments != kept.attachments),
    ];
    asked
        .into_iter()
        .filter(|(_, asked)| *asked)
        .map(|(name, _)| name)
        .collect()
}

fn remark(name: &str) -> Warning {
    Warning::document(format!(
        "{name}: the document was converted with another value; POST /api/documents/{{id}}/reconvert converts it with this one"
    ))
}

impl App {
    /// The document `id` of `tenant` as `wanted`, written from its model by a child. It takes a conversion's place, and
    /// the content is read only then; the work ends when this is dropped.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotReady`] while there is no content, [`AppError::Busy`],
    /// [`AppError::Rendering`] when the content takes too much, [`AppError::Store`], [`AppError::Spool`].
    pub async fn rendered_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        wanted: &OutputRequest,
    ) -> Result<RenderedDocument, AppError> {
        self.document_in(tenant, id, wanted.format, &wanted.changes).await
    }

    /// [`Self::rendered_document`] in any form, with `changes` of the options that it was converted with.
    ///
    /// # Errors
    /// As there.
    pub async fn document_in(
        &self,
        tenant: &Tenant,
        id: &Id,
        form: impl Into<OutputForm>,
        changes: &[(&'static str, String)],
    ) -> Result<RenderedDocument, AppError> {
        let form = form.into();
        let document = self.document(tenant, id).await?;
        if !document.status.has_content() {
            return Err(AppError::NotReady(document.status));
        }
        let _slot = self.admission.enter(tenant).await?;
        let (document, content, model) = self.document_with_model(tenant, id).await?;
        let kept = &document.options.reading.output;
        let mut options = changed(kept, changes);
        let unfollowed = unfollowed(kept, &options, document.options.include_images);
        let parts = ToRender {
            name: &document.file_name,
            owner: Owner::of(tenant),
            content: &content,
            model,
            metadata: document.metadata.as_ref(),
            images: self.pictures_of(tenant, id).await?,
            remarks: unfollowed.iter().map(|name| remark(name)).collect(),
        };
        options.image_folder = image_folder(id);
        let output = self.render(parts, form, options).await?;
        Ok(RenderedDocument {
            document,
            content,
            output,
            unfollowed,
        })
    }

    /// The words of the document `id` of `tenant` with their places, a line of JSON each, written by a child. It takes a
    /// conversion's place.
    ///
    /// # Errors
    /// As [`Self::rendered_document`], and [`AppError::NoPlaces`] when it was converted without the places of words.
    pub async fn word_places(&self, tenant: &Tenant, id: &Id) -> Result<RenderedDocument, AppError> {
        let document = self.document(tenant, id).await?;
        if !document.status.has_content() {
            return Err(AppError::NotReady(document.status));
        }
        if document.options.reading.output.places != Places::Word {
            return Err(AppError::NoPlaces);
        }
        let _slot = self.admission.enter(tenant).await?;
        let (document, content, model) = self.document_with_model(tenant, id).await?;
        let request = RenderRequest {
            input: Arc::new(spool_document(&self.spool, &content, model).await?),
            owner: Owner::of(tenant),
            rendering: Rendering::Places,
            spool: self.spool.clone(),
        };
        let output = self.engine.render(&request).await.map_err(AppError::Rendering)?;
        Ok(RenderedDocument {
            document,
            content,
            output,
            unfollowed: Vec::new(),
        })
    }

    /// The pictures of a document, without their bytes.
    async fn pictures_of(&self, tenant: &Tenant, id: &Id) -> Result<Vec<Image>, AppError> {
        let images = self.store.images(tenant, id).await?;
        Ok(images.into_iter().map(picture).collect())
    }

    /// A converted document in `form`. The caller has a conversion's place.
    pub(super) async fn render(
        &self,
        parts: ToRender<'_>,
        form: OutputForm,
        options: WriteOptions,
    ) -> Result<Arc<Spooled>, AppError> {
        let request = parts.request(&self.spool, form, options).await?;
        self.engine.render(&request).await.map_err(AppError::Rendering)
    }
}
