use serde_json::{Value, json};
use tempfile::TempDir;

use super::make::{MOMENT, OldFile, content, id};
use super::{Environment, refused, succeeds};
use crate::nodes::Node;
use crate::postgres_server::PostgresServer;
use crate::primary_server::PrimaryServer;

const KEYS: (&str, &str) = ("API_KEY", "first key,second key");

/// A node that asks as one tenant.
pub(super) struct ApiClient<'a> {
    pub(super) node: &'a Node,
    pub(super) key: Option<&'static str>,
}

impl ApiClient<'_> {
    pub(super) async fn get(&self, path: &str) -> reqwest::Response {
        let mut request = ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(format!("{}{path}", self.node.address));
        if let Some(key) = self.key {
            request = request.bearer_auth(key);
        }
        request.send().await.expect("an answer")
    }

    pub(super) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("JSON")
    }
}

/// Documents of two keys and of none, a batch of three, and usage of all kinds.
async fn make() -> TempDir {
    let old = OldFile::new().await;
    old.completed(&id(1), Some("first key"), "# One").await;
    old.completed(&id(2), Some("second key"), "# Two").await;
    old.completed(&id(3), None, "# Three").await;
    old.run(&format!(
        "INSERT INTO batches (id, api_key, total_documents, completed_documents, failed_documents, status, created_at,
             completed_at)
         VALUES ('{batch}', 'first key', 3, 2, 1, 'completed', {MOMENT}, {MOMENT} + 60);",
        batch = id(100),
    ))
    .await;
    for number in [11, 12] {
        old.completed(&id(number), Some("first key"), &format!("# {number}"))
            .await;
    }
    old.queued(&id(13), "first key", "failed", "failed", "documents/1-gone.md")
        .await;
    old.run(&format!(
        "UPDATE documents SET batch_id = '{}' WHERE id IN ('{}', '{}', '{}');
         UPDATE documents SET status = 'archived', archived_at = {MOMENT} WHERE id = '{}';
         INSERT INTO usage (id, document_id, api_key, operation, input_tokens, output_tokens, base_cost_cents,
             margin_rate, total_cost_cents, created_at)
         VALUES ('{}', '{}', 'first key', 'ocr', 1, 2, 4, 30, 5, {MOMENT}),
                ('{}', NULL, 'first key', 'convert', 1, 2, 4, 30, 6, {MOMENT});",
        id(100),
        id(11),
        id(12),
        id(13),
        id(12),
        id(201),
        id(1),
        id(202),
    ))
    .await;
    old.closed().await
}

/// Imports into the database of `environment`, twice.
async fn is_brought_over(environment: &Environment) {
    let data = make().await;
    let before = content(data.path());
    let file = data.path().join("ilios.db").display().to_string();
    let told = succeeds(&["db", "import-v2", &file], environment);
    for line in [
        "6 of 6 documents",
        "1 of 1 batches",
        "7 of 7 usage records",
        "0.26 USD",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(content(data.path()) == before, "the old file is as it was");
    // Once more: nothing is there twice.
    let again = succeeds(&["db", "import-v2", &file], environment);
    assert!(
        again.contains("6 of 6 documents") && again.contains("0.26 USD"),
        "{again}"
    );
    is_served(environment).await;
}

/// Looks at everything over HTTP, with each of the keys and with none.
async fn is_served(environment: &Environment) {
    let with_keys: Environment = environment
        .iter()
        .cloned()
        .chain([(KEYS.0, KEYS.1.to_owned())])
        .collect();
    let node = Node::start(&with_keys);
    let first = ApiClient {
        node: &node,
        key: Some("first key"),
    };
    documents(&first).await;
    batch(&first).await;
    usage(&first).await;
    let second = ApiClient {
        node: &node,
        key: Some("second key"),
    };
    assert_eq!(
        second.get(&format!("/api/documents/{}", id(1))).await.status(),
        404
    );
    assert_eq!(
        second
            .get(&format!("/api/documents/{}", id(2)))
            .await
            .text()
            .await
            .expect("text"),
        "# Two"
    );
    drop(node);
    let node = Node::start(environment);
    let open = ApiClient {
        node: &node,
        key: None,
    };
    assert_eq!(
        open.json("/api/documents").await["documents"]
            .as_array()
            .expect("a list")
            .len(),
        1
    );
    assert_eq!(
        open.get(&format!("/api/documents/{}", id(3)))
            .await
            .text()
            .await
            .expect("text"),
        "# Three"
    );
}

async fn documents(first: &ApiClient<'_>) {
    let read = first.json(&format!("/api/documents/{}?format=json", id(1))).await;
    assert_eq!(read["content"], "# One");
    assert_eq!(read["fileName"], format!("{}.pdf", id(1)));
    assert_eq!(
        read["createdAt"].as_str().expect("a moment")[..19],
        *"2026-01-31T12:00:00"
    );
    let metadata = &read["metadata"];
    assert_eq!(metadata["model"], "mistral-ocr-latest");
    assert_eq!(metadata["extractedPages"], 3);
    assert_eq!(metadata["processingTimeMs"], 1234);
    assert_eq!(metadata["fileSize"], 1234);
    assert_eq!(metadata["mimeType"], "application/pdf");
    assert_eq!(metadata["imported"]["x"], json!([1]));
    for (format, expected) in [("markdown", "# One"), ("text", "One")] {
        let answer = first
            .get(&format!("/api/documents/{}?format={format}", id(1)))
            .await;
        assert!(answer.text().await.expect("text").contains(expected), "{format}");
    }
    let archived = first.json(&format!("/api/documents/status/{}", id(12))).await;
    assert_eq!(archived["status"], "archived");
    let failed = first.json(&format!("/api/documents/status/{}", id(13))).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["errorCode"], "failed_in_version_2");
    assert_eq!(failed["error"], "it broke");
    assert_eq!(
        first.json("/api/documents").await["documents"]
            .as_array()
            .expect("a list")
            .len(),
        4
    );
}

async fn batch(first: &ApiClient<'_>) {
    let status = first
        .json(&format!("/v1/batch/status/{}?details=true", id(100)))
        .await;
    assert_eq!(status["status"], "completed", "{status}");
    assert_eq!(
        status["completedAt"].as_str().expect("a moment")[..19],
        *"2026-01-31T12:01:00"
    );
    assert_eq!(
        status["progress"],
        json!({ "total": 3, "pending": 0, "processing": 0, "completed": 2, "failed": 1 })
    );
    let ids: Vec<&Value> = status["documents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert_eq!(ids, [&json!(id(11)), &json!(id(12)), &json!(id(13))]);
    let lines = first
        .get(&format!("/v1/batch/download/{}", id(100)))
        .await
        .text()
        .await
        .expect("text");
    assert_eq!(lines.lines().count(), 3);
}

async fn usage(first: &ApiClient<'_>) {
    let summary = first.json("/api/usage/summary").await;
    assert_eq!(summary["summary"]["totalOperations"], 5, "{summary}");
    assert_eq!(summary["summary"]["totalCostCents"], 3 + 3 + 3 + 5 + 6);
    assert_eq!(summary["summary"]["totalInputTokens"], 902);
    let breakdown = first.json("/api/usage/breakdown").await;
    let operations: Vec<&str> = breakdown["breakdown"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["operation"].as_str())
        .collect();
    assert_eq!(operations, ["convert", "convert-immediate", "ocr"]);
    let records = first.json("/api/usage/records").await;
    let records = records["records"].as_array().expect("a list");
    assert_eq!(records.len(), 5);
    assert!(
        records.iter().all(|record| record["engine"] == "imported"),
        "{records:?}"
    );
    let of_one = records.iter().filter(|record| record["documentId"] == id(1));
    assert_eq!(of_one.count(), 1, "a second charge stands for itself");
}

fn local(folder: &TempDir) -> Environment {
    vec![("DATA_DIR", folder.path().join("new").display().to_string())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_version_2_is_brought_over() {
    is_brought_over(&local(&TempDir::new().expect("a temporary folder"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_version_2_is_brought_to_postgres() {
    let (server, folder) = (
        PostgresServer::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    let mut environment = local(&folder);
    environment.push(("DATABASE_URL", server.url()));
    is_brought_over(&environment).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_version_2_is_brought_to_a_primary() {
    let (server, folder) = (
        PrimaryServer::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    let mut environment = local(&folder);
    environment.extend([
        ("USE_EMBEDDED_REPLICA", "true".to_owned()),
        ("TURSO_DATABASE_URL", server.url()),
    ]);
    is_brought_over(&environment).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_of_version_2_is_refused() {
    let (server, folder) = (
        PrimaryServer::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    for statement in include_str!("../fixtures/version_2.sql").split_inclusive(";\n") {
        server.sql(statement).await;
    }
    let mut environment = local(&folder);
    environment.extend([
        ("USE_EMBEDDED_REPLICA", "true".to_owned()),
        ("TURSO_DATABASE_URL", server.url()),
    ]);
    for command in [&["serve"][..], &["migrate"]] {
        let fault = refused(command, &environment);
        assert!(fault.contains("import-v2"), "{fault}");
    }
    let tables = server
        .number("SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_migrations'")
        .await;
    assert_eq!(tables, 0, "nothing was written");
}

/// Imports rows that are only in the log as well, and does not touch the files of a server that still has them open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_and_a_key_are_read() {
    for key in [None, Some("hunter2")] {
        let folder = TempDir::new().expect("a temporary folder");
        let old = OldFile::with_key(key).await;
        old.completed(&id(1), None, "# One").await;
        let before = content(old.folder.path());
        let mut environment = local(&folder);
        environment.extend(key.map(|key| ("DB_ENCRYPTION_KEY", key.to_owned())));
        let told = succeeds(
            &["db", "import-v2", &old.file().display().to_string()],
            &environment,
        );
        assert!(told.contains("1 of 1 documents"), "{told}");
        assert!(content(old.folder.path()) == before);
        let left = content(&folder.path().join("new").join("tmp"));
        assert!(left.is_empty(), "the copy is gone: {:?}", left.keys());
    }
}

/// Keeps the documents that the new server had before the import.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_adds_to_what_is_there() {
    let folder = TempDir::new().expect("a temporary folder");
    let environment = local(&folder);
    let node = Node::start(&environment);
    let new = node.submit(1).await;
    drop(node);
    let old = OldFile::new().await;
    old.completed(&id(1), None, "# Old").await;
    let data = old.closed().await;
    succeeds(
        &[
            "db",
            "import-v2",
            &data.path().join("ilios.db").display().to_string(),
        ],
        &environment,
    );
    let node = Node::start(&environment);
    let open = ApiClient {
        node: &node,
        key: None,
    };
    open.json(&format!("/api/documents/status/{new}?wait=60")).await;
    for (id, text) in [(new, "# Document 1\n"), (id(1), "# Old")] {
        assert_eq!(
            open.get(&format!("/api/documents/{id}"))
                .await
                .text()
                .await
                .expect("text"),
            text
        );
    }
}
