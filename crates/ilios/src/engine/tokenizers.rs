//! Tokenizers of the installation, by which chunks may be measured.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ilios_convert::{Tokenizer, TokenizerFile, TokenizerName, WriteOptions};
use tokio::sync::OnceCell;

use super::EngineError;

/// Bytes of a file, at most. Those of models with a vocabulary of 256,000 words have up to 40 MB.
const MAX_BYTES: u64 = 64 << 20;

/// File of a tokenizer in a folder of its own, as models are published.
const PUBLISHED_NAME: &str = "tokenizer.json";

/// Content of a file, or the reason it cannot be used.
type Loaded = Result<Arc<Vec<u8>>, String>;

/// Folder with tokenizers: `NAME.json` and `NAME/tokenizer.json`. A file is read when it is asked for first, and kept.
#[derive(Default)]
pub struct Tokenizers {
    folder: Option<PathBuf>,
    loaded: Mutex<HashMap<TokenizerName, Arc<OnceCell<Loaded>>>>,
}

impl Tokenizers {
    /// The tokenizers in a folder, if there is one.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            loaded: Mutex::default(),
        }
    }

    /// Names of all, in order.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(&self) -> std::io::Result<Vec<TokenizerName>> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            let name = name.strip_suffix(".json").unwrap_or(&name);
            if let Ok(name) = name.parse::<TokenizerName>()
                && file_of(folder, &name).is_some()
            {
                names.push(name);
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Checks that the tokenizer that the options name is there.
    ///
    /// # Errors
    /// [`EngineError::NoTokenizer`].
    pub fn check(&self, options: &WriteOptions) -> Result<(), EngineError> {
        let Tokenizer::Installed(name) = &options.chunks.tokenizer else {
            return Ok(());
        };
        let folder = self.folder.as_deref();
        if folder.is_some_and(|folder| file_of(folder, name).is_some()) {
            return Ok(());
        }
        let installed = self.names().unwrap_or_default();
        let built_in = Tokenizer::NAMES.iter().map(|name| (*name).to_owned());
        let known = built_in.chain(installed.iter().map(ToString::to_string));
        Err(EngineError::NoTokenizer {
            known: known.collect::<Vec<_>>().join(", "),
        })
    }

    /// The file of the tokenizer that the options name; `None` if it is built in.
    ///
    /// # Errors
    /// [`EngineError::NoTokenizer`]; [`EngineError::Unavailable`] when its file is no tokenizer.
    pub(super) async fn file(&self, options: &WriteOptions) -> Result<Option<Arc<Vec<u8>>>, EngineError> {
        self.check(options)?;
        let (Tokenizer::Installed(name), Some(folder)) = (&options.chunks.tokenizer, &self.folder) else {
            return Ok(None);
        };
        let cell = {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(loaded.entry(name.clone()).or_default())
        };
        let (folder, wanted) = (folder.clone(), name.clone());
        let load = || async {
            let loaded = tokio::task::spawn_blocking(move || load(&folder, &wanted)).await;
            loaded.unwrap_or_else(|error| Err(error.to_string()))
        };
        match cell.get_or_init(load).await {
            Ok(bytes) => Ok(Some(Arc::clone(bytes))),
            Err(reason) => {
                tracing::warn!(tokenizer = %name, %reason, "a tokenizer cannot be used");
                Err(EngineError::Unavailable(format!(
                    "the tokenizer {name} cannot be used: {reason}"
                )))
            }
        }
    }
}

/// Reads a tokenizer of a folder.
///
/// # Errors
/// The reason it cannot be used.
pub fn load(folder: &Path, name: &TokenizerName) -> Result<Arc<Vec<u8>>, String> {
    let path = file_of(folder, name).ok_or("its file is gone")?;
    let size = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
    if size > MAX_BYTES {
        return Err(format!("its file has {size} bytes, more than {MAX_BYTES}"));
    }
    let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
    TokenizerFile::read(&bytes)?;
    Ok(Arc::new(bytes))
}

fn file_of(folder: &Path, name: &TokenizerName) -> Option<PathBuf> {
    let files = [
        folder.join(format!("{name}.json")),
        folder.join(name.as_str()).join(PUBLISHED_NAME),
    ];
    files.into_iter().find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::Tokenizers;

    #[test]
    fn files_and_folders_are_named_without_what_is_no_tokenizer() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str| std::fs::write(folder.path().join(name), "{}").expect("a file");
        for name in ["b.json", "readme.txt", ".hidden.json", "a b.json"] {
            write(name);
        }
        for name in ["a", "empty"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        write("a/tokenizer.json");
        let tokenizers = Tokenizers::new(Some(folder.path().to_owned()));
        let names = tokenizers.names().expect("names");
        assert_eq!(
            names.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }
}
