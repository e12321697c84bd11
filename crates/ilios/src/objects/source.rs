use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;

use super::slots::Slot;
use super::{ObjectsError, blocking};
use crate::spool::Spooled;

/// The bytes of a spooled file, to be read in parts by several readers at once.
pub(super) struct Source {
    size: u64,
    bytes: Place,
}

enum Place {
    Memory(Bytes),
    File(Arc<File>),
}

impl Source {
    /// The bytes of `file`. A file on disk is not read yet: its descriptor is duplicated, which does not block.
    pub(super) fn new(file: &Spooled) -> Result<Self, ObjectsError> {
        Ok(Self {
            size: file.size(),
            bytes: match file.in_memory() {
                Some(bytes) => Place::Memory(Bytes::copy_from_slice(bytes)),
                None => Place::File(Arc::new(file.open().map_err(|error| spool(&error))?)),
            },
        })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn in_memory(&self) -> bool {
        matches!(self.bytes, Place::Memory(_))
    }

    /// `length` bytes from `start`, or what is left of them. Leaves the file's own position alone.
    pub(super) async fn part(&self, start: u64, length: u64) -> Result<Bytes, ObjectsError> {
        self.read(start, length, None).await
    }

    /// As [`Self::part`], in the memory of `slot` when it is large enough. Bytes that are in memory need none.
    pub(super) async fn part_in(&self, slot: Slot, start: u64, length: u64) -> Result<Bytes, ObjectsError> {
        self.read(start, length, Some(slot)).await
    }

    async fn read(&self, start: u64, length: u64, slot: Option<Slot>) -> Result<Bytes, ObjectsError> {
        let length = index(length.min(self.size.saturating_sub(start)))?;
        match &self.bytes {
            Place::Memory(bytes) => {
                let start = index(start)?;
                Ok(bytes.slice(start..start + length))
            }
            Place::File(file) => {
                let file = Arc::clone(file);
                blocking(move || read_at(&file, start, length, slot).map_err(|error| spool(&error))).await
            }
        }
    }
}

fn read_at(file: &File, start: u64, length: usize, slot: Option<Slot>) -> io::Result<Bytes> {
    if let Some(mut slot) = slot
        && let Some(bytes) = slot.first(length)
    {
        file.read_exact_at(bytes, start)?;
        return Ok(Bytes::from_owner(slot));
    }
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, start)?;
    Ok(bytes.into())
}

fn spool(error: &io::Error) -> ObjectsError {
    ObjectsError::Io(format!("the spool cannot be read: {error}"))
}

fn index(number: u64) -> Result<usize, ObjectsError> {
    usize::try_from(number).map_err(|_| ObjectsError::Io("a part is larger than the memory".into()))
}
