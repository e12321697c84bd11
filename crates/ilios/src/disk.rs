//! Checks that a folder can be written to, by trying it.

use std::io::{self, Write};
use std::path::Path;

use rustix::fs::statvfs;

/// Bytes that have to be free: with fewer a disk counts as full before a write fails.
const MIN_FREE_BYTES: u64 = 1 << 20;
/// Bytes that are written for a trial.
const TRIAL_BYTES: usize = 4_096;

/// Reason a folder cannot be written to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiskFault {
    /// Its disk is full.
    #[error("the disk is full")]
    Full,
    /// It is missing, read-only or broken.
    #[error("{0}")]
    Io(String),
}

/// Writes to a temporary file without a name in `folder`, gone at once. Blocks.
///
/// # Errors
/// [`DiskFault`].
pub fn try_out(folder: &Path) -> Result<(), DiskFault> {
    let fault = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => DiskFault::Full,
        _ => DiskFault::Io(format!("{}: {error}", folder.display())),
    };
    let state = statvfs(folder).map_err(|error| fault(error.into()))?;
    if state.f_bavail.saturating_mul(state.f_frsize) < MIN_FREE_BYTES {
        return Err(DiskFault::Full);
    }
    let mut file = tempfile::tempfile_in(folder).map_err(fault)?;
    file.write_all(&[0; TRIAL_BYTES]).map_err(fault)
}
