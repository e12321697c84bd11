use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ConvertError;

/// Runs a reader; a panic of a library on a hostile file becomes the error of that file. Nothing outlives the
/// call but its result, so nothing half-changed can be seen afterwards.
pub(super) fn catch_panics<T>(read: impl FnOnce() -> Result<T, ConvertError>) -> Result<T, ConvertError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(super::invalid("its content is inconsistent")))
}
