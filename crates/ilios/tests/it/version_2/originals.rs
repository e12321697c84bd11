use std::path::Path;

use tempfile::TempDir;

use super::imported::ApiClient;
use super::make::{OldFile, id};
use super::{Environment, refused, run, succeeds};
use crate::nodes::Node;
use crate::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET};

const KEY: &str = "first key";

fn key_of(number: usize) -> String {
    format!("documents/1769860800000-{}.md", id(number))
}

/// Jobs of all kinds; the originals of those below 10 are there.
async fn make() -> TempDir {
    let old = OldFile::new().await;
    for (number, status, job) in [
        (1, "pending", "pending"),
        (2, "processing", "processing"),
        // So it looked between two attempts.
        (3, "failed", "retrying"),
        (11, "pending", "pending"),
        (12, "failed", "pending"),
    ] {
        old.queued(&id(number), KEY, status, job, &key_of(number)).await;
    }
    old.completed(&id(4), Some(KEY), "# Converted before").await;
    old.queued(&id(5), KEY, "failed", "failed", &key_of(5)).await;
    // Charged before it came to its end, and one that was cut off at once.
    old.run(&format!(
        "UPDATE documents SET s3_key = '{}' WHERE id = '{}';
         INSERT INTO usage (id, document_id, api_key, operation, total_cost_cents)
         VALUES ('{}', '{}', '{KEY}', 'convert', 7);
         INSERT INTO documents (id, file_name, mime_type, file_size, s3_key, status, api_key)
         VALUES ('{}', 'cut.md', 'text/markdown', 9, 'convert/1-cut.md', 'processing', '{KEY}');",
        key_of(4),
        id(4),
        id(300),
        id(1),
        id(13),
    ))
    .await;
    old.run(&format!(
        "INSERT INTO batches (id, api_key, total_documents, status) VALUES ('{}', '{KEY}', 2, 'processing');
         UPDATE documents SET batch_id = '{}' WHERE id IN ('{}', '{}')",
        id(100),
        id(100),
        id(1),
        id(11),
    ))
    .await;
    old.closed().await
}

fn put_originals(folder: &Path) {
    std::fs::create_dir_all(folder.join("documents")).expect("a folder");
    for number in [1, 2, 3, 4, 5] {
        std::fs::write(folder.join(key_of(number)), format!("# Original {number}\n")).expect("a file");
    }
}

fn in_bucket(server: &S3Server, bucket: &str) -> Environment {
    vec![
        ("S3_BUCKET", bucket.to_owned()),
        ("AWS_ENDPOINT_URL_S3", format!("http://{}", server.address)),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
    ]
}

/// Imports and looks at what becomes of each document.
async fn goes_on(environment: &Environment, places: &[&str]) {
    let data = make().await;
    let file = data.path().join("ilios.db").display().to_string();
    let arguments: Vec<&str> = ["db", "import-v2", &file]
        .into_iter()
        .chain(places.iter().copied())
        .collect();
    let told = succeeds(&arguments, environment);
    for line in [
        "8 of 8 documents",
        "3 documents are pending",
        "5 originals brought",
        "2 originals not found",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let environment: Environment = environment
        .iter()
        .cloned()
        .chain([("API_KEY", KEY.to_owned())])
        .collect();
    let node = Node::start(&environment);
    let client = ApiClient {
        node: &node,
        key: Some(KEY),
    };
    documents(&client).await;
    batch_and_usage(&client).await;
}

async fn documents(client: &ApiClient<'_>) {
    for number in [1, 2, 3] {
        let status = client
            .json(&format!("/api/documents/status/{}?wait=60", id(number)))
            .await;
        assert_eq!(status["status"], "completed", "{status}");
        let content = client.get(&format!("/api/documents/{}", id(number))).await;
        assert_eq!(
            content.text().await.expect("text"),
            format!("# Original {number}\n")
        );
    }
    for number in [11, 12, 13] {
        let status = client
            .json(&format!("/api/documents/status/{}", id(number)))
            .await;
        assert_eq!(status["errorCode"], "original_missing", "{status}");
    }
    for number in [4, 5] {
        let original = client
            .get(&format!("/api/documents/{}/original", id(number)))
            .await;
        assert_eq!(
            original.text().await.expect("text"),
            format!("# Original {number}\n")
        );
    }
}

async fn batch_and_usage(client: &ApiClient<'_>) {
    let batch = client
        .json(&format!("/v1/batch/status/{}?wait=60", id(100)))
        .await;
    assert_eq!(batch["status"], "completed", "{batch}");
    // What was paid before and what is used now, each once.
    let summary = client.json("/api/usage/summary").await;
    assert_eq!(summary["summary"]["totalOperations"], 2 + 3, "{summary}");
    assert_eq!(summary["summary"]["totalCostCents"], 7 + 3);
    let retried = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("{}/api/documents/{}/retry", client.node.address, id(5)))
        .bearer_auth(KEY)
        .send()
        .await
        .expect("an answer");
    assert_eq!(retried.status(), 200);
    let status = client
        .json(&format!("/api/documents/status/{}?wait=60", id(5)))
        .await;
    assert_eq!(status["status"], "completed", "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_go_on_with_originals_of_a_folder() {
    let folder = TempDir::new().expect("a temporary folder");
    let (new, originals) = (folder.path().join("new"), folder.path().join("originals"));
    put_originals(&originals);
    let environment = vec![("DATA_DIR", new.display().to_string())];
    goes_on(&environment, &["--objects", &originals.display().to_string()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_go_on_with_originals_of_the_same_bucket() {
    let (server, folder) = (
        S3Server::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    put_originals(&server.file(""));
    let mut environment = in_bucket(&server, BUCKET);
    environment.push(("DATA_DIR", folder.path().display().to_string()));
    goes_on(&environment, &[]).await;
    assert!(server.file(&key_of(1)).exists(), "what version 2.1 stored stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_go_on_with_originals_of_another_bucket() {
    let (server, folder) = (
        S3Server::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    put_originals(&server.file(""));
    std::fs::create_dir(server.file("").join("../another")).expect("a bucket");
    let mut environment = in_bucket(&server, "another");
    environment.push(("DATA_DIR", folder.path().display().to_string()));
    goes_on(&environment, &["--objects", &format!("s3://{BUCKET}")]).await;
}

/// Nothing is called missing because the bucket did not answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_refuses_stops_the_import() {
    let (server, folder) = (
        S3Server::start().await,
        TempDir::new().expect("a temporary folder"),
    );
    put_originals(&server.file(""));
    let data = make().await;
    let file = data.path().join("ilios.db").display().to_string();
    let mut environment = in_bucket(&server, BUCKET);
    environment.push(("DATA_DIR", folder.path().display().to_string()));
    let fault = refused(
        &["db", "import-v2", &file, "--objects", "s3://nowhere"],
        &environment,
    );
    assert!(fault.contains("nowhere"), "{fault}");
    let misused = run(&["db", "import-v2", &file, "--objects", "/nowhere"], &environment);
    let fault = String::from_utf8_lossy(&misused.stderr);
    assert_eq!(misused.status.code(), Some(2), "{fault}");
    assert!(fault.contains("--objects /nowhere"), "{fault}");
    let told = succeeds(&["db", "import-v2", &file], &environment);
    assert!(told.contains("3 documents are pending"), "{told}");
}

/// A key is data of others: it leads to no file outside of the folder.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_does_not_lead_out_of_the_folder() {
    let folder = TempDir::new().expect("a temporary folder");
    let (new, originals) = (folder.path().join("new"), folder.path().join("originals"));
    std::fs::create_dir(&originals).expect("a folder");
    std::fs::write(folder.path().join("secret.md"), "# Secret\n").expect("a file");
    let absolute = folder.path().join("secret.md").display().to_string();
    let old = OldFile::new().await;
    for (number, key) in [
        (1, "../secret.md"),
        (2, "documents/../../secret.md"),
        (3, &absolute),
    ] {
        old.queued(&id(number), KEY, "pending", "pending", key).await;
    }
    let data = old.closed().await;
    let file = data.path().join("ilios.db").display().to_string();
    let environment = vec![("DATA_DIR", new.display().to_string())];
    let told = succeeds(
        &[
            "db",
            "import-v2",
            &file,
            "--objects",
            &originals.display().to_string(),
        ],
        &environment,
    );
    assert!(told.contains("3 documents are failed"), "{told}");
}
