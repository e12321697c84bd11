use unpdf::parser::backend::{PageBox, PdfBackend};
use unpdf::parser::{LayoutAnalyzer, PageFacts, PageOpCounts, TextSpan};

use super::source::{TextSource, catch_panics};
use crate::layout::extent::{Extent, Viewport};
use crate::layout::furniture::{Furniture, PageRuns, PlacedText};

/// Text layer of one page: its characters as they are painted, before any order is found in them.
pub(super) struct PageText {
    /// 1-based number of the page.
    pub(super) number: u32,
    pub(super) spans: Vec<TextSpan>,
    /// Visible part of the page.
    pub(super) crop_box: PageBox,
    /// Clockwise rotation for display in degrees, a multiple of 90.
    pub(super) rotation: u16,
    pub(super) facts: PageFacts,
    pub(super) operators: PageOpCounts,
    /// Runs of text in fonts that could not be decoded.
    pub(super) undecoded_runs: usize,
    /// Set if the library left out the text layer of a scan because it was unreadable.
    pub(super) has_bad_ocr_layer: bool,
    /// Set if the page draws lines that can be the borders of a table.
    pub(super) has_ruling_lines: bool,
}

impl PageText {
    /// Reads the text layer of the 1-based page `number`.
    ///
    /// # Errors
    /// Reason for the warning: the page is missing, or its content is broken.
    pub(super) fn read(text: &TextSource, number: u32) -> Result<Self, String> {
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let id = *text.pages.get(index).ok_or("the page is missing")?;
        catch_panics(|| {
            // Clears what an earlier page has left behind.
            text.backend.take_has_ruling_lines();
            let analyzer = LayoutAnalyzer::new(&text.backend);
            let spans = analyzer
                .extract_page_spans(number)
                .map_err(|error| error.to_string())?;
            let (facts, operators) = (analyzer.page_facts(), analyzer.page_op_counts());
            let has_ruling_lines = text.backend.take_has_ruling_lines() || facts.ruled_grids > 0;
            Ok(Self {
                number,
                spans,
                crop_box: text.backend.crop_box(id),
                rotation: text.backend.page_rotation(id),
                facts,
                operators,
                undecoded_runs: analyzer.suppressed_text_runs(),
                has_bad_ocr_layer: analyzer.ocr_text_suppressed(),
                has_ruling_lines,
            })
        })
        .unwrap_or_else(|| Err("its content is broken".into()))
    }

    /// Width and height in points, as a viewer shows the page.
    pub(super) fn size(&self) -> (f32, f32) {
        // The boxes are those before rotation.
        let (width, height) = (self.crop_box.width(), self.crop_box.height());
        if self.rotation % 180 == 90 {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Visible part of the page, as places are told by.
    pub(super) fn viewport(&self) -> Viewport {
        Viewport {
            page: self.number,
            visible: Extent {
                left: self.crop_box.llx,
                bottom: self.crop_box.lly,
                right: self.crop_box.urx,
                top: self.crop_box.ury,
            },
            rotation: self.rotation,
        }
    }

    /// Text with positions, for the comparison with other pages.
    pub(super) fn runs(&self) -> PageRuns<'_> {
        let runs = self.spans.iter().map(|span| PlacedText {
            text: &span.text,
            left: span.x,
            baseline: span.y,
            size: span.font_size,
            rotated: span.is_rotated(),
        });
        PageRuns {
            number: self.number,
            bottom: self.crop_box.lly,
            top: self.crop_box.ury,
            height: self.crop_box.height(),
            rotated: self.rotation != 0,
            runs: runs.collect(),
        }
    }

    /// Removes running headers, footers and page numbers from the page, which is the one at `index` in `furniture`.
    /// Returns true if there were any.
    pub(super) fn remove_furniture(&mut self, furniture: &Furniture, index: usize) -> bool {
        let Some(kept) = furniture.kept_runs(index, &self.runs()) else {
            return false;
        };
        let mut kept = kept.into_iter();
        self.spans.retain(|_| kept.next().unwrap_or(true));
        true
    }
}
