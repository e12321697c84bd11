/// Weights of PP-OCRv6 tiny: a network that finds lines of text in a picture, one that reads a line, and the characters
/// that it tells apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights {
    /// ONNX model of the detector.
    pub(crate) detector: &'static [u8],
    /// ONNX model of the recognizer.
    pub(crate) recognizer: &'static [u8],
    /// Characters of the recognizer's classes in their order, each on a line.
    pub(crate) dictionary: &'static str,
}

/// The weights; `None` in a build without them.
#[cfg(has_weights)]
pub(crate) const WEIGHTS: Option<Weights> = Some(Weights {
    detector: include_bytes!(concat!(env!("OUT_DIR"), "/det.onnx")),
    recognizer: include_bytes!(concat!(env!("OUT_DIR"), "/rec.onnx")),
    dictionary: include_str!(concat!(env!("OUT_DIR"), "/dictionary.txt")),
});

/// The weights; `None` in a build without them.
#[cfg(not(has_weights))]
pub(crate) const WEIGHTS: Option<Weights> = None;

/// Licence and notice of the weights.
pub const LICENSE: &str = concat!(
    include_str!("../weights/NOTICE"),
    "\n",
    include_str!("../weights/LICENSE")
);
