//! Direct uploads.

use reqwest::Response;
use serde_json::{Value, json as value};

use crate::harness::{Setup, TestServer, json, problem, text};

pub(crate) async fn announce(server: &TestServer, body: &Value) -> Response {
    let request = server.post("/api/documents/upload-url").json(body);
    request.send().await.expect("an answer")
}

pub(crate) async fn put(server: &TestServer, url: &str, bytes: impl Into<Vec<u8>>) -> Response {
    let request = server.client.put(url).body(bytes.into());
    request.send().await.expect("an answer")
}

pub(crate) async fn complete(server: &TestServer, id: &str) -> Response {
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

async fn addresses(server: &crate::serve::Server, host: &str, proto: &str) -> [String; 2] {
    let client = ilios::tls::http_client().build().expect("a client");
    let post = |path: &str| {
        let request = client.post(format!("http://{}{path}", server.address));
        let request = request.header("host", host).header("x-forwarded-proto", proto);
        request
            .header("x-forwarded-host", "evil.example")
            .bearer_auth("0123456789abcdef")
    };
    let announced = post("/api/documents/upload-url").json(&value!({"fileName": "a.txt", "fileSize": 1}));
    let submitted = post("/api/documents/submit").multipart(crate::harness::form("a.txt", "text", &[]));
    let answers = [announced.send().await, submitted.send().await];
    let [one, other] = answers.map(|answer| answer.expect("an answer"));
    [
        text(&json(one, 200).await["uploadUrl"]),
        text(&json(other, 200).await["uploadUrl"]),
    ]
}

#[tokio::test]
async fn addresses_of_objects_are_at_the_server_that_the_client_reached() {
    let keys = [("API_KEY", "0123456789abcdef"), ("HOST", "127.0.0.1")];
    for (setting, host, proto, origin) in [
        (
            ("PORT", "0"),
            "docs.example.org:81",
            "https",
            "http://docs.example.org:81",
        ),
        (
            ("TRUSTED_PROXIES", "10.0.0.0/8"),
            "docs.example.org",
            "https",
            "http://docs.example.org",
        ),
        (
            ("TRUSTED_PROXIES", "127.0.0.1"),
            "docs.example.org",
            "https",
            "https://docs.example.org",
        ),
        (
            ("TRUSTED_PROXIES", "127.0.0.1"),
            "docs.example.org",
            "http, https",
            "https://docs.example.org",
        ),
        (
            ("TRUSTED_PROXIES", "127.0.0.1"),
            "docs.example.org",
            "gopher",
            "http://docs.example.org",
        ),
        (
            ("PUBLIC_URL", "https://ilios.example/"),
            "docs.example.org",
            "http",
            "https://ilios.example",
        ),
    ] {
        let server = crate::serve::Server::start(&[keys[0], keys[1], setting]);
        for address in addresses(&server, host, proto).await {
            assert!(
                address.starts_with(&format!("{origin}/objects/documents/")),
                "{setting:?}: {address}"
            );
        }
        server.signal("-TERM");
        server.end();
    }
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
    problem(announce(&server, &long).await, 413, "too_large").await;
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
        .objects()
        .upload_url(&key, 3, std::time::Duration::from_secs(5), past)
        .await;
    let url = format!("{}{}", server.address, url.expect("an address"));
    problem(put(&server, &url, "abc").await, 403, "expired_signature").await;
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
