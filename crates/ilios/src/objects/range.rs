use std::ops::Range;

use super::ObjectsError;

/// What a range asked for is of an object of `size` bytes.
pub(super) fn within(range: Option<Range<u64>>, size: u64) -> Result<Range<u64>, ObjectsError> {
    match range {
        None => Ok(0..size),
        Some(range) if range.start < size.min(range.end) => Ok(range.start..range.end.min(size)),
        Some(_) => Err(ObjectsError::OutOfRange { size }),
    }
}
