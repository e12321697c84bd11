//! Stored documents: how they come in, are looked at, tried again, cancelled and deleted.

mod cancel;
mod fetch;
mod image;
mod original;
mod read_document;
mod receive;
mod remove;
mod renditions;
mod submit;
mod uploads;

pub use receive::Received;
pub use renditions::{Made, Making, Rendition, Renditions};
pub(super) use submit::Intake;
pub use submit::Submit;
pub use uploads::{AnnounceUpload, AnnouncedUpload};
