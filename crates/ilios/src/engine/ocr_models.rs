//! Networks of OCR that are installed beside the program, as files of known digests.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Networks that can be installed.
#[derive(Debug, Clone, Copy)]
pub struct OcrModel {
    /// Name, and folder within that of all models.
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// File that finds stretches of text.
    pub detector: ModelFile,
    /// File that reads a stretch of text.
    pub recognizer: ModelFile,
    /// Address of the Python package that holds the files.
    pub package: &'static str,
    /// Digest of the package (SHA-256, hexadecimal).
    pub package_sha256: &'static str,
    /// Licence and notice, as members of the package.
    pub notices: &'static [ModelNotice],
}

/// File of a model.
#[derive(Debug, Clone, Copy)]
pub struct ModelFile {
    /// Name of the file.
    pub name: &'static str,
    /// Its path in the package.
    pub member: &'static str,
    /// Its digest (SHA-256, hexadecimal).
    pub sha256: &'static str,
}

/// Text that goes with a model.
#[derive(Debug, Clone, Copy)]
pub struct ModelNotice {
    /// Name of the file.
    pub name: &'static str,
    /// Its path in the package.
    pub member: &'static str,
}

/// The larger networks: PP-OCRv6 small.
pub const SMALL: OcrModel = OcrModel {
    name: "small",
    about: "PP-OCRv6 small, 31 MB, for pages that the networks of the program are unsure of; knows Japanese, too",
    detector: ModelFile {
        name: "det.onnx",
        member: "rapidocr/models/PP-OCRv6_det_small.onnx",
        sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    },
    recognizer: ModelFile {
        name: "rec.onnx",
        member: "rapidocr/models/PP-OCRv6_rec_small.onnx",
        sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    },
    package: "https://files.pythonhosted.org/packages/59/07/\
              203065283bba0c5e9c10af3602dc25ab3e59ee54dc2d1d22c8faeabf5ed8/rapidocr-3.10.0-py3-none-any.whl",
    package_sha256: "2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050",
    notices: &[
        ModelNotice {
            name: "LICENSE",
            member: "rapidocr-3.10.0.dist-info/licenses/LICENSE",
        },
        ModelNotice {
            name: "NOTICE.md",
            member: "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
        },
    ],
};

/// State of a model in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelState {
    /// All its files are there, and are those that they should be.
    Installed,
    /// It is not there.
    Missing,
    /// A file is missing or another one than it should be.
    Damaged(PathBuf),
}

/// Bytes of the files of a model.
#[derive(Debug, PartialEq, Eq)]
pub struct LoadedModel {
    /// Finds stretches of text.
    pub detector: Vec<u8>,
    /// Reads a stretch of text.
    pub recognizer: Vec<u8>,
}

impl OcrModel {
    /// The files with the networks.
    #[must_use]
    pub fn files(&self) -> [ModelFile; 2] {
        [self.detector, self.recognizer]
    }

    /// Folder of the model below that of all models.
    #[must_use]
    pub fn folder(&self, models: &Path) -> PathBuf {
        models.join(self.name)
    }

    /// State of the model, whose files are read for that.
    #[must_use]
    pub fn state(&self, models: &Path) -> ModelState {
        match self.load(models) {
            Ok(_) => ModelState::Installed,
            Err(state) => state,
        }
    }

    /// Reads the files.
    ///
    /// # Errors
    /// [`ModelState::Missing`], [`ModelState::Damaged`].
    pub fn load(&self, models: &Path) -> Result<LoadedModel, ModelState> {
        let folder = self.folder(models);
        if !self.files().iter().any(|file| folder.join(file.name).exists()) {
            return Err(ModelState::Missing);
        }
        let read = |file: ModelFile| {
            let path = folder.join(file.name);
            match fs::read(&path) {
                Ok(bytes) if file.is(&bytes) => Ok(bytes),
                _ => Err(ModelState::Damaged(path)),
            }
        };
        Ok(LoadedModel {
            detector: read(self.detector)?,
            recognizer: read(self.recognizer)?,
        })
    }
}

impl ModelFile {
    /// Returns true if these are the bytes of the file.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        let digest = Sha256::digest(bytes);
        let digits = digest.iter().map(|byte| format!("{byte:02x}"));
        digits.collect::<String>() == self.sha256
    }
}

#[cfg(test)]
mod tests {
    use super::{ModelState, SMALL};

    #[test]
    fn only_the_files_that_are_meant_are_a_model() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(SMALL.state(folder.path()), ModelState::Missing);
        let small = SMALL.folder(folder.path());
        std::fs::create_dir(&small).unwrap();
        assert_eq!(SMALL.state(folder.path()), ModelState::Missing);
        let detector = small.join("det.onnx");
        std::fs::write(&detector, "another file").unwrap();
        assert_eq!(SMALL.load(folder.path()), Err(ModelState::Damaged(detector)));
    }
}
