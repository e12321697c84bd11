//! Choice of the engine for one picture.
//!
//! ```text
//!   languages of a foreign script ──► tesseract, where the host has it
//!   else: networks of this crate
//!            │ unsure, and pages left for it
//!            ├──► larger networks of the host      the surer of the two readings
//!            │ still in no script that is known
//!            └──► tesseract with all foreign languages of the host, if it is surer
//! ```

use ilios_ocr::{Networks, Reading};
use image::GrayImage;

use super::languages::has_foreign;
use super::networks::{NetworkReading, by_networks};
use super::tesseract::png::png;
use super::tesseract::tsv;
use super::{Recognized, Text, page};
use crate::{Host, Limits, OcrEngine, OcrError, OcrRequest, Options};

/// Confidence in the letters of a page below which the larger networks read it.
const SURE: f32 = 0.98;

/// Recognition of the pictures of one document.
pub(crate) struct Recognition {
    /// Pages that the larger networks may still read.
    larger_left: u32,
    larger: Larger,
}

/// Larger networks of the host.
enum Larger {
    NotAsked,
    Missing,
    Loaded(Box<Networks>),
}

/// Picture to recognize.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub(crate) image: &'a GrayImage,
    /// Pixels per inch.
    pub(crate) dpi: u32,
}

impl Recognition {
    /// Recognition of a document of so many pages.
    pub(crate) fn of(pages: usize, limits: &Limits) -> Self {
        let pages = u64::try_from(pages).unwrap_or(u64::MAX);
        let larger = pages
            .saturating_mul(u64::from(limits.larger_networks_share))
            .div_ceil(10_000);
        Self {
            larger_left: u32::try_from(larger).unwrap_or(u32::MAX),
            larger: Larger::NotAsked,
        }
    }

    /// Recognizes one picture, which the networks of this crate may have read already.
    ///
    /// # Errors
    /// As [`Host::recognize`].
    pub(crate) fn recognize(
        &mut self,
        host: &mut dyn Host,
        picture: Picture<'_>,
        known: Option<NetworkReading>,
        options: &Options,
    ) -> Result<Recognized, OcrError> {
        let image = picture.image;
        let foreign = has_foreign(&options.ocr_languages);
        match options.ocr_engine {
            OcrEngine::Tesseract => by_tesseract(host, picture, options, false),
            OcrEngine::Builtin => self.by_networks(host, image, known),
            OcrEngine::Auto if !ilios_ocr::is_available() => by_tesseract(host, picture, options, false),
            OcrEngine::Auto if foreign => match by_tesseract(host, picture, options, false) {
                Err(OcrError::Unavailable(_)) => Ok(Recognized {
                    foreign: true,
                    ..self.by_networks(host, image, known)?
                }),
                recognized => recognized,
            },
            OcrEngine::Auto => {
                let read = self.by_networks(host, image, known)?;
                if !read.is_strange() {
                    return Ok(read);
                }
                Ok(by_tesseract(host, picture, options, true)
                    .ok()
                    .filter(|other| other.is_surer_than(&read))
                    .unwrap_or(read))
            }
        }
    }

    fn by_networks(
        &mut self,
        host: &mut dyn Host,
        image: &GrayImage,
        known: Option<NetworkReading>,
    ) -> Result<Recognized, OcrError> {
        if !ilios_ocr::is_available() {
            return Err(OcrError::Unavailable(
                "this program was built without its own OCR; scripts/fetch-ocr-models.sh fetches what a build needs for it"
                    .into(),
            ));
        }
        let read = known.unwrap_or_else(|| {
            host.on_recognition(1);
            by_networks(|| ilios_ocr::read(image))
        });
        let mut reading = read.map_err(OcrError::Failed)?;
        let sure = page::letter_confidence(&reading);
        if sure.is_some_and(|sure| sure < SURE)
            && let Some(other) = self.by_larger_networks(host, image)
            && page::letter_confidence(&other) > sure
        {
            reading = other;
        }
        Ok(Recognized {
            text: Text::BuiltIn(reading),
            foreign: false,
        })
    }

    /// Reading of the larger networks, if the host has some and the document has pages left for them.
    fn by_larger_networks(&mut self, host: &mut dyn Host, image: &GrayImage) -> Option<Reading> {
        if self.larger_left == 0 {
            return None;
        }
        if matches!(self.larger, Larger::NotAsked) {
            let loaded = host
                .larger_networks()
                .and_then(|files| Networks::load(files.detector, files.recognizer).ok());
            self.larger = loaded.map_or(Larger::Missing, |networks| Larger::Loaded(Box::new(networks)));
        }
        let Larger::Loaded(networks) = &self.larger else {
            return None;
        };
        self.larger_left -= 1;
        host.on_recognition(1);
        by_networks(|| networks.read(image)).ok()
    }
}

fn by_tesseract(
    host: &mut dyn Host,
    picture: Picture<'_>,
    options: &Options,
    any_script: bool,
) -> Result<Recognized, OcrError> {
    let png = png(picture.image).map_err(OcrError::Failed)?;
    let tsv = host.recognize(OcrRequest {
        png: &png,
        dpi: picture.dpi,
        languages: &options.ocr_languages,
        any_script,
    })?;
    Ok(Recognized {
        text: Text::Tesseract(tsv::lines(&tsv)),
        foreign: false,
    })
}
