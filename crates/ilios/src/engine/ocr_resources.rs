//! Resources of children that recognize pictures: memory, which all of them share, and the larger networks.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::ocr_models::{ModelState, SMALL};
use super::protocol::{Body, NetworkBodies, ProtocolError, ToChild, encode};

/// Memory in MB of a child that recognizes pictures: its networks at a page, beside the document.
const RECOGNITION_MB: u32 = 256;
/// Memory in MB that another picture takes which is read at the same time.
const ANOTHER_PICTURE_MB: u32 = 160;
/// The same with the larger networks.
const LARGER_RECOGNITION_MB: u32 = 400;

/// Settings of recognition.
#[derive(Debug, Clone)]
pub struct OcrSettings {
    /// Memory in bytes that all children may take together for recognition; one of them may in any case.
    pub memory: u64,
    /// Folder of the models that are installed.
    pub models: PathBuf,
}

/// Resources that the children of one engine share.
pub(super) struct OcrResources {
    memory: Arc<Semaphore>,
    models: PathBuf,
    /// Message with the larger networks, once a child has asked for them.
    larger: OnceCell<Option<Arc<Vec<u8>>>>,
}

/// Memory that a child holds until it has ended.
#[derive(Default)]
pub(super) struct HeldMemory {
    permit: Option<OwnedSemaphorePermit>,
    /// Pictures that it may read at the same time.
    pictures: u32,
}

impl OcrResources {
    pub(super) fn new(settings: &OcrSettings) -> Self {
        let megabytes = usize::try_from(settings.memory >> 20).unwrap_or(usize::MAX);
        let megabytes = megabytes.clamp(RECOGNITION_MB as usize, Semaphore::MAX_PERMITS);
        Self {
            memory: Arc::new(Semaphore::new(megabytes)),
            models: settings.models.clone(),
            larger: OnceCell::new(),
        }
    }

    /// Waits until there is memory for the recognition of a picture.
    pub(super) async fn admit(&self, held: &mut HeldMemory) {
        if held.permit.is_none() {
            let memory = Arc::clone(&self.memory);
            // It fails for a closed semaphore alone, and this one is never closed.
            held.permit = memory.acquire_many_owned(RECOGNITION_MB).await.ok();
            held.pictures = 1;
        }
    }

    /// Number of pictures that may be read at the same time, of those that are wanted, after [`Self::admit`].
    pub(super) fn at_once(&self, held: &mut HeldMemory, wanted: u32) -> u32 {
        while held.pictures < wanted
            && let Ok(more) = Arc::clone(&self.memory).try_acquire_many_owned(ANOTHER_PICTURE_MB)
        {
            held.add(more);
            held.pictures += 1;
        }
        held.pictures.min(wanted).max(1)
    }

    /// Message with the larger networks, or with none: when they are not installed, and when there is no memory for them
    /// now. A child that waited for it would hold what others wait for.
    pub(super) async fn larger_networks(&self, held: &mut HeldMemory) -> Result<Arc<Vec<u8>>, ProtocolError> {
        let none = || Ok(Arc::new(encode(&ToChild::Networks(None))?));
        let more = LARGER_RECOGNITION_MB - RECOGNITION_MB;
        let Some(more) = Arc::clone(&self.memory).try_acquire_many_owned(more).ok() else {
            return none();
        };
        let Some(larger) = self.larger.get_or_init(|| load(self.models.clone())).await else {
            return none();
        };
        held.add(more);
        Ok(Arc::clone(larger))
    }
}

/// Pictures, at most, that a child may read at the same time whose own limit is so many bytes.
pub(super) fn pictures_within(memory: u64) -> u32 {
    let beside = (memory >> 20).saturating_sub(RECOGNITION_MB.into());
    u32::try_from(1 + beside / u64::from(ANOTHER_PICTURE_MB)).unwrap_or(u32::MAX)
}

impl HeldMemory {
    fn add(&mut self, more: OwnedSemaphorePermit) {
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
    }
}

async fn load(models: PathBuf) -> Option<Arc<Vec<u8>>> {
    let loaded = tokio::task::spawn_blocking(move || SMALL.load(&models))
        .await
        .ok()?;
    let model = match loaded {
        Ok(model) => model,
        Err(ModelState::Damaged(file)) => {
            tracing::warn!(file = %file.display(), "the larger networks of OCR are damaged, and not used");
            return None;
        }
        Err(_) => return None,
    };
    let networks = NetworkBodies {
        detector: Body(&model.detector),
        recognizer: Body(&model.recognizer),
    };
    let message = encode(&ToChild::Networks(Some(networks))).ok()?;
    Some(Arc::new(message))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{HeldMemory, OcrResources, OcrSettings, pictures_within};

    fn resources(megabytes: u64) -> OcrResources {
        OcrResources::new(&OcrSettings {
            memory: megabytes << 20,
            models: "/nowhere".into(),
        })
    }

    async fn is_admitted(resources: &OcrResources, held: &mut HeldMemory) -> bool {
        let admitted = tokio::time::timeout(Duration::from_millis(50), resources.admit(held));
        admitted.await.is_ok()
    }

    #[tokio::test]
    async fn children_recognize_at_once_as_long_as_there_is_memory() {
        let resources = resources(600);
        let mut held: [HeldMemory; 3] = Default::default();
        assert!(is_admitted(&resources, &mut held[0]).await);
        assert!(is_admitted(&resources, &mut held[0]).await, "its next page");
        assert!(is_admitted(&resources, &mut held[1]).await);
        assert!(!is_admitted(&resources, &mut held[2]).await);
        held[0] = HeldMemory::default();
        assert!(is_admitted(&resources, &mut held[2]).await);
    }

    #[tokio::test]
    async fn pictures_are_read_at_the_same_time_as_far_as_there_is_memory() {
        let resources = resources(256 + 160 + 256);
        let mut held: [HeldMemory; 2] = Default::default();
        for held in &mut held {
            resources.admit(held).await;
        }
        let mut at_once = |child: usize, wanted| resources.at_once(&mut held[child], wanted);
        assert_eq!(at_once(0, 2), 2);
        assert_eq!(at_once(1, 9), 1, "no memory is left");
        assert_eq!(at_once(0, 1), 1);
        assert_eq!(at_once(0, 9), 2);
        held[0] = HeldMemory::default();
        assert_eq!(resources.at_once(&mut held[1], 9), 3);
    }

    #[test]
    fn pictures_are_as_many_as_the_limit_of_a_child_has_room_for() {
        let limits = [16_u64, 256, 415, 416, 512, 1024];
        assert_eq!(
            limits.map(|megabytes| pictures_within(megabytes << 20)),
            [1, 1, 1, 2, 2, 5]
        );
    }

    #[tokio::test]
    async fn one_child_recognizes_however_little_memory_there_is() {
        assert!(is_admitted(&resources(1), &mut HeldMemory::default()).await);
    }
}
