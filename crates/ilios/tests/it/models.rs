//! Documents in every format, written from the models that are stored beside them.

use serde_json::{Value, json};

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, json, problem};

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
    let text = format!("{} deep\n", "> ".repeat(200).trim_end());
    let id = stored(&server, &text).await;
    let written = read(&server, &id, "format=json").await;
    assert_eq!(written.matches("\"type\":\"quote\"").count(), 200);
    assert!(read(&server, &id, "format=html").await.contains("deep"));
}

#[tokio::test]
async fn pages_of_a_service_stand_between_those_with_a_model() {
    let gate = Gate::open("gate");
    let server = TestServer::with(Setup {
        engine: Some(gate),
        ..Setup::default()
    })
    .await;
    // The gate makes no models: each line is a page.
    let id = stored(&server, "one\ntwo\n").await;
    let answer = read(&server, &id, "format=text").await;
    assert_eq!(answer, "rendered: one\ntwo\n");
}
