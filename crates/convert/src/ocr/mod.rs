//! Recognition of text in pictures: by neural networks within this process, or by the `tesseract` program of the host for
//! scripts that these do not know.

mod choice;
mod doubts;
mod page;
mod tesseract;

pub(crate) use self::choice::recognize;

use ilios_ocr::Reading;

use self::tesseract::{blocks, tsv};
use crate::ConvertError;
use crate::ir::{Block, Builder, Confidence, Doubt};
use crate::options::Places;
use crate::places::give;

/// Text of one image.
pub(crate) struct Recognized {
    text: Text,
    /// Set if the text may be in a script that the engine does not know.
    foreign: bool,
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
