use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::secret_files::{self, FILE_SUFFIX};
use super::{Fault, misspelt, variables};

/// Environment variables that the OCR program inherits, and no others: the folders of programs and of its data.
const INHERITED_VARIABLES: [&str; 2] = ["PATH", "TESSDATA_PREFIX"];

/// Names and values as they are in the environment and in a `.env` file; the environment wins. The values of secrets
/// may be in files of their own, which `NAME_FILE` names.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    values: HashMap<String, String>,
    for_programs: Vec<(OsString, OsString)>,
    /// Values that cannot be read. A variable with one must not count as unset.
    faults: Vec<Fault>,
}

impl Raw {
    /// Reads the process's environment and, where it has one, the `.env` file in `folder`.
    ///
    /// # Errors
    /// The `.env` file is there and cannot be read or understood; says where. What is wrong with a single variable
    /// is told when the configuration is resolved.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read"
    )]
    pub fn from_process(folder: &Path) -> Result<Self, String> {
        let mut raw = Self {
            values: file_values(&folder.join(".env"))?,
            ..Self::default()
        };
        for (name, value) in std::env::vars_os() {
            // A name that is no text is none that this program knows.
            if let Ok(name) = name.into_string() {
                raw.set(name, value);
            }
        }
        secret_files::read(&mut raw.values, &mut raw.faults);
        Ok(raw)
    }

    fn set(&mut self, name: String, value: OsString) {
        if INHERITED_VARIABLES.contains(&name.as_str()) {
            self.for_programs.push((name.clone().into(), value.clone()));
        }
        match value.into_string() {
            Ok(value) => {
                self.values.insert(name, value);
            }
            Err(_) if is_known(&name) => {
                self.values.remove(&name);
                self.faults
                    .push(Fault::new(name, "has a value that is no UTF-8 text"));
            }
            Err(_) => {}
        }
    }

    /// The value of `name`, trimmed; `None` when it is unset or blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.as_set(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The value of `name` as it is, be it blank; `None` when it is unset.
    pub(super) fn as_set(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Faults found while variables, and the files that they name, were read.
    pub(super) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Names that are probably meant to be ones that the program knows, each with the one.
    pub(super) fn misspelt(&self) -> Vec<(&str, String)> {
        misspelt::among(self.values.keys().map(String::as_str))
    }

    /// The same with another value of `name`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Environment of the OCR program: the variables of `INHERITED_VARIABLES` that are set, byte for byte where they come from
    /// the environment.
    #[must_use]
    pub fn for_programs(&self) -> Vec<(OsString, OsString)> {
        let set = |name: &&str| !self.for_programs.iter().any(|(known, _)| known == *name);
        let further = INHERITED_VARIABLES.into_iter().filter(set);
        let further = further.filter_map(|name| Some((name.into(), self.get(name)?.into())));
        self.for_programs.iter().cloned().chain(further).collect()
    }
}

/// Returns true if the program reads the variable `name`, be it a setting or the `NAME_FILE` of a secret.
fn is_known(name: &str) -> bool {
    variables().any(|variable| {
        variable.name == name || (variable.secret && name.strip_suffix(FILE_SUFFIX) == Some(variable.name))
    })
}

/// Variables that a `.env` file sets; none when there is no such file.
fn file_values(file: &Path) -> Result<HashMap<String, String>, String> {
    let fault = |what: &dyn std::fmt::Display| format!("{}: {what}", file.display());
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        // A link that leads nowhere is there, and was meant to say something.
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.symlink_metadata().is_err() => {
            return Ok(HashMap::new());
        }
        Err(error) => return Err(fault(&error)),
    };
    let text = String::from_utf8(bytes).map_err(|_| fault(&"is no UTF-8 text"))?;
    // Some editors begin a file with this, which would become a part of the first name.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.contains('\0') {
        return Err(fault(&"is no UTF-8 text"));
    }
    dotenvy::from_read_iter(text.as_bytes())
        // The parser's message quotes the line, which may hold a secret.
        .map(|line| line.map_err(|_| fault(&"a line is not NAME=value")))
        .collect()
}

impl<const N: usize> From<[(&str, &str); N]> for Raw {
    fn from(pairs: [(&str, &str); N]) -> Self {
        let values = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut raw = Self {
            values: values.collect(),
            ..Self::default()
        };
        secret_files::read(&mut raw.values, &mut raw.faults);
        raw
    }
}
