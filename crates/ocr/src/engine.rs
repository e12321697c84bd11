use std::sync::{Arc, OnceLock};

use rten::ThreadPool;

use crate::network::Network;
use crate::weights::WEIGHTS;

/// Networks that find and read text.
pub(crate) struct Engine {
    pub(crate) detector: Network,
    pub(crate) recognizer: Network,
    pub(crate) dictionary: Vec<&'static str>,
}

/// The networks, loaded at the first call; `None` in a build without their weights.
pub(crate) fn engine() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    ENGINE.get_or_init(load).as_ref()
}

fn load() -> Option<Engine> {
    let weights = WEIGHTS?;
    // A page is the work of one processor; the pages of other documents are on the others.
    let pool = Arc::new(ThreadPool::with_num_threads(1));
    Some(Engine {
        detector: Network::load(weights.detector, Arc::clone(&pool)).ok()?,
        recognizer: Network::load(weights.recognizer, pool).ok()?,
        dictionary: weights.dictionary.lines().collect(),
    })
}
