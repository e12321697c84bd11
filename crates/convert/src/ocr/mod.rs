//! Recognition of text in pictures: by neural networks within this process, or by the `tesseract` program of the host for
//! scripts that these do not know.

mod ahead;
mod choice;
mod doubts;
mod languages;
mod networks;
mod page;
mod tesseract;

pub(crate) use self::ahead::{Ahead, Made};
pub(crate) use self::choice::{Picture, Recognition};
pub use self::languages::is_foreign;

use ilios_ocr::Reading;

use self::tesseract::{blocks, tsv};
use crate::ir::{Block, Builder, Confidence, Doubt};
use crate::options::Places;
use crate::places::give;
use crate::{ConvertError, OcrEngine, OcrMode, Options};

/// Confidence of a page below which its text is doubtful.
const SURE: f32 = 0.9;
/// Confidence of a page below which its script is none that the networks know: bad pictures of a known one are read with
/// more confidence than clean ones of another.
const KNOWN_SCRIPT: f32 = 0.88;
/// Words of a page, at least, by which its script is judged.
const MIN_WORDS: usize = 5;

/// Text of one image.
pub(crate) struct Recognized {
    text: Text,
    /// Set if the text may be in a script that the engine does not know.
    foreign: bool,
}

/// Returns true if pictures may be recognized and can be, by the networks of this crate.
pub(crate) fn is_at_hand(options: &Options) -> bool {
    options.ocr != OcrMode::Off && options.ocr_engine != OcrEngine::Tesseract && ilios_ocr::is_available()
}

/// Text as an engine tells it.
enum Text {
    BuiltIn(Reading),
    Tesseract(Vec<tsv::Line>),
}

impl Recognized {
    /// Name of the engine.
    pub(crate) fn engine(&self) -> &'static str {
        match self.text {
            Text::BuiltIn(_) => "builtin",
            Text::Tesseract(_) => "tesseract",
        }
    }

    /// Confidence in its words; `None` without any.
    pub(crate) fn confidence(&self) -> Option<Confidence> {
        match &self.text {
            Text::BuiltIn(reading) => page::confidence(reading),
            Text::Tesseract(lines) => tsv::confidence(lines.iter().flat_map(|line| &line.words)),
        }
    }

    /// Words that were read with some certainty.
    pub(crate) fn sure_words(&self) -> Vec<String> {
        match &self.text {
            Text::BuiltIn(reading) => {
                let words = reading.lines.iter().flat_map(|line| &line.words);
                let sure = words.filter(|word| word.confidence >= SURE);
                sure.map(|word| word.text.clone()).collect()
            }
            Text::Tesseract(lines) => {
                let words = lines.iter().flat_map(|line| &line.words);
                words.map(|word| word.text.clone()).collect()
            }
        }
    }

    /// Returns true if its confidence is low.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.confidence().is_none_or(|confidence| confidence.mean < SURE)
    }

    /// Returns true if its networks seem not to know the script.
    fn is_strange(&self) -> bool {
        match &self.text {
            Text::BuiltIn(reading) => {
                let words: usize = reading.lines.iter().map(|line| line.words.len()).sum();
                words >= MIN_WORDS
                    && self
                        .confidence()
                        .is_some_and(|confidence| confidence.mean < KNOWN_SCRIPT)
            }
            Text::Tesseract(_) => false,
        }
    }

    fn is_surer_than(&self, other: &Self) -> bool {
        let mean = |read: &Self| read.confidence().map(|confidence| confidence.mean);
        mean(self) > mean(other)
    }

    /// Blocks of the page of this number, with the doubts about it. `unit` is the length of a pixel in the unit of the
    /// page.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(crate) fn blocks(
        &self,
        builder: &mut Builder<'_>,
        page: u32,
        unit: f32,
    ) -> Result<(Vec<Block>, Vec<Doubt>), ConvertError> {
        let (blocks, mut doubts) = match &self.text {
            Text::BuiltIn(reading) => page::blocks(reading, builder, page, unit)?,
            Text::Tesseract(lines) => {
                builder.begin_page(page);
                blocks::add_to(lines, builder, page, unit)?;
                let (mut blocks, doubts) = builder.finish_page()?;
                if builder.places() != Places::Block {
                    give(&blocks::words(lines, page, unit), &mut blocks, builder)?;
                }
                (blocks, doubts)
            }
        };
        doubts.extend(doubts::of(self));
        Ok((blocks, doubts))
    }
}
