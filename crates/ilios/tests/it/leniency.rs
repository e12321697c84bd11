//! Values in whatever form clients send them: blank ones are none, yes and no have many words.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json as value};

use crate::harness::{TestServer, form, json, part, problem, text};

const YES: [&str; 8] = ["true", "True", "TRUE", "1", "on", "yes", " YES ", "On"];
const NO: [&str; 8] = ["false", "False", "FALSE", "0", "off", "no", " NO ", "Off"];
const FLAGS: [&str; 4] = ["partial", "includeImages", "extractHeader", "extractFooter"];
const FIELDS: [&str; 14] = [
    "format",
    "url",
    "retentionDays",
    "priority",
    "pages",
    "ocr",
    "ocrEngine",
    "ocrLanguages",
    "engine",
    "maxCostCents",
    "includeImages",
    "extractHeader",
    "extractFooter",
    "partial",
];

#[tokio::test]
async fn a_blank_field_is_an_absent_one_in_every_form() {
    let server = TestServer::start().await;
    let blank = |name: &'static str, file: &'static str, path: &str| {
        let mut form = Form::new().part(name, part("a.txt", "text")).text(file, "");
        for field in FIELDS.iter().chain(&["useMistralBatch", "model"]) {
            form = form.text(*field, "").text(*field, " \t ");
        }
        server.post(path).multipart(form).send()
    };
    for (name, path, status) in [
        ("file", "/v1/convert", 200),
        ("file", "/v1/estimate", 200),
        ("file", "/api/documents/submit", 200),
        ("files", "/v1/batch/submit", 202),
        ("files[]", "/v1/batch/submit", 202),
    ] {
        let response = blank(name, "nothing", path).await.expect("an answer");
        assert_eq!(
            response.status(),
            status,
            "{path}: {}",
            response.text().await.expect("a body")
        );
    }
    let listed = server
        .json("/api/documents?limit=&cursor=&status=%20&batchId=")
        .await;
    assert_eq!(listed["documents"].as_array().map(Vec::len), Some(4));
    let id = text(&listed["documents"][0]["id"]);
    server.json(&format!("/api/documents/status/{id}?wait=")).await;
    server.json("/v1/batch?status=&limit=%2010%20").await;
    server
        .json("/api/usage/records?startDate=&endDate=%20&format=")
        .await;
}

#[tokio::test]
async fn a_field_counts_before_and_after_the_file() {
    let server = TestServer::start().await;
    let forms = |name: &'static str, days: &'static str| {
        [
            Form::new()
                .text("retentionDays", days)
                .part(name, part("a.txt", "text")),
            Form::new()
                .part(name, part("a.txt", "text"))
                .text("retentionDays", days),
        ]
    };
    let send = async |path: &str, form: Form| {
        let request = server.post(path).multipart(form);
        request.send().await.expect("an answer")
    };
    for (name, path) in [
        ("file", "/v1/convert"),
        ("file", "/v1/estimate"),
        ("file", "/api/documents/submit"),
        ("files", "/v1/batch/submit"),
    ] {
        for form in forms(name, "0") {
            let body = problem(send(path, form).await, 400, "invalid_parameter").await;
            assert_eq!(body["field"], "retentionDays", "{path}");
        }
    }
    for form in forms("file", "7") {
        let answer = json(send("/api/documents/submit", form).await, 200).await;
        assert_eq!(answer["retentionDays"], 7);
    }
}

#[tokio::test]
async fn an_empty_part_of_a_browser_is_no_file() {
    let server = TestServer::start().await;
    let nothing = || Part::bytes(Vec::new()).file_name("");
    let both = Form::new()
        .part("file", nothing())
        .part("file", part("a.txt", "text"));
    assert_eq!(
        server.convert(both).send().await.expect("an answer").status(),
        200
    );
    let none = server.convert(Form::new().part("file", nothing())).send().await;
    problem(none.expect("an answer"), 400, "missing_file").await;
    let files = Form::new()
        .part("files", part("a.txt", "text"))
        .part("files", nothing());
    let batch = server.post("/v1/batch/submit").multipart(files).send().await;
    assert_eq!(json(batch.expect("an answer"), 202).await["totalDocuments"], 1);
}

#[tokio::test]
async fn yes_and_no_have_many_words_in_forms() {
    let server = TestServer::start().await;
    for flag in FLAGS {
        for word in YES.iter().chain(&NO) {
            let response = server.send("a.txt", "text", &[(flag, word)]).await;
            assert_eq!(response.status(), 200, "{flag}={word}");
        }
        for word in ["perhaps", "2", "truee", "y", "-1", "ja"] {
            let response = server.send("a.txt", "text", &[(flag, word)]).await;
            assert_eq!(
                problem(response, 400, "invalid_parameter").await["field"],
                flag,
                "{word}"
            );
        }
    }
    for word in YES.iter().chain(&NO).chain(&["perhaps"]) {
        let files = Form::new().part("files", part("a.txt", "text"));
        let files = files.text("useMistralBatch", *word);
        let response = server.post("/v1/batch/submit").multipart(files).send().await;
        let response = response.expect("an answer");
        if NO.contains(word) {
            assert_eq!(response.status(), 202, "{word}");
        } else {
            let body = problem(response, 400, "invalid_parameter").await;
            let set_up = text(&body["error"]).contains("not set up");
            assert_eq!(
                (&body["field"], set_up),
                (&"useMistralBatch".into(), *word != "perhaps"),
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn yes_and_no_have_many_words_in_queries() {
    let server = TestServer::start().await;
    let files = Form::new().part("files", part("a.txt", "text"));
    let batch = server.post("/v1/batch/submit").multipart(files).send().await;
    let id = text(&json(batch.expect("an answer"), 202).await["batchId"]);
    let details = async |word: &str| {
        let word = word.replace(' ', "%20");
        server
            .json(&format!("/v1/batch/status/{id}?details={word}"))
            .await["documents"]
            .is_array()
    };
    for (yes, no) in YES.iter().zip(&NO) {
        assert!(details(yes).await, "{yes}");
        assert!(!details(no).await, "{no}");
    }
    assert!(!details("").await);
    let wrong = server
        .get(&format!("/v1/batch/status/{id}?details=perhaps"))
        .send()
        .await;
    problem(wrong.expect("an answer"), 400, "invalid_parameter").await;
}

#[tokio::test]
async fn an_announcement_takes_numbers_as_text_and_blanks_as_nothing() {
    let server = TestServer::start().await;
    for body in [
        value!({"fileName": "a.txt", "fileSize": "10"}),
        value!({"fileName": "a.txt", "fileSize": " 10 ", "retentionDays": "", "mimeType": " "}),
        value!({"fileName": "a.txt", "fileSize": 10.0, "retentionDays": "30", "mimeType": null}),
        value!({"fileName": "a.txt", "fileSize": 10, "retentionDays": 30.0, "mimeType": " text/plain "}),
    ] {
        let request = server.post("/api/documents/upload-url").json(&body);
        let answer: Value = json(request.send().await.expect("an answer"), 200).await;
        let status = server
            .json(&format!("/api/documents/status/{}", text(&answer["id"])))
            .await;
        assert_eq!(status["fileSize"], 10, "{body}");
    }
    for body in [
        value!({"fileName": "a.txt", "fileSize": ""}),
        value!({"fileName": "a.txt", "fileSize": "ten"}),
        value!({"fileName": "a.txt", "fileSize": "+10"}),
        value!({"fileName": "a.txt", "fileSize": "1e1"}),
        value!({"fileName": "a.txt", "fileSize": true}),
        value!({"fileName": "a.txt", "fileSize": [10]}),
    ] {
        let request = server.post("/api/documents/upload-url").json(&body);
        let body = problem(request.send().await.expect("an answer"), 400, "invalid_parameter").await;
        assert_eq!(body["field"], "fileSize");
    }
}

#[tokio::test]
async fn a_model_that_would_not_be_used_is_refused() {
    let server = TestServer::start().await;
    let files = Form::new().part("files", part("a.txt", "text"));
    let files = files.text("model", "mistral-ocr-latest");
    let response = server.post("/v1/batch/submit").multipart(files).send().await;
    let body = problem(response.expect("an answer"), 400, "invalid_parameter").await;
    assert_eq!(body["field"], "model");
    let listed = server.json("/api/documents").await;
    assert_eq!(listed["documents"], value!([]), "nothing was made");
    // A single document has no such field in version 2.
    let response = server
        .convert(form("a.txt", "text", &[("model", "any"), ("format", "json")]))
        .send()
        .await;
    let warnings = json(response.expect("an answer"), 200).await["metadata"]["warnings"].clone();
    assert!(
        warnings.to_string().contains("model: is not known here"),
        "{warnings}"
    );
}
