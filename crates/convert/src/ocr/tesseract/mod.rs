//! Results of the `tesseract` program: its TSV to blocks, with paragraphs and headings.

pub(super) mod blocks;
#[cfg(test)]
mod tests;
pub(super) mod tsv;
