//! Apache Tika's server.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use super::{HTML, guarded};
use crate::harness::{TestServer, files, json, sample};

fn put(server: &TestServer, path: &str, body: impl Into<Vec<u8>>) -> RequestBuilder {
    server
        .request("PUT", path)
        .bearer_auth("first-key")
        .body(body.into())
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

async fn plain(request: RequestBuilder) -> String {
    let answer = send(request).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.expect("a body")
}

#[tokio::test]
async fn the_path_and_what_is_accepted_decide_the_form() {
    let server = guarded().await;
    for (path, accept, media_type, begin) in [
        ("/tika", "*/*", "text/plain; charset=utf-8", "Report\n"),
        ("/tika", "text/plain", "text/plain; charset=utf-8", "Report\n"),
        ("/tika", "text/html", "text/html; charset=utf-8", "<html xmlns="),
        ("/tika", "text/xml", "text/xml; charset=utf-8", "<html xmlns="),
        ("/tika", "application/json", "application/json", "{"),
        ("/tika/text", "*/*", "application/json", "{"),
        (
            "/tika/text",
            "text/plain",
            "text/plain; charset=utf-8",
            "Report\n",
        ),
        ("/tika/main", "*/*", "text/plain; charset=utf-8", "Report\n"),
        (
            "/tika/md",
            "text/plain",
            "text/markdown; charset=utf-8",
            "# Report\n",
        ),
    ] {
        let answer = send(put(&server, path, HTML).header("accept", accept)).await;
        assert_eq!(answer.status(), 200, "{path} {accept}");
        assert_eq!(answer.headers()["content-type"], media_type, "{path} {accept}");
        let body = answer.text().await.expect("a body");
        assert!(body.starts_with(begin), "{path} {accept}: {body}");
    }
}

#[tokio::test]
async fn objects_have_metadata_of_texts_and_the_content() {
    let server = guarded().await;
    let document = sample("samples/annual-report.pdf");
    let object = json(send(put(&server, "/tika/text", document.clone())).await, 200).await;
    assert_eq!(object["Content-Type"], "application/pdf");
    assert_eq!(object["X-TIKA:Parsed-By"][0], "ilios");
    assert!(object["xmpTPg:NPages"].is_string(), "{object}");
    assert!(object["X-TIKA:content"].as_str().expect("text").len() > 100);
    for value in object.as_object().expect("an object").values() {
        assert!(value.is_string() || value.is_array(), "{value}");
    }
    let named =
        put(&server, "/tika/json/md", HTML).header("content-disposition", "attachment; filename=b'a.html'");
    let object = json(send(named).await, 200).await;
    assert_eq!(object["resourceName"], "a.html");
    assert_eq!(object["tk:content"], object["X-TIKA:content"]);
    assert!(
        object["tk:content"]
            .as_str()
            .expect("text")
            .starts_with("# Report")
    );
    let pages = json(send(put(&server, "/rmeta/xml", document)).await, 200).await;
    assert!(
        pages[0]["X-TIKA:content"]
            .as_str()
            .expect("XHTML")
            .matches("<div class=\"page\">")
            .count()
            > 1
    );
    let ignored = json(send(put(&server, "/rmeta/ignore", HTML)).await, 200).await;
    assert_eq!(ignored[0].get("X-TIKA:content"), None);
}

#[tokio::test]
async fn metadata_is_a_table_an_object_or_a_field() {
    let server = guarded().await;
    let table = plain(put(&server, "/meta", HTML)).await;
    assert!(table.contains("\"Content-Type\",\"text/html\"\n"), "{table}");
    let object = json(
        send(put(&server, "/meta", HTML).header("accept", "application/json")).await,
        200,
    )
    .await;
    assert_eq!(object["dc:title"], "T");
    let field = put(&server, "/meta/Content-Type", HTML).header("accept", "text/plain");
    assert_eq!(plain(field).await, "text/html");
    let error = json(send(put(&server, "/meta/no-such-field", HTML)).await, 404).await;
    assert_eq!(error["status"], "not_found");
    let form = server
        .post("/meta/form")
        .bearer_auth("first-key")
        .header("accept", "application/json");
    let form = form.multipart(files(&[("b.html", HTML.as_bytes())]));
    assert_eq!(json(send(form).await, 200).await["resourceName"], "b.html");
}

#[tokio::test]
async fn type_and_language_take_no_conversion() {
    let server = guarded().await;
    assert_eq!(
        plain(put(
            &server,
            "/detect/stream",
            sample("samples/annual-report.pdf")
        ))
        .await,
        "application/pdf"
    );
    let named =
        put(&server, "/detect", "a,b\n1,2\n").header("content-disposition", "attachment; filename=x.csv");
    assert_eq!(plain(named).await, "text/csv");
    let junk: Vec<u8> = (0..=255).collect();
    assert_eq!(
        plain(put(&server, "/detect", junk)).await,
        "application/octet-stream"
    );
    let german = "Die Sonne scheint und der Himmel ist nicht grau.";
    assert_eq!(plain(put(&server, "/language/string", german)).await, "de");
    let list = server.get("/api/documents").bearer_auth("first-key");
    let list: Value = json(send(list).await, 200).await;
    assert_eq!(list["documents"].as_array().map(Vec::len), Some(0), "{list}");
}

#[tokio::test]
async fn packed_bodies_are_unpacked_within_the_limit() {
    let server = guarded().await;
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    let small = put(&server, "/tika", packed(HTML.as_bytes())).header("content-encoding", "gzip");
    assert!(plain(small).await.starts_with("Report\n"));
    let bomb = packed(&vec![b'a'; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let error = json(
        send(put(&server, "/tika", bomb).header("content-encoding", "gzip")).await,
        413,
    )
    .await;
    assert_eq!(error["status"], "too_large");
    for (body, coding) in [
        (HTML.as_bytes().to_vec(), "gzip"),
        (packed(b"text")[..12].to_vec(), "gzip"),
        (b"x".to_vec(), "br"),
    ] {
        let error = json(
            send(put(&server, "/tika", body).header("content-encoding", coding)).await,
            400,
        )
        .await;
        assert!(error["message"].is_string(), "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_422_and_an_empty_document_is_none() {
    let server = guarded().await;
    let junk: Vec<u8> = (0..=255).collect();
    for body in [junk, b"%PDF-1.4 broken".to_vec(), Vec::new()] {
        let error = json(send(put(&server, "/rmeta/text", body)).await, 422).await;
        assert!(
            error["status"].is_string() && error["message"].is_string(),
            "{error}"
        );
    }
    let empty = put(&server, "/rmeta/text", "<html><body></body></html>").header("file-name", "a.html");
    let empty = json(send(empty).await, 200).await;
    assert_eq!(
        (&empty[0]["X-TIKA:content"], &empty[0]["Content-Type"]),
        (&"".into(), &"text/html".into())
    );
    let error = json(
        send(put(&server, "/tika", HTML).header("x-tika-pdfocrstrategy", "never")).await,
        400,
    )
    .await;
    assert_eq!(error["status"], "invalid_parameter");
}

#[tokio::test]
async fn an_archive_has_the_text_and_the_metadata() {
    let server = guarded().await;
    let zip = send(put(&server, "/unpack/all", HTML))
        .await
        .bytes()
        .await
        .expect("a body");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a ZIP");
    let mut text = String::new();
    zip.by_name("__TEXT__")
        .expect("the text")
        .read_to_string(&mut text)
        .expect("UTF-8");
    assert!(text.starts_with("Report\n"), "{text}");
    let tar = send(put(&server, "/unpack/all", HTML).header("accept", "application/x-tar")).await;
    let tar = tar.bytes().await.expect("a body");
    assert_eq!(
        (&tar[..8], &tar[257..262], tar.len() % 512),
        (&b"__TEXT__"[..], &b"ustar"[..], 0)
    );
    assert_eq!(send(put(&server, "/unpack", HTML)).await.status(), 204);
}
