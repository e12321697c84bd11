use serde_json::Value;
use tempfile::TempDir;

use super::imported::ApiClient;
use super::make::{MOMENT, OldFile, id};
use super::{Environment, succeeds};
use crate::nodes::Node;
use crate::postgres_server::PostgresServer;

/// Rows as SQLite takes them and the schema does not mean them: (what is set, of which document, what is said of it).
const DIRT: &[(&str, &str)] = &[
    ("metadata = NULL", ""),
    ("metadata = '{\"model\": '", "`metadata` is no JSON"),
    ("metadata = '[1]'", ""),
    ("metadata = x'ff00fe'", "`metadata` is no JSON"),
    (
        "metadata = '{\"extractedPages\":-1,\"processingTimeMs\":\"x\",\"model\":7}'",
        "",
    ),
    ("file_size = -5", "`file_size` is -5"),
    ("file_size = 'many'", "`file_size` is no number"),
    ("file_size = 9223372036854775807", "`file_size` is"),
    ("retention_days = 100000", "`retention_days` is 100000"),
    ("retention_days = 0", "`retention_days` is 0"),
    ("retention_days = -1.5", "`retention_days` is"),
    ("created_at = 'yesterday'", "`created_at` is no moment"),
    ("created_at = '2026-01-31 12:00:00'", ""),
    ("created_at = 1769860800000", ""),
    ("created_at = 9223372036854775807", "`created_at` is no moment"),
    ("created_at = -1", "`created_at` is no moment"),
    ("processed_at = x'00'", "`processed_at` is no moment"),
    ("processed_at = NULL", ""),
    ("status = 'done'", "its status is `done`"),
    ("file_name = ''", ""),
    ("file_name = '../../etc/' || char(27) || '[2Jx.pdf'", ""),
    ("file_name = x'fffe'", ""),
    (
        "mime_type = 'text/html' || char(10) || 'X-Evil: 1'",
        "`mime_type` is no media type",
    ),
    ("api_key = 12345", ""),
    ("api_key = '  '", ""),
    ("batch_id = 'nowhere'", "its batch is not there"),
    ("content = x'23204ff0'", ""),
    ("content = 'a' || char(0) || 'b'", ""),
    ("s3_key = ''", ""),
];

async fn make() -> TempDir {
    let old = OldFile::new().await;
    for (number, (dirt, _)) in DIRT.iter().enumerate() {
        old.completed(&id(number), None, "# Whole").await;
        old.run(&format!(
            "UPDATE documents SET {dirt} WHERE id = '{}'",
            id(number)
        ))
        .await;
    }
    // Deeper than JSON is read once more.
    let deep = format!("{}1{}", "[".repeat(126), "]".repeat(126));
    old.completed(&id(50), None, "# Deep").await;
    old.run(&format!(
        "UPDATE documents SET metadata = '{deep}' WHERE id = '{}'",
        id(50)
    ))
    .await;
    for (number, name) in ["550e8400-E29B", "Ünicode", "-", "a/../b", "id with '' quote"]
        .iter()
        .enumerate()
    {
        old.completed(&format!("{name}{number}"), None, &format!("# Named {number}"))
            .await;
    }
    old.run(&format!(
        "UPDATE usage SET input_tokens = -4, output_tokens = 9223372036854775807, margin_rate = 'x',
             base_cost_cents = 1.5, total_cost_cents = 9e300 WHERE document_id = '{}';
         UPDATE usage SET total_cost_cents = 'free', created_at = 'soon' WHERE document_id = '{}';
         UPDATE usage SET document_id = 'nowhere', operation = '=cmd()' WHERE document_id = '{}';
         INSERT INTO batches (id, total_documents, status, priority, created_at, completed_at)
         VALUES ('not an id', 1, 'gone', 'high', {MOMENT}, 1), ('{}', 0, 'failed', 99, {MOMENT}, NULL);
         INSERT INTO job_queue (id, document_id, type, status) VALUES ('j1', '', 'x', 'pending'),
             ('j2', 'nowhere', 'x', 'pending');",
        id(0),
        id(1),
        id(2),
        id(100),
    ))
    .await;
    old.closed().await
}

async fn all_are_readable(environment: &Environment) {
    let data = make().await;
    let file = data.path().join("ilios.db").display().to_string();
    let told = succeeds(&["db", "import-v2", &file], environment);
    let documents = DIRT.len() + 6;
    assert!(
        told.contains(&format!("{documents} of {documents} documents")),
        "{told}"
    );
    assert!(told.contains("2 of 2 batches"), "{told}");
    for (number, (_, words)) in DIRT.iter().enumerate() {
        let mut lines = told
            .lines()
            .filter(|line| line.starts_with(&format!("documents {}", id(number))));
        assert!(
            lines.any(|line| line.contains(words)) || words.is_empty(),
            "{words}: {told}"
        );
    }
    assert!(!told.contains('\u{1b}'));
    let node = Node::start(environment);
    let open = ApiClient {
        node: &node,
        key: None,
    };
    let listed = open.json("/api/documents?limit=200").await;
    let listed = listed["documents"].as_array().expect("a list");
    // All but the one of another key.
    assert_eq!(listed.len(), documents - 1);
    for document in listed {
        let read = open
            .json(&format!(
                "{}?format=json",
                document["downloadUrl"].as_str().expect("a path")
            ))
            .await;
        assert!(!read["content"].as_str().expect("a text").is_empty(), "{read}");
    }
    // Under the ids that they have now.
    let named: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split_once("; it is ")?.1.strip_suffix(" now"))
        .filter(|id| id.len() == 30)
        .collect();
    assert!(named.len() >= 6, "{told}");
    usage(&open).await;
    // They have no documents, so that maintenance may have forgotten them by now.
    let batches = open.json("/v1/batch").await;
    assert!(batches["batches"].is_array(), "{batches}");
}

async fn usage(open: &ApiClient<'_>) {
    let summary = open.json("/api/usage/summary").await;
    assert_eq!(summary["summary"]["totalOperations"], DIRT.len() + 6, "{summary}");
    let records = open.json("/api/usage/records?limit=200").await;
    assert_eq!(records["records"].as_array().map(Vec::len), Some(DIRT.len() + 6));
    let operations: Vec<&Value> = records["records"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|record| &record["operation"])
        .collect();
    assert!(operations.iter().any(|operation| **operation == "=cmd()"));
    let csv = open
        .get("/api/usage/records?format=csv")
        .await
        .text()
        .await
        .expect("text");
    assert!(csv.contains("'=cmd()"), "{csv}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_not_as_they_should_be_lose_no_other() {
    let folder = TempDir::new().expect("a temporary folder");
    all_are_readable(&vec![("DATA_DIR", folder.path().display().to_string())]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_not_as_they_should_be_lose_no_other_in_postgres() {
    let (server, folder) = (
        PostgresServer::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    let environment = vec![
        ("DATA_DIR", folder.path().display().to_string()),
        ("DATABASE_URL", server.url()),
    ];
    all_are_readable(&environment).await;
}
