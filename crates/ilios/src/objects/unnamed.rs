use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::shared_sync::SharedSync;

/// Writes a small file that has no name until it is whole, so that the end of the process leaves nothing behind.
/// Answers `false`, having done nothing, where the system cannot do that or the name is taken. Blocks until the file
/// survives a power cut.
///
/// Two waits for the disk are saved against writing under another name and renaming: that name's own, and, with
/// others at work, most of the folder's.
///
/// # Errors
/// The disk fails.
#[cfg(target_os = "linux")]
pub(super) fn write(path: &Path, bytes: &[u8], names: &SharedSync) -> io::Result<bool> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};

    let Some(folder) = path.parent() else {
        return Ok(false);
    };
    let mut file: File = match tempfile::tempfile_in(folder) {
        Ok(file) => file,
        // The first object of a folder: the slower way makes it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    file.write_all(bytes)?;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    if linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW).is_err() {
        return Ok(false);
    }
    // After the name is given: a file system without a journal keeps the number of names with the file.
    names.wait(file)?;
    Ok(true)
}

/// Not on this system.
#[cfg(not(target_os = "linux"))]
pub(super) fn write(_path: &Path, _bytes: &[u8], _names: &SharedSync) -> io::Result<bool> {
    Ok(false)
}
