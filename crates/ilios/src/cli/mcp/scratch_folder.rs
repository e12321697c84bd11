use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::FlockOperation;
use tempfile::TempDir;

/// Begin of the names of such folders.
const PREFIX: &str = "ilios-mcp-";
/// File whose lock says that the folder is in use.
const LOCK: &str = "lock";

/// Folder of documents that are kept as long as the program runs. One that a killed program has left is removed by the
/// next one.
pub(super) struct ScratchFolder {
    folder: TempDir,
    _lock: File,
}

impl ScratchFolder {
    /// A folder within `parent`.
    pub(super) fn new(parent: &Path) -> anyhow::Result<Self> {
        remove_left(parent);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = File::create(folder.path().join(LOCK))?;
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { folder, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of this user that nobody uses. What cannot be removed is left to the next program.
fn remove_left(parent: &Path) {
    let user = rustix::process::getuid().as_raw();
    for entry in parent.read_dir().into_iter().flatten().flatten() {
        let is_ours = |entry: &std::fs::DirEntry| {
            let name = entry.file_name();
            let found = entry.path().symlink_metadata().ok();
            name.to_string_lossy().starts_with(PREFIX)
                && found.is_some_and(|found| found.is_dir() && found.uid() == user)
        };
        if !is_ours(&entry) {
            continue;
        }
        // One without the file is being made.
        let lock = File::open(entry.path().join(LOCK)).ok();
        let is_free = |lock: &File| rustix::fs::flock(lock, FlockOperation::NonBlockingLockExclusive).is_ok();
        if lock.as_ref().is_some_and(is_free)
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::warn!(%error, "a folder that a killed program has left stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_nobody_uses_are_removed() {
        let parent = TempDir::new().expect("a folder");
        let left = parent.path().join("ilios-mcp-left");
        std::fs::create_dir(&left).expect("a folder");
        std::fs::write(left.join(LOCK), "").expect("a file");
        let other = parent.path().join("ilios-other");
        std::fs::create_dir(&other).expect("a folder");
        let used = ScratchFolder::new(parent.path()).expect("a folder");
        assert!(!left.exists() && other.exists());
        let another = ScratchFolder::new(parent.path()).expect("a folder");
        assert!(used.path().exists() && another.path().exists());
        let path = used.path().to_owned();
        drop(used);
        assert!(!path.exists());
    }
}
