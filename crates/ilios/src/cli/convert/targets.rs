use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

use super::inputs::Source;
use crate::cli::identity::Identity;

/// Policy for a result whose file exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// It is an error.
    Refuse,
    /// The file stays, and its source is not converted.
    Skip,
    /// The file is replaced.
    Replace,
}

/// The files that results are written to. None of them is ever a source.
pub(super) struct Targets {
    existing: Existing,
    sources: HashSet<Identity>,
    /// Files that were found where results of the sources go: results of an earlier run, or originals.
    results: HashSet<Identity>,
    /// Files that this run has written, which it does not write over.
    made: Mutex<HashSet<Identity>>,
}

impl Targets {
    pub(super) fn new<'a>(
        existing: Existing,
        sources: impl Iterator<Item = &'a Source>,
        results: &[PathBuf],
    ) -> Self {
        Self {
            existing,
            sources: sources
                .filter_map(Source::path)
                .filter_map(Identity::of)
                .collect(),
            results: results.iter().filter_map(|path| Identity::of(path)).collect(),
            made: Mutex::default(),
        }
    }

    /// Checks that a result may be written to `target`. Returns `false` when an existing file is to be kept.
    ///
    /// # Errors
    /// It is a source, a folder, was written by this run, or exists already where that is an error.
    pub(super) fn takes(&self, target: &Path) -> anyhow::Result<bool> {
        let shown = target.display();
        let file = Identity::of(target);
        if file.as_ref().is_some_and(|file| self.sources.contains(file)) {
            bail!(
                "{shown} is itself a file to convert and is never written over; name another folder with -o"
            );
        }
        if target.symlink_metadata().is_err() {
            return Ok(true);
        }
        if target.is_dir() {
            bail!("{shown} is a folder");
        }
        if file.as_ref().is_some_and(|file| self.made().contains(file)) {
            bail!("{shown} was made from another file just now");
        }
        match self.existing {
            Existing::Skip => Ok(false),
            Existing::Replace => Ok(true),
            Existing::Refuse => bail!(
                "{shown} is there already and was not made by this run; --force replaces it, --skip-existing leaves it"
            ),
        }
    }

    /// Writes a result, with the mode that the umask allows; the file is there whole or not at all.
    ///
    /// # Errors
    /// As [`Self::takes`], for what has come to be there since; the disk fails.
    pub(super) fn write(&self, target: &Path, content: &[u8]) -> anyhow::Result<()> {
        let context = || format!("cannot write {}", target.display());
        let folder = target.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).with_context(context)?;
        let mut file = temporary(folder).with_context(context)?;
        file.write_all(content).with_context(context)?;
        if !self.takes(target)? {
            return Ok(());
        }
        if self.may_be_an_original(target, content)? {
            bail!(
                "{} lies among the files to convert and may be an original, so that not even --force replaces it; name \
                 another folder with -o",
                target.display()
            );
        }
        let made = if self.existing == Existing::Replace {
            file.persist(target)
        } else {
            file.persist_noclobber(target)
        };
        let made = made.map_err(|error| error.error);
        if made
            .as_ref()
            .is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists)
        {
            self.takes(target)?;
        }
        made.with_context(context)?;
        self.made().extend(Identity::of(target));
        Ok(())
    }

    /// Returns true if `target` was found when sources were searched for, and holds something else than `content`.
    fn may_be_an_original(&self, target: &Path, content: &[u8]) -> anyhow::Result<bool> {
        if !Identity::of(target).is_some_and(|file| self.results.contains(&file)) {
            return Ok(false);
        }
        let mut found = Vec::new();
        let more = content.len() as u64 + 1;
        File::open(target)?.take(more).read_to_end(&mut found)?;
        Ok(found != content)
    }

    fn made(&self) -> std::sync::MutexGuard<'_, HashSet<Identity>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file beside those to come, with the permissions that the umask allows.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ilios-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
