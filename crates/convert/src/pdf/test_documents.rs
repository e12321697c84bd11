//! Documents for tests.

#[path = "../../tests/it/pdf_objects/mod.rs"]
pub(super) mod pdf_objects;

use hayro::hayro_syntax::Pdf;

/// Opens a document of these objects, the first of which is the catalog.
pub(super) fn open(objects: &[String]) -> Pdf {
    Pdf::new(pdf_objects::pdf(objects)).unwrap()
}
