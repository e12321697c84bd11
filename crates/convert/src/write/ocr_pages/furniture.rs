use crate::ir::{Block, BlockKind, Page, plain_text};
use crate::options::OcrPageOptions;

/// Headers and footers that were taken out of the text of a page.
#[derive(Debug, Default)]
pub(super) struct Extracted {
    /// Each with the number of blocks that stand before it in the text.
    pub(super) blocks: Vec<(usize, Block)>,
    header: Option<String>,
    footer: Option<String>,
}

/// Side of a page on which a running text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Header,
    Footer,
}

impl Extracted {
    pub(super) fn header(&self) -> Option<&str> {
        self.header.as_deref()
    }

    pub(super) fn footer(&self) -> Option<&str> {
        self.footer.as_deref()
    }

    fn add(&mut self, side: Side, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let lines = match side {
            Side::Header => &mut self.header,
            Side::Footer => &mut self.footer,
        };
        match lines {
            Some(known) => {
                known.push('\n');
                known.push_str(text);
            }
            None => *lines = Some(text.to_owned()),
        }
    }
}

/// Takes headers and footers out of the blocks of a page, as far as that is wanted, and watermarks in any case: they are
/// no text of the page.
pub(super) fn extract(page: &mut Page, wanted: &OcrPageOptions) -> Extracted {
    let mut extracted = Extracted::default();
    if let Some(header) = page.header.take() {
        extracted.add(Side::Header, &header);
    }
    let height = page.height;
    let mut kept = Vec::with_capacity(page.blocks.len());
    for block in std::mem::take(&mut page.blocks) {
        let side = side(&block, height);
        let is_extracted = match side {
            Some(Side::Header) => wanted.extract_header,
            Some(Side::Footer) => wanted.extract_footer,
            None => false,
        };
        match side {
            _ if matches!(block.kind, BlockKind::Watermark(_)) => {}
            Some(side) if is_extracted => {
                extracted.add(side, &plain_text(&block));
                extracted.blocks.push((kept.len(), block));
            }
            _ => kept.push(block),
        }
    }
    page.blocks = kept;
    if let Some(footer) = page.footer.take() {
        extracted.add(Side::Footer, &footer);
    }
    extracted
}

/// The side of a running text; `None` for everything else. A page number has its own by its place.
pub(super) fn side(block: &Block, height: Option<f32>) -> Option<Side> {
    match block.kind {
        BlockKind::Header(_) => Some(Side::Header),
        BlockKind::Footer(_) => Some(Side::Footer),
        BlockKind::PageNumber(_) => {
            let top = block.regions.first().map(|region| region.bbox[1]);
            let is_above = top.zip(height).is_some_and(|(top, height)| top < height / 2.0);
            Some(if is_above { Side::Header } else { Side::Footer })
        }
        _ => None,
    }
}
