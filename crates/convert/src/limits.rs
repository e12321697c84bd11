use serde::{Deserialize, Serialize};

use crate::ConvertError;

/// Budgets of one conversion. Exceeding one is a typed error, never a partial result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Size of the document in bytes.
    pub input_bytes: u64,
    /// Size of the Markdown in bytes.
    pub output_bytes: u64,
    /// Number of pages of the document, including those that were not requested.
    pub pages: u32,
    /// Decompressed size of one part of a container (ZIP) in bytes.
    pub part_bytes: u64,
    /// Ratio of decompressed to compressed size of a container, beyond the first 64 MiB.
    pub expansion_ratio: u64,
    /// Nesting depth of XML and JSON; HTML may nest twice as deep.
    pub depth: u32,
    /// Number of pixels of one image.
    pub pixels: u64,
    /// Number of blocks and list items of the document.
    pub blocks: u64,
    /// Number of runs of text and line breaks of the document.
    pub inlines: u64,
    /// Number of positions of one table, those included that are covered or empty.
    pub table_cells: u64,
    /// Number of cells of all tables of the document.
    pub document_cells: u64,
    /// Number of pictures that are taken out of the document.
    pub images: u32,
    /// Size of these pictures together in bytes.
    pub image_bytes: u64,
    /// Share of the pages that the larger networks of the host may read, in hundredths of a per cent, rounded up to a page.
    pub larger_networks_share: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 1 << 30,
            output_bytes: 256 << 20,
            pages: 10_000,
            part_bytes: 512 << 20,
            expansion_ratio: 100,
            depth: 256,
            pixels: 100_000_000,
            blocks: 5_000_000,
            inlines: 20_000_000,
            table_cells: 20_000_000,
            document_cells: 20_000_000,
            images: 1_000,
            image_bytes: 64 << 20,
            larger_networks_share: 1_000,
        }
    }
}

impl Limits {
    pub(crate) fn check_input(&self, bytes: usize) -> Result<(), ConvertError> {
        let bytes = bytes as u64;
        if bytes > self.input_bytes {
            return Err(ConvertError::TooLarge {
                bytes,
                limit: self.input_bytes,
            });
        }
        Ok(())
    }

    pub(crate) fn check_output(&self, bytes: usize) -> Result<(), ConvertError> {
        if bytes as u64 > self.output_bytes {
            return Err(ConvertError::LimitExceeded {
                what: format!("more than {} bytes of Markdown", self.output_bytes),
            });
        }
        Ok(())
    }

    pub(crate) fn check_pages(&self, pages: usize) -> Result<(), ConvertError> {
        if pages as u64 > u64::from(self.pages) {
            return Err(ConvertError::TooManyPages {
                pages: pages as u64,
                limit: u64::from(self.pages),
            });
        }
        Ok(())
    }

    pub(crate) fn check_pixels(&self, width: u32, height: u32) -> Result<(), ConvertError> {
        if u64::from(width) * u64::from(height) > self.pixels {
            return Err(ConvertError::LimitExceeded {
                what: format!(
                    "an image of {width} x {height} pixels; at most {} are allowed",
                    self.pixels
                ),
            });
        }
        Ok(())
    }
}
