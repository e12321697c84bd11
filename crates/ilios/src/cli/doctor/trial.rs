//! Trials of places to write to, which leave nothing behind.

use std::io;
use std::path::{Path, PathBuf};

/// Checks that a file can be written in `folder`. A missing folder is made for that and removed again. Returns true if
/// it was missing.
///
/// # Errors
/// A message with the path that cannot be made or written to, and the reason.
pub(super) fn writable(folder: &Path) -> Result<bool, String> {
    let made = make(folder).map_err(|(path, error)| format!("{} cannot be made: {error}", path.display()))?;
    let tried = tempfile::tempfile_in(folder).and_then(|mut file| {
        // A full disk takes names and no bytes.
        io::Write::write_all(&mut file, &[0; 4096])?;
        file.sync_all()
    });
    let missing = !made.is_empty();
    // What was made is empty, unless somebody else uses it by now: then it stays.
    for folder in made.iter().rev() {
        if std::fs::remove_dir(folder).is_err() {
            break;
        }
    }
    match tried {
        Ok(()) => Ok(missing),
        Err(error) => Err(format!("{} is not writable: {error}", folder.display())),
    }
}

/// Makes `folder` and those above it; answers which ones, outermost first. When one cannot be made, none is left.
fn make(folder: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .filter(|path| *path != Path::new(""))
        .take_while(|path| path.symlink_metadata().is_err())
        .collect();
    let mut made = Vec::with_capacity(missing.len());
    for path in missing.into_iter().rev() {
        if let Err(error) = std::fs::create_dir(path) {
            made.iter().rev().for_each(|path: &PathBuf| {
                let _ = std::fs::remove_dir(path);
            });
            return Err((path.to_owned(), error));
        }
        made.push(path.to_owned());
    }
    Ok(made)
}
