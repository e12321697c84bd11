use std::borrow::Cow;
use std::sync::OnceLock;

use crate::network::Network;
use crate::onnx;
use crate::weights::WEIGHTS;

/// Entry of a recognizer's file that lists its characters.
const CHARACTERS: &str = "character";

/// Networks that find and read text.
pub(crate) struct Engine {
    pub(crate) detector: Network,
    pub(crate) recognizer: Network,
    /// Characters of the recognizer's classes in their order.
    pub(crate) dictionary: Vec<String>,
}

/// The networks, loaded at the first call; `None` in a build without their weights.
pub(crate) fn engine() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    ENGINE.get_or_init(load).as_ref()
}

fn load() -> Option<Engine> {
    let weights = WEIGHTS?;
    let (detector, recognizer) = (Cow::Borrowed(weights.detector), Cow::Borrowed(weights.recognizer));
    Engine::of(detector, recognizer, weights.dictionary).ok()
}

impl Engine {
    fn of(
        detector: Cow<'static, [u8]>,
        recognizer: Cow<'static, [u8]>,
        dictionary: &str,
    ) -> Result<Self, String> {
        Ok(Self {
            dictionary: dictionary.lines().map(str::to_owned).collect(),
            detector: Network::load(detector)?,
            recognizer: Network::load(recognizer)?,
        })
    }

    /// Loads networks of the ONNX format, whose recognizer lists its characters itself.
    ///
    /// # Errors
    /// Reason, in words.
    pub(crate) fn load(detector: Vec<u8>, recognizer: Vec<u8>) -> Result<Self, String> {
        let dictionary = onnx::metadata(&recognizer, CHARACTERS)
            .ok_or("the recognizer lists no characters")?
            .to_owned();
        Self::of(Cow::Owned(detector), Cow::Owned(recognizer), &dictionary)
    }
}
