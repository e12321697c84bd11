use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};

use super::file_address::path_of;
use crate::cli::terminal::usage;
use crate::http::{OpenFile, ToolFault};
use crate::model::FileName;

/// Folders whose files may be converted, without links on their paths.
pub(super) struct Roots(Vec<PathBuf>);

impl Roots {
    /// The folders that the user has named; `None` where there are none.
    ///
    /// # Errors
    /// One of them is no folder.
    pub(super) fn open(folders: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let resolved = folders.iter().map(|folder| {
            let shown = folder.display();
            let path = folder
                .canonicalize()
                .map_err(|error| usage(format!("--root {shown}: {error}")))?;
            if !path.is_dir() {
                return Err(usage(format!("--root {shown} is no folder")));
            }
            Ok(path)
        });
        let resolved: Vec<PathBuf> = resolved.collect::<anyhow::Result<_>>()?;
        Ok((!resolved.is_empty()).then_some(Self(resolved)))
    }

    pub(super) fn opener(self) -> OpenFile {
        Arc::new(move |address| self.file(address))
    }

    /// Opens the file of an address. What is not within a folder, and what is not there, are refused in the same words:
    /// nothing is told of the rest of the disk.
    fn file(&self, address: &str) -> Result<(FileName, File), ToolFault> {
        let path = path_of(address).ok_or_else(|| {
            ToolFault::argument(
                "uri",
                "takes, for a file, an address such as file:///folder/name.pdf",
            )
        })?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let opened = path.canonicalize().and_then(|path| self.opened(&path));
        match opened {
            Ok(file) => Ok((FileName::clean(&name), file)),
            Err(_) => Err(ToolFault::new(
                "not_found",
                format!(
                    "there is no file that can be read at {address} within {}",
                    self.shown()
                ),
            )),
        }
    }

    fn shown(&self) -> String {
        let folders: Vec<String> = self.0.iter().map(|root| root.display().to_string()).collect();
        folders.join(", ")
    }

    /// Opens a file whose path has no links. Where one has come into it meanwhile, it is refused.
    fn opened(&self, path: &Path) -> io::Result<File> {
        let within = |root: &PathBuf| Some((root.clone(), path.strip_prefix(root).ok()?));
        let (root, inside) = self
            .0
            .iter()
            .find_map(within)
            .ok_or(io::ErrorKind::PermissionDenied)?;
        let mut names = inside.components().peekable();
        let mut folder = open_folder(&root)?;
        while let Some(Component::Normal(name)) = names.next() {
            if names.peek().is_some() {
                folder = rustix::fs::openat(&folder, name, FOLDER, Mode::empty())?;
                continue;
            }
            let file = File::from(rustix::fs::openat(&folder, name, FILE, Mode::empty())?);
            return if file.metadata()?.is_file() {
                Ok(file)
            } else {
                Err(io::ErrorKind::InvalidInput.into())
            };
        }
        Err(io::ErrorKind::IsADirectory.into())
    }
}

/// Without waiting for whoever might write to a pipe.
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::CLOEXEC);
const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    Ok(rustix::fs::open(path, FOLDER, Mode::empty())?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn files_of_the_folders_alone_are_opened() {
        let outside = TempDir::new().expect("a folder");
        let inside = outside.path().join("inside");
        std::fs::create_dir_all(inside.join("sub")).expect("a folder");
        for path in ["secret.txt", "inside/a.txt", "inside/sub/b c.txt"] {
            std::fs::write(outside.path().join(path), path).expect("a file");
        }
        symlink(outside.path().join("secret.txt"), inside.join("out.txt")).expect("a link");
        symlink("../secret.txt", inside.join("up.txt")).expect("a link");
        symlink(outside.path(), inside.join("folder")).expect("a link");
        symlink(inside.join("sub/b c.txt"), inside.join("in.txt")).expect("a link");
        rustix::fs::mkfifoat(rustix::fs::CWD, inside.join("pipe"), Mode::from_raw_mode(0o600))
            .expect("a pipe");
        let roots = Roots::open(std::slice::from_ref(&inside))
            .expect("a folder")
            .expect("a folder");
        let open = |path: &str| roots.file(&format!("file://{}/{path}", inside.display()));
        for (path, name) in [
            ("a.txt", "a.txt"),
            ("sub/b%20c.txt", "b c.txt"),
            ("in.txt", "in.txt"),
            ("sub/../a.txt", "a.txt"),
        ] {
            let (file_name, _) = open(path).expect(path);
            assert_eq!(file_name.as_str(), name);
        }
        for path in [
            "../secret.txt",
            "out.txt",
            "up.txt",
            "folder/secret.txt",
            "pipe",
            "sub",
            "",
            "none",
            "sub/%2e%2e/%2e%2e/secret.txt",
        ] {
            let fault = open(path).err().unwrap_or_else(|| panic!("{path} was opened"));
            assert_eq!(fault.code, "not_found", "{path}");
        }
        let fault = roots.file("file://other/a.txt").expect_err("a fault");
        assert_eq!(fault.code, "invalid_parameter");
        assert!(Roots::open(&[outside.path().join("secret.txt")]).is_err());
    }
}
