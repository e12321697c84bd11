//! Limits of a form, whatever is in it.

/// Bytes that may come before the first part. No client sends any.
pub(super) const MAX_PREAMBLE: usize = 1 << 10;
/// Bytes that may come after the last part; they are ignored.
pub(super) const MAX_EPILOGUE: usize = 64 << 10;
/// Bytes that the head of a part may have.
pub(super) const MAX_HEAD: usize = 16 << 10;
/// Parts that a form may have, whatever they are.
pub(super) const MAX_PARTS: usize = 1_000;
/// Headers that a part may have; three are known.
pub(super) const MAX_HEADERS: usize = 20;
/// Bytes that the name of a file may have.
pub(super) const MAX_NAME: usize = 4 << 10;
