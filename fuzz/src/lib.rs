//! Properties that hold for any bytes. Each panics when it does not; cargo-fuzz looks for bytes with which it does,
//! and a test tries some without it.

#![expect(clippy::expect_used, reason = "a property that does not hold is a panic")]

mod documents;
mod edge;
mod multipart;

pub use documents::{page_ranges, readers, sniff, zip_budget};
pub use edge::{child_frames, content_disposition, url_policy};
pub use multipart::multipart;

/// A property by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("sniff", sniff),
    ("readers", readers),
    ("zip_budget", zip_budget),
    ("page_ranges", page_ranges),
    ("content_disposition", content_disposition),
    ("url_policy", url_policy),
    ("child_frames", child_frames),
    ("multipart", multipart),
];
