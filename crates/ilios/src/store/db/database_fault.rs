/// Reason a database cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseFault {
    /// Its file, or the log beside it, is gone.
    Missing,
    /// Another file is in its place, and it is no database of this program.
    Replaced,
    /// Its file was overwritten or cut.
    Damaged,
    /// Another process has it for itself.
    Locked,
    /// Its disk is full.
    DiskFull,
    /// It refuses, or cannot be reached.
    Unavailable,
    /// It does not answer in time.
    Silent,
}
