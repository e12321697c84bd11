use std::fmt::Write;
use std::path::{Path, PathBuf};

use ilios_convert::ir::Image;

use super::targets::Targets;

/// Folder for the pictures of a result, beside it: `report.images` beside `report.md`.
pub(super) struct PictureFolder(PathBuf);

impl PictureFolder {
    pub(super) fn of(target: &Path) -> Self {
        Self(target.with_extension("images"))
    }

    /// Begin of the addresses by which the result leads to its pictures.
    pub(super) fn address(&self) -> String {
        let name = self.0.file_name().unwrap_or_default().to_string_lossy();
        let mut address = String::new();
        for c in name.chars() {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~') || !c.is_ascii() {
                address.push(c);
            } else {
                // Writing to a string cannot fail.
                let _ = write!(address, "%{:02X}", u32::from(c));
            }
        }
        address.push('/');
        address
    }

    /// Path of a file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes the pictures.
    ///
    /// # Errors
    /// Those of [`Targets::write`].
    pub(super) fn write(&self, images: &[Image], targets: &Targets) -> anyhow::Result<()> {
        images
            .iter()
            .try_for_each(|image| targets.write(&self.file(&image.name), &image.bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::PictureFolder;

    #[test]
    fn an_address_has_no_sign_that_ends_it() {
        for (target, address) in [
            ("out/report.md", "report.images/"),
            ("out/a b (1)#%?.docx.md", "a%20b%20%281%29%23%25%3F.docx.images/"),
            ("out/\u{dc}bung.html", "\u{dc}bung.images/"),
        ] {
            assert_eq!(PictureFolder::of(Path::new(target)).address(), address);
        }
    }
}
