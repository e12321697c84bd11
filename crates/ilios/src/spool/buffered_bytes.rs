use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;

use super::budget::Share;
use super::{Spool, Spooled};

/// Bytes that are kept in memory whatever else is: no more than what goes out at once.
const ALWAYS_IN_MEMORY: usize = 32 * 1024;

/// Bytes on their way to clients: in memory while there is room for them, else in a file without a name. Clones are of
/// the same bytes, which are gone with the last of them.
#[derive(Debug, Clone)]
pub struct BufferedBytes(Arc<Place>);

#[derive(Debug)]
enum Place {
    Memory { bytes: Bytes, _share: Option<Share> },
    File { file: File, size: u64 },
    Spooled(Arc<Spooled>),
}

impl Spool {
    /// Keeps bytes until they are sent. May block.
    ///
    /// # Errors
    /// The disk fails.
    pub fn buffer(&self, bytes: Bytes) -> io::Result<BufferedBytes> {
        match self.buffer_in_memory(bytes) {
            Ok(held) => Ok(held),
            Err(bytes) => {
                let mut file = self.temporary_file()?;
                file.write_all(&bytes)?;
                Ok(BufferedBytes::file(file, bytes.len() as u64))
            }
        }
    }

    /// As [`Self::buffer`], without a file: answers the bytes when memory has no room for them.
    ///
    /// # Errors
    /// The bytes.
    pub fn buffer_in_memory(&self, bytes: Bytes) -> Result<BufferedBytes, Bytes> {
        let mut share = (bytes.len() > ALWAYS_IN_MEMORY).then(|| self.answers.share());
        if share.as_mut().is_some_and(|share| !share.grow_to(bytes.len())) {
            return Err(bytes);
        }
        Ok(BufferedBytes(Arc::new(Place::Memory { bytes, _share: share })))
    }

    /// Keeps what `write` writes, which is never whole in memory when it is large. Blocks.
    ///
    /// # Errors
    /// The disk fails, or `write` does.
    pub fn buffer_written(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<BufferedBytes> {
        let mut writing = Writing {
            spool: self,
            memory: Vec::new(),
            file: None,
            size: 0,
        };
        write(&mut writing)?;
        match writing.file {
            Some(file) => Ok(BufferedBytes::file(file.into_inner()?, writing.size)),
            None => self.buffer(writing.memory.into()),
        }
    }
}

impl From<Arc<Spooled>> for BufferedBytes {
    fn from(file: Arc<Spooled>) -> Self {
        match Arc::try_unwrap(file) {
            Ok(file) => file.into_buffered(),
            Err(file) => Self(Arc::new(Place::Spooled(file))),
        }
    }
}

impl Spooled {
    /// The same bytes, to be sent.
    #[must_use]
    pub fn into_buffered(self) -> BufferedBytes {
        match self.file {
            Some(file) => BufferedBytes::file(file, self.size),
            None => BufferedBytes(Arc::new(Place::Memory {
                bytes: self.memory.into(),
                _share: self.share,
            })),
        }
    }
}

impl BufferedBytes {
    /// The bytes of `file`, which has `size` of them.
    #[must_use]
    pub fn file(file: File, size: u64) -> Self {
        Self(Arc::new(Place::File { file, size }))
    }

    /// Number of bytes held.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &*self.0 {
            Place::Memory { bytes, .. } => bytes.len() as u64,
            Place::File { size, .. } => *size,
            Place::Spooled(file) => file.size(),
        }
    }

    /// The bytes, where they are in memory.
    #[must_use]
    pub fn in_memory(&self) -> Option<&Bytes> {
        match &*self.0 {
            Place::Memory { bytes, .. } => Some(bytes),
            Place::File { .. } | Place::Spooled(_) => None,
        }
    }

    /// At most `length` bytes from `start` on; fewer at the end alone. Blocks where they are in a file.
    ///
    /// # Errors
    /// The disk fails.
    pub fn read_at(&self, start: u64, length: usize) -> io::Result<Bytes> {
        let left = usize::try_from(self.size().saturating_sub(start)).unwrap_or(usize::MAX);
        let length = length.min(left);
        match &*self.0 {
            Place::Memory { bytes, .. } => {
                let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
                Ok(bytes.slice(start..start + length))
            }
            Place::File { file, .. } => {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, start)?;
                Ok(bytes.into())
            }
            Place::Spooled(file) => Ok(file.read_at(start, length)?.into()),
        }
    }
}

/// Writer that collects up to `IN_MEMORY` bytes in memory; when more come, all of them go to a file.
struct Writing<'a> {
    spool: &'a Spool,
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    size: u64,
}

impl Write for Writing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.is_none() && self.memory.len() + bytes.len() > super::IN_MEMORY {
            let mut file = BufWriter::with_capacity(super::IN_MEMORY, self.spool.temporary_file()?);
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes)?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All bytes, read as they are sent.
    fn read(held: &BufferedBytes) -> Vec<u8> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < held.size() {
            bytes.extend_from_slice(&held.read_at(bytes.len() as u64, 10_000).expect("it is read"));
        }
        bytes
    }

    #[test]
    fn bytes_are_the_same_in_memory_and_in_a_file() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let spool = Spool::new(folder.path(), 1).expect("a spool");
        let bytes: Vec<u8> = (0..20_u32 << 20).map(|number| (number % 251) as u8).collect();
        let kept = [40_000, 20 << 20, 20 << 20, 100].map(|length| {
            let held = spool.buffer(bytes[..length].to_vec().into()).expect("it is held");
            assert_eq!(read(&held), bytes[..length]);
            held
        });
        let in_memory = kept.each_ref().map(|held| held.in_memory().is_some());
        assert_eq!(in_memory, [true, true, false, true], "32 MB of memory");
        for length in [0, 1, super::super::IN_MEMORY, 1 << 20] {
            let pieces = bytes[..length].chunks(777);
            let write =
                |writer: &mut dyn Write| pieces.into_iter().try_for_each(|piece| writer.write_all(piece));
            let held = spool.buffer_written(write).expect("it is held");
            assert_eq!(read(&held), bytes[..length]);
        }
    }
}
