use std::sync::Arc;

use ilios_convert::ir::BlockId;
use ilios_convert::{LocateQuery, PagePicture};
use serde::Deserialize;

use crate::app::{App, AppError};
use crate::engine::{EngineError, Owner, RenderRequest, Rendering, read_text};
use crate::model::{Document, Id, Tenant};
use crate::objects::{ObjectKey, ObjectsError};
use crate::spool::{BufferedBytes, Spooled};

/// Part of a document that a picture is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureOf {
    /// The 1-based page.
    Page(u32),
    /// A block, where its first region is.
    Block(BlockId),
}

/// Answer of a locator, of which the boxes are read.
#[derive(Deserialize)]
struct Located {
    matches: Vec<LocatedMatch>,
}

#[derive(Deserialize)]
struct LocatedMatch {
    regions: Vec<LocatedRegion>,
}

#[derive(Deserialize)]
struct LocatedRegion {
    page: u32,
    bbox: [f32; 4],
}

impl App {
    /// A picture of a page or a block of the document `id` of `tenant`, drawn by a child from its original. It takes a
    /// conversion's place, unless it was drawn lately.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotReady`] while there is no content, [`AppError::NoOriginal`],
    /// [`AppError::OriginalLost`], [`AppError::NoSuchPage`], [`AppError::NoSuchBlock`], [`AppError::NoRegion`],
    /// [`AppError::Busy`], [`AppError::Engine`] when it cannot be drawn, [`AppError::Objects`], [`AppError::Store`].
    pub async fn page_picture(
        &self,
        tenant: &Tenant,
        id: &Id,
        of: PictureOf,
        dpi: u32,
    ) -> Result<BufferedBytes, AppError> {
        let document = self.document(tenant, id).await?;
        if !document.status.has_content() {
            return Err(AppError::NotReady(document.status));
        }
        let key = format!("{of:?} {dpi} {:?}", document.processed_at);
        if let Some(png) = self.pictures.get(id, &key, self.clock.now()) {
            return Ok(png);
        }
        let (page, bbox) = match of {
            PictureOf::Page(page) => (page, None),
            PictureOf::Block(block) => {
                let (page, bbox) = self.box_of(tenant, id, block).await?;
                (page, Some(bbox))
            }
        };
        let count = document
            .metadata
            .as_ref()
            .and_then(|metadata| metadata.source.page_count);
        if let Some(count) = count.filter(|count| !(1..=*count).contains(&page)) {
            return Err(AppError::NoSuchPage { page, count });
        }
        let _slot = self.admission.enter(tenant).await?;
        let request = RenderRequest {
            input: Arc::new(self.original_file(&document).await?),
            owner: Owner::of(tenant),
            rendering: Rendering::Page {
                name: document.file_name.to_string(),
                picture: PagePicture { page, dpi, bbox },
            },
            spool: self.spool.clone(),
        };
        let png: BufferedBytes = self.engine.render(&request).await?.into();
        self.pictures.put(id, key, self.clock.now(), png.clone());
        Ok(png)
    }

    /// Page and box of the first region of a block, around all its regions on that page.
    async fn box_of(&self, tenant: &Tenant, id: &Id, block: BlockId) -> Result<(u32, [f32; 4]), AppError> {
        let answer = self.located(tenant, id, LocateQuery::Block(block)).await?;
        let text = read_text(&answer).await.map_err(AppError::Rendering)?;
        let located: Located =
            serde_json::from_str(&text).map_err(|_| AppError::Rendering(EngineError::Crashed))?;
        let found = located.matches.first().ok_or(AppError::NoSuchBlock(block))?;
        let first = found.regions.first().ok_or(AppError::NoRegion)?;
        let on_page = found.regions.iter().filter(|region| region.page == first.page);
        let around = on_page
            .map(|region| region.bbox)
            .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        Ok((first.page, around.ok_or(AppError::NoRegion)?))
    }

    async fn original_file(&self, document: &Document) -> Result<Spooled, AppError> {
        let key = ObjectKey::stored(document.object_key.as_deref()).ok_or(AppError::NoOriginal)?;
        let sha256 = Some(document.sha256.as_str()).filter(|hash| !hash.is_empty());
        match self.objects.fetch(&key, &self.spool, sha256).await {
            Ok(file) => Ok(file),
            Err(ObjectsError::NotFound) => Err(AppError::OriginalLost),
            Err(error) => Err(error.into()),
        }
    }
}
