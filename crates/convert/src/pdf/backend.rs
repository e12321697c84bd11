use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use unpdf::Result;
use unpdf::parser::LinkAnnotations;
use unpdf::parser::backend::{
    BackendFontInfo, ContentOp, DecodedRun, DecodedText, DocumentIntegrity, GlyphAdvance, PageBox,
    PageContent, PageId, PaintedXObject, PdfBackend, PdfMetadataRaw, RawBackend, RawOutlineItem, RawXObject,
    ResourceScope,
};

use super::ruling_lines;

/// Code that the PDF encodings leave undefined, which then stands for a bullet (ISO 32000-1, D.2). Programs do use it;
/// the library takes it for a control character and drops it.
const BULLET_CODE: u8 = 0x7f;

/// Backend of the text library, with two changes: bullets that the library drops are put back, and decoded content is
/// watched for ruling lines, which the library does not report.
pub(super) struct Backend {
    raw: RawBackend,
    /// Cached because the library asks for it on every page and would walk the whole page tree each time.
    pages: BTreeMap<u32, PageId>,
    has_ruling_lines: AtomicBool,
}

impl Backend {
    /// Loads a document.
    ///
    /// # Errors
    /// Error of the library: the bytes are no PDF, broken or encrypted.
    pub(super) fn load(bytes: &[u8]) -> Result<Self> {
        let raw = RawBackend::load_bytes(bytes)?;
        Ok(Self {
            pages: raw.pages(),
            raw,
            has_ruling_lines: AtomicBool::new(false),
        })
    }

    /// Returns true if content decoded since the last call draws lines that can be the borders of a table, and resets.
    pub(super) fn take_has_ruling_lines(&self) -> bool {
        self.has_ruling_lines.swap(false, Ordering::Relaxed)
    }

    /// Returns true if the font has one-byte codes: only such fonts use the PDF encodings.
    fn is_simple(&self, scope: ResourceScope, font: &[u8], bytes: &[u8]) -> bool {
        let glyphs = self.raw.glyph_advances(scope, font, bytes);
        glyphs.is_none_or(|glyphs| glyphs.len() == bytes.len())
    }

    fn lacks_bullet(&self, scope: ResourceScope, font: &[u8], bytes: &[u8], decoded: &DecodedText) -> bool {
        // Fewer characters than codes: the library has dropped one, and the first is the code that it drops.
        bytes.first() == Some(&BULLET_CODE)
            && decoded.suppressed.is_none()
            && decoded.text.chars().count() < bytes.len()
            && self.is_simple(scope, font, bytes)
    }
}

impl PdfBackend for Backend {
    fn pages(&self) -> BTreeMap<u32, PageId> {
        self.pages.clone()
    }

    fn integrity(&self) -> DocumentIntegrity {
        self.raw.integrity()
    }

    fn page_fonts(&self, scope: ResourceScope) -> Result<Vec<BackendFontInfo>> {
        self.raw.page_fonts(scope)
    }

    fn page_content(&self, page: PageId) -> Result<Vec<u8>> {
        self.raw.page_content(page)
    }

    fn page_content_with_losses(&self, page: PageId) -> Result<PageContent> {
        self.raw.page_content_with_losses(page)
    }

    fn decode_content(&self, data: &[u8]) -> Result<Vec<ContentOp>> {
        let operations = self.raw.decode_content(data)?;
        if ruling_lines::can_bound_table(&operations) {
            self.has_ruling_lines.store(true, Ordering::Relaxed);
        }
        Ok(operations)
    }

    fn decode_text(&self, scope: ResourceScope, font: &[u8], bytes: &[u8]) -> DecodedText {
        let mut decoded = self.raw.decode_text(scope, font, bytes);
        if self.lacks_bullet(scope, font, bytes, &decoded) {
            decoded.text.insert(0, '•');
        }
        decoded
    }

    fn decode_run(&self, scope: ResourceScope, font: &[u8], bytes: &[u8]) -> DecodedRun {
        let mut run = self.raw.decode_run(scope, font, bytes);
        if self.lacks_bullet(scope, font, bytes, &run.decoded) {
            run.decoded.text.insert(0, '•');
            // The clusters map glyphs to characters and do not fit the longer text.
            run.clusters = None;
        }
        run
    }

    fn glyph_advances(&self, scope: ResourceScope, font: &[u8], bytes: &[u8]) -> Option<Vec<GlyphAdvance>> {
        self.raw.glyph_advances(scope, font, bytes)
    }

    fn is_vertical_font(&self, scope: ResourceScope, font: &[u8]) -> bool {
        self.raw.is_vertical_font(scope, font)
    }

    fn metadata(&self) -> PdfMetadataRaw {
        self.raw.metadata()
    }

    fn page_box(&self, page: PageId) -> PageBox {
        self.raw.page_box(page)
    }

    fn crop_box(&self, page: PageId) -> PageBox {
        self.raw.crop_box(page)
    }

    fn page_rotation(&self, page: PageId) -> u16 {
        self.raw.page_rotation(page)
    }

    fn struck_out_areas(&self, page: PageId) -> Vec<PageBox> {
        self.raw.struck_out_areas(page)
    }

    fn link_annotations(&self, page: PageId) -> LinkAnnotations {
        self.raw.link_annotations(page)
    }

    fn outline(&self) -> Result<Vec<RawOutlineItem>> {
        self.raw.outline()
    }

    fn page_xobjects(&self, page: PageId) -> Result<Vec<RawXObject>> {
        self.raw.page_xobjects(page)
    }

    fn xobject(&self, scope: ResourceScope, name: &[u8]) -> Option<PaintedXObject> {
        self.raw.xobject(scope, name)
    }
}
