use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::bail;

use super::Import;
use crate::model::{Id, MicroCents, UsageRecord, printable};
use crate::store::v2::{self, OldDocument, OldTable, Remark};

/// Counts of originals and remarks of one run of an import.
#[derive(Default)]
pub(super) struct Report {
    /// Rows that were not as the schema says.
    pub(super) remarks: Vec<Remark>,
    originals: u64,
    missing: u64,
}

impl Report {
    /// Counts the original of a document that is added.
    pub(super) fn originals(&mut self, old: &OldDocument) {
        if old.document.object_key.is_some() {
            self.originals += 1;
        } else if old.old_key.is_some() {
            self.missing += 1;
        }
    }
}

/// Rows of the old database and those of them that are here.
#[derive(Default)]
struct Counted {
    old: u64,
    here: u64,
}

impl Import<'_> {
    /// Compares what the old database holds with what is here now; the words about it.
    pub(super) async fn verify(&self, name: &str) -> anyhow::Result<String> {
        let (documents, statuses) = self.documents_here().await?;
        let batches = self.batches_here().await?;
        let (records, before, total) = self.usage_here().await?;
        let mut text = format!("{name} holds what was to be imported:\n");
        for (what, counted) in [
            ("documents", &documents),
            ("batches", &batches),
            ("usage records", &records),
        ] {
            writeln!(text, "{:>12} of {} {what}", counted.here, counted.old)?;
        }
        for (status, count) in statuses {
            writeln!(text, "{count:>12} documents are {status}")?;
        }
        writeln!(text, "{:>12} USD of usage", total.display_dollars())?;
        writeln!(
            text,
            "{:>12} originals brought by this run",
            self.report.originals
        )?;
        writeln!(
            text,
            "{:>12} originals not found by this run",
            self.report.missing
        )?;
        let all = [&documents, &batches, &records];
        if all.iter().any(|counted| counted.here != counted.old) || before != total {
            bail!("{text}the counts differ: run the import again");
        }
        writeln!(text, "{:>12} remarks", self.report.remarks.len())?;
        for Remark { table, row, words } in &self.report.remarks {
            writeln!(text, "{}", printable(&format!("{table} {row}: {words}")))?;
        }
        Ok(text)
    }

    async fn documents_here(&self) -> anyhow::Result<(Counted, BTreeMap<String, u64>)> {
        let (mut counted, mut statuses) = (Counted::default(), BTreeMap::new());
        let mut after = Some(i64::MIN);
        while let Some(row) = after {
            let (ids, next) = self.old.ids(OldTable::Documents, row).await?;
            counted.old += ids.len() as u64;
            for (status, count) in self.store.documents_there(&ids).await? {
                counted.here += count;
                *statuses.entry(status).or_default() += count;
            }
            after = next;
        }
        Ok((counted, statuses))
    }

    async fn batches_here(&self) -> anyhow::Result<Counted> {
        let (mut counted, mut after) = (Counted::default(), Some(i64::MIN));
        while let Some(row) = after {
            let (ids, next) = self.old.ids(OldTable::Batches, row).await?;
            counted.old += ids.len() as u64;
            counted.here += self.store.batches_there(&ids).await?;
            after = next;
        }
        Ok(counted)
    }

    /// The records, what they cost there and what they cost here.
    async fn usage_here(&self) -> anyhow::Result<(Counted, MicroCents, MicroCents)> {
        let (mut counted, mut after) = (Counted::default(), Some(i64::MIN));
        let (mut before, mut total) = (MicroCents::default(), MicroCents::default());
        while let Some(row) = after {
            let block = self.old.block(OldTable::Usage, row).await?;
            let records: Vec<UsageRecord> = block
                .rows
                .into_iter()
                .map(|row| v2::usage(row, self.now).0)
                .collect();
            before = records.iter().fold(before, |sum, record| sum + record.total);
            let ids: Vec<Id> = records.into_iter().map(|record| record.id).collect();
            let (here, cost) = self.store.usage_there(&ids).await?;
            counted.old += ids.len() as u64;
            counted.here += here;
            total = total + cost;
            after = block.next;
        }
        Ok((counted, before, total))
    }
}
