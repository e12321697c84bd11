//! Pictures of a document: collected while it is read, each once, within limits.
//!
//! ```text
//!   file of a package, data of a link ── add_file ──┐   JPEG and PNG stay as they are
//!   pixels of a page ─────────────────── add_pixels ─┤   everything else becomes PNG
//!                                                    ▼
//!                    too small, too many, too large: left out and counted
//!                    the same bytes again: the name of the first
//!                                                    ▼
//!                                  Vec<Image>, and a warning for each reason
//! ```

mod encode;
mod furniture;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::ir::Image;
use crate::{Images, Limits, Warning};
pub(crate) use encode::{Channels, Pixels, is_whole_jpeg};
use encode::{Encoded, encoded_file};
pub(crate) use furniture::{is_on_most, without_repeated};

/// Side of a picture in pixels below which it is decoration: a bullet, a line, a pixel that counts readers.
const MIN_SIDE_PIXELS: u32 = 16;
/// Pixels of all pictures that are decoded, as a multiple of those that one may have.
const MAX_DECODED: u64 = 4;

/// Collects the pictures of a document.
pub(crate) struct Pictures<'a> {
    limits: &'a Limits,
    wanted: bool,
    images: Vec<Image>,
    /// Number of pictures that were handed on.
    reported: usize,
    /// Pictures of each page.
    on_page: HashMap<u32, u32>,
    /// Outcome for each picture by the hash of its bytes.
    outcomes: HashMap<[u8; 32], Taken>,
    bytes: u64,
    /// Pixels that were decoded.
    decoded: u64,
    left_out: LeftOut,
}

/// Outcome for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is kept under this name.
    Kept(String),
    /// It is decoration and left out.
    Decoration,
    /// It is left out for another reason, or pictures are not wanted.
    LeftOut,
}

/// Counts of pictures that are left out.
#[derive(Default)]
struct LeftOut {
    decoration: u32,
    too_many: u32,
    too_large: u32,
    unreadable: u32,
    without_place: u32,
}

/// Reason why a picture is left out.
enum Refused {
    /// It is decoration.
    Small,
    /// It has too many pixels, or too many bytes.
    Large,
    /// It cannot be read.
    Unreadable,
}

impl Taken {
    /// Name of the picture if it is kept.
    pub(crate) fn name(self) -> Option<String> {
        match self {
            Self::Kept(name) => Some(name),
            Self::Decoration | Self::LeftOut => None,
        }
    }
}

impl<'a> Pictures<'a> {
    /// Creates a collector; it collects nothing unless pictures are to be taken out.
    pub(crate) fn new(images: Images, limits: &'a Limits) -> Self {
        Self {
            limits,
            wanted: images == Images::Extract,
            images: Vec::new(),
            reported: 0,
            on_page: HashMap::new(),
            outcomes: HashMap::new(),
            bytes: 0,
            decoded: 0,
            left_out: LeftOut::default(),
        }
    }

    /// Returns true if pictures are to be taken out.
    pub(crate) fn are_wanted(&self) -> bool {
        self.wanted
    }

    /// Returns true if no picture is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// Adds a picture as a file of any supported format, found on this page.
    pub(crate) fn add_file(&mut self, page: u32, bytes: &[u8]) -> Taken {
        let limits = self.limits;
        self.add(page, bytes, |bytes, decoded| encoded_file(bytes, limits, decoded))
    }

    /// Adds a picture of this size whose pixels are known, found on this page; `key` is what tells it from others.
    pub(crate) fn add_pixels(
        &mut self,
        page: u32,
        key: &[u8],
        (width, height): (u32, u32),
        pixels: impl FnOnce() -> Option<Pixels>,
    ) -> Taken {
        let limits = self.limits;
        self.add(page, key, |_, decoded| {
            // Before the pixels are made.
            encode::check_size(width, height, limits)?;
            *decoded = decoded.saturating_add(u64::from(width) * u64::from(height));
            let pixels = pixels().ok_or(Refused::Unreadable)?;
            pixels.encoded(limits)
        })
    }

    /// Counts pictures that are decoration and were not looked at.
    pub(crate) fn note_decoration(&mut self, count: u32) {
        self.left_out.decoration += count;
    }

    /// Counts pictures of a page beyond those that are looked at.
    pub(crate) fn note_beyond(&mut self, count: u32) {
        self.left_out.too_many += count;
    }

    /// Counts pictures that the document holds without saying where they belong.
    pub(crate) fn note_without_place(&mut self, count: u32) {
        if self.wanted {
            self.left_out.without_place += count;
        }
    }

    fn add(
        &mut self,
        page: u32,
        key: &[u8],
        encode: impl FnOnce(&[u8], &mut u64) -> Result<Encoded, Refused>,
    ) -> Taken {
        if !self.wanted {
            return Taken::LeftOut;
        }
        let hash: [u8; 32] = Sha256::digest(key).into();
        if let Some(outcome) = self.outcomes.get(&hash) {
            return outcome.clone();
        }
        let is_full = self.images.len() as u64 >= u64::from(self.limits.images);
        let is_spent = self.decoded >= self.limits.pixels.saturating_mul(MAX_DECODED);
        let outcome = if is_full {
            self.left_out.too_many += 1;
            Taken::LeftOut
        } else if is_spent {
            self.outcome(page, Err(Refused::Large))
        } else {
            let mut decoded = self.decoded;
            let encoded = encode(key, &mut decoded);
            self.decoded = decoded;
            self.outcome(page, encoded)
        };
        self.outcomes.insert(hash, outcome.clone());
        outcome
    }

    fn outcome(&mut self, page: u32, encoded: Result<Encoded, Refused>) -> Taken {
        let count = match encoded {
            Ok(encoded) => return self.keep(page, encoded),
            Err(Refused::Small) => {
                self.left_out.decoration += 1;
                return Taken::Decoration;
            }
            Err(Refused::Large) => &mut self.left_out.too_large,
            Err(Refused::Unreadable) => &mut self.left_out.unreadable,
        };
        *count += 1;
        Taken::LeftOut
    }

    fn keep(&mut self, page: u32, encoded: Encoded) -> Taken {
        let size = encoded.bytes.len() as u64;
        if self.bytes.saturating_add(size) > self.limits.image_bytes {
            self.left_out.too_large += 1;
            return Taken::LeftOut;
        }
        self.bytes += size;
        let number = self.on_page.entry(page).or_default();
        *number += 1;
        let name = format!("p{page}-{number}.{}", encoded.extension);
        self.images.push(Image {
            name: name.clone(),
            mime_type: encoded.mime_type.to_owned(),
            width: encoded.width,
            height: encoded.height,
            bytes: encoded.bytes,
        });
        Taken::Kept(name)
    }

    /// Calls `report` for each picture since the last call. Its bytes go if `keep` is false.
    pub(crate) fn report(&mut self, keep: bool, mut report: impl FnMut(&Image)) {
        for image in self.images.iter_mut().skip(self.reported) {
            report(image);
            if !keep {
                image.bytes = Vec::new();
            }
        }
        self.reported = self.images.len();
    }

    /// Warnings about the pictures that are left out, with their count.
    fn warnings(&self) -> Vec<Warning> {
        let left_out = &self.left_out;
        [
            (
                left_out.decoration,
                "decoration: small, or on most pages".to_owned(),
            ),
            (
                left_out.too_many,
                format!("more than {} pictures, or too many on a page", self.limits.images),
            ),
            (left_out.too_large, "too large".to_owned()),
            (
                left_out.unreadable,
                "broken, or of a kind that is not read".to_owned(),
            ),
            (
                left_out.without_place,
                "the document does not say where they belong".to_owned(),
            ),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, reason)| Warning::document(format!("pictures left out: {count} ({reason})")))
        .collect()
    }

    /// Returns the pictures and the warnings about those that are left out.
    pub(crate) fn finish(self) -> (Vec<Image>, Vec<Warning>) {
        let warnings = self.warnings();
        (self.images, warnings)
    }
}
