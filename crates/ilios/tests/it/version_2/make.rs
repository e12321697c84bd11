//! Makes databases as version 2.1 left them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libsql::{Builder, Cipher, Connection, EncryptionConfig};
use tempfile::TempDir;

const SCHEMA: &str = include_str!("../fixtures/version_2.sql");
/// 2026-01-31T12:00:00Z, in seconds.
pub(super) const MOMENT: i64 = 1_769_860_800;

/// A database of version 2.1 that somebody may have open.
pub(super) struct OldFile {
    pub(super) folder: TempDir,
    pub(super) connection: Connection,
    _database: libsql::Database,
}

impl OldFile {
    /// One without rows, in the data folder of its server.
    pub(super) async fn new() -> Self {
        Self::with_key(None).await
    }

    pub(super) async fn with_key(key: Option<&str>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut builder = Builder::new_local(folder.path().join("ilios.db"));
        if let Some(key) = key {
            let key = bytes::Bytes::from(key.to_owned());
            builder = builder.encryption_config(EncryptionConfig::new(Cipher::Aes256Cbc, key));
        }
        let database = builder.build().await.expect("a database");
        let connection = database.connect().expect("a connection");
        let old = Self {
            folder,
            connection,
            _database: database,
        };
        old.run("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF")
            .await;
        old.run(SCHEMA).await;
        old
    }

    pub(super) async fn run(&self, sql: &str) {
        self.connection.execute_batch(sql).await.expect("it is run");
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("ilios.db")
    }

    /// Ends its server: one file is left.
    pub(super) async fn closed(self) -> TempDir {
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
        self.run("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = WAL")
            .await;
        let Self {
            folder,
            connection,
            _database,
        } = self;
        drop((connection, _database));
        assert_eq!(content(folder.path()).len(), 1);
        folder
    }

    /// A completed document of `key` with a usage record.
    pub(super) async fn completed(&self, id: &str, key: Option<&str>, markdown: &str) {
        let key = key.map_or("NULL".to_owned(), |key| format!("'{key}'"));
        self.run(&format!(
            "INSERT INTO documents (id, file_name, mime_type, file_size, s3_key, content, metadata, status,
                 created_at, processed_at, api_key)
             VALUES ('{id}', '{id}.pdf', 'application/pdf', 1234, 'convert/{MOMENT}000-{id}.pdf', '{markdown}',
                 '{{\"model\":\"mistral-ocr-latest\",\"extractedPages\":3,\"processingTimeMs\":1234,\"x\":[1]}}',
                 'completed', {MOMENT}, {MOMENT} + 7, {key});
             INSERT INTO usage (id, document_id, api_key, operation, input_tokens, output_tokens, base_cost_cents,
                 margin_rate, total_cost_cents, created_at)
             VALUES ('u{}', '{id}', {key}, 'convert-immediate', 300, 40, 2, 30, 3, {MOMENT});",
            id.chars().skip(1).collect::<String>()
        ))
        .await;
    }

    /// A document of `key` whose job stands at `job`.
    pub(super) async fn queued(&self, id: &str, key: &str, status: &str, job: &str, s3_key: &str) {
        self.run(&format!(
            "INSERT INTO documents (id, file_name, mime_type, file_size, s3_key, status, error, created_at, api_key)
             VALUES ('{id}', '{id}.md', 'text/markdown', 9, '{s3_key}', '{status}',
                 CASE '{status}' WHEN 'failed' THEN 'it broke' END, {MOMENT}, '{key}');
             INSERT INTO job_queue (id, document_id, type, status, priority, payload, scheduled_at, created_at)
             VALUES ('j{}', '{id}', 'document.convert', '{job}', 8, '{{}}', {MOMENT}, {MOMENT});",
            id.chars().skip(1).collect::<String>()
        ))
        .await;
    }
}

/// An id as version 2.1 made them.
pub(super) fn id(number: usize) -> String {
    format!("c{number:023}")
}

/// Every file of a folder with its bytes.
pub(super) fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(path).expect("a file"))
        })
        .collect()
}
