use std::path::Path;

use anyhow::bail;
use rand::{RngCore, SeedableRng};

use super::archive::{self, Lines, Manifest, Original, Sum, line, rows_of};
use super::carry::{bar, carry};
use crate::cli::identity::Identity;
use crate::cli::instance_lock::InstanceLock;
use crate::cli::{node, print_error, runtime, say};
use crate::config::{Config, ObjectsConfig};
use crate::objects::{Objects, SigningKey};
use crate::spool::Spool;
use crate::store::db::Value;
use crate::store::{SCHEMA_VERSION, Store, Table};

/// Rows that are read at once.
const ROWS_PER_READ: u32 = 500;

pub(super) async fn run(config: &Config, folder: &Path, force: bool) -> anyhow::Result<()> {
    require_apart(config, folder)?;
    archive::require_free(folder, force)?;
    let _locks = InstanceLock::take(config)?;
    let store = runtime::open_store(config).await?;
    let schema = store.schema_version().await?;
    if schema != SCHEMA_VERSION {
        bail!(
            "{} has schema {schema}, not {SCHEMA_VERSION}: `ilios migrate` brings it up to date",
            config.database
        );
    }
    if let Some(name) = store.unfinished_import().await? {
        bail!("the import of {name} into {} is not finished", config.database);
    }
    super::record_export(config, &store, "export").await?;
    // First of all: a store that was never served makes up its signing key here.
    let from = node::open_objects(config, &store).await?;
    archive::begin(folder, force)?;
    let (tables, originals) = rows(&store, folder).await?;
    let objects = objects(config, &from, folder, originals).await?;
    // Nodes that went on working would have made an archive of two moments.
    for (table, content) in store.tables().await?.iter().zip(&tables) {
        if sum(&store, table, |_, _| Ok(()))
            .await?
            .of(&table.name, &table.columns)
            != *content
        {
            bail!(
                "{} was changed during the export: stop all nodes and start it again",
                table.name
            );
        }
    }
    store.close().await;
    let manifest = Manifest {
        name: format!("{:016x}", rand::rngs::StdRng::from_os_rng().next_u64()),
        schema,
        tables,
        objects,
    };
    archive::finish(folder, &manifest)?;
    let count: u64 = manifest.tables.iter().map(|content| content.rows).sum();
    say(&format!(
        "{}: {count} rows, {objects} originals",
        folder.display()
    ))
}

/// Refuses an archive whose files would be those that are exported.
fn require_apart(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let ObjectsConfig::Local { folder: originals } = &config.objects else {
        return Ok(());
    };
    let originals_at = Identity::of(originals);
    let same = originals_at.is_some()
        && [folder.to_owned(), folder.join("objects")]
            .iter()
            .any(|place| Identity::of(place) == originals_at);
    if same {
        bail!(
            "{} is where the originals are, in {}: name another folder",
            folder.display(),
            originals.display()
        );
    }
    Ok(())
}

/// Writes all rows; answers what was written and the originals that they name.
async fn rows(store: &Store, folder: &Path) -> anyhow::Result<(Vec<super::archive::Content>, Vec<Original>)> {
    let tables = store.tables().await?;
    let bar = bar("rows", tables.len() as u64);
    let (mut contents, mut originals) = (Vec::new(), Vec::new());
    for table in &tables {
        let mut lines = Lines::create(&rows_of(folder, &table.name))?;
        let written = sum(store, table, |row, line| {
            if ["documents", "files"].contains(&table.name.as_str()) {
                originals.extend(original(table, row));
            }
            lines.write(line)
        });
        contents.push(written.await?.of(&table.name, &table.columns));
        lines.finish()?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((contents, originals))
}

/// Goes through a table.
pub(super) async fn sum(
    store: &Store,
    table: &Table,
    mut each: impl FnMut(&[Value], &str) -> anyhow::Result<()>,
) -> anyhow::Result<Sum> {
    let (mut sum, mut after) = (Sum::default(), None);
    loop {
        let page = store.rows(table, after.as_ref(), ROWS_PER_READ).await?;
        for row in page.iter().filter(|row| table.carries(row)) {
            let line = line(row);
            sum.add(&line);
            each(row, &line)?;
        }
        match page.into_iter().last() {
            None => return Ok(sum),
            last => after = last,
        }
    }
}

/// The original of a document, if it has one.
fn original(table: &Table, row: &[Value]) -> Option<Original> {
    let text = |name: &str| {
        let place = table.columns.iter().position(|column| column == name)?;
        match row.get(place)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    };
    Some(Original {
        key: text("object_key")?,
        mime_type: text("mime_type")?,
        sha256: text("sha256")?,
    })
}

async fn objects(
    config: &Config,
    from: &Objects,
    folder: &Path,
    originals: Vec<Original>,
) -> anyhow::Result<u64> {
    let to = open_archive(folder).await?;
    let spool = Spool::new(&config.spool, config.max_file_size)?;
    let bar = bar("originals", originals.len() as u64);
    let mut lines = Lines::create(&folder.join("objects.jsonl"))?;
    let (mut carried, mut missing) = (0, 0);
    for original in originals {
        match carry(from, &to, &spool, &original).await? {
            Some(sha256) => {
                carried += 1;
                lines.write(&serde_json::to_string(&Original { sha256, ..original })?)?;
            }
            None => missing += 1,
        }
        bar.inc(1);
    }
    lines.finish()?;
    bar.finish_and_clear();
    if missing > 0 {
        print_error(&format!(
            "ilios: {missing} originals are named and not there: never uploaded, or lost before"
        ));
    }
    Ok(carried)
}

/// The originals of an archive.
pub(super) async fn open_archive(folder: &Path) -> anyhow::Result<Objects> {
    // Nothing is signed here.
    Ok(Objects::open_local(&folder.join("objects"), SigningKey::new([0; 32])).await?)
}
