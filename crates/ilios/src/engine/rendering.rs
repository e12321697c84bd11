use std::sync::Arc;

use ilios_convert::ir::Image;
use ilios_convert::{LocateQuery, OutputForm, PagePicture, Partial, Warning, WriteOptions};
use serde::{Deserialize, Serialize};

use super::Owner;
use super::frame_lists::warning_list;
use crate::spool::{Spool, Spooled};

/// Output that something is rendered to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Rendering {
    /// Markdown without links to scripts, of Markdown.
    Harmless,
    /// A converted document in a form, of what [`spool_document`](super::spool_document) spools.
    Document(Box<DocumentOutput>),
    /// The words of a converted document with their places, a line of JSON each, of the same.
    Places,
    /// The places of what is looked for in a converted document, as JSON, of the same.
    Located {
        /// Id of the document, for the locators.
        document: String,
        /// Part that is looked for.
        query: LocateQuery,
    },
    /// A picture of a page, as PNG, of the original.
    Page {
        /// Name of the original.
        name: String,
        /// Page, resolution and box.
        picture: PagePicture,
    },
}

/// Output of a converted document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentOutput {
    /// Its form.
    pub form: OutputForm,
    /// Its options.
    pub options: WriteOptions,
    /// Its title, where the form has one.
    pub title: String,
    /// Pictures that were taken out of the document, without their bytes.
    pub images: Vec<Image>,
    /// Parts of the document that could not be read.
    #[serde(with = "warning_list")]
    pub warnings: Vec<Warning>,
    /// Set if the conversion was stopped.
    pub partial: Option<Partial>,
}

/// Request to render something.
#[derive(Debug)]
pub struct RenderRequest {
    /// Bytes that are rendered.
    pub input: Arc<Spooled>,
    /// Owner of the document that they are of.
    pub owner: Owner,
    /// Output to render them to.
    pub rendering: Rendering,
    /// Spool that the result is written to.
    pub spool: Spool,
}
