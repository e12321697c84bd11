//! Unstructured's partition endpoint.

use reqwest::multipart::Form;
use serde_json::Value;

use super::{HTML, guarded};
use crate::harness::{TestServer, json, part, sample};

const PATH: &str = "/general/v0/general";

fn form(fields: &[(&'static str, &'static str)], name: &str, bytes: impl Into<Vec<u8>>) -> Form {
    let form = fields
        .iter()
        .fold(Form::new(), |form, (name, value)| form.text(*name, *value));
    form.part("files", part(name, bytes))
}

async fn send(server: &TestServer, form: Form) -> reqwest::Response {
    let request = server.post(PATH).header("unstructured-api-key", "first-key");
    request.multipart(form).send().await.expect("an answer")
}

async fn parted(server: &TestServer, form: Form) -> Vec<Value> {
    let elements = json(send(server, form).await, 200).await;
    elements.as_array().expect("a list").clone()
}

fn kinds(elements: &[Value]) -> Vec<&str> {
    elements
        .iter()
        .map(|element| element["type"].as_str().expect("a type"))
        .collect()
}

#[tokio::test]
async fn a_document_is_parted_into_elements() {
    let server = guarded().await;
    let elements = parted(&server, form(&[("strategy", "hi_res")], "a.html", HTML)).await;
    assert_eq!(
        kinds(&elements),
        ["Title", "NarrativeText", "Table", "ListItem", "ListItem"]
    );
    let (title, table) = (&elements[0], &elements[2]);
    assert_eq!(elements[1]["metadata"]["parent_id"], title["element_id"]);
    assert_eq!(title["element_id"].as_str().map(str::len), Some(32));
    assert_eq!(table["text"], "A B 1 2");
    assert!(
        table["metadata"]["text_as_html"]
            .as_str()
            .expect("HTML")
            .starts_with("<table>")
    );
    assert_eq!(table["metadata"]["filetype"], "text/html");
    // Equal for equal documents, unless they have to be unique.
    let again = parted(&server, form(&[], "a.html", HTML)).await;
    assert_eq!(again[0]["element_id"], title["element_id"]);
    let unique = parted(&server, form(&[("unique_element_ids", "true")], "a.html", HTML)).await;
    assert_eq!(unique[0]["element_id"].as_str().map(str::len), Some(36));
    assert_ne!(unique[0]["element_id"], title["element_id"]);
}

#[tokio::test]
async fn pages_are_counted_from_the_number_that_was_sent() {
    let server = guarded().await;
    let fields = [
        ("starting_page_number", "11"),
        ("coordinates", "true"),
        ("include_page_breaks", "true"),
        ("languages[]", "eng"),
    ];
    let elements = parted(
        &server,
        form(&fields, "a.pdf", sample("samples/annual-report.pdf")),
    )
    .await;
    assert_eq!(elements[0]["metadata"]["page_number"], 11);
    assert_eq!(
        elements[0]["metadata"]["coordinates"]["points"]
            .as_array()
            .map(Vec::len),
        Some(4)
    );
    assert_eq!(elements[0]["metadata"]["languages"][0], "eng");
    let last = elements.last().expect("an element")["metadata"]["page_number"]
        .as_u64()
        .expect("a number");
    let breaks = kinds(&elements)
        .into_iter()
        .filter(|kind| *kind == "PageBreak")
        .count();
    assert_eq!(u64::try_from(breaks).expect("a count"), last - 11);
}

#[tokio::test]
async fn chunks_are_no_longer_than_was_asked_for() {
    let server = guarded().await;
    let fields = [
        ("chunking_strategy", "by_title"),
        ("max_characters", "200"),
        ("overlap", "20"),
        ("overlap_all", "true"),
    ];
    let chunks = parted(
        &server,
        form(&fields, "a.pdf", sample("samples/annual-report.pdf")),
    )
    .await;
    assert!(chunks.len() > 5);
    for chunk in &chunks {
        assert!(
            chunk["text"].as_str().expect("text").chars().count() <= 200,
            "{chunk}"
        );
        assert!(
            ["CompositeElement", "Table", "TableChunk"].contains(&chunk["type"].as_str().expect("a type"))
        );
    }
}

#[tokio::test]
async fn several_documents_are_a_list_of_lists_and_csv_a_table() {
    let server = guarded().await;
    let two = form(&[], "a.html", HTML).part("files", part("b.html", HTML));
    let lists = parted(&server, two).await;
    assert_eq!(
        lists
            .iter()
            .map(|list| list.as_array().map(Vec::len))
            .collect::<Vec<_>>(),
        [Some(5), Some(5)]
    );
    let csv = send(&server, form(&[("output_format", "text/csv")], "a.html", HTML)).await;
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = csv.text().await.expect("a body");
    assert!(
        csv.starts_with("type,element_id,text,filename,") && csv.contains("\r\nTitle,"),
        "{csv}"
    );
    let empty = parted(&server, form(&[], "e.html", "<html><body></body></html>")).await;
    assert!(empty.is_empty());
}

#[tokio::test]
async fn errors_have_their_detail() {
    let server = guarded().await;
    let junk: Vec<u8> = (0..=255).collect();
    for (form, status) in [
        (form(&[("strategy", "bogus")], "a.html", HTML), 400),
        (form(&[("chunking_strategy", "bogus")], "a.html", HTML), 400),
        (form(&[], "x.bin", junk), 400),
        (form(&[], "x.pdf", "%PDF-1.4 broken"), 422),
        (form(&[], "x.pdf", ""), 422),
    ] {
        let error = json(send(&server, form).await, status).await;
        assert!(error["detail"].is_string(), "{error}");
    }
    let error = json(send(&server, Form::new().text("strategy", "fast")).await, 422).await;
    assert_eq!(error["detail"][0]["loc"][1], "files");
    let wrong = server
        .post(PATH)
        .header("unstructured-api-key", "wrong")
        .multipart(form(&[], "a.html", HTML));
    assert_eq!(wrong.send().await.expect("an answer").status(), 401);
    let get = server.get(PATH).send().await.expect("an answer");
    assert_eq!(
        json(get, 405).await["detail"],
        "Only POST requests are supported."
    );
    for path in ["/general/docs", "/healthcheck"] {
        assert_eq!(
            server.get(path).send().await.expect("an answer").status(),
            200,
            "{path}"
        );
    }
}
