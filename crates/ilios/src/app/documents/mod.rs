//! Stored documents: how they come in, are looked at, tried again, cancelled and deleted.

mod cancel;
mod delete;
mod fetch;
mod image;
mod original;
mod read_document;
mod receive;
mod reconvert;
mod renditions;
mod submit;
mod uploads;

pub use receive::{Received, Upload};
pub use renditions::{BuiltRendition, Rendition, RenditionWork, Renditions};
pub(super) use submit::Intake;
pub use submit::Submit;
pub use uploads::{AnnounceUpload, AnnouncedUpload};
