//! Stored documents: how they come in, are looked at, tried again, cancelled and deleted.

mod cancel;
mod delete;
mod fetch;
mod image;
mod locate;
mod original;
mod page_picture;
mod picture_cache;
mod queue_view;
mod read_document;
mod receive;
mod reconvert;
mod renditions;
mod submit;
mod uploads;

pub use page_picture::PictureOf;
pub use picture_cache::PictureCache;
pub use queue_view::{DocumentSummary, QueueKey, QueuedWork};
pub use receive::{Received, Upload};
pub use renditions::{BuiltRendition, Rendition, RenditionWork, Renditions};
pub(super) use submit::Intake;
pub use submit::Submit;
pub use uploads::{AnnounceUpload, AnnouncedUpload};
