//! Names of documents in what is downloaded: archives, Markdown, headers.

use std::io::Cursor;

use ilios::app::markdown_text;
use ilios::http::{attachment_name, inline_header};
use ilios::model::{FileName, portable_name};
use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{TestServer, files, json, text};

/// Names that some system, program or reader takes for something else than a name.
const NAMES: [&str; 25] = [
    "CON.txt",
    "con",
    "Nul.tar.gz",
    "aux .txt",
    "COM1.txt",
    "lpt9",
    "COM\u{b9}.txt",
    "CONIN$.txt",
    "a.txt.",
    "a.txt ",
    "a<b>:\"c|d?e*.txt",
    "A.TXT",
    "a.txt",
    "\u{61c}rtl.txt",
    "gpj\u{202e}exe.txt",
    "a\u{200f}\u{2066}.txt",
    "\u{2028}line.txt",
    "..",
    "...txt",
    "](javascript:alert(1)) <b> # a.txt",
    "[a](javascript:x).txt",
    "![a](x) www.example.org.txt",
    "# heading #.txt",
    "<script>alert(1)<!--script>.txt",
    "_under_ *star* `tick` a@example.org &amp;.txt",
];

fn is_safe_on_windows(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|rest| rest.chars().count() == 1 && "0123456789¹²³".contains(rest))
    };
    let device = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&&*stem)
        || numbered("COM")
        || numbered("LPT");
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !device
        && (1..=255).contains(&name.len())
        && !name.ends_with(['.', ' '])
        && !name.contains(['<', '>', ':', '"', '/', '\\', '|', '?', '*'])
        && !name.contains(hidden)
}

async fn ended(server: &TestServer) -> String {
    let sent: Vec<(&str, &[u8])> = NAMES.iter().map(|name| (*name, &b"content"[..])).collect();
    let request = server.post("/v1/batch/submit").multipart(files(&sent));
    let answer = json(request.send().await.expect("an answer"), 202).await;
    let id = text(&answer["batchId"]);
    let status = server.json(&format!("/v1/batch/status/{id}?wait=60")).await;
    assert_eq!(status["progress"]["completed"], NAMES.len(), "{status}");
    id
}

async fn download(server: &TestServer, id: &str, format: &str) -> Vec<u8> {
    let path = format!("/v1/batch/download/{id}?format={format}");
    let answer = server.get(&path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("a body").to_vec()
}

#[tokio::test]
async fn names_in_an_archive_are_files_on_every_system() {
    let server = TestServer::working().await;
    let id = ended(&server).await;
    let bytes = download(&server, &id, "zip").await;
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let names: Vec<&str> = archive.file_names().collect();
    assert_eq!(names.len(), NAMES.len() + 1);
    for name in &names {
        assert!(is_safe_on_windows(name), "{name:?}");
    }
    let mut lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    assert_eq!(lower.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn names_in_markdown_are_text() {
    let server = TestServer::working().await;
    let id = ended(&server).await;
    let markdown = String::from_utf8(download(&server, &id, "markdown").await).expect("text");
    let html = ilios_convert::render::to_html(&markdown, "title").expect("HTML");
    for tag in ["<a", "<img", "<b>", "<script", "<em", "<strong", "<code", "<h2"] {
        assert!(!html.contains(tag), "{tag}: {html}");
    }
    assert_eq!(html.matches("<h1").count(), NAMES.len(), "{html}");
    let list = server.json("/api/documents?limit=100").await;
    for document in list["documents"].as_array().expect("a list") {
        let name = text(&document["fileName"]);
        let shown = name
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let shown_too = shown.replace('"', "&quot;");
        assert!(
            html.contains(&shown) || html.contains(&shown_too),
            "{name}: {html}"
        );
    }
}

#[tokio::test]
async fn a_header_names_no_device() {
    let server = TestServer::start().await;
    for name in NAMES {
        let answer = server.send(name, "text", &[]).await;
        assert_eq!(answer.status(), 200, "{name}");
        let header = answer.headers()["content-disposition"].as_bytes();
        let saved = attachment_name(header).expect("a name");
        let stem = saved
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_uppercase();
        assert!(
            !["CON", "NUL", "AUX", "COM1", "LPT9", "COM\u{b9}", "CONIN$"].contains(&&*stem),
            "{saved}"
        );
        let plain = String::from_utf8_lossy(header);
        let plain = plain.split('"').nth(1).expect("a plain name");
        assert!(is_safe_on_windows(plain), "{plain}");
    }
}

#[test]
fn ordinary_names_stay_as_they_are() {
    for name in [
        "annual_report-2024 (1).pdf",
        "C# & F#.txt",
        "Käse+Brot.md",
        "a.b.c.docx",
        "console.txt",
    ] {
        assert_eq!(portable_name(name), name);
        assert_eq!(markdown_text(name), name);
        let header = inline_header(&FileName::clean(name));
        assert_eq!(attachment_name(header.as_bytes()).as_deref(), Some(name));
    }
}

proptest! {
    #[test]
    fn any_name_becomes_one_for_every_system_and_stays_as_it_is_then(raw in any::<String>()) {
        let name = portable_name(&raw);
        prop_assert!(is_safe_on_windows(&name), "{:?}", name);
        prop_assert_eq!(portable_name(&name), name);
    }

    #[test]
    fn a_name_in_markdown_makes_a_heading_and_nothing_else(raw in "[\\[\\]()!<>a-z#*_`~:./@& \\\\|-]{1,40}") {
        let html = ilios_convert::render::to_html(&format!("# {}\n", markdown_text(&raw)), "title").expect("HTML");
        for tag in ["<a", "<img", "<em", "<strong", "<code", "<s>"] {
            prop_assert!(!html.contains(tag), "{}: {}", raw, html);
        }
    }
}

#[test]
fn the_list_of_hostile_names_is_safe_too() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("fixtures/file_names.json")).expect("the list of names");
    for case in cases {
        let name = FileName::clean(case["name"].as_str().expect("a name"));
        assert!(is_safe_on_windows(&portable_name(name.as_str())), "{name}");
    }
}
