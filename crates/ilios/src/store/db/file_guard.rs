//! Tells whether the files of a local database are still those that were opened.
//!
//! SQLite goes on working with a file that was deleted or replaced, for it has it open: whatever it commits then is
//! gone with the process. So before each commit its name is looked up, its head is read and its length compared. A file
//! that is the same again, because it was moved or written back, is used further. One that was restored from a copy is
//! another file: [`super::sqlite`] opens it then.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Reason a local database cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum FileFault {
    /// The file or its log is gone.
    #[error("its file, or the log beside it, is gone")]
    Missing,
    /// Another file is in its place.
    #[error("another file is in the place of its own")]
    Replaced,
    /// It was overwritten or cut.
    #[error("its file was overwritten or cut")]
    Damaged,
}

/// State of a file, to notice changes: inode, length in bytes, modification time (seconds XOR nanoseconds).
pub(super) type Signature = (u64, u64, i64);

/// First bytes of an unencrypted SQLite file (<https://sqlite.org/fileformat.html>).
const MAGIC: [u8; 16] = *b"SQLite format 3\0";
/// The part of a head that never changes while a server works: size of a page, versions, fixed fractions. Encryption
/// leaves it in clear.
const FIXED_FIELDS: std::ops::Range<usize> = 16..24;
/// The change counter, a number that never gets smaller.
const COUNTER: std::ops::Range<usize> = 24..28;
const HEADER_BYTES: usize = 100;

/// The files as they were opened.
pub(super) struct FileGuard {
    path: PathBuf,
    /// Kept open as long as SQLite works with it: closing any descriptor of a file ends the locks that this process has
    /// on it.
    file: File,
    name: Name,
    /// As it was seen last.
    head: Option<Head>,
    /// Bytes of the database that were in the file, and not in the log alone, when it was looked at last.
    present: u64,
    log: Option<Name>,
    index: Option<Name>,
}

type Head = [u8; HEADER_BYTES];

/// Identity of a file: device and inode stay the same when it is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Name {
    device: u64,
    inode: u64,
}

impl Name {
    fn of(file: &Metadata) -> Self {
        Self {
            device: file.dev(),
            inode: file.ino(),
        }
    }
}

impl FileGuard {
    /// The guard of a database that is open.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            name: Name::of(&file.metadata()?),
            file,
            head: None,
            present: 0,
            log: None,
            index: None,
        })
    }

    /// Looks at the files; remembers what it sees of them.
    pub(super) fn verify(&mut self) -> Result<(), FileFault> {
        match look_up(&self.path)? {
            None => return Err(FileFault::Missing),
            Some(name) if name != self.name => return Err(FileFault::Replaced),
            Some(_) => {}
        }
        self.verify_head()?;
        verify_beside(&self.path, "-wal", &mut self.log)?;
        verify_beside(&self.path, "-shm", &mut self.index)
    }

    /// Returns true if the path still leads to the database file that was opened.
    pub(super) fn is_same_file(&self) -> bool {
        matches!(look_up(&self.path), Ok(Some(name)) if name == self.name)
    }

    /// The state of the file that is in the place of ours, where it looks as ours did.
    pub(super) fn signature(&self) -> Option<Signature> {
        let file = File::open(&self.path).ok()?;
        let state = file.metadata().ok()?;
        let mut head = [0; HEADER_BYTES];
        file.read_exact_at(&mut head, 0).ok()?;
        let alike = self.head.is_none_or(|first| is_alike(&first, &head));
        alike.then(|| (state.ino(), state.len(), state.mtime() ^ state.mtime_nsec()))
    }

    /// Forgets the files beside the database, which are others from now on.
    pub(super) fn forget_log(&mut self) {
        self.log = None;
        self.index = None;
    }

    /// Returns true if all that was in the file is still in it, as far as the database, `whole` bytes in file and log
    /// together, needs it. Nobody may commit meanwhile.
    ///
    /// A file is cut when rows were deleted, never below the length that the database has then; and only this process
    /// makes the database larger, after it has looked here.
    pub(super) fn has_all(&mut self, whole: u64) -> bool {
        let length = self.file.metadata().map_or(0, |file| file.len());
        let has_all = length >= self.present.min(whole);
        if has_all {
            self.present = length.min(whole);
        }
        has_all
    }

    fn verify_head(&mut self) -> Result<(), FileFault> {
        let Ok(head) = self.read_head() else {
            // A new file may have its first page in the log alone.
            return self.head.map_or(Ok(()), |_| Err(FileFault::Damaged));
        };
        let sound = |known: &Head| is_alike(known, &head) && !is_older(&head, known);
        if self.head.as_ref().is_none_or(sound) {
            self.head = Some(head);
            Ok(())
        } else {
            Err(FileFault::Damaged)
        }
    }

    /// Reads the head; one that has changed until it is the same twice, for it may be about to be written.
    fn read_head(&self) -> io::Result<Head> {
        let mut head = [0; HEADER_BYTES];
        self.file.read_exact_at(&mut head, 0)?;
        let mut known = self.head;
        for _ in 0..3 {
            if known == Some(head) {
                break;
            }
            known = Some(head);
            self.file.read_exact_at(&mut head, 0)?;
        }
        Ok(head)
    }
}

/// Returns true if `head` is of an earlier state of the database than `known`, such as of a copy that was written over
/// it. Encryption hides the counter.
fn is_older(head: &Head, known: &Head) -> bool {
    head.starts_with(&MAGIC) && head[COUNTER] < known[COUNTER]
}

/// Returns true if two heads may be of one database at different times: both are encrypted or neither is, and the bytes
/// that never change are equal.
fn is_alike(first: &Head, second: &Head) -> bool {
    first.starts_with(&MAGIC) == second.starts_with(&MAGIC) && first[FIXED_FIELDS] == second[FIXED_FIELDS]
}

fn verify_beside(path: &Path, ending: &str, known: &mut Option<Name>) -> Result<(), FileFault> {
    let mut with_suffix = path.as_os_str().to_owned();
    with_suffix.push(ending);
    let found = look_up(Path::new(&with_suffix))?;
    match (&known, found) {
        (None, found) => *known = found,
        (Some(known), Some(found)) if *known == found => {}
        (Some(_), Some(_)) => return Err(FileFault::Replaced),
        (Some(_), None) => return Err(FileFault::Missing),
    }
    Ok(())
}

fn look_up(path: &Path) -> Result<Option<Name>, FileFault> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(Some(Name::of(&file))),
        // A folder above that is gone, or no folder any more, is the same as a missing file.
        Err(_) => Ok(None),
    }
}
