use base64::Engine;
use ilios::http::tool_names;
use ilios::model::Tenant;
use serde_json::{Value, json as value};

use super::{asked, data, fault, id, modern, send, text, used};
use crate::compat::{HTML, guarded};
use crate::harness::{TestServer, json, sample};

const KEY: &str = "first-key";

/// The sample report, converted, with so many characters of it.
async fn report(server: &TestServer, max_chars: usize) -> Value {
    let bytes = base64::engine::general_purpose::STANDARD.encode(sample("samples/annual-report.pdf"));
    let uri = format!("data:application/pdf;name=annual%20report.pdf;base64,{bytes}");
    used(
        server,
        KEY,
        "convert_to_markdown",
        value!({"uri": uri, "max_chars": max_chars}),
    )
    .await
}

/// Fails where a value is not as a schema has it.
fn is_as(schema: &Value, value: &Value, at: &str) {
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Null => "null",
    };
    let expected = schema["type"].as_str().expect("a type");
    assert!(
        kind == expected || (expected == "number" && kind == "integer"),
        "{at}: {value}"
    );
    if let Some(fields) = value.as_object() {
        for name in schema["required"].as_array().expect("names") {
            assert!(
                fields.contains_key(name.as_str().expect("a name")),
                "{at} has no {name}"
            );
        }
        for (name, field) in fields {
            let property = &schema["properties"][name];
            assert!(property.is_object(), "{at}: {name} is not described");
            is_as(property, field, &format!("{at}/{name}"));
        }
    }
    for item in value.as_array().into_iter().flatten() {
        is_as(&schema["items"], item, at);
    }
}

async fn schema(server: &TestServer, tool: &str) -> Value {
    let list = asked(server, KEY, "tools/list", value!({})).await;
    let tools = list["tools"].as_array().expect("tools");
    let tool = tools
        .iter()
        .find(|known| known["name"] == tool)
        .expect("the tool");
    tool["outputSchema"].clone()
}

#[tokio::test]
async fn the_tools_are_described_as_ones_that_only_read() {
    let server = guarded().await;
    let list = json(
        send(modern(&server, KEY, "tools/list", None, value!({}))).await,
        200,
    )
    .await;
    let list = &list["result"];
    assert_eq!(
        (list["resultType"].as_str(), list["cacheScope"].as_str()),
        (Some("complete"), Some("public"))
    );
    assert!(list["ttlMs"].as_u64().is_some_and(|ttl| ttl > 0));
    let tools = list["tools"].as_array().expect("tools");
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, tool_names());
    for tool in tools {
        assert!(
            tool["description"].as_str().is_some_and(|text| text.len() > 20),
            "{tool}"
        );
        let hints = &tool["annotations"];
        assert_eq!(
            (&hints["readOnlyHint"], &hints["idempotentHint"]),
            (&value!(true), &value!(true)),
            "{tool}"
        );
        assert_eq!(
            hints["openWorldHint"],
            tool["name"] == "convert_to_markdown",
            "{tool}"
        );
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object", "{tool}");
        }
    }
    assert_eq!(tools[0]["inputSchema"]["required"], value!(["uri"]));
}

#[tokio::test]
async fn a_document_is_converted_and_read_to_its_end_in_pieces() {
    let server = guarded().await;
    let first = report(&server, 1_500).await;
    let described = schema(&server, "convert_to_markdown").await;
    is_as(&described, &first["structuredContent"], "convert_to_markdown");
    assert_eq!(first["structuredContent"]["truncated"], true);
    assert!(text(&first).contains("Call get_document with"), "{first}");
    let id = id(&first);
    let (mut answer, mut pieces, mut whole) = (first, 0, String::new());
    loop {
        let shown = text(&answer);
        let end = shown.find("\n\n[The document goes on.").unwrap_or(shown.len());
        assert!(end <= 4 * 1_500, "{shown}");
        whole.push_str(&shown[..end]);
        whole.push('\n');
        let fields = &answer["structuredContent"];
        pieces += 1;
        if fields["truncated"] == false {
            break;
        }
        let mut arguments = value!({"document_id": id, "max_chars": 1_500, "offset": fields["next_offset"]});
        arguments["pages"] = fields["next_pages"].clone();
        answer = used(&server, KEY, "get_document", arguments).await;
        is_as(&described, &answer["structuredContent"], "get_document");
    }
    assert!(pieces > 3, "{pieces} pieces");
    let stored = server.get(&format!("/api/documents/{id}")).bearer_auth(KEY);
    let stored = send(stored).await.text().await.expect("text");
    let words = |text: &str| -> Vec<String> {
        let text = text.replace("<!-- page ", "\u{0}").replace("\n---\n", "\n");
        let lines = text.lines().filter(|line| !line.starts_with('\u{0}'));
        lines.flat_map(str::split_whitespace).map(str::to_owned).collect()
    };
    assert_eq!(words(&whole), words(&stored));
}

#[tokio::test]
async fn pages_and_formats_are_chosen() {
    let server = guarded().await;
    let id = id(&report(&server, 40_000).await);
    let get = async |arguments: Value| used(&server, KEY, "get_document", arguments).await;
    let second = get(value!({"document_id": id, "pages": 2})).await;
    assert!(text(&second).starts_with("<!-- page 2 -->"), "{second}");
    assert!(!text(&second).contains("<!-- page 1 -->") && !text(&second).contains("<!-- page 3 -->"));
    let html = get(value!({"document_id": id, "format": "html", "max_chars": "300"})).await;
    assert!(
        text(&html).contains("<html") && text(&html).contains("\"format\":\"html\""),
        "{html}"
    );
    assert_eq!(
        html["structuredContent"]["next_offset"]
            .as_u64()
            .map(|next| next <= 300),
        Some(true)
    );
    let plain = get(value!({"document_id": id, "format": "text"})).await;
    assert!(!text(&plain).contains("# "), "{plain}");
    for (arguments, words) in [
        (
            value!({"document_id": id, "pages": "99"}),
            "pages takes pages that were converted: 1-",
        ),
        (value!({"document_id": id, "pages": "0"}), "pages takes"),
        (
            value!({"document_id": id, "pages": "2", "format": "text"}),
            "pages takes the format markdown",
        ),
        (
            value!({"document_id": id, "pages": "2", "offset": 1_000_000}),
            "offset takes",
        ),
        (
            value!({"document_id": id, "format": "docx"}),
            "format takes markdown, text or html",
        ),
        (
            value!({"document_id": id, "max_chars": 5}),
            "max_chars takes a whole number from 200",
        ),
        (value!({"document_id": "short"}), "document_id takes"),
        (value!({}), "document_id is required"),
        (
            value!({"document_id": id, "page": 2}),
            "there is no argument `page`",
        ),
        (value!({"document_id": [id]}), "document_id takes a text"),
    ] {
        let answer = get(arguments.clone()).await;
        assert!(fault(&answer).contains(words), "{arguments}: {answer}");
        assert!(fault(&answer).ends_with("(invalid_parameter)"), "{answer}");
    }
}

/// A web page, converted.
async fn page(server: &TestServer) -> Value {
    let arguments = value!({"uri": data("text/html", HTML)});
    let html = used(server, KEY, "convert_to_markdown", arguments).await;
    assert!(text(&html).starts_with("# Report"), "{html}");
    html
}

#[tokio::test]
async fn documents_are_listed_the_newest_first() {
    let server = guarded().await;
    let report_id = id(&report(&server, 200).await);
    let html = page(&server).await;
    let list = used(&server, KEY, "list_documents", value!({"limit": 1})).await;
    is_as(
        &schema(&server, "list_documents").await,
        &list["structuredContent"],
        "list_documents",
    );
    assert_eq!(
        list["structuredContent"]["documents"][0]["document_id"],
        id(&html).as_str()
    );
    let cursor = &list["structuredContent"]["next_cursor"];
    let rest = used(
        &server,
        KEY,
        "list_documents",
        value!({"cursor": cursor, "status": "completed"}),
    )
    .await;
    let ids = rest["structuredContent"]["documents"]
        .as_array()
        .expect("documents");
    assert_eq!(ids.len(), 1);
    assert_eq!(ids[0]["document_id"], report_id.as_str());
    assert_eq!(ids[0]["file_name"], "annual report.pdf");
}

#[tokio::test]
async fn words_are_found_with_their_page() {
    let server = guarded().await;
    let html = page(&server).await;
    let found = used(
        &server,
        KEY,
        "search_document",
        value!({"document_id": id(&html), "query": "one  PARAGRAPH"}),
    )
    .await;
    is_as(
        &schema(&server, "search_document").await,
        &found["structuredContent"],
        "search_document",
    );
    let place = &found["structuredContent"]["matches"][0];
    assert_eq!(
        (&place["page"], &place["exact"]),
        (&value!(1), &value!(true)),
        "{found}"
    );
    assert!(text(&found).starts_with("page 1: "), "{found}");
    let empty = used(
        &server,
        KEY,
        "search_document",
        value!({"document_id": id(&html), "query": "..."}),
    )
    .await;
    assert!(fault(&empty).starts_with("query takes"), "{empty}");
}

#[tokio::test]
async fn a_document_is_reported_on() {
    let server = guarded().await;
    let report_id = id(&report(&server, 200).await);
    let report = used(
        &server,
        KEY,
        "document_report",
        value!({"document_id": report_id}),
    )
    .await;
    is_as(
        &schema(&server, "document_report").await,
        &report["structuredContent"],
        "document_report",
    );
    let fields = &report["structuredContent"];
    assert_eq!(
        (&fields["engine"], &fields["format"]),
        (&value!("local"), &value!("PDF")),
        "{report}"
    );
    assert_eq!(fields["cost_cents"], 0.0);
    assert!(
        fields["doubtful_pages"].is_array() && fields["warnings"].is_array(),
        "{report}"
    );
}

#[tokio::test]
async fn a_conversion_is_one_of_the_api_with_its_usage() {
    let server = guarded().await;
    let id = id(&used(
        &server,
        KEY,
        "convert_to_markdown",
        value!({"uri": "data:,some text"}),
    )
    .await);
    let status = server
        .get(&format!("/api/documents/status/{id}"))
        .bearer_auth(KEY);
    let status = json(send(status).await, 200).await;
    assert_eq!(
        (&status["status"], &status["fileName"]),
        (&value!("completed"), &value!("document.txt"))
    );
    let records = server.store.usage_record_count(&Tenant::of_key(KEY)).await;
    assert_eq!(records.expect("a count"), 1);
}

#[tokio::test]
async fn what_cannot_be_converted_is_told_to_the_model() {
    let server = guarded().await;
    let broken = data("application/pdf", "%PDF-1.4 broken");
    for (uri, words) in [
        (broken.as_str(), "(invalid_document)"),
        ("data:image/x-unknown;base64,AAECAw==", "(unsupported_type)"),
        ("data:text/plain,", "(empty_file)"),
        ("data:text/html,<html></html>", "(empty_document)"),
        ("data:text/html;base64,???", "(invalid_parameter)"),
        ("report.pdf", "takes an address that begins with http:"),
        ("file:///etc/passwd", "takes no file: here"),
        ("https://example.org/a.pdf", "(url_input_off)"),
    ] {
        let answer = used(&server, KEY, "convert_to_markdown", value!({"uri": uri})).await;
        assert!(fault(&answer).contains(words), "{uri}: {answer}");
    }
    let unknown = used(&server, KEY, "delete_everything", value!({})).await;
    assert!(fault(&unknown).contains("there is no such tool"), "{unknown}");
}
