use std::path::Path;

/// A file, whatever name leads to it: two names of one file (a link, other capitals where they do not count, `./`) have
/// the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::cli) struct Identity(Inner);

#[cfg(unix)]
type Inner = (u64, u64);
#[cfg(not(unix))]
type Inner = std::path::PathBuf;

impl Identity {
    /// The file that `path` leads to; `None` when there is none.
    pub(in crate::cli) fn of(path: &Path) -> Option<Self> {
        inner(path).map(Self)
    }
}

#[cfg(unix)]
fn inner(path: &Path) -> Option<Inner> {
    use std::os::unix::fs::MetadataExt;
    let file = std::fs::metadata(path).ok()?;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn inner(path: &Path) -> Option<Inner> {
    path.canonicalize().ok()
}
