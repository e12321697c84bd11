use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, stream};
use object_store::local::LocalFileSystem;
use object_store::{Error, MultipartUpload, ObjectStore, ObjectStoreExt};

use super::range::within;
use super::shared_sync::SharedSync;
use super::source::Source;
use super::unnamed;
use super::{Area, ObjectKey, ObjectsError, OpenObject, SigningKey, blocking};
use crate::disk;
use crate::model::Timestamp;
use crate::spool::{Spool, Spooled};

/// Bytes that are read at once. For a client who may take long to take them, the answer keeps what is read in the memory
/// that all answers share, or in a file.
const COPY_CHUNK_BYTES: usize = 256 * 1024;
/// Bytes that are written at once.
const WRITE_CHUNK_BYTES: u64 = 1 << 20;

/// Objects in a folder of this machine.
#[derive(Clone)]
pub(super) struct Local {
    folder: PathBuf,
    store: LocalFileSystem,
    signing: SigningKey,
    /// Of `documents/`, where nearly all objects are made.
    names: Arc<SharedSync>,
}

impl Local {
    pub(super) async fn open(folder: &Path, signing: SigningKey) -> Result<Self, ObjectsError> {
        let folder = folder.to_owned();
        let context = folder.display().to_string();
        let open = move || {
            create(&folder).map_err(|error| ObjectsError::disk(&error))?;
            let store = LocalFileSystem::new_with_prefix(&folder).map_err(ObjectsError::local)?;
            Ok(Self {
                names: Arc::new(SharedSync::new(folder.join(Area::Documents.as_str()))),
                folder,
                // What was answered must survive a power cut.
                store: store.with_fsync(true),
                signing,
            })
        };
        let opened = blocking(open).await;
        opened.map_err(|error| ObjectsError::Io(format!("{context}: {error}")))
    }

    pub(super) fn store(&self) -> &dyn ObjectStore {
        &self.store
    }

    pub(super) fn signing(&self) -> &SigningKey {
        &self.signing
    }

    pub(super) async fn put(&self, key: &ObjectKey, source: &Source) -> Result<(), ObjectsError> {
        if source.size() <= WRITE_CHUNK_BYTES {
            let bytes = source.part(0, WRITE_CHUNK_BYTES).await?;
            if key.area() == Area::Documents && self.put_unnamed(key, bytes.clone()).await? {
                return Ok(());
            }
            let stored = self.store.put(&key.path(), bytes.into()).await;
            return stored.map(drop).map_err(ObjectsError::local);
        }
        let staged = self.store.put_multipart(&key.path()).await;
        let mut staged = staged.map_err(ObjectsError::local)?;
        let written = write(&mut *staged, source).await;
        if written.is_err() {
            // The error that brought us here says more than one of the removal.
            let _ = staged.abort().await;
        }
        written
    }

    async fn put_unnamed(&self, key: &ObjectKey, bytes: Bytes) -> Result<bool, ObjectsError> {
        let (path, names) = (self.path(key), Arc::clone(&self.names));
        let write = move || unnamed::write(&path, &bytes, &names).map_err(|error| ObjectsError::disk(&error));
        blocking(write).await
    }

    pub(super) async fn fetch(&self, key: &ObjectKey, spool: &Spool) -> Result<Spooled, ObjectsError> {
        let (path, mut incoming) = (self.path(key), spool.receive());
        blocking(move || {
            let mut file = existing(&path)?;
            let mut buffer = vec![0; COPY_CHUNK_BYTES];
            loop {
                match file.read(&mut buffer) {
                    Ok(0) => return Ok(incoming.finish()),
                    Ok(length) => incoming.write(&buffer[..length])?,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(ObjectsError::disk(&error)),
                }
            }
        })
        .await
    }

    pub(super) async fn read(
        &self,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<OpenObject, ObjectsError> {
        let path = self.path(key);
        let (file, size, range) = blocking(move || {
            let disk = |error: io::Error| ObjectsError::disk(&error);
            let file = existing(&path)?;
            let size = file.metadata().map_err(disk)?.len();
            Ok((Arc::new(file), size, within(range, size)?))
        })
        .await?;
        let stream = stream::try_unfold((file, range.clone()), next_chunk).boxed();
        Ok(OpenObject { size, range, stream })
    }

    /// A second name for the same bytes, which are never changed in place. It counts as written now: until a row
    /// names it, only its age keeps it from being swept. The store's overwriting copy is not used: repeated, it renames
    /// one name of a file to another, which leaves both.
    pub(super) async fn copy(&self, from: &ObjectKey, to: &ObjectKey) -> Result<(), ObjectsError> {
        let path = self.path(from);
        blocking(move || touch(&existing(&path)?).map_err(|error| ObjectsError::disk(&error))).await?;
        let (from, to) = (from.path(), to.path());
        match self.store.copy_if_not_exists(&from, &to).await {
            Err(Error::AlreadyExists { .. }) => {}
            copied => return copied.map_err(ObjectsError::local),
        }
        match self.store.delete(&to).await {
            Ok(()) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(ObjectsError::local(error)),
        }
        let copied = self.store.copy_if_not_exists(&from, &to).await;
        copied.map_err(ObjectsError::local)
    }

    /// Makes a temporary file without a name, which is gone at once.
    pub(super) async fn check(&self) -> Result<(), ObjectsError> {
        let folder = self.folder.clone();
        blocking(move || disk::try_out(&folder).map_err(|error| ObjectsError::Io(error.to_string()))).await
    }

    pub(super) async fn sweep_staging(&self, modified_before: Timestamp) -> Result<usize, ObjectsError> {
        let folder = self.folder.clone();
        blocking(move || {
            let swept = Area::ALL
                .into_iter()
                .map(|area| sweep(&folder.join(area.as_str()), modified_before))
                .sum::<io::Result<usize>>();
            swept.map_err(|error| ObjectsError::disk(&error))
        })
        .await
    }

    fn path(&self, key: &ObjectKey) -> PathBuf {
        self.folder.join(key.as_str())
    }
}

/// A piece of what is left of a file.
type Chunk = (Bytes, (Arc<File>, Range<u64>));

/// Reads the next bytes of a range; nothing at its end.
async fn next_chunk((file, left): (Arc<File>, Range<u64>)) -> Result<Option<Chunk>, ObjectsError> {
    if left.is_empty() {
        return Ok(None);
    }
    let end = left.end.min(left.start + COPY_CHUNK_BYTES as u64);
    blocking(move || {
        let mut bytes = vec![0; usize::try_from(end - left.start).unwrap_or(0)];
        let read = file.read_exact_at(&mut bytes, left.start);
        read.map_err(|error| ObjectsError::disk(&error))?;
        Ok(Some((bytes.into(), (file, end..left.end))))
    })
    .await
}

/// Creates `folder` so that a power cut does not lose it again with what it holds.
fn create(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    for folder in folder.canonicalize()?.ancestors().skip(1).take(2) {
        // One that may be written to and not read cannot be synchronized.
        if let Ok(folder) = File::open(folder) {
            folder.sync_all()?;
        }
    }
    Ok(())
}

/// Makes the present the time at which `file` was written last.
fn touch(file: &File) -> io::Result<()> {
    let now = rustix::fs::Timespec {
        tv_sec: 0,
        tv_nsec: rustix::fs::UTIME_NOW,
    };
    let times = rustix::fs::Timestamps {
        last_access: now,
        last_modification: now,
    };
    Ok(rustix::fs::futimens(file, &times)?)
}

fn existing(path: &Path) -> Result<File, ObjectsError> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ObjectsError::NotFound,
        _ => ObjectsError::disk(&error),
    })
}

/// Writes all of `source` and gives it its name.
async fn write(staged: &mut dyn MultipartUpload, source: &Source) -> Result<(), ObjectsError> {
    let mut start = 0;
    while start < source.size() {
        let bytes = source.part(start, WRITE_CHUNK_BYTES).await?;
        start += bytes.len() as u64;
        staged.put_part(bytes.into()).await.map_err(ObjectsError::local)?;
    }
    staged.complete().await.map(drop).map_err(ObjectsError::local)
}

/// Removes files named `…#1` that are older than `modified_before`; the store never lists them.
fn sweep(folder: &Path, modified_before: Timestamp) -> io::Result<usize> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut swept = 0;
    for entry in entries {
        let entry = entry?;
        if is_staged(&entry.file_name().to_string_lossy()) && modified(&entry)? < modified_before {
            std::fs::remove_file(entry.path())?;
            swept += 1;
        }
    }
    Ok(swept)
}

fn is_staged(name: &str) -> bool {
    name.split_once('#')
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}

fn modified(entry: &std::fs::DirEntry) -> io::Result<Timestamp> {
    let since = entry
        .metadata()?
        .modified()?
        .duration_since(std::time::UNIX_EPOCH);
    Ok(Timestamp::from_millis(0).plus(since.unwrap_or_default()))
}
