use serde::{Deserialize, Serialize};

use super::choice::choice;

choice! {
    /// Engine of OCR.
    OcrEngine {
        /// The networks of this program, but tesseract for languages in other scripts, where it is installed.
        Auto = "auto",
        /// The networks of this program.
        Builtin = "builtin",
        /// The tesseract program.
        Tesseract = "tesseract",
    }
}
