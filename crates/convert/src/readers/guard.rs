use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ConvertError;

/// Runs a reader and turns a panic of a library on a hostile file into an error. Only the result outlives the call, so
/// no half-changed state can be observed.
pub(super) fn catch_panics<T>(read: impl FnOnce() -> Result<T, ConvertError>) -> Result<T, ConvertError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(super::invalid("its content is inconsistent")))
}
