use anyhow::Context;

use crate::cli::instance_lock::InstanceLock;
use crate::cli::say;
use crate::config::Config;
use crate::model::Secret;
use crate::store::db::local_file;

const POSTGRES_ADVICE: &str = "PostgreSQL's files are encrypted by their file system";

pub(super) async fn encrypt(config: &Config) -> anyhow::Result<()> {
    let (_, key) = super::local(config, POSTGRES_ADVICE)?;
    let key = key.context("DB_ENCRYPTION_KEY: takes the key to encrypt with")?;
    change(config, None, Some(key), "is encrypted").await
}

pub(super) async fn decrypt(config: &Config) -> anyhow::Result<()> {
    let (_, key) = super::local(config, POSTGRES_ADVICE)?;
    let key = key.context("DB_ENCRYPTION_KEY: takes the key that the database is encrypted with")?;
    change(config, Some(key), None, "is in clear; unset DB_ENCRYPTION_KEY").await
}

pub(super) async fn rekey(config: &Config) -> anyhow::Result<()> {
    let (_, old) = super::local(config, POSTGRES_ADVICE)?;
    let old = old.context("DB_ENCRYPTION_KEY: takes the key that the database is encrypted with")?;
    let new = config.new_encryption_key.clone();
    let new = new.context("NEW_DB_ENCRYPTION_KEY: takes the key to encrypt with from now on")?;
    change(
        config,
        Some(old),
        Some(new),
        "has the new key; set DB_ENCRYPTION_KEY to it",
    )
    .await
}

async fn change(config: &Config, old: Option<Secret>, new: Option<Secret>, done: &str) -> anyhow::Result<()> {
    let (file, _) = super::local(config, POSTGRES_ADVICE)?;
    let _locks = InstanceLock::take(config)?;
    let changed = local_file::change_key(file.clone(), old, new).await;
    changed.with_context(|| file.display().to_string())?;
    say(&format!("{} {done}", file.display()))
}
