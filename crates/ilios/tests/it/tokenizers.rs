//! Chunks that are measured by a tokenizer of the installation.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Setup, TestServer, form, problem, text};

/// A WordPiece tokenizer that knows three words and asks for text that is cut after 2 tokens.
const WORDS: &str = r###"{"version": "1.0", "added_tokens": [], "post_processor": null, "decoder": null, "padding": null,
    "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
    "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "the": 1, "cat": 2, "##s": 3, "sat": 4, ".": 5}}}"###;

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("words.json"), WORDS).expect("a file");
    std::fs::create_dir(folder.path().join("damaged")).expect("a folder");
    std::fs::write(folder.path().join("damaged/tokenizer.json"), "{\"model\"").expect("a file");
    folder
}

async fn server(folder: &Path) -> TestServer {
    TestServer::with(Setup {
        workers: 1,
        tokenizers: Some(folder.to_owned()),
        ..Setup::default()
    })
    .await
}

/// Sixty sentences of five tokens: the, cat, ##s, sat, full stop.
fn sentences() -> String {
    "The cats sat. ".repeat(60)
}

fn tokens(chunks: &str) -> Vec<(String, u64)> {
    let chunks = chunks
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a chunk"));
    chunks
        .map(|chunk| (text(&chunk["text"]), chunk["tokens"].as_u64().expect("a number")))
        .collect()
}

#[tokio::test]
async fn chunks_are_measured_by_the_tokenizer_that_is_named() {
    let folder = folder();
    let server = server(folder.path()).await;
    let id = server.submitted("a.txt", sentences()).await;
    server.ended(&id).await;
    let path = format!("/api/documents/{id}?format=chunks&chunkTokens=32&tokenizer=words");
    let answer = server.get(&path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let later = tokens(&answer.text().await.expect("a text"));
    let options = [
        ("format", "chunks"),
        ("tokenizer", "words"),
        ("chunkTokens", "32"),
    ];
    let at_once = server.convert(form("a.txt", sentences(), &options)).send().await;
    let at_once = tokens(&at_once.expect("an answer").text().await.expect("a text"));
    assert_eq!(later, at_once);
    assert!(later.len() >= 10, "{later:?}");
    for (text, tokens) in later {
        let sentences = text.matches("sat.").count() as u64;
        assert_eq!(tokens, sentences * 5, "{text}");
        assert!(tokens <= 32);
    }
}

#[tokio::test]
async fn a_tokenizer_that_is_not_there_is_refused_with_those_that_are() {
    let folder = folder();
    let server = server(folder.path()).await;
    let id = server.submitted("a.txt", "The cat sat.").await;
    server.ended(&id).await;
    for name in ["nothing", "..", "words.json", "%2e%2e%2fwords"] {
        let path = format!("/api/documents/{id}?format=chunks&tokenizer={name}");
        let refused = server.get(&path).send().await.expect("an answer");
        let body = problem(refused, 400, "invalid_parameter").await;
        let error = text(&body["error"]);
        assert!(
            error.starts_with("tokenizer takes cl100k_base, o200k_base, characters"),
            "{error}"
        );
    }
    let options = [("tokenizer", "nothing")];
    let refused = server
        .convert(form("a.txt", "The cat sat.".to_owned(), &options))
        .send()
        .await;
    let body = problem(refused.expect("an answer"), 400, "invalid_parameter").await;
    assert!(text(&body["error"]).ends_with(", damaged, words"), "{body}");
    let path = format!("/api/documents/{id}?format=chunks&tokenizer=damaged");
    let refused = server.get(&path).send().await.expect("an answer");
    problem(refused, 503, "unavailable").await;
    // Nothing else is harmed by it.
    let path = format!("/api/documents/{id}?format=chunks&tokenizer=words");
    json_lines(&server, &path).await;
}

async fn json_lines(server: &TestServer, path: &str) -> Vec<(String, u64)> {
    let answer = server.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    tokens(&answer.text().await.expect("a text"))
}

#[test]
fn the_command_line_takes_the_name_of_a_tokenizer() {
    let folder = folder();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, sentences()).expect("a file");
    let converted = |tokenizer: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_ilios"))
            .args([
                "convert",
                "--quiet",
                "--format",
                "chunks",
                "--chunk-tokens",
                "32",
                "--tokenizer",
            ])
            .args([tokenizer.as_ref(), file.as_os_str()])
            .current_dir(folder.path())
            .env_clear()
            .env("TOKENIZERS_DIR", folder.path())
            .output()
            .expect("it runs")
    };
    let output = converted("words");
    let chunks = tokens(&String::from_utf8_lossy(&output.stdout));
    assert!(
        chunks.len() >= 10 && chunks.iter().all(|(_, tokens)| *tokens <= 32),
        "{output:?}"
    );
    let refused = converted("nothing");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("--tokenizer takes cl100k_base"), "{said}");
}
