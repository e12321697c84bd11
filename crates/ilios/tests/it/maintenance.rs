//! What the server does by itself from time to time.

use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{Maintenance, MaintenanceSettings, RetentionAction};
use ilios::objects::ObjectKey;
use serde_json::json;

use crate::gate::Gate;
use crate::harness::{Setup, ShiftedClock, TestServer, files, problem, text};
use crate::uploads::{announce, put};

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) struct Kept {
    pub(crate) server: TestServer,
    pub(crate) clock: Arc<ShiftedClock>,
    pub(crate) maintenance: Maintenance,
}

pub(crate) async fn kept(settings: MaintenanceSettings) -> Kept {
    let setup = Setup {
        engine: Some(Gate::open("instant")),
        workers: 1,
        ..Setup::default()
    };
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let maintenance = Maintenance::new(Arc::clone(&server.app), settings);
    Kept {
        server,
        clock,
        maintenance,
    }
}

impl Kept {
    /// Converts a letter; its id.
    pub(crate) async fn letter(&self) -> String {
        let id = self.server.submitted("letter.txt", "dear reader").await;
        assert_eq!(self.status(&id).await, "completed");
        id
    }

    /// The status of a document that has ended.
    pub(crate) async fn status(&self, id: &str) -> String {
        text(&self.server.ended(id).await["status"])
    }

    /// Lets time pass, and does what is to be done then.
    pub(crate) async fn after(&self, span: Duration) {
        self.clock.advance(span);
        self.maintenance.run_once().await;
    }

    async fn delete(&self, id: &str) {
        let request = self.server.request("DELETE", &format!("/api/documents/{id}"));
        assert!(request.send().await.expect("an answer").status().is_success());
    }
}

async fn size(server: &TestServer, key: &ObjectKey) -> Option<u64> {
    server.app.objects().size(key).await.expect("an object store")
}

fn keys(id: &str) -> (ObjectKey, ObjectKey) {
    let id = id.parse().expect("an id");
    (ObjectKey::original(&id), ObjectKey::archived(&id))
}

#[tokio::test]
async fn a_document_past_its_retention_is_archived_with_its_original() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let id = kept.letter().await;
    let (original, archived) = keys(&id);
    kept.after(364 * DAY).await;
    assert_eq!(kept.status(&id).await, "completed", "a day is left");
    kept.after(2 * DAY).await;
    assert_eq!(kept.status(&id).await, "archived");
    assert_eq!(size(server, &original).await, None);
    assert_eq!(size(server, &archived).await, Some(11));
    let text = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(text.status(), 200, "the content stays");
    let path = format!("/api/documents/{id}/original");
    let address = server.get(&path).send().await.expect("an answer");
    let location = address.headers()["location"].to_str().expect("text").to_owned();
    let fetched = server.get(&location).send().await.expect("an answer");
    assert_eq!(
        fetched.text().await.expect("a body"),
        "dear reader",
        "and so does the original"
    );
}

#[tokio::test]
async fn a_document_past_its_retention_is_deleted_where_that_is_wanted() {
    let settings = MaintenanceSettings {
        retention: RetentionAction::Delete,
        ..MaintenanceSettings::default()
    };
    let kept = kept(settings).await;
    let server = &kept.server;
    let id = kept.letter().await;
    kept.after(366 * DAY).await;
    let gone = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    problem(gone, 404, "not_found").await;
    let (original, archived) = keys(&id);
    assert_eq!(
        (size(server, &original).await, size(server, &archived).await),
        (None, None)
    );
    let usage = server.json("/api/usage/summary").await;
    assert_eq!(usage["summary"]["totalDocuments"], 1, "what was used stays");
}

#[tokio::test]
async fn a_document_that_waits_is_never_too_old() {
    let setup = Setup::default();
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    let id = server.submitted("letter.txt", "dear reader").await;
    clock.advance(4_000 * DAY);
    maintenance.run_once().await;
    let status = server.json(&format!("/api/documents/status/{id}")).await;
    assert_eq!(status["status"], "pending");
}

#[tokio::test]
async fn an_object_that_no_row_names_is_swept_after_an_hour_and_no_other() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let id = kept.letter().await;
    let orphan = server.app.new_id();
    let (orphaned, _) = keys(orphan.as_str());
    let mut incoming = server.app.spool().receive();
    incoming.write(b"nobody's").expect("it is spooled");
    let file = incoming.finish();
    let stored = server.app.objects().put(&orphaned, &file, "text/plain").await;
    stored.expect("an object store");
    kept.clock.advance(Duration::from_secs(50 * 60));
    kept.maintenance.sweep().await;
    assert_eq!(size(server, &orphaned).await, Some(8), "its row may still come");
    kept.clock.advance(Duration::from_secs(11 * 60));
    kept.maintenance.sweep().await;
    assert_eq!(size(server, &orphaned).await, None);
    assert_eq!(size(server, &keys(&id).0).await, Some(11), "a named one stays");
}

#[tokio::test]
async fn an_upload_that_never_comes_fails_after_a_day() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let body = json!({"fileName": "letter.txt", "fileSize": 11});
    let announced = announce(server, &body)
        .await
        .json::<serde_json::Value>()
        .await
        .expect("JSON");
    let (id, url) = (
        announced["id"].as_str().expect("an id"),
        announced["uploadUrl"].as_str(),
    );
    let answer = put(server, url.expect("an address"), "dear reader").await;
    assert!(answer.status().is_success());
    kept.after(Duration::from_secs(23 * 60 * 60)).await;
    let path = format!("/api/documents/status/{id}");
    assert_eq!(server.json(&path).await["status"], "pending");
    kept.after(Duration::from_secs(2 * 60 * 60)).await;
    kept.maintenance.run_once().await;
    let status = server.json(&path).await;
    assert_eq!(
        (&status["status"], &status["errorCode"]),
        (&json!("failed"), &json!("upload_expired"))
    );
    assert_eq!(size(server, &keys(id).0).await, None, "its bytes are gone");
}

#[tokio::test]
async fn originals_that_cannot_be_copied_keep_none_behind_them_from_their_turn() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let mut ids = Vec::new();
    for number in 0..=100 {
        ids.push(server.submitted("letter.txt", format!("letter {number}")).await);
    }
    for id in &ids {
        assert_eq!(kept.status(id).await, "completed");
    }
    let last = ids.pop().expect("an id");
    for id in &ids {
        // A folder is where the copy is to be.
        let copy = server.folder().join("objects").join(keys(id).1.as_str());
        std::fs::create_dir_all(copy.join("in the way")).expect("a folder");
    }
    kept.after(366 * DAY).await;
    assert_eq!(kept.status(&last).await, "archived");
    assert_eq!(kept.status(&ids[0]).await, "completed");
    for id in &ids {
        let copy = server.folder().join("objects").join(keys(id).1.as_str());
        std::fs::remove_dir_all(copy).expect("it is there");
    }
    kept.maintenance.run_once().await;
    for id in &ids {
        assert_eq!(kept.status(id).await, "archived", "its turn comes again");
    }
}

#[tokio::test]
async fn a_batch_without_documents_goes() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let mut batches = Vec::new();
    for _ in 0..2 {
        let form = files(&[("a.txt", b"a"), ("b.txt", b"b")]);
        let request = server.post("/v1/batch/submit").multipart(form);
        let answer = crate::harness::json(request.send().await.expect("an answer"), 202).await;
        let id = answer["batchId"].as_str().expect("an id").to_owned();
        server.json(&format!("/v1/batch/status/{id}?wait=60")).await;
        batches.push((id, answer["documents"].clone()));
    }
    let delete = async |document: &serde_json::Value| {
        kept.delete(&text(&document["id"])).await;
    };
    delete(&batches[0].1[0]).await;
    delete(&batches[0].1[1]).await;
    delete(&batches[1].1[0]).await;
    kept.maintenance.run_once().await;
    let gone = server.get(&format!("/v1/batch/status/{}", batches[0].0));
    problem(gone.send().await.expect("an answer"), 404, "not_found").await;
    let left = server.json("/v1/batch").await;
    assert_eq!(left["batches"].as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!(left["batches"][0]["batchId"], batches[1].0.as_str(), "{left}");
}

/// A number that the server's database file says.
async fn number(server: &TestServer, sql: &str) -> i64 {
    let database = libsql::Builder::new_local(server.folder().join("ilios.db"));
    let connection = database
        .build()
        .await
        .expect("a file")
        .connect()
        .expect("a database");
    let mut rows = connection.query(sql, ()).await.expect("rows");
    let row = rows.next().await.expect("rows").expect("a row");
    row.get(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archived_document_keeps_nothing_that_was_needed_to_convert_it_alone() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let id = kept.letter().await;
    assert_eq!(number(server, "SELECT COUNT(*) FROM jobs").await, 1);
    kept.after(366 * DAY).await;
    assert_eq!(kept.status(&id).await, "archived");
    assert_eq!(number(server, "SELECT COUNT(*) FROM jobs").await, 0);
    assert_eq!(number(server, "SELECT COUNT(*) FROM document_contents").await, 1);
}

#[tokio::test]
async fn the_database_gives_the_space_of_deleted_rows_back_while_nobody_converts() {
    let kept = kept(MaintenanceSettings::default()).await;
    let server = &kept.server;
    let mut ids = Vec::new();
    for _ in 0..40 {
        ids.push(server.submitted("long.txt", "words ".repeat(40_000)).await);
    }
    for id in &ids {
        assert_eq!(kept.status(id).await, "completed");
    }
    server.store.truncate_wal().await.expect("a database");
    let size = || {
        let file = std::fs::metadata(server.folder().join("ilios.db"));
        file.expect("a file").len()
    };
    let full = size();
    assert!(full > 9_000_000, "{full}");
    for id in &ids {
        kept.delete(id).await;
    }
    let slot = server
        .app
        .admission()
        .enter(&ilios::model::Tenant::anonymous())
        .await;
    kept.maintenance.run_once().await;
    assert!(size() >= full, "somebody converts");
    drop(slot);
    kept.maintenance.run_once().await;
    assert!(size() < 2_000_000, "{} of {full}", size());
}

#[tokio::test]
async fn a_database_of_an_older_version_gives_space_back_once_it_is_written_anew() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let file = folder.path().join("ilios.db");
    let old = libsql::Builder::new_local(&file).build().await.expect("a file");
    let connection = old.connect().expect("a database");
    let script = "PRAGMA journal_mode = WAL; CREATE TABLE long (text TEXT);
        INSERT INTO long VALUES (hex(zeroblob(4000000))); DELETE FROM long;";
    connection.execute_batch(script).await.expect("it runs");
    drop((connection, old));
    let settings = ilios::store::StoreSettings {
        clock: Arc::new(ilios::model::SystemClock),
        durability: ilios::store::Durability::Crash,
    };
    let store = ilios::store::Store::open_local(&file, &settings)
        .await
        .expect("a database");
    store.migrate().await.expect("migrations run");
    assert_eq!(store.incremental_vacuum(1 << 30).await.expect("an answer"), 0);
    let mode = store
        .enable_incremental_vacuum()
        .await
        .expect("it is written anew");
    assert_eq!(mode, ilios::store::SpaceMode::Returnable);
    store.truncate_wal().await.expect("a database");
    let size = std::fs::metadata(&file).expect("a file").len();
    assert!(size < 1_000_000, "{size}");
    store.close().await;
}
