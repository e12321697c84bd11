//! Originals at signed addresses.

use crate::harness::{TestServer, problem};

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

/// The address of the original of a document with these letters.
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
async fn the_address_of_an_original_is_told_instead_of_followed() {
    let server = TestServer::start().await;
    let id = server.submitted("a.txt", LETTERS).await;
    let path = format!("/api/documents/{id}/original?redirect");
    let answer = server
        .get(&format!("{path}=false"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer: serde_json::Value = answer.json().await.expect("JSON");
    let url = answer["url"].as_str().expect("an address");
    assert_eq!(server.body(url).await, LETTERS);
    let followed = server
        .get(&format!("{path}=true"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(followed.status(), 302);
    let wrong = server
        .get(&format!("{path}=maybe"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        problem(wrong, 400, "invalid_parameter").await["field"],
        "redirect"
    );
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
