use std::sync::{Arc, OnceLock};

use rten::ThreadPool;

use super::network::Network;

/// Networks that find and read text.
pub(super) struct Engine {
    pub(super) detector: Network,
    pub(super) recognizer: Network,
    pub(super) dictionary: Vec<&'static str>,
}

/// The networks, loaded at the first call; `None` in a build without their weights.
pub(super) fn engine() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    ENGINE.get_or_init(load).as_ref()
}

fn load() -> Option<Engine> {
    let models = ilios_ocr_models::MODELS?;
    // A page is the work of one processor; the pages of other documents are on the others.
    let pool = Arc::new(ThreadPool::with_num_threads(1));
    Some(Engine {
        detector: Network::load(models.detector, Arc::clone(&pool)).ok()?,
        recognizer: Network::load(models.recognizer, pool).ok()?,
        dictionary: models.dictionary.lines().collect(),
    })
}
