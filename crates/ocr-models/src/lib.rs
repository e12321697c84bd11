//! Weights of PP-OCRv6 tiny: a network that finds lines of text in a picture, one that reads a line, and the characters
//! that it tells apart. `LICENSE` and `NOTICE` in the folder of this crate are theirs.

/// Weights of both networks, and the dictionary.
#[derive(Debug, Clone, Copy)]
pub struct Models {
    /// ONNX model of the detector.
    pub detector: &'static [u8],
    /// ONNX model of the recognizer.
    pub recognizer: &'static [u8],
    /// Characters of the recognizer's classes in their order, each on a line.
    pub dictionary: &'static str,
    /// Name and version.
    pub name: &'static str,
}

/// The weights; `None` in a build without them.
#[cfg(ocr_models)]
pub const MODELS: Option<Models> = Some(Models {
    detector: include_bytes!(concat!(env!("OUT_DIR"), "/det.onnx")),
    recognizer: include_bytes!(concat!(env!("OUT_DIR"), "/rec.onnx")),
    dictionary: include_str!(concat!(env!("OUT_DIR"), "/dictionary.txt")),
    name: "PP-OCRv6 tiny",
});

/// The weights; `None` in a build without them.
#[cfg(not(ocr_models))]
pub const MODELS: Option<Models> = None;

/// Licence and notice of the weights.
pub const LICENSE: &str = concat!(include_str!("../NOTICE"), "\n", include_str!("../LICENSE"));
