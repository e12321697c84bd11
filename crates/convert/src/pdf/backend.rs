use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use unpdf::Result;
use unpdf::parser::LinkAnnotations;
use unpdf::parser::backend::{
    BackendFontInfo, ContentOp, DecodedRun, DecodedText, DocumentIntegrity, GlyphAdvance, PageBox,
    PageContent, PageId, PaintedXObject, PdfBackend, PdfMetadataRaw, RawBackend, RawOutlineItem, RawXObject,
    ResourceScope,
};

use super::rules;

/// A code without a character in the encodings of PDF, all of which stand for a bullet by its specification
/// (ISO 32000-1, D.2). Programs use this one; the library takes it for a control character and drops it.
const BULLET: u8 = 0x7f;

/// The library's view of a document, with what it leaves out put right, and with what it does not tell: whether
/// the content it decoded draws rules.
pub(super) struct Backend {
    raw: RawBackend,
    /// The library asks for every page, and would walk the whole tree each time.
    pages: BTreeMap<u32, PageId>,
    draws_rules: AtomicBool,
}

impl Backend {
    /// # Errors
    /// Those of the library: the bytes are no PDF, broken or locked.
    pub(super) fn load(bytes: &[u8]) -> Result<Self> {
        let raw = RawBackend::load_bytes(bytes)?;
        Ok(Self {
            pages: raw.pages(),
            raw,
            draws_rules: AtomicBool::new(false),
        })
    }

    /// Whether content decoded since the last question draws rules that could be a table's.
    pub(super) fn take_draws_rules(&self) -> bool {
        self.draws_rules.swap(false, Ordering::Relaxed)
    }

    /// Whether the font has codes of one byte, as only such fonts have the encodings of PDF.
    fn is_simple(&self, scope: ResourceScope, font: &[u8], bytes: &[u8]) -> bool {
        let glyphs = self.raw.glyph_advances(scope, font, bytes);
        glyphs.is_none_or(|glyphs| glyphs.len() == bytes.len())
    }

    fn lacks_bullet(&self, scope: ResourceScope, font: &[u8], bytes: &[u8], decoded: &DecodedText) -> bool {
        bytes.first() == Some(&BULLET)
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
        if rules::are_in(&operations) {
            self.draws_rules.store(true, Ordering::Relaxed);
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
