use std::sync::Arc;

use ilios_convert::PagePicture;

use super::job::{Done, Job, Original};
use super::picture_folder::PictureFolder;
use super::targets::Targets;
use crate::engine::{Owner, RenderRequest, Rendering};

impl Job {
    /// Writes the pictures of the pages, where they are wanted, one after another: a book has many.
    pub(super) async fn write_page_images(
        &self,
        done: &Done,
        folder: &PictureFolder,
        targets: &Arc<Targets>,
    ) -> anyhow::Result<()> {
        let Some(dpi) = self.page_images else {
            return Ok(());
        };
        for page in &done.original.drawable {
            let png = self.drawn(&done.original, *page, dpi).await?;
            let path = folder.file(&format!("page-{page}.png"));
            let targets = Arc::clone(targets);
            tokio::task::spawn_blocking(move || targets.write(&path, &png)).await??;
        }
        Ok(())
    }

    async fn drawn(&self, original: &Original, page: u32, dpi: u32) -> anyhow::Result<Vec<u8>> {
        let request = RenderRequest {
            input: Arc::clone(&original.file),
            owner: Owner::User,
            rendering: Rendering::Page {
                name: original.name.to_string(),
                picture: PagePicture {
                    page,
                    dpi,
                    bbox: None,
                },
            },
            spool: self.spool.clone(),
        };
        let png = self.engine.render(&request).await?;
        let size = usize::try_from(png.size())?;
        Ok(tokio::task::spawn_blocking(move || png.read_at(0, size)).await??)
    }
}
