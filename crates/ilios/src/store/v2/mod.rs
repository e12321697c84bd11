//! The database of version 2.1: told from our own, read without a trace, and turned into our rows.
//!
//! The old file is never written. `source` opens it so that SQLite makes no file beside it, or opens a copy of it where
//! its log has to be read too. SQLite lets a column hold any type, so `fields` reads each value as what it is, and
//! what had to be mended or left out becomes a [`Remark`]. `documents`, `batches` and `usage` make our rows, and
//! `write` adds them: rows that are there stay as they are, so that an import which was cut off begins again.

mod batches;
mod documents;
mod fields;
mod jobs;
mod rows;
mod source;
mod usage;
mod verify;
mod write;

pub use documents::{Fate, OldDocument};
pub use fields::{Fields, Remark};
pub use jobs::OldJobs;
pub use rows::Block;
pub use source::{OldDatabase, is_old, sweep_copies};
pub use usage::usage;
pub use write::OldBatch;

use super::db::{DbError, Tx};

/// Prefix of the names of imports from version 2.1, which tells them from imports of archives.
pub const IMPORT_NAME: &str = "version 2.1 ";

/// The tables of version 2.1 that an import reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldTable {
    /// Documents with their results.
    Documents,
    /// Batches.
    Batches,
    /// Usage records, with the tokens and the cost of each operation.
    Usage,
    /// Jobs.
    Jobs,
}

impl OldTable {
    const ALL: [Self; 4] = [Self::Documents, Self::Batches, Self::Usage, Self::Jobs];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Batches => "batches",
            Self::Usage => "usage",
            Self::Jobs => "job_queue",
        }
    }

    /// The columns that are read, in the order in which rows have them.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Documents => &[
                "id",
                "file_name",
                "mime_type",
                "file_size",
                "s3_key",
                "content",
                "metadata",
                "status",
                "error",
                "created_at",
                "processed_at",
                "retention_days",
                "api_key",
                "batch_id",
            ],
            Self::Batches => &[
                "id",
                "api_key",
                "status",
                "priority",
                "created_at",
                "completed_at",
            ],
            Self::Usage => &[
                "id",
                "document_id",
                "api_key",
                "operation",
                "input_tokens",
                "output_tokens",
                "base_cost_cents",
                "margin_rate",
                "total_cost_cents",
                "created_at",
            ],
            Self::Jobs => &[
                "id",
                "document_id",
                "status",
                "priority",
                "scheduled_at",
                "created_at",
            ],
        }
    }
}

/// Returns true if the open database has the tables of version 2.1.
pub(super) async fn is_old_schema(tx: &mut Tx) -> Result<bool, DbError> {
    let shapes = tx.table_shapes().await?;
    Ok(tells_old(
        shapes
            .iter()
            .map(|shape| (shape.name.as_str(), shape.columns.as_slice())),
    ))
}

/// Returns true if these tables, with their columns, are those of version 2.1.
fn tells_old<'a>(tables: impl Iterator<Item = (&'a str, &'a [String])>) -> bool {
    let (mut ours, mut old) = (false, false);
    for (name, columns) in tables {
        match name {
            "schema_migrations" => ours = true,
            "job_queue" => old = true,
            "documents" => old |= !columns.iter().any(|column| column == "tenant"),
            _ => {}
        }
    }
    old && !ours
}
