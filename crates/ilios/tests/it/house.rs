//! What the server does by itself from time to time.

use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{House, HouseSettings, RetentionAction};
use ilios::objects::ObjectKey;
use serde_json::json;

use crate::gate::Gate;
use crate::harness::{Setup, ShiftedClock, TestServer, problem};
use crate::uploads::{announce, put};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Kept {
    server: TestServer,
    clock: Arc<ShiftedClock>,
    house: House,
}

async fn kept(settings: HouseSettings) -> Kept {
    let setup = Setup {
        engine: Some(Gate::open("instant")),
        workers: 1,
        ..Setup::default()
    };
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let house = House::new(Arc::clone(&server.app), settings);
    Kept { server, clock, house }
}

async fn size(server: &TestServer, key: &ObjectKey) -> Option<u64> {
    server.app.objects.size(key).await.expect("an object store")
}

fn keys(id: &str) -> (ObjectKey, ObjectKey) {
    let id = id.parse().expect("an id");
    (ObjectKey::original(&id), ObjectKey::archived(&id))
}

#[tokio::test]
async fn a_document_past_its_retention_is_archived_with_its_original() {
    let Kept { server, clock, house } = kept(HouseSettings::default()).await;
    let id = server.submitted("letter.txt", "dear reader").await;
    assert_eq!(server.ended(&id).await["status"], "completed");
    let (original, archived) = keys(&id);
    clock.advance(364 * DAY);
    house.round().await;
    assert_eq!(server.ended(&id).await["status"], "completed", "a day is left");
    clock.advance(2 * DAY);
    house.round().await;
    assert_eq!(server.ended(&id).await["status"], "archived");
    assert_eq!(size(&server, &original).await, None);
    assert_eq!(size(&server, &archived).await, Some(11));
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
    let settings = HouseSettings {
        retention: RetentionAction::Delete,
        ..HouseSettings::default()
    };
    let Kept { server, clock, house } = kept(settings).await;
    let id = server.submitted("letter.txt", "dear reader").await;
    server.ended(&id).await;
    clock.advance(366 * DAY);
    house.round().await;
    let gone = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    problem(gone, 404, "not_found").await;
    let (original, archived) = keys(&id);
    assert_eq!(
        (size(&server, &original).await, size(&server, &archived).await),
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
    let house = House::new(Arc::clone(&server.app), HouseSettings::default());
    let id = server.submitted("letter.txt", "dear reader").await;
    clock.advance(4_000 * DAY);
    house.round().await;
    let status = server.json(&format!("/api/documents/status/{id}")).await;
    assert_eq!(status["status"], "pending");
}

#[tokio::test]
async fn an_object_that_no_row_names_is_swept_after_an_hour_and_no_other() {
    let Kept { server, clock, house } = kept(HouseSettings::default()).await;
    let id = server.submitted("letter.txt", "dear reader").await;
    server.ended(&id).await;
    let orphan = server.app.ids.next(server.app.clock.now());
    let (orphaned, _) = keys(orphan.as_str());
    let mut incoming = server.app.spool.receive();
    incoming.write(b"nobody's").expect("it is spooled");
    let file = incoming.finish();
    let stored = server.app.objects.put(&orphaned, &file, "text/plain").await;
    stored.expect("an object store");
    clock.advance(Duration::from_secs(50 * 60));
    house.sweep().await;
    assert_eq!(size(&server, &orphaned).await, Some(8), "its row may still come");
    clock.advance(Duration::from_secs(11 * 60));
    house.sweep().await;
    assert_eq!(size(&server, &orphaned).await, None);
    assert_eq!(size(&server, &keys(&id).0).await, Some(11), "a named one stays");
}

#[tokio::test]
async fn an_upload_that_never_comes_fails_after_a_day() {
    let Kept { server, clock, house } = kept(HouseSettings::default()).await;
    let body = json!({"fileName": "letter.txt", "fileSize": 11});
    let announced = announce(&server, &body)
        .await
        .json::<serde_json::Value>()
        .await
        .expect("JSON");
    let (id, url) = (
        announced["id"].as_str().expect("an id"),
        announced["uploadUrl"].as_str(),
    );
    let answer = put(&server, url.expect("an address"), "dear reader").await;
    assert!(answer.status().is_success());
    clock.advance(Duration::from_secs(23 * 60 * 60));
    house.round().await;
    let path = format!("/api/documents/status/{id}");
    assert_eq!(server.json(&path).await["status"], "pending");
    clock.advance(Duration::from_secs(2 * 60 * 60));
    house.round().await;
    house.round().await;
    let status = server.json(&path).await;
    assert_eq!(
        (&status["status"], &status["errorCode"]),
        (&json!("failed"), &json!("upload_expired"))
    );
    assert_eq!(size(&server, &keys(id).0).await, None, "its bytes are gone");
}
