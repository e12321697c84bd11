//! Files: what may be uploaded, what is told of them, and when they are gone.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{MODEL, OCR, Test, answer, flaw, pdf};

fn file() -> Part {
    Part::bytes(pdf(1)).file_name("prôbe.pdf")
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent() {
    let test = Test::new().await;
    let form = Form::new()
        .text("expiry", "2")
        .text("visibility", "user")
        .text("purpose", "ocr")
        .part("file", file());
    let (status, uploaded) = test.form(form).await;
    assert_eq!(status, 200, "{uploaded}");
    assert_eq!(uploaded["filename"], "prôbe.pdf");
    assert_eq!(uploaded["bytes"], pdf(1).len());
    assert_eq!(uploaded["sample_type"], "ocr_input");
    let id = uploaded["id"].as_str().expect("an id");
    let (_, shown) = test.get(&format!("/v1/files/{id}")).await;
    assert_eq!(shown["deleted"], false);
    let content = test
        .request(Method::GET, &format!("/v1/files/{id}/content"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(content.bytes().await.expect("a body"), pdf(1));
    let (_, list) = test
        .get("/v1/files?page=0&page_size=1&purpose=ocr&include_total=true")
        .await;
    assert_eq!((&list["total"], &list["data"][0]["id"]), (&json!(1), &json!(id)));
    let (_, list) = test
        .get("/v1/files?sample_type=batch_request&sample_type=batch_result")
        .await;
    assert_eq!(list["data"], json!([]));
    assert_eq!(flaw(test.get("/v1/files?page=one").await).0, "int_parsing");
    let deleted = test.delete(&format!("/v1/files/{id}")).await;
    assert_eq!(
        deleted,
        (200, json!({"id": id, "object": "file", "deleted": true}))
    );
    for path in ["", "/content", "/url"] {
        let gone = test.get(&format!("/v1/files/{id}{path}")).await;
        assert_eq!(gone, (404, json!({"detail": "No file matches the given query."})));
    }
    assert_eq!(test.get("/v1/files/not-an-id").await.0, 404);
}

#[tokio::test]
async fn a_form_has_a_file_and_no_parts_that_nobody_knows() {
    let test = Test::new().await;
    let json = test.post("/v1/files", &json!({"purpose": "ocr"})).await;
    assert_eq!(flaw(json), ("missing".to_owned(), json!(["body", "file"])));
    for (form, kind) in [
        (Form::new().text("purpose", "ocr"), "missing"),
        (
            Form::new()
                .part("file", Part::bytes(pdf(1)))
                .text("purpose", "ocr"),
            "value_error",
        ),
        (
            Form::new().part("file", file()).text("purpose", "fun"),
            "value_error",
        ),
        (
            Form::new().part("file", file()).text("visibility", "all"),
            "value_error",
        ),
        (
            Form::new().part("file", file()).text("expiry", "soon"),
            "value_error",
        ),
        (
            Form::new().part("file", file()).text("expiry", "0"),
            "value_error",
        ),
        (
            Form::new().part("file", file()).text("bogus", "1"),
            "extra_forbidden",
        ),
    ] {
        assert_eq!(flaw(test.form(form).await).0, kind);
    }
}

#[tokio::test]
async fn a_file_is_of_a_kind_that_its_purpose_allows() {
    let test = Test::new().await;
    let lines = b"{\"custom_id\": \"1\", \"body\": {}}\n{\"custom_id\": 2, \"body\": {}}\nnonsense\n";
    for (purpose, bytes, wrong) in [
        ("ocr", b"\x00\x01\x02".to_vec(), json!(null)),
        ("ocr", b"PK\x03\x04 any archive".to_vec(), json!(null)),
        ("ocr", Vec::new(), json!(null)),
        ("fine-tune", pdf(1), json!(null)),
        ("batch", b"\n".to_vec(), json!(null)),
        ("batch", lines.to_vec(), json!([2, 3])),
    ] {
        let part = Part::bytes(bytes).file_name("a.bin");
        let (status, body) = test
            .form(Form::new().text("purpose", purpose).part("file", part))
            .await;
        assert_eq!(
            (status, &body["detail"]),
            (422, &json!("Invalid file format.")),
            "{purpose}"
        );
        assert!(body["message"].is_string());
        let errors = body["errors"].as_array();
        let numbers = errors.map(|errors| {
            errors
                .iter()
                .map(|error| error["line_number"].clone())
                .collect::<Vec<_>>()
        });
        assert_eq!(json!(numbers), wrong);
    }
}

#[tokio::test]
async fn a_signed_address_needs_no_key_and_takes_none() {
    let test = Test::new().await;
    let id = test.upload("a.pdf", "ocr", pdf(2)).await;
    for wrong in ["0", "169", "-1", "soon", ""] {
        assert_eq!(
            test.get(&format!("/v1/files/{id}/url?expiry={wrong}")).await.0,
            422,
            "{wrong}"
        );
    }
    let (status, body) = test.get(&format!("/v1/files/{id}/url?expiry=1")).await;
    assert_eq!(status, 200);
    let url = body["url"].as_str().expect("an address");
    let path = url.strip_prefix(&test.standin.url()).expect("its own");
    let fetch = |request: reqwest::RequestBuilder| async move {
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(fetch(test.bare(Method::GET, path)).await, 200);
    assert_eq!(
        fetch(test.request(Method::GET, path)).await,
        400,
        "a key is not for strangers"
    );
    assert_eq!(
        fetch(test.bare(Method::GET, &path.replace("seal=", "seal=0"))).await,
        403
    );
    let read = json!({"model": MODEL, "document": {"type": "document_url", "document_url": url}});
    let (status, body) = test.post(OCR, &read).await;
    assert_eq!((status, &body["usage_info"]["pages_processed"]), (200, &json!(2)));
    test.standin.advance(2);
    assert_eq!(fetch(test.bare(Method::GET, path)).await, 403, "it has expired");
    assert_eq!(test.post(OCR, &read).await.1["code"], "3310");
}

#[tokio::test]
async fn files_expire() {
    let test = Test::new().await;
    let kept = test.upload("a.pdf", "ocr", pdf(1)).await;
    let form = Form::new()
        .text("expiry", "5")
        .text("purpose", "ocr")
        .part("file", file());
    let short = test.form(form).await.1["id"].as_str().expect("an id").to_owned();
    let read = |id: &str| json!({"model": MODEL, "document": {"type": "file", "file_id": id}});
    test.standin.advance(6);
    assert_eq!(test.post(OCR, &read(&kept)).await.0, 200);
    let (status, body) = test.post(OCR, &read(&short)).await;
    assert_eq!((status, &body["code"]), (400, &json!("3310")));
    assert_eq!(test.get(&format!("/v1/files/{short}")).await.0, 404);
    test.standin.advance(30 * 24);
    assert_eq!(
        test.get(&format!("/v1/files/{kept}")).await.0,
        404,
        "thirty days are over"
    );
    let empty: (u16, Value) = test.get("/v1/files").await;
    assert_eq!(empty.1["total"], 0);
}

#[tokio::test]
async fn a_file_for_a_batch_is_no_document() {
    let test = Test::new().await;
    let id = test.upload("a.jsonl", "batch", b"{\"body\": {}}".to_vec()).await;
    let read = json!({"model": MODEL, "document": {"type": "file", "file_id": id}});
    let request = test.request(Method::POST, OCR).json(&read);
    let (status, body) = answer(request.send().await.expect("an answer")).await;
    assert_eq!((status, &body["code"]), (422, &json!("1901")));
    assert!(body.get("detail").is_none(), "a client takes a detail for flaws");
}
