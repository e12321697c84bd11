use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::BytesMut;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ObjectsError;

/// Bytes of one part. A file that fits into one is sent in one request.
pub(super) const PART_BYTES: u64 = 8 << 20;
/// Parts of all files that are in memory and on their way at once.
pub(super) const MAX_PARTS_IN_FLIGHT: usize = 4;

/// Memory for parts on their way, shared by all uploads.
///
/// It is one piece, made when the first upload begins and gone when the last one ends. Pieces of the size of a part
/// would be kept by the allocator, for every thread that has read one; a piece this large goes back to the system.
#[derive(Clone, Default)]
pub(super) struct Slots(Arc<Mutex<Weak<Slab>>>);

struct Slab {
    free: Mutex<Vec<BytesMut>>,
    permits: Arc<Semaphore>,
}

/// Memory for one part. It is free again when this is dropped.
pub(super) struct Slot {
    bytes: BytesMut,
    used: usize,
    slab: Arc<Slab>,
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    /// Waits for a slot.
    pub(super) async fn take(&self) -> Result<Slot, ObjectsError> {
        let slab = self.slab()?;
        let permit = Arc::clone(&slab.permits).acquire_owned().await;
        let permit = permit.map_err(|error| ObjectsError::Unavailable(error.to_string()))?;
        let free = slab.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Slot {
            bytes: free.unwrap_or_default(),
            used: 0,
            slab,
            _permit: permit,
        })
    }

    fn slab(&self) -> Result<Arc<Slab>, ObjectsError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slab) = known.upgrade() {
            return Ok(slab);
        }
        let part = usize::try_from(PART_BYTES).map_err(|error| ObjectsError::Io(error.to_string()))?;
        let mut whole = BytesMut::zeroed(MAX_PARTS_IN_FLIGHT * part);
        let slab = Arc::new(Slab {
            free: Mutex::new((0..MAX_PARTS_IN_FLIGHT).map(|_| whole.split_to(part)).collect()),
            permits: Arc::new(Semaphore::new(MAX_PARTS_IN_FLIGHT)),
        });
        *known = Arc::downgrade(&slab);
        Ok(slab)
    }
}

impl Slot {
    /// The first `length` bytes to write to, which are the content from then on; `None` when it has fewer.
    pub(super) fn first(&mut self, length: usize) -> Option<&mut [u8]> {
        let bytes = self.bytes.get_mut(..length)?;
        self.used = length;
        Some(bytes)
    }
}

impl AsRef<[u8]> for Slot {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        let mut free = self.slab.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(bytes);
    }
}
