//! Exchange with the `tesseract` program: pictures as PNG; its TSV to blocks, with paragraphs and headings.

pub(super) mod blocks;
pub(super) mod png;
#[cfg(test)]
mod tests;
pub(super) mod tsv;
