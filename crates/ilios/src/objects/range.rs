use std::ops::Range;

use super::ObjectsError;

/// Range that is asked for, cut to an object of `size` bytes. Refuses one that has no byte of it.
pub(super) fn within(range: Option<Range<u64>>, size: u64) -> Result<Range<u64>, ObjectsError> {
    match range {
        None => Ok(0..size),
        Some(range) if range.start < size.min(range.end) => Ok(range.start..range.end.min(size)),
        Some(_) => Err(ObjectsError::OutOfRange { size }),
    }
}
