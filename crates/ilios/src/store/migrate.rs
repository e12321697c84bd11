use super::db::{DbError, Tx};
use super::{Store, StoreError};

/// The numbered migrations, oldest first. One that was released never changes.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_documents", include_str!("../migrations/0001_documents.sql")),
    ("0002_queue", include_str!("../migrations/0002_queue.sql")),
    (
        "0003_provider_batches",
        include_str!("../migrations/0003_provider_batches.sql"),
    ),
    ("0004_mistral", include_str!("../migrations/0004_mistral.sql")),
    (
        "0005_announced_uploads",
        include_str!("../migrations/0005_announced_uploads.sql"),
    ),
    ("0006_keys", include_str!("../migrations/0006_keys.sql")),
    (
        "0007_document_models",
        include_str!("../migrations/0007_document_models.sql"),
    ),
    (
        "0008_reconversions",
        include_str!("../migrations/0008_reconversions.sql"),
    ),
    ("0009_pictures", include_str!("../migrations/0009_pictures.sql")),
    ("0010_files", include_str!("../migrations/0010_files.sql")),
    ("0011_nodes", include_str!("../migrations/0011_nodes.sql")),
];

/// Newest schema version that this program knows.
#[expect(clippy::cast_possible_wrap, reason = "there are a handful of migrations")]
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Result of a migration run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Schema version before.
    pub from: i64,
    /// Schema version now.
    pub to: i64,
}

impl Store {
    /// Brings the schema to [`SCHEMA_VERSION`], all steps in one transaction.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when the database is ahead of this program, [`StoreError::OfVersion2`] when it is
    /// of version 2.1, [`StoreError::Database`] when a step fails; the schema is then as before.
    pub async fn migrate(&self) -> Result<Migrated, StoreError> {
        // Where there is nothing to do, nothing needs to be written: the primary of a replica may be away.
        let found = self.schema_version().await?;
        if found == SCHEMA_VERSION {
            return Ok(Migrated {
                from: found,
                to: found,
            });
        }
        let from = self.write(|tx| Box::pin(apply(tx))).await?;
        if from > SCHEMA_VERSION {
            return Err(StoreError::NewerSchema {
                found: from,
                known: SCHEMA_VERSION,
            });
        }
        Ok(Migrated {
            from,
            to: SCHEMA_VERSION,
        })
    }

    /// Schema version of the database; 0 for one that has none.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::OfVersion2`] when it is a database of version 2.1.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        let version = self.db.read(|tx| Box::pin(version(tx))).await?;
        if version == 0 && self.is_of_version_2().await? {
            return Err(StoreError::OfVersion2);
        }
        Ok(version)
    }
}

async fn version(tx: &mut Tx) -> Result<i64, DbError> {
    if !tx.has_table("schema_migrations").await? {
        return Ok(0);
    }
    let sql = "SELECT COALESCE(MAX(version), 0) FROM schema_migrations";
    let version = tx.one(sql, Vec::new(), |mut row| row.take(0)).await?;
    Ok(version.unwrap_or(0))
}

/// Applies what is missing and answers the version found.
async fn apply(tx: &mut Tx) -> Result<i64, DbError> {
    tx.lock_schema().await?;
    tx.run(
        "CREATE TABLE IF NOT EXISTS schema_migrations
             (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)",
        Vec::new(),
    )
    .await?;
    let found = version(tx).await?;
    let now = tx.now();
    for (version, (name, sql)) in (1..).zip(MIGRATIONS) {
        if version > found {
            tx.script(sql).await?;
            tx.run(
                "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
                vec![version.into(), (*name).into(), now.as_millis().into()],
            )
            .await?;
        }
    }
    Ok(found)
}
