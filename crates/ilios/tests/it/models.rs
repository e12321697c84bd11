//! Documents in every format, written from the models that are stored beside them.

use ilios::app::ToRender;
use ilios::engine::{Owner, read_text};
use ilios::model::{FileName, PageInfo, Tenant};
use ilios_convert::{OutputFormat, PageKind, WriteOptions};
use serde_json::{Value, json};

use crate::harness::{TestServer, files, json, problem};

const TABLE: &str = "# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n";

async fn stored(server: &TestServer, text: &str) -> String {
    let response = server.send("a.md", text.to_owned(), &[]).await;
    assert_eq!(response.status(), 200);
    let id = response.headers()["x-document-id"].to_str();
    id.expect("text").to_owned()
}

async fn read(server: &TestServer, id: &str, query: &str) -> String {
    let response = server.get(&format!("/api/documents/{id}?{query}"));
    let response = response.send().await.expect("an answer");
    assert_eq!(response.status(), 200, "{query}");
    response.text().await.expect("text")
}

async fn document(server: &TestServer, id: &str) -> Value {
    serde_json::from_str(&read(server, id, "format=json").await).expect("JSON")
}

/// Changes what is stored.
async fn change(server: &TestServer, sql: &str) {
    let database = libsql::Builder::new_local(server.folder().join("ilios.db"));
    let connection = database
        .build()
        .await
        .expect("a file")
        .connect()
        .expect("a database");
    assert_eq!(
        connection.execute(sql, ()).await.expect("it is changed"),
        1,
        "{sql}"
    );
}

#[tokio::test]
async fn json_has_the_blocks_of_each_page_with_their_ids() {
    let server = TestServer::start().await;
    let sent = json(server.send("a.md", TABLE, &[("format", "json")]).await, 200).await;
    let read = document(&server, sent["id"].as_str().expect("an id")).await;
    for answer in [&sent, &read] {
        assert_eq!(answer["model"], "1.0", "{answer}");
        assert_eq!(answer["content"], TABLE);
        assert_eq!(answer["metadata"]["fileName"], "a.md");
        assert_eq!(answer["outline"][0]["text"], "Title");
        let page = &answer["pages"][0];
        assert_eq!((&page["number"], &page["engine"]), (&json!(1), &json!("local")));
        assert_eq!(page["markdown"], TABLE.trim_end());
        assert_eq!(page["doubts"], json!([]));
        let blocks = page["blocks"].as_array().expect("blocks");
        let kinds: Vec<_> = blocks
            .iter()
            .map(|block| (&block["id"], &block["type"]))
            .collect();
        assert_eq!(
            kinds,
            [
                (&json!("p1b1"), &json!("heading")),
                (&json!("p1b2"), &json!("table"))
            ]
        );
    }
    assert_eq!(sent["pages"], read["pages"]);
}

#[tokio::test]
async fn a_stored_document_is_written_with_other_options_than_it_was_converted_with() {
    let server = TestServer::start().await;
    let id = stored(&server, TABLE).await;
    assert_eq!(read(&server, &id, "tables=auto").await, TABLE);
    let html = read(&server, &id, "tables=html").await;
    assert!(html.starts_with("# Title\n\n<table>"), "{html}");
    assert_eq!(read(&server, &id, "tables=markdown&format=markdown").await, TABLE);
    // What it was converted with stays, where nothing else is asked for.
    let sent = server.send("a.md", TABLE, &[("tables", "html")]).await;
    let id = sent.headers()["x-document-id"].to_str().expect("text").to_owned();
    assert_eq!(sent.text().await.expect("text"), html);
    assert_eq!(read(&server, &id, "").await, html);
    assert_eq!(read(&server, &id, "pageBreaks=none").await, html);
    assert_eq!(read(&server, &id, "tables=auto").await, TABLE);
    for name in ["tables", "pageBreaks", "format"] {
        let path = format!("/api/documents/{id}?{name}=other");
        let refused = server.get(&path).send().await.expect("an answer");
        assert_eq!(problem(refused, 400, "invalid_parameter").await["field"], name);
        let refused = server.send("a.md", TABLE, &[(name, "other")]).await;
        assert_eq!(problem(refused, 400, "invalid_parameter").await["field"], name);
    }
}

#[tokio::test]
async fn a_document_without_a_model_is_written_from_its_markdown() {
    let server = TestServer::start().await;
    let id = stored(&server, TABLE).await;
    let formats = ["format=text", "format=html", "format=markdown&pageBreaks=none"];
    let mut with_model = Vec::new();
    for format in formats {
        with_model.push(read(&server, &id, format).await);
    }
    change(&server, "DELETE FROM document_models").await;
    let mut without = Vec::new();
    for format in formats {
        without.push(read(&server, &id, format).await);
    }
    assert_eq!(without, with_model);
    let page = document(&server, &id).await["pages"][0].take();
    assert_eq!(page["markdown"], TABLE.trim_end());
    assert_eq!(page["blocks"], json!([]));
    assert_eq!(page["doubts"][0]["code"], "no_places");
}

#[tokio::test]
async fn a_model_of_another_version_is_left_alone() {
    let server = TestServer::start().await;
    let id = stored(&server, TABLE).await;
    change(
        &server,
        "UPDATE document_models SET version = '2.0', bytes = x'00'",
    )
    .await;
    let page = document(&server, &id).await["pages"][0].take();
    assert_eq!(page["doubts"][0]["code"], "no_places");
    // Of a minor version that only adds to what is known here, the known part is read.
    let id = stored(&server, TABLE).await;
    let sql = format!("UPDATE document_models SET version = '1.9' WHERE document_id = '{id}'");
    change(&server, &sql).await;
    assert_eq!(document(&server, &id).await["pages"][0]["doubts"], json!([]));
}

#[tokio::test]
async fn a_model_that_is_none_harms_nothing_but_its_document() {
    let server = TestServer::start().await;
    let id = stored(&server, TABLE).await;
    change(&server, "UPDATE document_models SET bytes = x'1f8b0800'").await;
    for format in ["json", "html", "text"] {
        let path = format!("/api/documents/{id}?format={format}");
        let answer = server.get(&path).send().await.expect("an answer");
        problem(answer, 422, "invalid_document").await;
    }
    assert_eq!(read(&server, &id, "format=markdown").await, TABLE);
}

#[tokio::test]
async fn blocks_that_nest_as_deep_as_a_converter_allows_are_written() {
    let server = TestServer::start().await;
    let text = format!("{} deep\n", "> ".repeat(60).trim_end());
    let id = stored(&server, &text).await;
    let written = read(&server, &id, "format=json").await;
    assert_eq!(written.matches("\"type\":\"quote\"").count(), 60);
    assert!(read(&server, &id, "format=html").await.contains("deep"));
}

#[tokio::test]
async fn chunks_of_a_batch_say_of_which_document_they_are() {
    let server = TestServer::working().await;
    let texts = [
        ("a.md", TABLE.as_bytes()),
        ("b.md", b"# One\n\ntext\n\n# Two\n\nmore\n"),
        ("c.pdf", b"%PDF-1.7 broken"),
    ];
    let batch = server.post("/v1/batch/submit").multipart(files(&texts));
    let batch = json(batch.send().await.expect("an answer"), 202).await;
    let id = batch["batchId"].as_str().expect("an id").to_owned();
    server.json(&format!("/v1/batch/status/{id}?wait=60")).await;
    let read = server.get(&format!(
        "/v1/batch/download/{id}?format=chunks&tableChunks=pairs"
    ));
    let read = read.send().await.expect("an answer");
    assert_eq!(
        read.headers()["content-type"],
        "application/x-ndjson; charset=utf-8"
    );
    let lines = read.text().await.expect("text");
    let chunks: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let document = |place: usize| &batch["documents"][place]["id"];
    let of: Vec<_> = chunks.iter().map(|chunk| &chunk["document"]).collect();
    assert_eq!(of, [document(0), document(1), document(1)], "{lines}");
    assert!(lines.contains("b = 2") || lines.contains("b: 2"), "{lines}");
    // One document's are the same, without the id.
    let path = format!(
        "/api/documents/{}?format=chunks",
        document(1).as_str().expect("an id")
    );
    let own = server.get(&path).send().await.expect("an answer");
    let own = own.text().await.expect("text");
    let own: Vec<Value> = own
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    for (own, chunk) in own.iter().zip(&chunks[1..]) {
        assert_eq!((&own["text"], &own["hash"]), (&chunk["text"], &chunk["hash"]));
        assert_eq!(own["document"], Value::Null);
    }
    assert_eq!(own.len(), 2);
    let refused = server.get(&format!("/v1/batch/download/{id}?chunkTokens=1"));
    problem(refused.send().await.expect("an answer"), 400, "invalid_parameter").await;
}

#[tokio::test]
async fn pages_of_a_service_stand_between_those_with_a_model() {
    let server = TestServer::start().await;
    let id = stored(&server, TABLE).await.parse().expect("an id");
    let found = server.store.document_with_model(&Tenant::anonymous(), &id).await;
    let (stored, model) = found.expect("an answer").expect("the document");
    let mut content = stored.content.expect("its content");
    let (start, text) = (content.markdown.len(), "| x |\n| - |\n| y |");
    content.markdown.push_str(text);
    // Mistral has read the page behind, which has no model.
    content.pages.push(PageInfo {
        number: 2,
        kind: PageKind::Ocr,
        width: None,
        height: None,
        start,
        end: start + text.len(),
        engine: Some("mistral".into()),
        confidence: None,
        header: Some("Running head".into()),
        footer: None,
        boxes: Vec::new(),
    });
    let written = async |format: OutputFormat| {
        let parts = ToRender {
            name: &FileName::clean("a.md"),
            owner: Owner::default(),
            content: &content,
            model: model.clone(),
            metadata: None,
            images: Vec::new(),
            remarks: Vec::new(),
        };
        let request = parts.request(server.app.spool(), format, WriteOptions::default());
        let request = request.await.expect("a request");
        let output = server.app.engine().render(&request).await.expect("an output");
        read_text(&output).await.expect("text")
    };
    let json: Value = serde_json::from_str(&written(OutputFormat::Json).await).expect("JSON");
    let [own, other] = json["pages"].as_array().expect("pages").as_slice() else {
        panic!("{json}");
    };
    assert_eq!((&own["engine"], &own["doubts"]), (&json!("local"), &json!([])));
    assert_eq!(own["blocks"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&other["engine"], &other["header"]),
        (&json!("mistral"), &json!("Running head"))
    );
    assert_eq!((&other["markdown"], &other["blocks"]), (&json!(text), &json!([])));
    assert_eq!(other["doubts"][0]["code"], "no_places");
    let html = written(OutputFormat::Html).await;
    assert!(html.contains("Title") && html.contains(">y</td>"), "{html}");
    assert_eq!(
        written(OutputFormat::Markdown).await,
        format!("{}\n\n---\n\n{text}\n", TABLE.trim_end())
    );
}
