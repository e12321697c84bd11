//! Bounded temporary files for what clients send: streamed, hashed and capped while it arrives; and for what is sent to
//! them, which may take long.

mod budget;
mod buffered_bytes;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::pin::pin;

use futures::{Stream, TryStreamExt};
use sha2::{Digest, Sha256};

use self::budget::{Budget, Share};
use crate::disk::{self, DiskFault};

pub use self::buffered_bytes::BufferedBytes;

/// Bytes that are kept in memory before a file is used: small documents are most, and cost no file.
pub(crate) const IN_MEMORY: usize = 256 * 1024;
/// First bytes, kept in memory to detect the type.
const HEAD_BYTES: usize = 64 * 1024;
/// Memory that all uploads share unless something else is said.
const UPLOAD_MEMORY: u64 = 64 << 20;
/// Bytes of upload memory charged for each file being received, in addition to the file: the buffers of its connection
/// and of the code that handles the request.
const RECEIVE_BUFFER_BYTES: i64 = 32 << 10;
/// Memory that all answers share.
const ANSWER_MEMORY: u64 = 32 << 20;

/// Temporary storage of uploads and answers.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
    max_bytes: u64,
    uploads: Budget,
    answers: Budget,
}

/// Reason a file was not spooled.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// More bytes arrived than allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// The temporary file could not be written.
    #[error("the spool cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// A file while it arrives.
pub struct Incoming {
    spool: Spool,
    hash: Sha256,
    size: u64,
    memory: Vec<u8>,
    share: Share,
    _reading: Share,
    file: Option<File>,
}

/// A file that has arrived. Its bytes are gone when it is dropped, and when the process ends in whatever way:
/// the temporary file has no name.
#[derive(Debug)]
pub struct Spooled {
    folder: PathBuf,
    size: u64,
    sha256: String,
    memory: Vec<u8>,
    /// Share of the upload memory that `memory` takes; `None` for a file that was adopted from disk.
    share: Option<Share>,
    file: Option<File>,
}

impl Spool {
    /// A spool in `folder`, which is created, for files of at most `max_bytes`.
    ///
    /// # Errors
    /// The folder cannot be created or holds no temporary files.
    pub fn new(folder: &Path, max_bytes: u64) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            max_bytes,
            uploads: Budget::new(UPLOAD_MEMORY).half_kept(),
            answers: Budget::new(ANSWER_MEMORY),
        })
    }

    /// The same spool with so much memory for all uploads: half of it for files that are not on disk, half for what
    /// receiving them takes.
    #[must_use]
    pub fn with_memory(self, bytes: u64) -> Self {
        Self {
            uploads: Budget::new(bytes).half_kept(),
            ..self
        }
    }

    /// The most bytes that a file may have.
    #[must_use]
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// This spool for files of at most `max_bytes`.
    #[must_use]
    pub fn up_to(&self, max_bytes: u64) -> Self {
        Self {
            max_bytes,
            ..self.clone()
        }
    }

    /// Checks that files can be spooled, by writing one. Blocks.
    ///
    /// # Errors
    /// [`DiskFault`].
    pub fn check(&self) -> Result<(), DiskFault> {
        disk::try_out(&self.folder)
    }

    /// An empty file without a name, gone when it is dropped. Blocks.
    ///
    /// # Errors
    /// The disk fails.
    pub fn temporary_file(&self) -> io::Result<File> {
        tempfile::tempfile_in(&self.folder)
    }

    /// Begins to receive a file.
    #[must_use]
    pub fn receive(&self) -> Incoming {
        Incoming {
            _reading: self.uploads.charge(RECEIVE_BUFFER_BYTES),
            share: self.uploads.share(),
            spool: self.clone(),
            hash: Sha256::new(),
            size: 0,
            memory: Vec::new(),
            file: None,
        }
    }

    /// Receives a whole file as it arrives.
    ///
    /// # Errors
    /// That of `bytes`, [`SpoolError::TooLarge`] at the first byte above the limit, [`SpoolError::Io`] when the disk fails.
    pub async fn fill<B, E>(&self, bytes: impl Stream<Item = Result<B, E>>) -> Result<Spooled, E>
    where
        B: AsRef<[u8]> + Send + 'static,
        E: From<SpoolError>,
    {
        let mut bytes = pin!(bytes);
        let mut incoming = self.receive();
        while let Some(bytes) = bytes.try_next().await? {
            incoming = incoming.append(bytes).await?;
        }
        Ok(incoming.finish())
    }
}

impl Incoming {
    /// Returns true if the next `more` bytes go to a file, so that writing them may block.
    #[must_use]
    pub fn blocks_at(&mut self, more: usize) -> bool {
        self.file.is_some() || !self.make_room(more)
    }

    /// Makes room in memory, where the file is small and the memory of all files not yet used up.
    fn make_room(&mut self, more: usize) -> bool {
        let (length, room) = (self.memory.len() + more, self.memory.capacity());
        if length <= room || length > IN_MEMORY {
            return length <= room;
        }
        // Most small files come in one piece.
        let room = if room == 0 {
            length
        } else {
            length.max(2 * room).min(IN_MEMORY)
        };
        let granted = self.share.grow_to(room);
        if granted {
            self.memory.reserve_exact(room - self.memory.len());
        }
        granted
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`SpoolError::TooLarge`] at the first byte above the limit, [`SpoolError::Io`] when the disk fails.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SpoolError> {
        self.size += bytes.len() as u64;
        if self.size > self.spool.max_bytes {
            return Err(SpoolError::TooLarge {
                limit: self.spool.max_bytes,
            });
        }
        self.hash.update(bytes);
        if !self.blocks_at(bytes.len()) {
            self.memory.extend_from_slice(bytes);
            return Ok(());
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes)?,
            None => {
                let mut file = tempfile::tempfile_in(&self.spool.folder)?;
                file.write_all(&self.memory)?;
                file.write_all(bytes)?;
                self.memory = Vec::new();
                self.share = self.spool.uploads.share();
                self.file = Some(file);
            }
        }
        Ok(())
    }

    /// As [`Self::write`], off the runtime's threads where the bytes go to the disk.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn append(mut self, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<Self, SpoolError> {
        if !self.blocks_at(bytes.as_ref().len()) {
            self.write(bytes.as_ref())?;
            return Ok(self);
        }
        let write = move || self.write(bytes.as_ref()).map(|()| self);
        let written = tokio::task::spawn_blocking(write).await;
        written.map_err(io::Error::other)?
    }

    /// Ends the file.
    #[must_use]
    pub fn finish(self) -> Spooled {
        Spooled {
            folder: self.spool.folder,
            size: self.size,
            sha256: format!("{:x}", self.hash.finalize()),
            memory: self.memory,
            share: Some(self.share),
            file: self.file,
        }
    }
}

impl Spooled {
    /// Takes a file that is on disk already, from its beginning. Blocks while it is read once.
    ///
    /// # Errors
    /// [`SpoolError::TooLarge`] above `max_bytes`, [`SpoolError::Io`] when it cannot be read.
    pub fn adopt(mut file: File, max_bytes: u64) -> Result<Self, SpoolError> {
        let announced = file.metadata()?.len();
        if announced > max_bytes {
            return Err(SpoolError::TooLarge { limit: max_bytes });
        }
        if announced <= IN_MEMORY as u64 {
            let mut memory = Vec::new();
            (&mut file).take(IN_MEMORY as u64 + 1).read_to_end(&mut memory)?;
            let sha256 = format!("{:x}", Sha256::digest(&memory));
            return Ok(Self {
                folder: std::env::temp_dir(),
                size: memory.len() as u64,
                sha256,
                memory,
                share: None,
                file: None,
            });
        }
        let mut hash = Sha256::new();
        let size = io::copy(&mut (&mut file).take(announced), &mut hash)?;
        let sha256 = format!("{:x}", hash.finalize());
        Ok(Self {
            folder: std::env::temp_dir(),
            size,
            sha256,
            memory: Vec::new(),
            share: None,
            file: Some(file),
        })
    }

    /// Bytes of the file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256, 64 hex digits.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The bytes, when the file is small enough to be in memory.
    #[must_use]
    pub fn in_memory(&self) -> Option<&[u8]> {
        self.file.is_none().then_some(self.memory.as_slice())
    }

    /// The first bytes, at most 64 kB. Blocks when they are on disk.
    ///
    /// # Errors
    /// The disk fails.
    pub fn head(&self) -> io::Result<Vec<u8>> {
        let Some(file) = &self.file else {
            return Ok(self.memory.iter().take(HEAD_BYTES).copied().collect());
        };
        let mut head = vec![0; HEAD_BYTES.min(usize::try_from(self.size).unwrap_or(HEAD_BYTES))];
        file.read_exact_at(&mut head, 0)?;
        Ok(head)
    }

    /// At most `length` bytes from `start` on; fewer at the end alone. Several may read at once. Blocks when they
    /// are on disk.
    ///
    /// # Errors
    /// The disk fails.
    pub fn read_at(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let left = usize::try_from(self.size.saturating_sub(start)).unwrap_or(usize::MAX);
        let length = length.min(left);
        let mut bytes = vec![0; length];
        match &self.file {
            Some(file) => file.read_exact_at(&mut bytes, start)?,
            None => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                if let Some(part) = self.memory.get(start..start.saturating_add(length)) {
                    bytes.copy_from_slice(part);
                }
            }
        }
        Ok(bytes)
    }

    /// The file as an open descriptor at its beginning. Descriptors of the same file may share their position: who
    /// reads while others do says from where. Blocks.
    ///
    /// # Errors
    /// The disk fails.
    pub fn open(&self) -> io::Result<File> {
        let mut file = match &self.file {
            Some(file) => file.try_clone()?,
            None => {
                let mut file = tempfile::tempfile_in(&self.folder)?;
                file.write_all(&self.memory)?;
                file
            }
        };
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
