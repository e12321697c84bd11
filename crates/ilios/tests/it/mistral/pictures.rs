//! Pictures of pages.

use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{Maintenance, MaintenanceSettings};
use ilios::objects::ObjectKey;
use mistral_standin::{Answers, Faults};

use super::setup::{Pair, pdf};
use crate::harness::{Setup, form, json, problem, text};

fn address(markdown: &str, page: u32) -> String {
    let (_, rest) = markdown
        .split_once(&format!("![p{page}-img-"))
        .expect("a picture of the page");
    let (_, rest) = rest.split_once("](").expect("a link");
    rest.split_once(')').expect("its end").0.to_owned()
}

#[tokio::test]
async fn pictures_are_kept_linked_and_gone_with_their_document() {
    let pair = Pair::start().await;
    let options = [("includeImages", "true"), ("format", "json")];
    let at_once = json(pair.server.send("a.pdf", pdf(2, "a", 0), &options).await, 200).await;
    let submit = pair.server.post("/api/documents/submit").multipart(form(
        "b.pdf",
        pdf(2, "b", 0),
        &[("includeImages", "true")],
    ));
    let queued = text(&json(submit.send().await.expect("an answer"), 200).await["id"]);
    assert_eq!(pair.server.ended(&queued).await["status"], "completed");
    for id in [text(&at_once["id"]), queued] {
        let document = pair.server.get(&format!("/api/documents/{id}"));
        let markdown = document
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text");
        for page in [1, 2] {
            let address = address(&markdown, page);
            assert!(
                address.starts_with(&format!("/api/documents/{id}/images/p{page}-img-")),
                "{address}"
            );
            let picture = pair.server.get(&address).send().await.expect("an answer");
            assert_eq!(picture.status(), 200);
            assert_eq!(picture.headers()["content-type"], "image/jpeg");
            let bytes = picture.bytes().await.expect("bytes");
            assert!(bytes.starts_with(b"\xff\xd8\xff"));
        }
        let first = address(&markdown, 1);
        let deleted = pair.server.request("DELETE", &format!("/api/documents/{id}"));
        assert!(deleted.send().await.expect("an answer").status().is_success());
        problem(
            pair.server.get(&first).send().await.expect("an answer"),
            404,
            "not_found",
        )
        .await;
    }
    let left = std::fs::read_dir(pair.server.folder().join("objects/images")).expect("a folder");
    assert_eq!(left.count(), 0, "pictures are gone with their documents");
}

#[tokio::test]
async fn a_picture_is_its_tenants_own() {
    let pair = Pair::with(Faults::default(), |setup, _| setup.api_keys = "one,two").await;
    let server = &pair.server;
    let options = [("includeImages", "true")];
    let send = server
        .convert(form("a.pdf", pdf(1, "a", 0), &options))
        .bearer_auth("one");
    let answer = send.send().await.expect("an answer");
    let address = address(&answer.text().await.expect("text"), 1);
    let get = async |key: &str| {
        let request = server.get(&address).bearer_auth(key);
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(get("one").await, 200);
    assert_eq!(get("two").await, 404);
    assert_eq!(get("three").await, 401);
}

#[tokio::test]
async fn bare_base64_is_a_picture_too() {
    let faults = Faults {
        answers: Answers {
            bare_base64: true,
            null_coordinates: true,
            ..Answers::default()
        },
        ..Faults::default()
    };
    let pair = Pair::with(faults, |setup: &mut Setup, _| setup.workers = 0).await;
    let answer = pair
        .server
        .send("a.pdf", pdf(1, "a", 0), &[("includeImages", "true")])
        .await;
    let address = address(&answer.text().await.expect("text"), 1);
    let picture = pair.server.get(&address).send().await.expect("an answer");
    assert_eq!(picture.status(), 200);
}

#[tokio::test]
async fn a_picture_of_a_document_is_not_swept_and_one_of_nothing_is() {
    let pair = Pair::start().await;
    let server = &pair.server;
    let options = [("includeImages", "true")];
    let answer = server.send("a.pdf", pdf(1, "a", 0), &options).await;
    let address = address(&answer.text().await.expect("text"), 1);
    let id = server.app.new_id();
    let nobodys = ObjectKey::image(&id, "p1-img-0.jpeg");
    let mut incoming = server.app.spool().receive();
    incoming.write(b"nobody's").expect("it is spooled");
    let put = server
        .app
        .objects()
        .put(&nobodys, &incoming.finish(), "image/jpeg")
        .await;
    put.expect("an object store");
    let settings = MaintenanceSettings {
        sweep_age: Duration::ZERO,
        ..MaintenanceSettings::default()
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    Maintenance::new(Arc::clone(&server.app), settings).sweep().await;
    assert_eq!(
        server.app.objects().size(&nobodys).await.expect("an answer"),
        None
    );
    assert_eq!(
        server.get(&address).send().await.expect("an answer").status(),
        200
    );
}

#[tokio::test]
async fn pictures_of_parts_have_names_of_their_own() {
    let pair = Pair::with(Faults::default(), |_, mistral| {
        mistral.limits.pages = 2;
        mistral.limits.part_pages = 2;
    })
    .await;
    let options = [("includeImages", "true")];
    let answer = pair.server.send("a.pdf", pdf(6, "a", 0), &options).await;
    let markdown = answer.text().await.expect("text");
    let addresses: std::collections::BTreeSet<String> =
        (1..=6).map(|page| address(&markdown, page)).collect();
    assert_eq!(addresses.len(), 6);
    for address in addresses {
        assert_eq!(
            pair.server
                .get(&address)
                .send()
                .await
                .expect("an answer")
                .status(),
            200
        );
    }
}
