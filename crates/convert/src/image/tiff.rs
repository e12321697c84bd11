//! Pages of a TIFF. The decoder of `image` reads only the first page of a file, so each page is made the first: the
//! header has the offset of the first page's directory, and each directory that of the next (TIFF 6.0, section 2;
//! BigTIFF has wider numbers).
//!
//! The decoder underneath (`tiff` 0.11) reserves memory for as many values as a directory entry announces, up to the
//! memory limit, before it reads one; `values_fit` refuses such files. That, and its bounded reading of directories,
//! is why this module does not leave the pages to that crate.

use std::collections::HashSet;

use crate::{ConvertError, Limits};

/// TIFF with the offsets of its page directories.
pub(super) struct Pages {
    bytes: Vec<u8>,
    layout: Layout,
    directories: Vec<u64>,
}

/// Byte order and width of numbers.
#[derive(Debug, Clone, Copy)]
struct Layout {
    little_endian: bool,
    big: bool,
}

impl Pages {
    /// Collects the pages.
    ///
    /// # Errors
    /// `InvalidDocument` if there is no page, `TooManyPages`.
    pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Self, ConvertError> {
        let broken = || ConvertError::InvalidDocument {
            reason: "the TIFF has no readable page".into(),
        };
        let layout = Layout::of(bytes).ok_or_else(broken)?;
        let mut directories = Vec::new();
        let mut seen = HashSet::new();
        let mut next = layout.pointer(bytes, layout.header_pointer());
        while let Some(directory) = next.filter(|&directory| directory != 0 && seen.insert(directory)) {
            let Some(after) = layout.after_directory(bytes, directory) else {
                break;
            };
            directories.push(directory);
            limits.check_pages(directories.len())?;
            next = layout.pointer(bytes, after);
        }
        if directories.is_empty() {
            return Err(broken());
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            layout,
            directories,
        })
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.directories.len()).unwrap_or(u32::MAX)
    }

    /// Returns the file with the 1-based page as its first.
    pub(super) fn only(&mut self, number: u32) -> Result<&[u8], ConvertError> {
        let missing = || ConvertError::InvalidDocument {
            reason: format!("page {number} is missing"),
        };
        let index = usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_sub(1))
            .ok_or_else(missing)?;
        let directory = *self.directories.get(index).ok_or_else(missing)?;
        let after = self
            .layout
            .after_directory(&self.bytes, directory)
            .ok_or_else(missing)?;
        // It becomes the last page, too: the decoder refuses a file whose pages form a circle.
        self.point(after, 0).ok_or_else(missing)?;
        self.point(self.layout.header_pointer(), directory)
            .ok_or_else(missing)?;
        Ok(&self.bytes)
    }

    /// Sets the pointer at offset `at` to a directory.
    fn point(&mut self, at: usize, directory: u64) -> Option<()> {
        let pointer = self.layout.encoded(directory);
        let place = self.bytes.get_mut(at..at.checked_add(pointer.len())?)?;
        place.copy_from_slice(&pointer);
        Some(())
    }
}

impl Layout {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.get(..4)? {
            b"II\x2a\0" => Some(Self {
                little_endian: true,
                big: false,
            }),
            b"MM\0\x2a" => Some(Self {
                little_endian: false,
                big: false,
            }),
            b"II\x2b\0" => Some(Self {
                little_endian: true,
                big: true,
            }),
            b"MM\0\x2b" => Some(Self {
                little_endian: false,
                big: true,
            }),
            _ => None,
        }
    }

    /// Offset of the pointer to the first directory.
    fn header_pointer(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    fn pointer_width(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// Offset of the pointer to the next directory: after the number of entries and the entries. `None` if the
    /// directory is broken.
    fn after_directory(self, bytes: &[u8], directory: u64) -> Option<usize> {
        let start = usize::try_from(directory).ok()?;
        let (count_width, entry) = if self.big { (8, 20) } else { (2, 12) };
        let entries = usize::try_from(self.number(bytes, start, count_width)?).ok()?;
        let after = start
            .checked_add(count_width)?
            .checked_add(entries.checked_mul(entry)?)?;
        let first = start.checked_add(count_width)?;
        let fits = (0..entries).all(|index| self.values_fit(bytes, first + index * entry));
        (entries > 0 && after <= bytes.len() && fits).then_some(after)
    }

    /// Returns true if the file is large enough for the values that a directory entry announces.
    fn values_fit(self, bytes: &[u8], entry: usize) -> bool {
        let kind = self.number(bytes, entry + 2, 2);
        let count = self.number(bytes, entry + 4, self.pointer_width());
        let width = match kind {
            Some(1 | 2 | 6 | 7) => 1,
            Some(3 | 8) => 2,
            Some(4 | 9 | 11 | 13) => 4,
            Some(5 | 10 | 12 | 16 | 17 | 18) => 8,
            // The decoder skips values of an unknown type.
            _ => 0,
        };
        count.is_some_and(|count| count.saturating_mul(width) <= bytes.len() as u64)
    }

    fn pointer(self, bytes: &[u8], at: usize) -> Option<u64> {
        self.number(bytes, at, self.pointer_width())
    }

    fn number(self, bytes: &[u8], at: usize, width: usize) -> Option<u64> {
        let digits = bytes.get(at..at.checked_add(width)?)?;
        let append = |number: u64, &digit: &u8| number << 8 | u64::from(digit);
        Some(if self.little_endian {
            digits.iter().rev().fold(0, append)
        } else {
            digits.iter().fold(0, append)
        })
    }

    fn encoded(self, pointer: u64) -> Vec<u8> {
        let width = self.pointer_width();
        if self.little_endian {
            pointer.to_le_bytes().into_iter().take(width).collect()
        } else {
            pointer.to_be_bytes().into_iter().skip(8 - width).collect()
        }
    }
}
