use std::path::Path;

use anyhow::{Context, bail};

use super::archive::{Manifest, Original, lines, read_manifest, row, rows_of};
use super::carry::{bar, carry};
use super::export::{open_archive, sum};
use crate::cli::instance_lock::InstanceLock;
use crate::cli::{node, runtime, say};
use crate::config::Config;
use crate::crash_point;
use crate::spool::Spool;
use crate::store::db::Value;
use crate::store::{SCHEMA_VERSION, Store, Table};

/// Rows that are added in one transaction.
const ROWS_PER_TRANSACTION: usize = 200;

pub(super) async fn run(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let manifest = read_manifest(folder)?;
    if manifest.schema != SCHEMA_VERSION {
        bail!(
            "{} is of schema {}, and this program's is {SCHEMA_VERSION}: import it with the version that exported it",
            folder.display(),
            manifest.schema
        );
    }
    let _locks = InstanceLock::take(config)?;
    let store = runtime::open_store(config).await?;
    store
        .migrate()
        .await
        .with_context(|| config.database.to_string())?;
    match store.begin_import(&manifest.name).await?.as_deref() {
        None => {}
        Some("") => bail!(
            "{} has documents already; an import needs an empty database",
            config.database
        ),
        Some(other) => bail!(
            "the import of another archive, {other}, into {} is not finished",
            config.database
        ),
    }
    fill(&store, folder, &manifest).await?;
    bring_originals(config, &store, folder, &manifest).await?;
    verify(&store, &manifest).await?;
    crash_point::reach("import_verified");
    store.end_import().await?;
    store.close().await;
    let count: u64 = manifest.tables.iter().map(|content| content.rows).sum();
    say(&format!(
        "{}: {count} rows, {} originals, all verified",
        config.database, manifest.objects
    ))
}

/// The table of this name, with the archive's columns.
fn table<'a>(tables: &'a [Table], name: &str, columns: &[String]) -> anyhow::Result<&'a Table> {
    let found = tables.iter().find(|table| table.name == name);
    let found = found.with_context(|| format!("there is no table `{name}`"))?;
    if found.columns != columns {
        bail!("the table `{name}` has other columns than the archive");
    }
    Ok(found)
}

async fn fill(store: &Store, folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let tables = store.tables().await?;
    let bar = bar("rows", manifest.tables.iter().map(|content| content.rows).sum());
    for content in &manifest.tables {
        let table = table(&tables, &content.table, &content.columns)?;
        let mut rows: Vec<Vec<Value>> = Vec::with_capacity(ROWS_PER_TRANSACTION);
        for line in lines(&rows_of(folder, &content.table))? {
            rows.push(row(&line?).with_context(|| format!("rows of {}", content.table))?);
            bar.inc(1);
            if rows.len() == ROWS_PER_TRANSACTION {
                store.add_rows(table, std::mem::take(&mut rows)).await?;
            }
        }
        store.add_rows(table, rows).await?;
        crash_point::reach("import_table");
    }
    bar.finish_and_clear();
    Ok(())
}

async fn bring_originals(
    config: &Config,
    store: &Store,
    folder: &Path,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    let from = open_archive(folder).await?;
    let to = node::open_objects(config, store).await?;
    let spool = Spool::new(&config.spool, config.max_file_size)?;
    let bar = bar("originals", manifest.objects);
    let mut carried = 0;
    for line in lines(&folder.join("objects.jsonl"))? {
        let original: Original = serde_json::from_str(&line?)?;
        let there = carry(&from, &to, &spool, &original).await?;
        there.with_context(|| format!("{} is not in the archive", original.key))?;
        crash_point::reach("import_original");
        carried += 1;
        bar.inc(1);
    }
    bar.finish_and_clear();
    if carried != manifest.objects {
        bail!("{carried} of {} originals are in the archive", manifest.objects);
    }
    Ok(())
}

/// Compares counts and hashes of what the database holds with what was exported.
async fn verify(store: &Store, manifest: &Manifest) -> anyhow::Result<()> {
    let tables = store.tables().await?;
    for content in &manifest.tables {
        let table = table(&tables, &content.table, &content.columns)?;
        let found = sum(store, table, |_, _| Ok(()))
            .await?
            .of(&table.name, &table.columns);
        if found != *content {
            bail!(
                "`{}` holds {} rows with the hash {}, and the archive {} with {}",
                content.table,
                found.rows,
                found.sha256,
                content.rows,
                content.sha256
            );
        }
    }
    Ok(())
}
