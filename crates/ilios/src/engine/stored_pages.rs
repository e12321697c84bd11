//! Stored models, read page by page. For a child alone: what a child has written may be anything.

use std::io::{BufRead, BufReader, Cursor, Read};

use flate2::read::MultiGzDecoder;
use ilios_convert::Page;
use serde::Deserialize;

/// Versions that are read begin with this: a minor version only adds to another.
const MAJOR_VERSION: &str = "1.";

/// Bytes of a line that are held while it is read, at most.
const MAX_HELD_BYTES: u64 = 64 << 20;
/// Bytes of a longer line that are read at once.
const PIECE_BYTES: usize = 256 << 10;
/// Bytes of a version that are told, at most.
const MAX_VERSION_BYTES: usize = 32;

/// A line.
#[derive(Deserialize)]
struct Line {
    page: Page,
}

/// Reason stored models cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ModelError {
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("it is no model: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("its version is {0:?}")]
    OtherVersion(String),
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
}

/// Pages of stored models, read one by one. For a child alone.
pub(super) struct StoredPages<R: Read> {
    lines: BufReader<MultiGzDecoder<R>>,
    most: u64,
    held: u64,
}

impl<R: Read> StoredPages<R> {
    /// Reads pages of at most `most` bytes each.
    pub(super) fn new(bytes: R, most: u64) -> Self {
        Self {
            lines: BufReader::new(MultiGzDecoder::new(bytes)),
            most,
            held: MAX_HELD_BYTES,
        }
    }

    fn line(&mut self) -> Result<Option<Page>, ModelError> {
        let mut line = Vec::new();
        let held = self.most.min(self.held);
        (&mut self.lines)
            .take(held.saturating_add(1))
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() as u64 > self.most {
            return Err(ModelError::TooLarge(self.most));
        }
        check_version(&line)?;
        if line.ends_with(b"\n") {
            return page(serde_json::Deserializer::from_slice(&line)).map(Some);
        }
        // The text of a large page is not held beside what is made of it.
        let mut rest = RestOfLine {
            left: self.most.saturating_sub(line.len() as u64),
            lines: &mut self.lines,
            ended: false,
        };
        // The deserializer asks for single bytes, which only a buffer around all of them gives at once.
        let whole = BufReader::with_capacity(PIECE_BYTES, Cursor::new(line).chain(&mut rest));
        let page = page(serde_json::Deserializer::from_reader(whole));
        if !rest.ended && rest.left == 0 {
            return Err(ModelError::TooLarge(self.most));
        }
        std::io::copy(&mut rest, &mut std::io::sink())?;
        page.map(Some)
    }
}

/// Reader of a line that has begun, up to its end or a limit.
struct RestOfLine<'a, R: Read> {
    lines: &'a mut BufReader<MultiGzDecoder<R>>,
    /// Bytes that it may have yet.
    left: u64,
    ended: bool,
}

impl<R: Read> Read for RestOfLine<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let ahead = self.lines.fill_buf()?;
        let ahead = ahead.get(..most).unwrap_or(ahead);
        let end = memchr::memchr(b'\n', ahead).map(|end| end + 1);
        let taken = ahead.get(..end.unwrap_or(ahead.len())).unwrap_or(ahead);
        self.ended = end.is_some();
        if let Some(room) = buffer.get_mut(..taken.len()) {
            room.copy_from_slice(taken);
        }
        let count = taken.len();
        self.lines.consume(count);
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

fn page<'de>(json: serde_json::Deserializer<impl serde_json::de::Read<'de>>) -> Result<Page, ModelError> {
    let mut json = json;
    // The builder has limited the depth of what was written; the stack of a child limits that of anything else.
    json.disable_recursion_limit();
    Ok(Line::deserialize(&mut json)?.page)
}

/// Checks the version, with which a line begins.
fn check_version(line: &[u8]) -> Result<(), ModelError> {
    let version = line.strip_prefix(b"{\"model\":\"").unwrap_or_default();
    let version = version.split(|byte| *byte == b'"').next().unwrap_or_default();
    let version = String::from_utf8_lossy(version.get(..MAX_VERSION_BYTES).unwrap_or(version));
    match version.starts_with(MAJOR_VERSION) {
        true => Ok(()),
        false => Err(ModelError::OtherVersion(version.into_owned())),
    }
}

impl<R: Read> Iterator for StoredPages<R> {
    type Item = Result<Page, ModelError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use ilios_convert::ir::{BlockKind, Builder, ItemStart, List, ListStyle};
    use ilios_convert::{Limits, Page, PageKind};

    use super::{ModelError, StoredPages};
    use crate::engine::PageModels;
    use crate::engine::page_models::encode_page;

    fn read(bytes: &[u8], most: u64) -> Result<Vec<Page>, ModelError> {
        StoredPages::new(bytes, most).collect()
    }

    fn read_in_pieces(bytes: &[u8], most: u64) -> Result<Vec<Page>, ModelError> {
        let mut pages = StoredPages::new(bytes, most);
        pages.held = 1 << 20;
        pages.collect()
    }

    fn page(number: u32, label: &str) -> Page {
        Page {
            label: Some(label.into()),
            markdown: "# Title".into(),
            ..Page::new(number, PageKind::Structure)
        }
    }

    #[test]
    fn pages_come_back_in_the_order_of_their_numbers() {
        let models = PageModels::of(&[page(2, "ii\n"), page(1, "i")]).unwrap();
        let bytes = models.stored().unwrap().bytes;
        assert_eq!(read(&bytes, 1 << 20).unwrap(), [page(1, "i"), page(2, "ii\n")]);
    }

    /// The page with the deepest blocks of this kind that the builder makes.
    fn nested(kind: &BlockKind) -> Page {
        let limits = Limits::default();
        let mut builder = Builder::new(&limits);
        builder.begin_page(1);
        while builder.depth() + 2 <= usize::try_from(limits.depth).unwrap() {
            builder.open(kind.clone()).unwrap();
            if matches!(kind, BlockKind::List(_)) {
                builder.open_item(ItemStart::default()).unwrap();
            }
        }
        builder.add(BlockKind::Rule).unwrap();
        builder.close_to(0).unwrap();
        Page {
            blocks: builder.finish_page().unwrap().0,
            ..Page::new(1, PageKind::Structure)
        }
    }

    #[test]
    fn blocks_are_read_as_deep_as_the_builder_nests_them() {
        let list = List {
            ordered: false,
            style: ListStyle::default(),
            start: 1,
            items: Vec::new(),
        };
        for kind in [BlockKind::Quote(Vec::new()), BlockKind::List(list)] {
            // The stack of a child.
            let thread = std::thread::Builder::new().stack_size(8 << 20);
            let thread = thread.spawn(move || {
                let page = nested(&kind);
                let bytes = encode_page(&page).unwrap();
                assert_eq!(read(&bytes, 1 << 20).unwrap(), [page]);
            });
            thread.unwrap().join().unwrap();
        }
    }

    #[test]
    fn what_another_major_version_wrote_is_told_by_its_version() {
        let mut member = GzEncoder::new(Vec::new(), Compression::fast());
        member.write_all(b"{\"model\":\"2.0\",\"page\":[]}\n").unwrap();
        let read = read(&member.finish().unwrap(), 1 << 20);
        assert!(
            matches!(&read, Err(ModelError::OtherVersion(version)) if version == "2.0"),
            "{read:?}"
        );
    }

    #[test]
    fn pages_larger_than_what_is_held_are_read_one_after_the_other() {
        let large = page(1, &"a".repeat(3 << 20));
        let models = PageModels::of(&[large.clone(), page(2, "ii"), page(3, &"b".repeat(3 << 20))]).unwrap();
        let read = read_in_pieces(&models.stored().unwrap().bytes, 8 << 20).unwrap();
        assert_eq!(read.len(), 3);
        assert!(read[0] == large && read[1] == page(2, "ii"));
        let bytes = encode_page(&large).unwrap();
        assert!(matches!(
            read_in_pieces(&bytes, 3 << 20),
            Err(ModelError::TooLarge(_))
        ));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bytes = encode_page(&page(1, &"0".repeat(4 << 20))).unwrap();
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        assert!(matches!(
            read(&bytes, 100_000),
            Err(ModelError::TooLarge(100_000))
        ));
    }
}
