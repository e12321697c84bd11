//! docling-serve.

use std::io::{Cursor, Read};

use reqwest::multipart::Form;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json as value};

use super::{HTML, guarded};
use crate::harness::{TestServer, json, part, sample, text};

fn form(fields: &[(&'static str, &'static str)], name: &str, bytes: impl Into<Vec<u8>>) -> Form {
    let form = fields
        .iter()
        .fold(Form::new(), |form, (name, value)| form.text(*name, *value));
    form.part("files", part(name, bytes))
}

async fn send(request: RequestBuilder) -> Response {
    request
        .header("x-api-key", "first-key")
        .send()
        .await
        .expect("an answer")
}

async fn convert(server: &TestServer, form: Form) -> Value {
    json(send(server.post("/v1/convert/file").multipart(form)).await, 200).await
}

#[tokio::test]
async fn contents_are_those_that_were_asked_for() {
    let server = guarded().await;
    let answer = convert(&server, form(&[], "a.html", HTML)).await;
    let document = &answer["document"];
    assert_eq!(
        (&answer["status"], &document["filename"]),
        (&"success".into(), &"a.html".into())
    );
    assert!(
        document["md_content"]
            .as_str()
            .expect("Markdown")
            .starts_with("# Report\n\nOne paragraph.")
    );
    for name in [
        "json_content",
        "html_content",
        "text_content",
        "doctags_content",
        "doclang_content",
    ] {
        assert_eq!(document.get(name), Some(&Value::Null), "{name}");
    }
    let fields = [
        ("to_formats", "json"),
        ("to_formats", "text"),
        ("to_formats", "html"),
        ("to_formats", "doctags"),
    ];
    let answer = convert(&server, form(&fields, "a.html", HTML)).await;
    let document = &answer["document"];
    assert_eq!(document["md_content"], Value::Null);
    assert_eq!(document["json_content"]["schema_name"], "DoclingDocument");
    assert_eq!(document["json_content"]["tables"][0]["data"]["num_cols"], 2);
    assert!(
        document["text_content"]
            .as_str()
            .expect("text")
            .starts_with("Report\n")
    );
    assert!(
        document["html_content"]
            .as_str()
            .expect("HTML")
            .starts_with("<!DOCTYPE html>")
    );
    assert!(
        document["doctags_content"]
            .as_str()
            .expect("tags")
            .starts_with("<doctag><")
    );
}

#[tokio::test]
async fn pages_are_parted_by_the_text_that_was_asked_for_and_have_places() {
    let server = guarded().await;
    let fields = [
        ("md_page_break_placeholder", "\u{c}"),
        ("to_formats", "md"),
        ("to_formats", "json"),
    ];
    let pdf = sample("samples/annual-report.pdf");
    let answer = convert(&server, form(&fields, "annual-report.pdf", pdf)).await;
    let document = &answer["document"];
    let parts = document["md_content"]
        .as_str()
        .expect("Markdown")
        .split('\u{c}')
        .count();
    let pages = document["json_content"]["pages"].as_object().expect("pages");
    assert!(parts > 1 && parts == pages.len(), "{parts} {}", pages.len());
    for text in document["json_content"]["texts"].as_array().expect("texts") {
        let place = &text["prov"][0];
        assert!(pages.contains_key(&place["page_no"].to_string()), "{text}");
    }
}

#[tokio::test]
async fn options_are_those_of_old_and_new_clients() {
    let server = guarded().await;
    let fields = [
        ("do_ocr", "True"),
        ("do_picture_description", "False"),
        ("ocr_engine", "tesseract"),
        ("ocr_lang", "eng"),
        ("ocr_lang", "deu"),
        ("pdf_backend", "dlparse_v4"),
        ("table_mode", "accurate"),
        ("pipeline", "standard"),
        ("page_range", "1"),
        ("page_range", "3"),
        ("no_such_option", "1"),
    ];
    assert_eq!(
        convert(&server, form(&fields, "a.html", HTML)).await["status"],
        "success"
    );
    for (field, bad, kind) in [
        ("table_mode", "bogus", "enum"),
        ("do_ocr", "maybe", "bool_parsing"),
        ("page_range", "one", "int_parsing"),
        ("to_formats", "pdf", "enum"),
    ] {
        let request = server
            .post("/v1/convert/file")
            .multipart(form(&[(field, bad)], "a.html", HTML));
        let error = json(send(request).await, 422).await;
        let detail = &error["detail"][0];
        assert_eq!(
            (&detail["loc"], &detail["type"]),
            (&value!(["body", field]), &kind.into()),
            "{error}"
        );
    }
    let presigned = form(&[("target_type", "presigned_url")], "a.html", HTML);
    let error = json(
        send(server.post("/v1/convert/file").multipart(presigned)).await,
        422,
    )
    .await;
    assert!(
        error["detail"]
            .as_str()
            .expect("words")
            .contains("artifact storage to be configured")
    );
    let no_file = server
        .post("/v1/convert/file")
        .multipart(Form::new().text("x", "y"));
    let error = json(send(no_file).await, 422).await;
    assert_eq!(error["detail"][0]["loc"], value!(["body", "files"]));
}

#[tokio::test]
async fn documents_that_cannot_be_converted_have_a_status() {
    let server = guarded().await;
    let junk: Vec<u8> = (0..=255).collect();
    for (name, bytes, status, category) in [
        ("x.bin", junk, "skipped", "policy"),
        ("x.pdf", b"%PDF-1.4 broken".to_vec(), "failure", "backend_failure"),
        ("x.txt", Vec::new(), "failure", "backend_failure"),
    ] {
        let answer = convert(&server, form(&[], name, bytes)).await;
        assert_eq!(
            (&answer["status"], &answer["errors"][0]["category"]),
            (&status.into(), &category.into())
        );
        assert_eq!(
            (&answer["document"]["filename"], &answer["document"]["md_content"]),
            (&name.into(), &Value::Null)
        );
    }
    let empty = convert(
        &server,
        form(&[("to_formats", "md")], "x.html", "<html><body></body></html>"),
    )
    .await;
    assert_eq!(
        (&empty["status"], &empty["document"]["md_content"]),
        (&"success".into(), &"".into())
    );
    let only_pdf = convert(&server, form(&[("from_formats", "pdf")], "a.html", HTML)).await;
    assert_eq!(only_pdf["status"], "skipped");
}

#[tokio::test]
async fn several_files_are_an_archive() {
    let server = guarded().await;
    let two = form(&[("to_formats", "md"), ("to_formats", "json")], "a.html", HTML)
        .part("files", part("A.html", HTML));
    let answer = send(server.post("/v1/convert/file").multipart(two)).await;
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(
        answer.headers()["content-disposition"],
        "attachment; filename=\"converted_docs.zip\""
    );
    let bytes = answer.bytes().await.expect("a body");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut names: Vec<String> = zip.file_names().map(str::to_owned).collect();
    names.sort_unstable();
    assert_eq!(names, ["A_2.json", "A_2.md", "a.json", "a.md"]);
    let mut markdown = String::new();
    zip.by_name("a.md")
        .expect("a file")
        .read_to_string(&mut markdown)
        .expect("UTF-8");
    assert!(markdown.starts_with("# Report"), "{markdown}");
}

#[tokio::test]
async fn sources_are_files_and_addresses() {
    use base64::Engine as _;
    let server = guarded().await;
    let text = base64::engine::general_purpose::STANDARD.encode(HTML);
    let file = value!({"kind": "file", "base64_string": text, "filename": "a.html"});
    let source = async |body: Value| send(server.post("/v1/convert/source").json(&body)).await;
    let body = value!({"options": {"to_formats": ["md"], "page_range": [1, 9_223_372_036_854_775_807_u64]}, "sources": [file]});
    let answer = json(source(body).await, 200).await;
    assert!(
        answer["document"]["md_content"]
            .as_str()
            .expect("Markdown")
            .starts_with("# Report")
    );
    let old = value!({"file_sources": [{"base64_string": text, "filename": "a.html"}]});
    let old = json(send(server.post("/v1alpha/convert/source").json(&old)).await, 200).await;
    assert_eq!(old["status"], "success");
    let private = value!({"sources": [{"kind": "http", "url": "http://127.0.0.1:9/x.html"}]});
    let answer = json(source(private).await, 200).await;
    assert_eq!(
        (&answer["status"], &answer["errors"][0]["category"]),
        (&"failure".into(), &"source_unavailable".into())
    );
    let broken = value!({"sources": [{"kind": "file", "base64_string": "???", "filename": "a.html"}]});
    assert_eq!(json(source(broken).await, 200).await["status"], "failure");
    let none = json(source(value!({"sources": []})).await, 422).await;
    assert_eq!(none["detail"][0]["loc"], value!(["body", "sources"]));
    let elsewhere = value!({"sources": [file], "target": {"kind": "s3", "bucket": "b"}});
    assert!(json(source(elsewhere).await, 422).await["detail"].is_string());
    for body in [
        "",
        "[]",
        "{\"sources\": 1}",
        "{",
        "{\"sources\":[{\"kind\":\"file\"}]}",
    ] {
        let request = server.post("/v1/convert/source").body(body);
        let error = json(send(request).await, 422).await;
        assert!(error["detail"].is_array(), "{body}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_ends_and_has_a_result() {
    let server = guarded().await;
    let junk: Vec<u8> = (0..=255).collect();
    let files = form(&[("to_formats", "md")], "a.html", HTML).part("files", part("x.bin", junk));
    let task = json(
        send(server.post("/v1/convert/file/async").multipart(files)).await,
        200,
    )
    .await;
    assert_eq!(
        (&task["task_type"], &task["task_meta"]["num_docs"]),
        (&"convert".into(), &2.into())
    );
    let id = text(&task["task_id"]);
    let status = json(
        send(server.get(&format!("/v1/status/poll/{id}?wait=20.5"))).await,
        200,
    )
    .await;
    assert_eq!(
        (&status["task_status"], &status["task_id"]),
        (&"success".into(), &task["task_id"])
    );
    assert_eq!(status["task_meta"]["num_failed"], 1);
    let result = send(server.get(&format!("/v1/result/{id}"))).await;
    assert_eq!(result.headers()["content-type"], "application/zip");
    let one = server
        .post("/v1/convert/file/async")
        .multipart(form(&[], "x.pdf", "%PDF-1.4 broken"));
    let id = text(&json(send(one).await, 200).await["task_id"]);
    let status = json(
        send(server.get(&format!("/v1/status/poll/{id}?wait=20"))).await,
        200,
    )
    .await;
    assert_eq!(status["task_status"], "success");
    assert_eq!(
        json(send(server.get(&format!("/v1/result/{id}"))).await, 200).await["status"],
        "failure"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_were_recognized_have_a_confidence_with_its_grade() {
    let server = guarded().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let report = convert(&server, form(&[], "scan.pdf", scan)).await["confidence"].clone();
    let score = report["ocr_score"].as_f64().expect("a score");
    assert!((0.9..=1.0).contains(&score), "{report}");
    assert_eq!(
        (&report["mean_score"], &report["low_score"]),
        (&report["ocr_score"], &report["ocr_score"])
    );
    assert_eq!(
        (&report["mean_grade"], &report["low_grade"]),
        (&"excellent".into(), &"excellent".into())
    );
    assert_eq!(report["pages"]["1"]["ocr_score"], report["ocr_score"]);
    assert_eq!(report["parse_score"], Value::Null, "nothing else is measured");
    let report = convert(&server, form(&[], "a.html", HTML)).await["confidence"].clone();
    assert_eq!(report["mean_grade"], "unspecified");
    assert_eq!(report["pages"], value!({}));
}

#[tokio::test]
async fn a_task_that_waits_has_no_result_and_one_of_others_is_none() {
    let server = TestServer::with(crate::harness::Setup {
        api_keys: "first-key,second-key",
        ..crate::harness::Setup::default()
    })
    .await;
    let task = server
        .post("/v1/convert/file/async")
        .multipart(form(&[], "a.html", HTML));
    let task = json(send(task).await, 200).await;
    assert_eq!(
        (&task["task_status"], &task["task_position"]),
        (&"pending".into(), &1.into())
    );
    let id = text(&task["task_id"]);
    let early = json(send(server.get(&format!("/v1/result/{id}"))).await, 404).await;
    assert!(
        early["detail"]
            .as_str()
            .expect("words")
            .starts_with("Task result not found")
    );
    for id in [
        id.as_str(),
        "00000000-0000-4000-8000-00000000dead",
        "e30",
        "%00",
        "d12345678901234567890123",
    ] {
        for path in ["status/poll", "result"] {
            for version in ["v1", "v1alpha"] {
                let foreign = server
                    .get(&format!("/{version}/{path}/{id}"))
                    .header("x-api-key", "second-key");
                let error = json(foreign.send().await.expect("an answer"), 404).await;
                assert_eq!(error, value!({"detail": "Task not found."}), "{path} {id}");
            }
        }
    }
}

#[tokio::test]
async fn chunks_lead_to_the_items_of_the_document() {
    let server = guarded().await;
    let fields = [
        ("convert_do_ocr", "false"),
        ("chunking_include_raw_text", "true"),
        ("include_converted_doc", "true"),
    ];
    let request = server
        .post("/v1/chunk/hybrid/file")
        .multipart(form(&fields, "a.html", HTML));
    let answer = json(send(request).await, 200).await;
    let chunk = &answer["chunks"][0];
    assert_eq!(
        (&chunk["filename"], &chunk["chunk_index"]),
        (&"a.html".into(), &0.into())
    );
    assert!(chunk["text"].as_str().expect("text").contains("One paragraph."));
    assert!(chunk["raw_text"].is_string());
    let document = &answer["documents"][0]["content"]["json_content"];
    let items = chunk["doc_items"].as_array().expect("items");
    assert!(!items.is_empty());
    for item in items {
        let path = item.as_str().expect("a reference").trim_start_matches('#');
        assert!(document.pointer(path).is_some(), "{path}");
    }
    let unknown = server
        .post("/v1/chunk/other/file")
        .multipart(form(&[], "a.html", HTML));
    assert_eq!(json(send(unknown).await, 404).await["detail"], "Not Found");
}

#[tokio::test]
async fn the_version_is_told_to_both() {
    let server = guarded().await;
    assert!(server.json("/version").await["docling-serve"].is_string());
    let plain = server
        .get("/version")
        .header("accept", "text/plain")
        .send()
        .await
        .expect("an answer");
    assert!(plain.text().await.expect("a body").starts_with("Apache Tika"));
    assert_eq!(server.json("/ready").await, value!({"status": "ok"}));
}
