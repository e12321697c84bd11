//! A server that dies while a direct upload is put, copied or queued.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::originals::Originals;
use crate::server::{Server, variable};
use crate::storage::Storage;
use crate::sweep::sweep;

const TEXT: &str = "# Uploaded\n";

#[tokio::test]
async fn an_upload_outlives_a_server_that_dies_with_originals_in_a_folder() {
    for place in ["upload_put", "upload_copied"] {
        outlives(&Storage::local(), place).await;
    }
}

#[tokio::test]
async fn an_upload_outlives_a_server_that_dies_with_originals_on_s3() {
    let originals = Originals::s3().await;
    let storage = Storage {
        originals,
        ..Storage::local()
    };
    outlives(&storage, "upload_copied").await;
}

async fn outlives(storage: &Storage, place: &str) {
    let (folder, client) = (
        TempDir::new().expect("a temporary folder"),
        ilios::tls::http_client().build().expect("a client"),
    );
    let data = folder.path();
    let mut environment = storage.environment();
    environment.push(variable("CRASH_POINT", place));
    let mut server = Server::start(data, environment);
    let (address, _) = server.ready().await.expect("it starts");
    let announce = json!({"fileName": "a.md", "fileSize": TEXT.len()});
    let request = client.post(format!("{address}/api/documents/upload-url"));
    let answer = request.json(&announce).send().await.expect("an answer");
    let upload: Value = answer.json().await.expect("JSON");
    let id = upload["id"].as_str().expect("an id");
    let url = upload["uploadUrl"].as_str().expect("an address");
    let put = client.put(url).body(TEXT).send().await;
    if place != "upload_put" {
        assert_eq!(put.expect("an answer").status(), 200);
        let complete = format!("{address}/api/documents/upload-complete/{id}");
        client.post(complete).send().await.expect_err("it dies");
    }
    server.end(Duration::from_secs(10)).await.expect("it is dead");

    let mut server = Server::start(data, storage.environment());
    let (address, _) = server.ready().await.expect("it starts again");
    let complete = format!("{address}/api/documents/upload-complete/{id}");
    let answer = client.post(complete).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{}", server.log());
    let status = format!("{address}/api/documents/status/{id}?wait=60");
    let answer = client.get(status).send().await.expect("an answer");
    let status: Value = answer.json().await.expect("JSON");
    assert_eq!(status["status"], "completed", "{status}");
    server.terminate().await;
    sweep(data, storage).await;
    let files = std::fs::read_dir(storage.originals.folder(data).join("documents")).expect("a folder");
    assert_eq!(
        files.count(),
        1,
        "{place}: what the dead server has left is swept"
    );
}
