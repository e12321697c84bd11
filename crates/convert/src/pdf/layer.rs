use unpdf::parser::backend::{PageBox, PdfBackend};
use unpdf::parser::{LayoutAnalyzer, PageFacts, PageOpCounts, TextSpan};

use super::source::{Text, guarded};

/// The text of one page as it is painted, before any order is found in it.
pub(super) struct Layer {
    pub(super) number: u32,
    pub(super) spans: Vec<TextSpan>,
    /// The part of the page that a viewer shows.
    pub(super) shown: PageBox,
    /// Quarter turns clockwise for display, in degrees.
    pub(super) rotation: u16,
    pub(super) facts: PageFacts,
    pub(super) operators: PageOpCounts,
    /// Runs of text in fonts that could not be read.
    pub(super) unreadable: usize,
    /// Whether an unreadable text layer over a scan was left out.
    pub(super) recognized_badly: bool,
    /// Whether lines are drawn, of which a table could be made.
    pub(super) ruled: bool,
}

impl Layer {
    /// The text layer of the 1-based page.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub(super) fn read(text: &Text, number: u32) -> Result<Self, String> {
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let id = *text.pages.get(index).ok_or("the page is missing")?;
        guarded(|| {
            text.backend.take_draws_rules();
            let analyzer = LayoutAnalyzer::new(&text.backend);
            let spans = analyzer
                .extract_page_spans(number)
                .map_err(|error| error.to_string())?;
            let (facts, operators) = (analyzer.page_facts(), analyzer.page_op_counts());
            let ruled = text.backend.take_draws_rules() || facts.ruled_grids > 0;
            Ok(Self {
                number,
                spans,
                shown: text.backend.crop_box(id),
                rotation: text.backend.page_rotation(id),
                facts,
                operators,
                unreadable: analyzer.suppressed_text_runs(),
                recognized_badly: analyzer.ocr_text_suppressed(),
                ruled,
            })
        })
        .unwrap_or_else(|| Err("its content is broken".into()))
    }

    /// Width and height in points, as a viewer shows the page.
    pub(super) fn size(&self) -> (f32, f32) {
        let (width, height) = (self.shown.width(), self.shown.height());
        if self.rotation % 180 == 90 {
            (height, width)
        } else {
            (width, height)
        }
    }
}
