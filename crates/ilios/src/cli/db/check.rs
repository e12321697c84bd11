use anyhow::{Context, bail};

use crate::cli::{runtime, say};
use crate::config::Config;
use crate::store::SCHEMA_VERSION;
use crate::store::db::local_file;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let (file, key) = super::local(config, "pg_amcheck checks PostgreSQL")?;
    let context = || format!("check {}", file.display());
    let counts = local_file::check(file.clone(), key).await.with_context(context)?;
    let store = runtime::open_store(config).await?;
    let version = store.schema_version().await;
    store.close().await;
    let version = version.with_context(context)?;
    if version > SCHEMA_VERSION {
        bail!(
            "{} has schema {version}; this program knows up to {SCHEMA_VERSION}",
            file.display()
        );
    }
    say(&format!("{} is sound, schema {version}", file.display()))?;
    counts
        .iter()
        .try_for_each(|(table, count)| say(&format!("{count:>12} {table}")))
}
