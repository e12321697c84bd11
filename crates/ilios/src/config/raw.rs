use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;

/// Names and values as they are in the environment and in a `.env` file; the environment wins.
#[derive(Debug, Clone, Default)]
pub struct Raw(HashMap<String, String>);

impl Raw {
    /// Reads the process's environment and, where it has one, the `.env` file in `folder`.
    ///
    /// # Errors
    /// The `.env` file is there and cannot be read or understood; says where.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read"
    )]
    pub fn from_process(folder: &Path) -> Result<Self, String> {
        let mut values = HashMap::new();
        let file = folder.join(".env");
        if file.exists() {
            let lines =
                dotenvy::from_path_iter(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            for line in lines {
                // The parser's message quotes the line, which may hold a secret.
                let (name, value) =
                    line.map_err(|_| format!("{}: a line is not NAME=value", file.display()))?;
                values.insert(name, value);
            }
        }
        for (name, value) in std::env::vars_os() {
            if let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) {
                values.insert(name, value);
            }
        }
        Ok(Self(values))
    }

    /// The value of `name`, trimmed; `None` when it is unset or blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What the OCR program may know of the environment: where programs and its data are.
    #[must_use]
    pub fn for_programs(&self) -> Vec<(OsString, OsString)> {
        ["PATH", "TESSDATA_PREFIX"]
            .into_iter()
            .filter_map(|name| Some((name.into(), self.get(name)?.into())))
            .collect()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Raw {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}
