//! Texts of the cells of a binary workbook (MS-XLS, section 2.4.265), in which the library makes spaces of line breaks:
//! they are written as another character, in place.
//!
//! ```text
//!   SST: count, count, strings ─► CONTINUE: the rest of them ─► …
//!   string: length, flags, runs?, extension?, characters of one or two bytes, formats of runs, extension
//!   Characters that go on in CONTINUE begin with a byte that says their width anew.
//! ```

use std::ops::Range;

/// Record of the texts, and of the rest of a record.
const SST: u16 = 0x00fc;
const CONTINUE: u16 = 0x003c;

/// Records of a workbook, and a place in its texts.
struct Texts<'r> {
    records: &'r mut [u8],
    /// Contents of the records that hold the texts, the first one last.
    segments: Vec<Range<usize>>,
    at: usize,
    end: usize,
    changed: bool,
}

/// Writes line breaks in the texts of a workbook as `sign`, and spaces for what was like it; true if there were any.
pub(super) fn mark(records: &mut [u8], sign: u8) -> bool {
    let mut segments = segments(records);
    segments.reverse();
    let mut texts = Texts {
        records,
        segments,
        at: 0,
        end: 0,
        changed: false,
    };
    if texts.skip(8).is_some() {
        // The texts end where the records do, whatever their count.
        while texts.string(sign).is_some() {}
    }
    texts.changed
}

/// Contents of the records of texts.
fn segments(records: &[u8]) -> Vec<Range<usize>> {
    let (mut segments, mut at) = (Vec::new(), 0_usize);
    while let Some(&[kind_low, kind_high, low, high]) = records.get(at..at + 4) {
        let kind = u16::from_le_bytes([kind_low, kind_high]);
        let content = at + 4..at + 4 + usize::from(u16::from_le_bytes([low, high]));
        at = content.end;
        match (kind, segments.is_empty()) {
            _ if content.end > records.len() => break,
            (SST, true) | (CONTINUE, false) => segments.push(content),
            (_, true) => {}
            (_, false) => break,
        }
    }
    segments
}

impl Texts<'_> {
    /// Goes to the next record at the end of one.
    fn go_on(&mut self) -> Option<()> {
        while self.at == self.end {
            let next = self.segments.pop()?;
            (self.at, self.end) = (next.start, next.end);
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.go_on()?;
        let byte = self.records.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        (0..bytes).try_fold(0, |number, place| {
            Some(number | usize::from(self.byte()?) << (8 * place))
        })
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.go_on()?;
            let step = count.min(self.end - self.at);
            self.at += step;
            count -= step;
        }
        Some(())
    }

    /// Reads a string and changes its line breaks.
    fn string(&mut self, sign: u8) -> Option<()> {
        let length = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 0x08 != 0 { self.number(2)? } else { 0 };
        let extension = if flags & 0x04 != 0 { self.number(4)? } else { 0 };
        let mut is_wide = flags & 1 != 0;
        for index in 0..length {
            if self.at == self.end {
                self.go_on()?;
                // The first characters follow the head of their string without a width of their own.
                if index > 0 {
                    is_wide = self.byte()? & 1 != 0;
                }
            }
            self.character(is_wide, sign)?;
        }
        self.skip(runs.saturating_mul(4).saturating_add(extension))
    }

    fn character(&mut self, is_wide: bool, sign: u8) -> Option<()> {
        let width = if is_wide { 2 } else { 1 };
        let character = self.records.get_mut(self.at..self.at + width)?;
        self.at += width;
        if self.at > self.end || is_wide && character.last() != Some(&0) {
            return (self.at <= self.end).then_some(());
        }
        if let Some(low) = character.first_mut() {
            let changed = match *low {
                b'\n' => sign,
                // Beside a line break it says nothing; the library leaves this out.
                b'\r' => 1,
                own if own == sign => b' ',
                _ => return Some(()),
            };
            *low = changed;
            self.changed = true;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::mark;
    use crate::readers::office::legacy_workbook::tests::record;

    #[test]
    fn line_breaks_of_all_strings_are_changed() {
        let head = [0; 8];
        let plain = b"\x05\x00\x00a\nb\tc";
        let wide_rich = b"\x03\x00\x09\x01\x00a\0\n\0b\x0a\n\n\n\n";
        let mut records = [
            record(0x0809, b"\n\n"),
            record(0x00fc, &[&head[..], plain, wide_rich].concat()),
            record(0x00ff, b"\n"),
        ]
        .concat();
        assert!(mark(&mut records, b'\t'));
        let expected = [
            record(0x0809, b"\n\n"),
            record(
                0x00fc,
                &[
                    &head[..],
                    b"\x05\x00\x00a\tb c",
                    b"\x03\x00\x09\x01\x00a\0\t\0b\x0a\n\n\n\n",
                ]
                .concat(),
            ),
            record(0x00ff, b"\n"),
        ]
        .concat();
        assert_eq!(records, expected);
    }

    #[test]
    fn a_string_goes_on_with_another_width() {
        let first = [&[0; 8][..], b"\x04\x00\x01a\0\n\0"].concat();
        let mut records = [record(0x00fc, &first), record(0x003c, b"\x00\nb")].concat();
        assert!(mark(&mut records, b'\t'));
        assert!(records.ends_with(b"\x00\tb"));
        assert!(!mark(&mut record(0x00fc, b"\x00\x00"), b'\t'));
        let mut cut = record(0x00fc, &[&[0; 8][..], b"\xff\xff\x01a\0b"].concat());
        assert!(!mark(&mut cut, b'\t'));
    }
}
