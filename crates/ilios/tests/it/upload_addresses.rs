//! Addresses of direct uploads: what they take, when they end, and what becomes of what is sent to them late.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ilios::jobs::{Maintenance, MaintenanceSettings};
use ilios::objects::{Area, Objects};
use reqwest::{Body, Client, Response};
use serde_json::json as value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, json, problem, text};
use crate::s3_server::S3Server;
use crate::uploads::{announce, complete, put};

const HONEST: &str = "# Honest\n";
const OTHER: &str = "# Forged\n";

/// An upload of nine bytes: its id and its address.
async fn announced(server: &TestServer) -> (String, String) {
    let body = value!({"fileName": "notes.md", "fileSize": HONEST.len()});
    let upload = json(announce(server, &body).await, 200).await;
    (text(&upload["id"]), text(&upload["uploadUrl"]))
}

async fn ask(server: &TestServer, method: &str, path: &str) -> Response {
    server.request(method, path).send().await.expect("an answer")
}

/// The original as its owner gets it.
async fn original(server: &TestServer, id: &str) -> Vec<u8> {
    let answer = ask(server, "GET", &format!("/api/documents/{id}/original")).await;
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().expect("text").to_owned();
    let answer = if location.starts_with('/') {
        server.get(&location).send().await
    } else {
        ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(location)
            .send()
            .await
    };
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("a body").to_vec()
}

/// Checks that the original that is given out is the one that was converted, and has the honest text.
async fn is_honest(server: &TestServer, id: &str) {
    let ended = server.ended(id).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    let original = original(server, id).await;
    assert_eq!(String::from_utf8_lossy(&original), HONEST);
    let sha256 = format!("{:x}", Sha256::digest(&original));
    assert_eq!(ended["metadata"]["sha256"], sha256, "{ended}");
    let content = ask(server, "GET", &format!("/api/documents/{id}")).await;
    assert_eq!(content.text().await.expect("a body"), HONEST);
}

/// The keys of all originals in the store.
async fn keys(objects: &Objects) -> Vec<String> {
    use futures::TryStreamExt;
    let found: Vec<_> = objects.list(Area::Documents).try_collect().await.expect("a list");
    found
        .into_iter()
        .map(|object| object.key.as_str().to_owned())
        .collect()
}

/// A PUT whose body ends only when the sender is dropped.
fn slow_put(server: &TestServer, url: &str) -> (mpsc::Sender<Bytes>, tokio::task::JoinHandle<Response>) {
    let (sender, receiver) = mpsc::channel::<Bytes>(1);
    let chunks = futures::stream::unfold(receiver, |mut receiver| async {
        let chunk = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(chunk), receiver))
    });
    let request = server.client.put(url).body(Body::wrap_stream(chunks));
    let sending = tokio::spawn(async move { request.send().await.expect("an answer") });
    (sender, sending)
}

#[tokio::test]
async fn an_address_ends_when_its_upload_is_complete() {
    let server = TestServer::working().await;
    let (id, url) = announced(&server).await;
    assert_eq!(put(&server, &url, OTHER).await.status(), 200);
    assert_eq!(
        put(&server, &url, HONEST).await.status(),
        200,
        "the last one counts"
    );
    json(complete(&server, &id).await, 200).await;
    problem(put(&server, &url, OTHER).await, 410, "upload_ended").await;
    is_honest(&server, &id).await;
    problem(put(&server, &url, OTHER).await, 410, "upload_ended").await;
    is_honest(&server, &id).await;
    assert_eq!(
        keys(server.app.objects()).await.len(),
        1,
        "what was put is copied once"
    );
}

#[tokio::test]
async fn an_address_ends_with_its_document() {
    let server = TestServer::start().await;
    for (method, path) in [("POST", "/cancel"), ("DELETE", "")] {
        let (id, url) = announced(&server).await;
        assert_eq!(put(&server, &url, HONEST).await.status(), 200);
        let answer = ask(&server, method, &format!("/api/documents/{id}{path}")).await;
        assert!(answer.status().is_success(), "{method}");
        problem(put(&server, &url, OTHER).await, 410, "upload_ended").await;
        let answer = complete(&server, &id).await;
        match method {
            "DELETE" => problem(answer, 404, "not_found").await,
            _ => problem(answer, 400, "not_uploaded").await,
        };
    }
    let (_, url) = announced(&server).await;
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    maintenance.run_once().await;
    assert_eq!(keys(server.app.objects()).await, [""; 0]);
    assert_eq!(put(&server, &url, HONEST).await.status(), 200, "this one goes on");
}

#[tokio::test]
async fn an_upload_that_was_given_up_takes_nothing_more() {
    let setup = Setup::default();
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let (id, url) = announced(&server).await;
    assert_eq!(put(&server, &url, HONEST).await.status(), 200);
    clock.advance(Duration::from_secs(25 * 60 * 60));
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    maintenance.run_once().await;
    problem(put(&server, &url, OTHER).await, 403, "expired_signature").await;
    problem(complete(&server, &id).await, 400, "not_uploaded").await;
    let status = server.json(&format!("/api/documents/status/{id}")).await;
    assert_eq!(status["errorCode"], "upload_expired", "{status}");
    assert_eq!(keys(server.app.objects()).await, [""; 0]);
}

#[tokio::test]
async fn more_than_was_announced_is_refused_and_not_kept() {
    let server = TestServer::start().await;
    let (id, url) = announced(&server).await;
    let answer = problem(put(&server, &url, "# Too long\n").await, 413, "too_large").await;
    let words = answer["error"].as_str().unwrap_or_default();
    assert!(
        words.contains("9 bytes") && words.contains("fileSize"),
        "{answer}"
    );
    let (sender, late) = slow_put(&server, &url);
    for chunk in ["# Too", " long\n"] {
        sender.send(Bytes::from(chunk)).await.expect("it is sent");
    }
    drop(sender);
    problem(late.await.expect("it ends"), 413, "too_large").await;
    problem(complete(&server, &id).await, 400, "not_uploaded").await;
    assert_eq!(keys(server.app.objects()).await, [""; 0]);
}

#[tokio::test]
async fn what_arrives_after_the_upload_is_complete_changes_nothing() {
    // The worker waits, so that the late bytes arrive before the document is read.
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        engine: Some(Arc::clone(&gate) as _),
        workers: 1,
        ..Setup::default()
    })
    .await;
    let first = server.submitted("first.txt", "keeps the worker busy").await;
    gate.begun(1).await;
    let (id, url) = announced(&server).await;
    assert_eq!(put(&server, &url, HONEST).await.status(), 200);
    let (sender, late) = slow_put(&server, &url);
    sender.send(Bytes::from("# For")).await.expect("it is sent");
    json(complete(&server, &id).await, 200).await;
    sender.send(Bytes::from("ged\n")).await.expect("it is sent");
    drop(sender);
    problem(late.await.expect("it ends"), 410, "upload_ended").await;
    gate.let_through(2);
    assert_eq!(server.ended(&first).await["status"], "completed");
    let ended = server.ended(&id).await;
    let expected = format!("{:x}", Sha256::digest(HONEST));
    assert_eq!(ended["metadata"]["sha256"], expected, "{ended}");
    assert_eq!(String::from_utf8_lossy(&original(&server, &id).await), HONEST);
    let kept = keys(server.app.objects()).await;
    assert!(!kept.contains(&format!("documents/{id}")), "{kept:?}");
}

#[tokio::test]
async fn saying_at_once_and_twice_that_an_upload_is_complete_makes_one_original() {
    let server = TestServer::working().await;
    for _ in 0..5 {
        let (id, url) = announced(&server).await;
        assert_eq!(put(&server, &url, HONEST).await.status(), 200);
        let forge = put(&server, &url, OTHER);
        let (one, two, three) = tokio::join!(complete(&server, &id), complete(&server, &id), forge);
        json(one, 200).await;
        json(two, 200).await;
        assert!([200, 410].contains(&three.status().as_u16()));
        let ended = server.ended(&id).await;
        let sha256 = format!("{:x}", Sha256::digest(original(&server, &id).await));
        assert_eq!(ended["metadata"]["sha256"], sha256, "{ended}");
    }
    assert_eq!(keys(server.app.objects()).await.len(), 5, "one a document");
}

#[tokio::test]
async fn what_is_put_into_a_bucket_later_is_neither_converted_nor_given_out() {
    let s3 = S3Server::start().await;
    let server = TestServer::with(Setup {
        objects: Some(s3.objects()),
        workers: 1,
        ..Setup::default()
    })
    .await;
    let (client, put) = (
        ilios::tls::http_client().build().expect("a client"),
        |client: &Client, url: &str, text: &str| client.put(url).body(text.to_owned()).send(),
    );
    let (id, url) = announced(&server).await;
    for other in ["# Too long\n", "# Short\n"] {
        let answer = put(&client, &url, other).await.expect("an answer");
        assert_eq!(
            answer.status(),
            403,
            "{other}: the bucket takes the announced length alone"
        );
    }
    problem(complete(&server, &id).await, 400, "not_uploaded").await;
    let answer = put(&client, &url, HONEST).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    json(complete(&server, &id).await, 200).await;
    // The bucket knows nothing of the end of the upload.
    put(&client, &url, OTHER).await.expect("an answer");
    is_honest(&server, &id).await;
    put(&client, &url, OTHER).await.expect("an answer");
    is_honest(&server, &id).await;
    assert!(s3.file(&format!("documents/{id}")).exists());
    let answer = ask(&server, "DELETE", &format!("/api/documents/{id}")).await;
    assert!(answer.status().is_success());
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    maintenance.run_once().await;
    assert_eq!(keys(server.app.objects()).await, [""; 0], "neither key is left");
}
