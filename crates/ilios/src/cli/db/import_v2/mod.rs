//! `ilios db import-v2`: brings documents, results, batches and usage of version 2.1 over.

mod cleaning;
mod originals;
mod report;

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, bail};
use futures::StreamExt;

use super::carry::bar;
use crate::cli::instance_lock::InstanceLock;
use crate::cli::{node, runtime};
use crate::config::{Config, DatabaseConfig};
use crate::crash_point;
use crate::model::{Clock, Secret, SystemClock, Timestamp};
use crate::spool::Spool;
use crate::store::v2::{
    self, Fate, OldBatch, OldDatabase, OldDocument, OldJobs, OldTable, Remark, sweep_copies,
};
use crate::store::{Store, StoreError};
use cleaning::Cleaning;
use originals::Originals;
use report::Report;

/// Maximum number of documents that are prepared at once.
const MAX_CONCURRENT_DOCUMENTS: usize = 8;

/// Source, target and report of an import.
struct Import<'a> {
    old: &'a OldDatabase,
    store: &'a Store,
    originals: Originals,
    cleaning: Cleaning,
    now: Timestamp,
    report: Report,
}

pub(super) async fn run(config: &Config, file: &Path, places: &[OsString]) -> anyhow::Result<()> {
    let _locks = InstanceLock::take(config)?;
    sweep_copies(&config.spool);
    let spool = Spool::new(&config.spool, config.max_file_size)?;
    let old = OldDatabase::open(file, key(config), &config.spool).await?;
    if !old.is_old() {
        bail!("{} is no database of Ilios 2.1", file.display());
    }
    let store = runtime::open_store(config).await?;
    let migrated = store.migrate().await;
    migrated.with_context(|| config.database.to_string())?;
    let name = old.name().await?;
    if let Some(other) = store.begin_merge(&name).await? {
        bail!(
            "the import of another database, {other}, into {} is not finished",
            config.database
        );
    }
    let objects = node::open_objects(config, &store).await?;
    let cleaning = Cleaning::new(config, spool.clone())?;
    let originals = Originals::open(config, objects, spool, places).await?;
    let mut import = Import {
        old: &old,
        store: &store,
        originals,
        cleaning,
        now: SystemClock.now(),
        report: Report::default(),
    };
    let batches = import.batches().await?;
    import.documents(&batches).await?;
    import.usage().await?;
    import.end_batches().await?;
    let text = import.verify(&config.database.to_string()).await?;
    old.require_unchanged()?;
    store.end_import().await?;
    store.close().await;
    crate::cli::print(&text)
}

/// The key of an encrypted file is that of our own.
fn key(config: &Config) -> Option<&Secret> {
    match &config.database {
        DatabaseConfig::Local { key, .. } => key.as_ref(),
        DatabaseConfig::Replica(replica) => replica.key.as_ref(),
        DatabaseConfig::Postgres(_) => None,
    }
}

impl Import<'_> {
    /// Adds the batches; answers their old ids.
    async fn batches(&mut self) -> anyhow::Result<HashSet<String>> {
        let (mut ids, mut after) = (HashSet::new(), Some(i64::MIN));
        while let Some(row) = after {
            let block = self.old.block(OldTable::Batches, row).await?;
            let mut batches = Vec::with_capacity(block.rows.len());
            for row in block.rows {
                ids.insert(row.name().to_owned());
                let (old, remarks) = OldBatch::of(row, self.now);
                self.report.remarks.extend(remarks);
                batches.push(old);
            }
            self.store.import_batches(batches).await?;
            crash_point::reach("import_block");
            after = block.next;
        }
        Ok(ids)
    }

    async fn documents(&mut self, batches: &HashSet<String>) -> anyhow::Result<()> {
        let (jobs, remarks) = OldJobs::read(self.old).await?;
        self.report.remarks.extend(remarks);
        let bar = bar("documents", self.old.count(OldTable::Documents).await?);
        let mut after = Some(i64::MIN);
        while let Some(row) = after {
            let block = self.old.block(OldTable::Documents, row).await?;
            let mut documents = Vec::with_capacity(block.rows.len());
            for row in block.rows {
                let (old, remarks) = OldDocument::of(row, &jobs, batches, self.now);
                self.report.remarks.extend(remarks);
                documents.push(old);
            }
            bar.inc(documents.len() as u64);
            self.add(documents).await?;
            crash_point::reach("import_block");
            after = block.next;
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// Brings the originals of those documents that are not there yet, cleans their results, then adds the documents.
    async fn add(&mut self, documents: Vec<OldDocument>) -> anyhow::Result<()> {
        let there = self.store.documents_known(&ids(&documents)).await?;
        let new = documents.into_iter().zip(there).filter(|(_, there)| !there);
        let prepared = futures::stream::iter(new.map(|(old, _)| self.prepare(old)));
        let prepared: Vec<anyhow::Result<_>> = prepared.buffered(MAX_CONCURRENT_DOCUMENTS).collect().await;
        let mut documents = Vec::with_capacity(prepared.len());
        for document in prepared {
            let (document, remarks) = document?;
            self.report.originals(&document);
            self.report.remarks.extend(remarks);
            documents.push(document);
        }
        match self.store.import_documents(documents.clone()).await {
            Err(StoreError::TooLarge) => self.add_each(documents).await,
            added => Ok(added?),
        }
    }

    async fn prepare(&self, old: OldDocument) -> anyhow::Result<(OldDocument, Vec<Remark>)> {
        let (mut old, remark) = self.originals.bring(old, self.now).await?;
        let cleaned = self.cleaning.clean(&mut old).await?;
        Ok((old, remark.into_iter().chain(cleaned).collect()))
    }

    /// Adds documents one by one: the result of one is larger than the database takes.
    async fn add_each(&mut self, documents: Vec<OldDocument>) -> anyhow::Result<()> {
        for mut document in documents {
            match self.store.import_documents(vec![document.clone()]).await {
                Err(StoreError::TooLarge) => {
                    self.report.remarks.push(document.leave_content(self.now));
                    self.store.import_documents(vec![document]).await?;
                }
                added => added?,
            }
        }
        Ok(())
    }

    async fn usage(&mut self) -> anyhow::Result<()> {
        let bar = bar("usage", self.old.count(OldTable::Usage).await?);
        let mut after = Some(i64::MIN);
        while let Some(row) = after {
            let block = self.old.block(OldTable::Usage, row).await?;
            let mut records = Vec::with_capacity(block.rows.len());
            for row in block.rows {
                let (record, remarks) = v2::usage(row, self.now);
                self.report.remarks.extend(remarks);
                records.push(record);
            }
            bar.inc(records.len() as u64);
            self.store.import_usage(records).await?;
            crash_point::reach("import_block");
            after = block.next;
        }
        bar.finish_and_clear();
        Ok(())
    }

    async fn end_batches(&mut self) -> anyhow::Result<()> {
        let mut after = Some(i64::MIN);
        while let Some(row) = after {
            let block = self.old.block(OldTable::Batches, row).await?;
            let batches = block.rows.into_iter().map(|row| OldBatch::of(row, self.now).0);
            self.store.end_imported_batches(batches.collect()).await?;
            crash_point::reach("import_block");
            after = block.next;
        }
        Ok(())
    }
}

fn ids(documents: &[OldDocument]) -> Vec<crate::model::Id> {
    documents.iter().map(|old| old.document.id.clone()).collect()
}

/// Returns true if a document is to be converted after the import.
fn converts(document: &OldDocument) -> bool {
    matches!(document.fate, Fate::Convert { .. })
}
