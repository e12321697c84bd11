use anyhow::Context;

use crate::cli::instance_lock::InstanceLock;
use crate::cli::print;
use crate::config::Config;
use crate::store::db::local_file;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let (file, key) = super::local(config, "VACUUM of PostgreSQL does the same")?;
    let _locks = InstanceLock::take(config)?;
    let size = || std::fs::metadata(&file).map_or(0, |file| file.len());
    let before = size();
    let compacted = local_file::compact(file.clone(), key).await;
    compacted.with_context(|| format!("compact {}", file.display()))?;
    print(&format!(
        "{}: {before} bytes before, {} now\n",
        file.display(),
        size()
    ))
}
