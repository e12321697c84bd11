use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ilios_convert::OutputFormat;

use super::inputs::Source;
use crate::app::OutputFile;
use crate::cli::identity::Identity;
use crate::model::folded;

/// Assignment of documents to output files.
pub(super) struct Plan {
    pub(super) documents: Vec<(Source, PathBuf)>,
    /// Files that were found where results of other sources go: results of an earlier run, or by chance of that name.
    pub(super) results: Vec<PathBuf>,
}

/// A name, as file systems compare it that do not tell capitals from small letters.
type Folded = String;

impl Plan {
    /// `report.pdf` goes to `folder/report.md`; where that would be two documents' file, each keeps its
    /// extension (`report.pdf.md`, `report.docx.md`), and a number sets apart what is still the same. A file that was
    /// only found, and lies where the result of another source goes, is no source.
    pub(super) fn new(folder: &Path, sources: Vec<Source>, format: OutputFormat) -> Self {
        let extension = format.extension();
        let (sources, results) = without_results(folder, sources, extension);
        let short = |source: &Source| source.relative().with_extension(extension);
        let mut wanted: HashMap<Folded, usize> = HashMap::new();
        for source in &sources {
            *wanted.entry(key(&short(source))).or_default() += 1;
        }
        let mut taken: HashSet<Folded> = HashSet::new();
        let mut target = |source: &Source| {
            let name = short(source);
            let name = if wanted.get(&key(&name)) == Some(&1) {
                name
            } else {
                appended(&source.relative(), extension)
            };
            let mut free = name;
            for number in 2.. {
                if taken.insert(key(&free)) {
                    break;
                }
                free = appended(&source.relative(), &format!("{number}.{extension}"));
            }
            folder.join(free)
        };
        let documents = sources.into_iter().map(|source| {
            let path = target(&source);
            (source, path)
        });
        Self {
            documents: documents.collect(),
            results,
        }
    }
}

/// Parts what was found into sources and results of other sources.
fn without_results(folder: &Path, sources: Vec<Source>, extension: &str) -> (Vec<Source>, Vec<PathBuf>) {
    let mut targets: HashMap<Identity, HashSet<usize>> = HashMap::new();
    for (number, source) in sources.iter().enumerate() {
        let relative = source.relative();
        for name in [relative.with_extension(extension), appended(&relative, extension)] {
            if let Some(target) = Identity::of(&folder.join(name)) {
                targets.entry(target).or_default().insert(number);
            }
        }
    }
    let is_result = |number: usize, source: &Source| match source {
        Source::File {
            path, found: true, ..
        } => Identity::of(path)
            .and_then(|file| targets.get(&file))
            .is_some_and(|of| of.iter().any(|other| *other != number)),
        _ => false,
    };
    let (mut kept, mut results) = (Vec::with_capacity(sources.len()), Vec::new());
    for (number, source) in sources.iter().enumerate() {
        if is_result(number, source) {
            results.extend(source.path().map(Path::to_owned));
        } else {
            kept.push(source.clone());
        }
    }
    (kept, results)
}

fn key(path: &Path) -> Folded {
    folded(&path.to_string_lossy())
}

fn appended(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}
