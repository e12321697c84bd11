//! Documents: their forms, their limits, their pages.

use serde_json::{Value, json};

use mistral_standin::{Faults, Limits};

use crate::harness::{MODEL, OCR, Test, data_uri, flaw, pdf};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

async fn read(test: &Test, document: Value) -> (u16, Value) {
    test.post(OCR, &json!({"model": MODEL, "document": document}))
        .await
}

#[tokio::test]
async fn a_document_is_told_by_its_keys_and_has_no_others() {
    let test = Test::new().await;
    let uri = data_uri("application/pdf", &pdf(1));
    let image = data_uri("image/png", PNG);
    for fine in [
        json!({"document_url": uri}),
        json!({"type": "document_url", "document_url": uri, "document_name": null}),
        json!({"image_url": image}),
        json!({"type": "image_url", "image_url": {"url": image, "detail": "high"}}),
    ] {
        assert_eq!(read(&test, fine.clone()).await.0, 200, "{fine}");
    }
    for (wrong, kind) in [
        (json!({"document_url": uri, "bogus": 1}), "extra_forbidden"),
        (
            json!({"type": "image_url", "image_url": image, "document_name": "a"}),
            "extra_forbidden",
        ),
        (
            json!({"image_url": {"url": image, "bogus": 1}}),
            "extra_forbidden",
        ),
        (
            json!({"image_url": {"url": image, "detail": "most"}}),
            "literal_error",
        ),
        (json!({"document_url": null}), "string_type"),
        (
            json!({"type": "video_url", "video_url": uri}),
            "union_tag_invalid",
        ),
        (json!({}), "union_tag_invalid"),
        (json!({"file_id": "file-1"}), "uuid_parsing"),
        (json!("text"), "model_attributes_type"),
    ] {
        assert_eq!(flaw(read(&test, wrong.clone()).await).0, kind, "{wrong}");
    }
}

#[tokio::test]
async fn only_https_and_data_uris_of_the_right_family_are_addresses() {
    let test = Test::new().await;
    let as_image = data_uri("image/png", &pdf(1));
    let as_text = data_uri("text/plain", b"text");
    for wrong in [
        "http://example.com/a.pdf",
        "ftp://a/b",
        "file:///etc/passwd",
        "",
        &as_image,
        &as_text,
    ] {
        let refused = flaw(read(&test, json!({"document_url": wrong})).await);
        assert_eq!(refused, ("value_error".to_owned(), json!(["body"])), "{wrong}");
    }
    for wrong in [
        "data:application/pdf,abc",
        "data:application/pdf;base64,a!",
        "data:application/pdf;base64",
    ] {
        assert_eq!(
            flaw(read(&test, json!({"document_url": wrong})).await).0,
            "value_error"
        );
    }
    let (status, body) = read(&test, json!({"document_url": "https://example.com/a.pdf"})).await;
    assert_eq!((status, &body["code"]), (400, &json!("3310")), "nothing is there");
    test.standin.publish("https://example.com/a.pdf", pdf(3));
    let (_, body) = read(&test, json!({"document_url": "https://example.com/a.pdf"})).await;
    assert_eq!(body["usage_info"]["pages_processed"], 3);
}

#[tokio::test]
async fn bytes_have_to_be_what_their_type_says() {
    let test = Test::new().await;
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    for (mime, bytes, code) in [
        ("application/pdf", b"hello".as_slice(), "3740"),
        ("application/pdf", b"%PDF-1.4 and nothing more", "3740"),
        ("application/pdf", PNG, "3740"),
        (docx, b"%PDF-1.4", "3310"),
        (docx, b"PK\x03\x04 any archive", "3310"),
        ("application/octet-stream", PNG, "3310"),
    ] {
        let (status, body) = read(&test, json!({"document_url": data_uri(mime, bytes)})).await;
        assert_eq!((status, &body["code"]), (400, &json!(code)), "{mime}: {body}");
    }
    let word = data_uri(docx, b"PK\x03\x04 [Content_Types].xml");
    let asked = json!({"model": MODEL, "document": {"document_url": word}, "pages": [7]});
    let (status, body) = test.post(OCR, &asked).await;
    assert_eq!(
        (status, &body["pages"][0]["index"]),
        (200, &json!(0)),
        "one page, whatever is asked"
    );
}

#[tokio::test]
async fn pages_are_counted_billed_and_always_the_same() {
    let test = Test::new().await;
    let (_, first) = test.ocr(5, json!({})).await;
    let (_, second) = test.ocr(5, json!({"pages": "4,0-1"})).await;
    assert_eq!(first["pages"].as_array().expect("pages").len(), 5);
    let indexes: Vec<&Value> = second["pages"]
        .as_array()
        .expect("pages")
        .iter()
        .map(|page| &page["index"])
        .collect();
    assert_eq!(indexes, [4, 0, 1], "in the order of the request");
    assert_eq!(second["usage_info"]["pages_processed"], 3);
    let (_, again) = test.ocr(5, json!({})).await;
    assert_eq!(first, again);
    let counts = test.standin.counts();
    assert_eq!(counts.billed_pages(), 13);
    assert_eq!(counts.requests_to("POST /v1/ocr"), 3);
    assert_eq!(
        (counts.documents[1].pages, counts.documents[1].billed_pages),
        (5, 3)
    );
    let prefix = &counts.documents[0].sha256[..12];
    let markdown = first["pages"][4]["markdown"].as_str().expect("Markdown");
    assert!(markdown.contains(&format!("# Page 5 of {prefix}")), "{markdown}");
    assert_eq!(
        test.ocr(5, json!({"pages": [5]})).await.0,
        400,
        "there is no sixth page"
    );
}

#[tokio::test]
async fn a_thousand_pages_are_read_and_one_more_is_refused() {
    let test = Test::new().await;
    let (status, body) = test.ocr(1_000, json!({"include_blocks": false})).await;
    assert_eq!(
        (status, &body["usage_info"]["pages_processed"]),
        (200, &json!(1_000))
    );
    let (status, body) = test.ocr(1_001, json!({"pages": [0]})).await;
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("3730")),
        "whichever are asked for"
    );
    assert!(body["message"].as_str().expect("text").contains("1001 pages"));
}

#[tokio::test]
async fn more_than_fifty_megabytes_are_refused() {
    let test = Test::new().await;
    let mut bytes = pdf(1);
    bytes.resize(50_000_001, b'\n');
    let (status, _) = read(
        &test,
        json!({"document_url": data_uri("application/pdf", &bytes)}),
    )
    .await;
    assert_eq!(status, 413);
    let id = test.upload("large.pdf", "ocr", bytes).await;
    assert_eq!(
        read(&test, json!({"file_id": id})).await.0,
        413,
        "a file may be larger, a document not"
    );
    let lower = Limits {
        document_bytes: 100,
        pages: 1,
        ..Limits::default()
    };
    test.standin.set_faults(Faults {
        limits: lower,
        ..Faults::default()
    });
    assert_eq!(test.ocr(1, json!({})).await.0, 413);
    assert_eq!(test.standin.counts().billed_pages(), 0);
}

#[tokio::test]
async fn what_is_taken_out_of_the_markdown_is_beside_it() {
    let test = Test::new().await;
    let more = json!({"table_format": "html", "extract_header": true, "extract_footer": true, "image_limit": 1,
        "include_image_base64": true});
    let (_, body) = test.ocr(2, more).await;
    let page = &body["pages"][1];
    let markdown = page["markdown"].as_str().expect("Markdown");
    assert!(
        markdown.contains("[tbl-1.html](tbl-1.html)") && !markdown.contains("Header"),
        "{markdown}"
    );
    assert_eq!(page["tables"][0]["id"], "tbl-1.html");
    assert!(page["header"].is_string() && page["footer"].is_string());
    assert_eq!(page["images"], json!([]), "the limit is for the document");
    let image = body["pages"][0]["images"][0]["image_base64"]
        .as_str()
        .expect("an image");
    assert!(image.starts_with("data:image/jpeg;base64,/9j"));
    let (_, body) = test.ocr(1, json!({"model": "mistral-ocr-2512"})).await;
    assert_eq!(body["pages"][0]["blocks"], json!([]), "this model has none");
}
