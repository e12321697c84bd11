use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rand::{RngCore, SeedableRng};

use super::scratch_folder::ScratchFolder;
use crate::app::{Admission, App, AppParts, Backlog};
use crate::cli::runtime;
use crate::config::Config;
use crate::http::{DocumentTools, OpenFile};
use crate::model::{Caller, Ids};
use crate::objects::{Objects, SigningKey};
use crate::spool::Spool;
use crate::store::{Durability, Store, StoreSettings};

/// The use cases over a folder that lasts as long as the program: documents are converted in children, as by `ilios
/// convert`, and found again until the client ends.
pub(super) struct Local {
    app: Arc<App>,
    _folder: ScratchFolder,
}

impl Local {
    pub(super) async fn start(config: &Config) -> anyhow::Result<Self> {
        let folder = ScratchFolder::new(&std::env::temp_dir()).context("a temporary folder")?;
        let path = folder.path();
        let settings = StoreSettings {
            clock: runtime::clock(),
            durability: Durability::Crash,
        };
        let store = Store::open_local(&path.join("ilios.db"), &settings).await?;
        store.migrate().await?;
        let mut key = [0; 32];
        rand::rngs::StdRng::from_os_rng().fill_bytes(&mut key);
        let objects = Objects::open_local(&path.join("objects"), SigningKey::new(key)).await?;
        let spool = Spool::new(&path.join("tmp"), config.max_file_size)?.with_memory(config.upload_memory);
        let app = App::new(AppParts {
            store,
            spool: spool.clone(),
            objects,
            engine: runtime::engine(config, spool, 0)?,
            fetcher: runtime::fetcher(config),
            admission: Admission::new(
                config.convert_concurrency,
                config.convert_queue,
                // One user waits for whatever they have asked for.
                config.convert_queue_timeout.max(Duration::from_secs(600)),
            ),
            fetching: Admission::of_fetches(config.fetcher.timeout),
            backlog: Backlog::new(config.max_queued_jobs),
            max_announced: config.max_announced_uploads,
            file_limits: config.file_limits,
            prices: config.prices,
            clock: runtime::clock(),
            ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
        });
        Ok(Self {
            app: Arc::new(app),
            _folder: folder,
        })
    }

    pub(super) fn tools(&self, files: Option<OpenFile>) -> DocumentTools {
        DocumentTools::new(Arc::clone(&self.app), Caller::anonymous()).with_files(files)
    }

    /// Closes the database before its folder is removed.
    pub(super) async fn end(self) {
        self.app.store().clone().close().await;
    }
}
