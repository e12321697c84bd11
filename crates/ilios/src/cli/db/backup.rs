use std::path::Path;

use anyhow::Context;

use crate::cli::say;
use crate::config::Config;
use crate::store::db::local_file;

pub(super) async fn run(config: &Config, target: &Path, force: bool) -> anyhow::Result<()> {
    let (file, key) = super::local(config, "pg_dump backs PostgreSQL up")?;
    let context = format!("back up {}", file.display());
    local_file::copy(file, key, target.to_owned(), force)
        .await
        .context(context)?;
    say(&target.display().to_string())
}
