//! The models that there are.

use crate::refusal::Refusal;

/// A model by its own name, whichever name it was asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    /// Whether it tells blocks; an older one answers with none.
    pub(crate) has_blocks: bool,
}

const OCR_4_1: Model = Model {
    name: "mistral-ocr-4-1",
    has_blocks: true,
};
const OCR_4_0: Model = Model {
    name: "mistral-ocr-4-0",
    has_blocks: true,
};
const OCR_3: Model = Model {
    name: "mistral-ocr-2512",
    has_blocks: false,
};

/// Names and what they mean, as of August 2026. 2505 and 2503 are retired and no longer here.
const NAMES: &[(&str, Model)] = &[
    ("mistral-ocr-latest", OCR_4_1),
    ("mistral-ocr-4-1", OCR_4_1),
    ("mistral-ocr-4", OCR_4_1),
    ("mistral-ocr-4-0", OCR_4_0),
    ("mistral-ocr-2512", OCR_3),
    ("mistral-ocr-3", OCR_3),
    ("mistral-ocr-3-0", OCR_3),
];

impl Model {
    /// The model of a name.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, model)| *model).ok_or_else(|| Refusal::Error {
            status: 400,
            kind: "invalid_model",
            code: Some("1500"),
            message: format!("Invalid model: {name}"),
        })
    }
}
