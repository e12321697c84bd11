use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;

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
    /// The bytes of `file`. A file on disk is not read yet: its descriptor is duplicated, which blocks nobody.
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
        let length = length.min(self.size.saturating_sub(start));
        match &self.bytes {
            Place::Memory(bytes) => {
                let (start, length) = (index(start)?, index(length)?);
                Ok(bytes.slice(start..start + length))
            }
            Place::File(file) => {
                let (file, length) = (Arc::clone(file), index(length)?);
                blocking(move || {
                    let mut bytes = vec![0; length];
                    file.read_exact_at(&mut bytes, start)
                        .map_err(|error| spool(&error))?;
                    Ok(bytes.into())
                })
                .await
            }
        }
    }
}

fn spool(error: &io::Error) -> ObjectsError {
    ObjectsError::Io(format!("the spool cannot be read: {error}"))
}

fn index(number: u64) -> Result<usize, ObjectsError> {
    usize::try_from(number).map_err(|_| ObjectsError::Io("a part is larger than the memory".into()))
}
