//! Files that requests name.

use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{Maintenance, MaintenanceSettings};
use ilios::objects::{Area, Objects};
use ilios::store::FileLimits;
use reqwest::multipart::Form;
use serde_json::{Value, json as value};

use super::{HTML, REPORT, ask, documents, guarded, ocr, of_file, pages_used, upload, uploaded};
use crate::harness::{Setup, TestServer, form, json, part, sample, text};
use crate::s3_server::S3Server;

#[tokio::test]
async fn a_file_is_kept_and_not_converted_until_that_is_asked_for() {
    let server = guarded().await;
    let file = uploaded(&server, "pröbe 1.pdf", sample(REPORT)).await;
    assert_eq!(file["filename"], "pröbe 1.pdf");
    assert_eq!(
        (&file["purpose"], &file["sample_type"]),
        (&value!("ocr"), &value!("ocr_input"))
    );
    assert_eq!(file["bytes"], sample(REPORT).len());
    assert_eq!(file["mimetype"], "application/pdf");
    assert_eq!(
        (
            documents(&server, "first-key").await,
            pages_used(&server, "first-key").await
        ),
        (0, 0)
    );
    let id = text(&file["id"]);
    let content = ask(&server, "first-key", "GET", &format!("/v1/files/{id}/content")).await;
    assert_eq!(content.headers()["content-type"], "application/octet-stream");
    assert_eq!(content.bytes().await.expect("bytes"), sample(REPORT));
    let answer = json(ocr(&server, "first-key", &of_file(&file["id"])).await, 200).await;
    let pages = answer["pages"].as_array().expect("pages").len() as u64;
    assert_eq!(pages_used(&server, "first-key").await, pages);
    for _ in 0..2 {
        let gone = json(
            ask(&server, "first-key", "DELETE", &format!("/v1/files/{id}")).await,
            200,
        )
        .await;
        assert_eq!(gone, value!({"id": id, "object": "file", "deleted": true}));
    }
    let missing = json(ocr(&server, "first-key", &of_file(&file["id"])).await, 400).await;
    assert_eq!(missing["code"], "3310");
    assert_eq!(objects(server.app.objects()).await, 0);
}

#[tokio::test]
async fn files_are_their_tenants_alone() {
    let server = guarded().await;
    let file = uploaded(&server, "a.html", HTML).await;
    let id = text(&file["id"]);
    for path in ["", "/content", "/url"] {
        let missing = json(
            ask(&server, "second-key", "GET", &format!("/v1/files/{id}{path}")).await,
            404,
        )
        .await;
        assert_eq!(missing, value!({"detail": "No file matches the given query."}));
    }
    let listed = json(ask(&server, "second-key", "GET", "/v1/files").await, 200).await;
    assert_eq!(listed, value!({"data": [], "object": "list", "total": 0}));
    json(
        ask(&server, "second-key", "DELETE", &format!("/v1/files/{id}")).await,
        200,
    )
    .await;
    let mine = json(
        ask(&server, "first-key", "GET", &format!("/v1/files/{id}")).await,
        200,
    )
    .await;
    assert_eq!(mine["deleted"], false);
    let missing = json(ocr(&server, "second-key", &of_file(&file["id"])).await, 400).await;
    assert_eq!(missing["code"], "3310");
}

/// Objects of files.
async fn objects(objects: &Objects) -> usize {
    use futures::StreamExt;
    objects.list(Area::Files).count().await
}

#[tokio::test]
async fn an_address_is_known_whatever_the_name_of_the_server_in_it() {
    let server = guarded().await;
    let file = uploaded(&server, "a.pdf", sample(REPORT)).await;
    is_known(&server, &text(&file["id"])).await;
}

#[tokio::test]
async fn an_address_in_a_bucket_is_known_too() {
    let bucket = S3Server::start().await;
    let server = TestServer::with(Setup {
        api_keys: "first-key,second-key",
        objects: Some(bucket.objects()),
        ..Setup::default()
    })
    .await;
    let file = uploaded(&server, "a.pdf", sample(REPORT)).await;
    is_known(&server, &text(&file["id"])).await;
}

/// The server fetches nothing in these tests: what is known is at hand.
async fn is_known(server: &TestServer, id: &str) {
    let path = format!("/v1/files/{id}/url?expiry=24");
    let url = text(&json(ask(server, "first-key", "GET", &path).await, 200).await["url"]);
    let fetched = server.client.get(&url).send().await.expect("an answer");
    assert_eq!(fetched.bytes().await.expect("bytes"), sample(REPORT));
    let order = |url: &str| value!({"model": "mistral-ocr-latest", "document": {"type": "document_url", "document_url": url}});
    let mut urls = vec![url.clone()];
    if !server.app.objects().is_remote() {
        urls.push(url.replace(&server.address, "https://docs.example.org/prefix"));
    }
    for url in &urls {
        json(ocr(server, "first-key", &order(url)).await, 200).await;
    }
    // It is its tenant's alone, and one that was changed is no address of this server.
    let other = json(ocr(server, "second-key", &order(&url)).await, 400).await;
    assert_eq!(other["code"], "3310");
    let last = url.chars().last().expect("a digit");
    let changed = format!("{}{}", &url[..url.len() - 1], if last == '0' { '1' } else { '0' });
    let refused = json(ocr(server, "first-key", &order(&changed)).await, 400).await;
    assert_eq!(refused["type"], "invalid_request_file");
    for hours in ["0", "169", "x"] {
        let path = format!("/v1/files/{id}/url?expiry={hours}");
        json(ask(server, "first-key", "GET", &path).await, 422).await;
    }
}

#[tokio::test]
async fn files_are_listed_by_what_is_asked_for() {
    let server = guarded().await;
    for name in ["one.html", "two.html", "three.html"] {
        uploaded(&server, name, HTML).await;
    }
    let names = async |query: &str| {
        let listed = json(
            ask(&server, "first-key", "GET", &format!("/v1/files{query}")).await,
            200,
        )
        .await;
        let names = listed["data"].as_array().expect("files").iter();
        let names: Vec<String> = names.map(|file| text(&file["filename"])).collect();
        (names, listed["total"].clone())
    };
    let all = ["three.html", "two.html", "one.html"].map(str::to_owned);
    assert_eq!(names("").await, (all.to_vec(), value!(3)));
    assert_eq!(
        names("?page=1&page_size=2&include_total=true").await,
        (vec![all[2].clone()], value!(3))
    );
    assert_eq!(
        names("?search=TWO&include_total=false").await,
        (vec![all[1].clone()], Value::Null)
    );
    assert_eq!(
        names("?sample_type=ocr_input&sample_type=x&source=upload")
            .await
            .1,
        3
    );
    assert_eq!(names("?purpose=batch").await.1, 0);
    for query in ["?page=-1", "?page_size=0", "?include_total=2", "?other=1"] {
        json(
            ask(&server, "first-key", "GET", &format!("/v1/files{query}")).await,
            422,
        )
        .await;
    }
}

#[tokio::test]
async fn files_are_limited_in_number_and_size_and_go_with_time() {
    let server = TestServer::with(Setup {
        api_keys: "first-key,second-key",
        file_limits: FileLimits {
            count: 2,
            bytes: 1_000,
        },
        ..Setup::default()
    })
    .await;
    let kept = |size: usize| form("a.txt", "a".repeat(size), &[("purpose", "ocr")]);
    let first = json(upload(&server, "first-key", kept(600)).await, 200).await;
    for size in [600, 900] {
        let refused = upload(&server, "first-key", kept(size)).await;
        assert!(refused.headers().contains_key("retry-after"));
        let refused = json(refused, 429).await;
        assert!(
            refused["message"]
                .as_str()
                .expect("text")
                .contains("MAX_TENANT_FILE"),
            "{refused}"
        );
    }
    json(upload(&server, "first-key", kept(1)).await, 200).await;
    json(upload(&server, "first-key", kept(1)).await, 429).await;
    // Another tenant has room of its own, and nothing of what was refused is left.
    json(upload(&server, "second-key", kept(1)).await, 200).await;
    assert_eq!(objects(server.app.objects()).await, 3);
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    server.pass(Duration::from_secs(29 * 24 * 60 * 60));
    maintenance.run_once().await;
    assert_eq!(objects(server.app.objects()).await, 3);
    server.pass(Duration::from_secs(2 * 24 * 60 * 60));
    let path = format!("/v1/files/{}", text(&first["id"]));
    json(ask(&server, "first-key", "GET", &path).await, 404).await;
    maintenance.run_once().await;
    assert_eq!(objects(server.app.objects()).await, 0);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_refused_when_it_comes() {
    let server = guarded().await;
    let junk: Vec<u8> = (0..=255).collect();
    let refused = json(upload(&server, "first-key", form("a.bin", junk, &[])).await, 422).await;
    assert_eq!(refused["detail"], "Invalid file format.");
    for (fields, place) in [
        (vec![("purpose", "fine-tune")], "purpose"),
        (vec![("expiry", "soon")], "expiry"),
        (vec![("visibility", "all")], "visibility"),
        (vec![("other", "1")], "form"),
    ] {
        let refused = json(
            upload(&server, "first-key", form("a.html", HTML, &fields)).await,
            422,
        )
        .await;
        assert_eq!(refused["detail"][0]["loc"], value!(["body", place]));
    }
    let none = Form::new().text("purpose", "ocr");
    let none = json(upload(&server, "first-key", none).await, 422).await;
    assert_eq!(none["detail"][0]["type"], "missing");
    let lines = "{\"custom_id\":\"1\",\"body\":{}}\nno JSON\n{\"custom_id\":\"3\"}\n";
    let lines = Form::new()
        .text("purpose", "batch")
        .part("file", part("a.jsonl", lines));
    let refused = json(upload(&server, "first-key", lines).await, 422).await;
    let numbers: Vec<&Value> = refused["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| &error["line_number"])
        .collect();
    assert_eq!(numbers, [2, 3]);
}
