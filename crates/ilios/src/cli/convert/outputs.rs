use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::inputs::Source;
use crate::app::OutputFormat;

/// Which document goes to which file.
pub(super) struct Plan(Vec<(Source, PathBuf)>);

impl Plan {
    /// `report.pdf` goes to `folder/report.md`; where that would be two documents' file, each keeps its
    /// extension (`report.pdf.md`, `report.docx.md`), and a number sets apart what is still the same.
    pub(super) fn new(folder: &Path, sources: Vec<Source>, format: OutputFormat) -> Self {
        let extension = format.extension();
        let short = |source: &Source| source.relative().with_extension(extension);
        let mut wanted: HashMap<PathBuf, usize> = HashMap::new();
        for source in &sources {
            *wanted.entry(short(source)).or_default() += 1;
        }
        let mut taken: HashMap<PathBuf, usize> = HashMap::new();
        let mut target = |source: &Source| {
            let name = short(source);
            let name = if wanted.get(&name) == Some(&1) {
                name
            } else {
                appended(&source.relative(), extension)
            };
            let times = taken.entry(name.clone()).or_default();
            *times += 1;
            match *times {
                1 => folder.join(name),
                again => folder.join(appended(&source.relative(), &format!("{again}.{extension}"))),
            }
        };
        Self(
            sources
                .into_iter()
                .map(|source| {
                    let path = target(&source);
                    (source, path)
                })
                .collect(),
        )
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl IntoIterator for Plan {
    type Item = (Source, PathBuf);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

fn appended(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}
