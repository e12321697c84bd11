//! Direct uploads, and originals at signed addresses.

use reqwest::Response;
use serde_json::{Value, json as value};

use crate::harness::{Setup, TestServer, json, problem, text};

async fn announce(server: &TestServer, body: &Value) -> Response {
    let request = server.post("/api/documents/upload-url").json(body);
    request.send().await.expect("an answer")
}

async fn put(server: &TestServer, url: &str, bytes: impl Into<Vec<u8>>) -> Response {
    let request = server.client.put(url).body(bytes.into());
    request.send().await.expect("an answer")
}

async fn complete(server: &TestServer, id: &str) -> Response {
    let request = server.post(&format!("/api/documents/upload-complete/{id}"));
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_client_can_put_a_document_itself() {
    let server = TestServer::working().await;
    let body =
        value!({"fileName": "notes.md", "fileSize": 8, "mimeType": "text/markdown", "retentionDays": 7});
    let upload = json(announce(&server, &body).await, 200).await;
    let (id, url) = (text(&upload["id"]), text(&upload["uploadUrl"]));
    assert_eq!(upload["expiresIn"], 3600);
    assert_eq!(upload["s3Key"], format!("documents/{id}"));
    assert!(
        url.starts_with(&format!("{}/objects/documents/{id}?", server.address)),
        "{url}"
    );

    let body = problem(complete(&server, &id).await, 400, "not_uploaded").await;
    assert!(
        body["error"]
            .as_str()
            .is_some_and(|error| error.contains("upload address")),
        "{body}"
    );
    let original = server.get(&format!("/api/documents/{id}/original"));
    problem(original.send().await.expect("an answer"), 404, "no_original").await;
    assert_eq!(put(&server, &url, "# Hel").await.status(), 200);
    let body = problem(complete(&server, &id).await, 400, "not_uploaded").await;
    assert!(
        body["error"]
            .as_str()
            .is_some_and(|error| error.contains("5 bytes")),
        "{body}"
    );
    assert_eq!(put(&server, &url, "# Hello\n").await.status(), 200);

    let answer = json(complete(&server, &id).await, 200).await;
    assert_eq!(
        (answer["id"].as_str(), answer["status"].as_str()),
        (Some(id.as_str()), Some("pending"))
    );
    assert!(answer["message"].is_string());
    let ended = server.ended(&id).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    assert_eq!(ended["metadata"]["fileSize"], 8);
    let again = json(complete(&server, &id).await, 200).await;
    assert_eq!(again["status"], "completed", "saying it again changes nothing");
    let content = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(content.text().await.expect("a body"), "# Hello\n");
}

#[tokio::test]
async fn the_upload_address_is_the_one_that_the_client_reached() {
    let server = TestServer::start().await;
    let url = async |host: &str, proto: &str| {
        let request = server.post("/api/documents/upload-url").header("host", host);
        let request = request.header("x-forwarded-proto", proto);
        let request = request.json(&value!({"fileName": "a.txt", "fileSize": 1}));
        text(&json(request.send().await.expect("an answer"), 200).await["uploadUrl"])
    };
    assert!(
        url("docs.example.org", "https")
            .await
            .starts_with("https://docs.example.org/objects/")
    );
    assert!(
        url("docs.example.org:81", "gopher")
            .await
            .starts_with("http://docs.example.org:81/objects/")
    );
    assert!(url("a.org/\"><script>", "http").await.starts_with("/objects/"));
}

#[tokio::test]
async fn wrong_fields_of_an_announcement_are_named() {
    let server = TestServer::with(Setup {
        max_file_size: 1_000,
        ..Setup::default()
    })
    .await;
    let good = value!({"fileName": "a.txt", "fileSize": 10});
    for (field, wrong) in [
        ("fileName", value!(null)),
        ("fileName", value!("  ")),
        ("fileName", value!(7)),
        ("fileSize", value!(null)),
        ("fileSize", value!(0)),
        ("fileSize", value!(-1)),
        ("fileSize", value!(1.5)),
        ("fileSize", value!("10")),
        ("mimeType", value!(7)),
        ("mimeType", value!("text")),
        ("mimeType", value!("text/html\r\nSet-Cookie: a=b")),
        ("retentionDays", value!(0)),
        ("retentionDays", value!(3651)),
        ("retentionDays", value!(1.5)),
        ("retentionDays", value!("soon")),
    ] {
        let mut body = good.clone();
        body[field] = wrong;
        let answer = problem(announce(&server, &body).await, 400, "invalid_parameter").await;
        assert_eq!(answer["field"], field, "{body}");
    }
    let large = announce(&server, &value!({"fileName": "a.txt", "fileSize": 1_001})).await;
    assert_eq!(problem(large, 413, "too_large").await["field"], "fileSize");
    problem(announce(&server, &value!([])).await, 400, "invalid_body").await;
    let long = value!({"fileName": "a".repeat(100_000), "fileSize": 1});
    problem(announce(&server, &long).await, 400, "invalid_body").await;
    let text = server.post("/api/documents/upload-url").body("fileName=a");
    problem(text.send().await.expect("an answer"), 400, "invalid_body").await;
    let documents = server.json("/api/documents").await;
    assert_eq!(documents["documents"], value!([]));
    json(
        announce(
            &server,
            &value!({"fileName": "a", "fileSize": 1_000, "mimeType": null}),
        )
        .await,
        200,
    )
    .await;
}

#[tokio::test]
async fn only_addresses_of_this_server_take_and_give_bytes() {
    let server = TestServer::with(Setup {
        max_file_size: 1_000,
        ..Setup::default()
    })
    .await;
    let upload = json(
        announce(&server, &value!({"fileName": "a.txt", "fileSize": 3})).await,
        200,
    )
    .await;
    let url = text(&upload["uploadUrl"]);
    let (path, query) = url.split_once('?').expect("a query");
    for forged in [
        path.to_owned(),
        format!("{path}?{}", query.replace("expires=", "expires=9")),
        format!("{}?{query}", path.replace("documents", "archive")),
        format!("{path}?{query}0"),
        format!("{path}?{query}&response-content-type=text/html"),
        format!("{}/objects/documents/..%2F..%2Filios.db?{query}", server.address),
    ] {
        problem(put(&server, &forged, "abc").await, 403, "invalid_signature").await;
        let get = server.client.get(&forged).send().await.expect("an answer");
        problem(get, 403, "invalid_signature").await;
    }
    let get = server.client.get(&url).send().await.expect("an answer");
    problem(get, 403, "invalid_signature").await;
    let large = put(&server, &url, vec![b'a'; 1_001]).await;
    problem(large, 413, "too_large").await;
    let chunks = futures::stream::iter((0..4).map(|_| Ok::<_, std::io::Error>("a".repeat(500))));
    let request = server.client.put(&url).body(reqwest::Body::wrap_stream(chunks));
    problem(request.send().await.expect("an answer"), 413, "too_large").await;
}

#[tokio::test]
async fn an_address_is_worth_nothing_after_its_time() {
    use ilios::model::{Clock, SystemClock, Timestamp};
    use ilios::objects::ObjectKey;
    let server = TestServer::start().await;
    let key: ObjectKey = "documents/d12345678901234567890123".parse().expect("a key");
    let past = Timestamp::from_millis(SystemClock.now().as_millis() - 10_000);
    let url = server
        .app
        .objects
        .upload_url(&key, std::time::Duration::from_secs(5), past)
        .await;
    let url = format!("{}{}", server.address, url.expect("an address"));
    problem(put(&server, &url, "abc").await, 403, "expired_signature").await;
}

/// The address of the original of a document with the bytes 0 to 255.
async fn original(server: &TestServer) -> String {
    let id = server.submitted("a \"b\" ü.txt", LETTERS).await;
    let response = server.get(&format!("/api/documents/{id}/original"));
    let response = response.send().await.expect("an answer");
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"].to_str().expect("text").to_owned();
    assert!(
        location.starts_with(&format!("/objects/documents/{id}?")),
        "{location}"
    );
    location
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

#[tokio::test]
async fn an_original_is_given_out_as_it_was_sent() {
    let server = TestServer::start().await;
    let location = original(&server).await;
    for method in ["GET", "HEAD"] {
        let response = server.request(method, &location).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{method}");
        let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("content-type"), "text/plain");
        assert_eq!(header("content-length"), "26");
        assert_eq!(header("accept-ranges"), "bytes");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-disposition").starts_with("attachment; filename=\""));
        assert!(header("content-disposition").ends_with("%20%C3%BC.txt"));
        assert!(header("content-security-policy").contains("sandbox"));
        let body = response.text().await.expect("a body");
        assert_eq!(body, if method == "GET" { LETTERS } else { "" });
    }
    std::fs::remove_dir_all(server.folder().join("objects/documents")).expect("the folder");
    let gone = server.get(&location).send().await.expect("an answer");
    problem(gone, 404, "not_found").await;
}

#[tokio::test]
async fn a_part_of_an_original_can_be_asked_for() {
    let server = TestServer::start().await;
    let location = original(&server).await;
    let get = async |range: &str| {
        let request = server.get(&location).header("range", range);
        request.send().await.expect("an answer")
    };
    for (range, part, content_range) in [
        ("bytes=0-2", "abc", "bytes 0-2/26"),
        ("bytes=23-", "xyz", "bytes 23-25/26"),
        ("bytes=-2", "yz", "bytes 24-25/26"),
        ("bytes=-100", LETTERS, "bytes 0-25/26"),
        ("bytes=25-18446744073709551615", "z", "bytes 25-25/26"),
    ] {
        let response = get(range).await;
        assert_eq!(response.status(), 206, "{range}");
        assert_eq!(response.headers()["content-range"], content_range);
        assert_eq!(response.headers()["content-length"], part.len().to_string());
        assert_eq!(response.text().await.expect("a body"), part);
    }
    for range in ["bytes=26-", "bytes=100-200", "bytes=-0"] {
        let response = get(range).await;
        assert_eq!(response.headers()["content-range"], "bytes */26", "{range}");
        problem(response, 416, "range_not_satisfiable").await;
    }
    for senseless in [
        "bytes=2-1",
        "bytes=",
        "bytes=-",
        "lines=1-2",
        "bytes=0-1,3-4",
        "bytes=+1-2",
    ] {
        let response = get(senseless).await;
        assert_eq!(response.status(), 200, "{senseless}");
        assert_eq!(response.text().await.expect("a body"), LETTERS);
    }
    let request = server
        .get(&location)
        .header("range", "bytes=0-1")
        .header("if-range", "\"v1\"");
    assert_eq!(request.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_document_that_was_converted_at_once_has_no_original() {
    let server = TestServer::start().await;
    let response = server.send("a.txt", "text", &[]).await;
    let id = response.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let original = server.get(&format!("/api/documents/{id}/original"));
    problem(original.send().await.expect("an answer"), 404, "no_original").await;
    problem(complete(&server, &id).await, 400, "not_uploaded").await;
}
