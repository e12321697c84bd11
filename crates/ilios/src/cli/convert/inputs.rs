use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use glob::Pattern;

use crate::cli::identity::Identity;
use crate::cli::terminal::usage;
use crate::model::{portable_name, printable};

/// Source of a document.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A file, and where it lies below the folder that was named; `found` when only that folder was named.
    File {
        path: PathBuf,
        relative: PathBuf,
        found: bool,
    },
    /// Standard input, under this name.
    Stdin { name: String },
}

impl Source {
    /// Name to show on a terminal, free of control characters.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::File { path, .. } => printable(&path.display().to_string()).into_owned(),
            Self::Stdin { .. } => "standard input".to_owned(),
        }
    }

    /// Its file, if it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Stdin { .. } => None,
        }
    }

    /// Path of its result below the output folder, before the extension is changed.
    pub(super) fn relative(&self) -> PathBuf {
        match self {
            Self::File { relative, .. } => relative.clone(),
            Self::Stdin { name } => {
                // Whatever program has sent it may have named it.
                let name = Path::new(name).file_name().unwrap_or_default();
                portable_name(&name.to_string_lossy()).into()
            }
        }
    }
}

/// Files to convert, as named on the command line.
pub(super) struct InputSelection<'a> {
    pub(super) arguments: &'a [OsString],
    /// The name of standard input.
    pub(super) stdin_name: &'a str,
    /// True if folders may be named, and are searched with all folders in them.
    pub(super) recursive: bool,
    /// Folder of the results, left out where it lies in a folder that is searched: its files were made by this program.
    pub(super) output: Option<&'a Path>,
}

impl InputSelection<'_> {
    /// Finds the files: files, folders, patterns, `-`. Each file once, in a stable order.
    ///
    /// # Errors
    /// Something named is not there, a pattern matches nothing, a folder is named without `recursive`.
    pub(super) fn collect(&self) -> anyhow::Result<Vec<Source>> {
        let (mut sources, mut seen) = (Vec::new(), BTreeSet::new());
        for argument in self.arguments {
            for source in self.matching(argument)? {
                if seen.insert(source.path().map(Path::to_owned)) {
                    sources.push(source);
                }
            }
        }
        if sources.is_empty() {
            return Err(usage("there is no file to convert"));
        }
        Ok(sources)
    }

    fn matching(&self, argument: &OsStr) -> anyhow::Result<Vec<Source>> {
        if argument == "-" {
            return Ok(vec![Source::Stdin {
                name: self.stdin_name.to_owned(),
            }]);
        }
        let path = Path::new(argument);
        if path.exists() {
            return self.below(path);
        }
        let shown = path.display();
        // A pattern is text; the name of a file is any bytes.
        let pattern = argument.to_str().filter(|text| text.contains(['*', '?', '[']));
        let Some(pattern) = pattern else {
            return Err(usage(format!("{shown}: there is no such file")));
        };
        let paths = glob::glob(pattern);
        let mut found = Vec::new();
        for path in paths.map_err(|error| usage(format!("{shown}: {error}")))? {
            let path = path?;
            let taken = path.is_file() || self.recursive;
            if taken && !is_left_out(&path, pattern) {
                found.extend(self.below(&path)?);
            }
        }
        if found.is_empty() {
            return Err(usage(format!("{shown}: no file matches")));
        }
        Ok(found)
    }

    fn below(&self, path: &Path) -> anyhow::Result<Vec<Source>> {
        if !path.is_dir() {
            let relative = path.file_name().map_or_else(|| path.to_owned(), PathBuf::from);
            return Ok(vec![Source::File {
                path: path.to_owned(),
                relative,
                found: false,
            }]);
        }
        if !self.recursive {
            let path = path.display();
            return Err(usage(format!(
                "{path} is a folder; add --recursive to convert what is in it"
            )));
        }
        let output = self.output.and_then(Identity::of);
        let is_output = |entry: &walkdir::DirEntry| {
            entry.depth() > 0
                && entry.file_type().is_dir()
                && output.is_some()
                && Identity::of(entry.path()) == output
        };
        let mut found = Vec::new();
        let entries = walkdir::WalkDir::new(path).sort_by_file_name();
        for entry in entries.into_iter().filter_entry(|entry| !is_output(entry)) {
            let entry = entry.with_context(|| path.display().to_string())?;
            if entry.file_type().is_file() && !hidden(entry.path(), path) {
                let relative = entry.path().strip_prefix(path)?.to_owned();
                found.push(Source::File {
                    path: entry.into_path(),
                    relative,
                    found: true,
                });
            }
        }
        Ok(found)
    }
}

/// Returns true if a part of `path` below `root` begins with a dot.
fn hidden(path: &Path, root: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}

/// Returns true if a part of `path` begins with a dot and no part of the pattern asks for it, as a shell leaves it out: a
/// file that is being written begins with a dot. (The option of the glob library for this panics at names that are not
/// UTF-8.)
fn is_left_out(path: &Path, pattern: &str) -> bool {
    let asked = |name: &str| {
        let mut parts = pattern.split('/').filter(|part| part.starts_with('.'));
        parts.any(|part| Pattern::new(part).is_ok_and(|part| part.matches(name)))
    };
    path.components().any(|part| match part {
        Component::Normal(name) => {
            name.as_encoded_bytes().starts_with(b".") && !asked(&name.to_string_lossy())
        }
        _ => false,
    })
}
