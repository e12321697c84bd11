//! Files that are no documents, and a server that dies while it takes one.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tempfile::TempDir;

use crate::originals::Originals;
use crate::server::{Server, variable};
use crate::storage::Storage;
use crate::sweep::sweep;

#[tokio::test]
async fn a_file_without_a_row_is_swept_from_a_folder() {
    is_swept(&Storage::local()).await;
}

#[tokio::test]
async fn a_file_without_a_row_is_swept_from_s3() {
    let originals = Originals::s3().await;
    let storage = Storage {
        originals,
        ..Storage::local()
    };
    is_swept(&storage).await;
}

async fn is_swept(storage: &Storage) {
    let folder = TempDir::new().expect("a temporary folder");
    let client = ilios::tls::http_client().build().expect("a client");
    let data = folder.path();
    let mut environment = storage.environment();
    environment.push(variable("CRASH_POINT", "file_stored"));
    let mut server = Server::start(data, environment);
    let (address, _) = server.ready().await.expect("it starts");
    let form = || {
        let file = Part::bytes("# Kept\n".as_bytes()).file_name("a.md");
        Form::new().text("purpose", "ocr").part("file", file)
    };
    let send = async |address: &str| {
        let request = client.post(format!("{address}/v1/files")).multipart(form());
        request.send().await
    };
    send(&address).await.expect_err("it dies");
    server.end(Duration::from_secs(10)).await.expect("it is dead");
    let kept = || {
        let files = std::fs::read_dir(storage.originals.folder(data).join("files"));
        files.expect("a folder").count()
    };
    assert_eq!(kept(), 1, "the server died between the bytes and the row");

    let mut server = Server::start(data, storage.environment());
    let (address, _) = server.ready().await.expect("it starts again");
    let listed = client.get(format!("{address}/v1/files")).send().await;
    let listed: Value = listed.expect("an answer").json().await.expect("JSON");
    assert_eq!(listed["total"], 0, "{listed}");
    let sent = send(&address).await.expect("an answer");
    assert_eq!(sent.status(), 200, "{}", server.log());
    server.terminate().await;
    sweep(data, storage).await;
    assert_eq!(kept(), 1, "the one that was answered");
}
