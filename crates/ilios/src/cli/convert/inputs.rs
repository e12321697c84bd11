use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;

/// Where a document comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A file, and where it lies below the folder that was named.
    File { path: PathBuf, relative: PathBuf },
    /// Standard input, under this name.
    Stdin { name: String },
}

impl Source {
    /// What people call it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::File { path, .. } => path.display().to_string(),
            Self::Stdin { .. } => "standard input".to_owned(),
        }
    }

    /// Where its result lies below the output folder, before the extension is changed.
    pub(super) fn relative(&self) -> PathBuf {
        match self {
            Self::File { relative, .. } => relative.clone(),
            Self::Stdin { name } => Path::new(name)
                .file_name()
                .map_or("document".into(), PathBuf::from),
        }
    }
}

/// Finds the files that `arguments` name: files, folders, patterns, `-`. Each file once, in a stable order.
///
/// # Errors
/// Something named is not there, a pattern matches nothing, a folder is named without `recursive`.
pub(super) fn collect(
    arguments: &[String],
    stdin_name: &str,
    recursive: bool,
) -> anyhow::Result<Vec<Source>> {
    let (mut sources, mut seen) = (Vec::new(), BTreeSet::new());
    for argument in arguments {
        for source in matching(argument, stdin_name, recursive)? {
            if seen.insert(source.shown()) {
                sources.push(source);
            }
        }
    }
    anyhow::ensure!(!sources.is_empty(), "there is no file to convert");
    Ok(sources)
}

fn matching(argument: &str, stdin_name: &str, recursive: bool) -> anyhow::Result<Vec<Source>> {
    if argument == "-" {
        return Ok(vec![Source::Stdin {
            name: stdin_name.to_owned(),
        }]);
    }
    let path = Path::new(argument);
    if path.exists() {
        return below(path, recursive);
    }
    anyhow::ensure!(
        argument.contains(['*', '?', '[']),
        "{argument}: there is no such file"
    );
    let mut found = Vec::new();
    for path in glob::glob(argument).with_context(|| argument.to_owned())? {
        let path = path?;
        if path.is_file() || recursive {
            found.extend(below(&path, recursive)?);
        }
    }
    anyhow::ensure!(!found.is_empty(), "{argument}: no file matches");
    Ok(found)
}

fn below(path: &Path, recursive: bool) -> anyhow::Result<Vec<Source>> {
    if !path.is_dir() {
        let relative = path.file_name().map_or_else(|| path.to_owned(), PathBuf::from);
        return Ok(vec![Source::File {
            path: path.to_owned(),
            relative,
        }]);
    }
    anyhow::ensure!(
        recursive,
        "{} is a folder; add --recursive to convert what is in it",
        path.display()
    );
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() && !hidden(entry.path(), path) {
            let relative = entry.path().strip_prefix(path)?.to_owned();
            found.push(Source::File {
                path: entry.into_path(),
                relative,
            });
        }
    }
    Ok(found)
}

/// Whether a part of `path` below `root` begins with a dot.
fn hidden(path: &Path, root: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}
