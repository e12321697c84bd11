//! Conversions through the public interface, by format and by what a format can do to a reader.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic, also in what its functions share"
)]

mod document_model;
mod documents;
mod fixture;
mod html;
mod image;
mod links;
mod mail_and_data;
mod ocr;
mod office_model;
#[path = "../suite/package.rs"]
mod package;
mod page_picture;
mod page_ranges;
mod pdf;
mod pdf_assessment;
mod pdf_beside;
mod pdf_damage;
mod pdf_font_limits;
mod pdf_forms;
mod pdf_headings;
mod pdf_locate;
mod pdf_objects;
mod pdf_places;
mod pdf_readers;
mod pdf_split;
mod pdf_tags;
mod pdf_words;
mod pictures;
mod readers;
mod readers_hostile;
mod reading_order;
mod recognition;
mod recognition_at_once;
mod render;
mod rendered;
mod scan_layers;
mod schema;
mod sniff;
