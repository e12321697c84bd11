//! HTML and text of documents: made by a child in a conversion's place, never by the server.

use std::sync::Arc;
use std::time::Duration;

use ilios::engine::Converted;
use ilios_convert::{Conversion, Format, Metadata, Page, PageKind};
use ilios_sandbox::Program;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, files, form, json, problem, text};

/// Formats for which Markdown is parsed.
const RENDERED: [&str; 2] = ["html", "text"];

/// Links to scripts, each of another kind, and one that is none.
const LINKS: &str = "[one](javascript:alert(1)) [two][2] three <VBScript:four> \
    <a href=\" java&#115;cript:alert(1)\">five</a> ![six](data:text/html,x) [seven](https://a.example/)\n\n\
    [2]: <jAvAsCrIpT:alert(1)>\n";

async fn stored(server: &TestServer, text: &str) -> String {
    let response = server.send("a.md", text, &[]).await;
    assert_eq!(response.status(), 200);
    response.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned()
}

fn gated(gate: &Arc<Gate>) -> Setup {
    Setup {
        running: 1,
        waiting: 0,
        engine: Some(gate.clone()),
        ..Setup::default()
    }
}

#[tokio::test]
async fn without_a_child_there_is_nothing_but_markdown() {
    let server = TestServer::with(Setup {
        program: Program::new("/bin/false", Vec::<String>::new()),
        ..Setup::default()
    })
    .await;
    // Short text itself needs none.
    let id = stored(&server, "# Hello\n").await;
    for format in ["html", "text", "json", "chunks"] {
        let stored = server.get(&format!("/api/documents/{id}?format={format}"));
        let answers = [
            stored.send().await.expect("an answer"),
            server.send("a.md", "# Hello\n", &[("format", format)]).await,
        ];
        for answer in answers {
            let body = problem(answer, 422, "converter_crashed").await;
            assert_eq!(body["field"], "format", "{body}");
        }
    }
    let path = format!("/api/documents/{id}?format=markdown");
    assert_eq!(server.get(&path).send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_page_is_the_same_whether_it_fits_into_memory_or_not() {
    let server = TestServer::with(Setup {
        waiting_children: 1,
        ..Setup::default()
    })
    .await;
    for lines in [1, 20_000] {
        let markdown = "- a *line* of text\n".repeat(lines);
        let sent = server.send("a.md", markdown.clone(), &[("format", "html")]).await;
        let id = sent.headers()["x-document-id"].to_str().expect("text").to_owned();
        assert_eq!(sent.headers()["content-type"], "text/html; charset=utf-8");
        let sent = sent.text().await.expect("a page");
        assert_eq!(sent.matches(">a <em>line</em> of text</li>").count(), lines);
        assert!(sent.ends_with("</html>\n"));
        let path = format!("/api/documents/{id}?format=html");
        let read = server.get(&path).send().await.expect("an answer");
        assert_eq!(
            read.headers()["content-length"].to_str().expect("text"),
            sent.len().to_string()
        );
        assert_eq!(read.text().await.expect("a page"), sent);
        let path = format!("/api/documents/{id}?format=text");
        let plain = server.get(&path).send().await.expect("an answer");
        assert_eq!(
            plain.text().await.expect("text"),
            "- a line of text\n".repeat(lines)
        );
    }
}

#[tokio::test]
async fn a_page_takes_the_place_of_a_conversion_and_a_client_that_leaves_gives_it_back() {
    let gate = Gate::closed();
    let server = TestServer::with(gated(&gate)).await;
    gate.let_through(1);
    let id = stored(&server, "text").await;
    for format in RENDERED {
        let path = format!("/api/documents/{id}?format={format}");
        let begun = gate.count();
        let first = tokio::spawn(server.get(&path).send());
        gate.begun(begun + 1).await;
        let busy = server.get(&path).send().await.expect("an answer");
        assert!(busy.headers().contains_key("retry-after"));
        problem(busy, 503, "busy").await;
        problem(server.send("b.txt", "text", &[]).await, 503, "busy").await;
        // What needs no parser waits for nobody.
        assert_eq!(
            server
                .get(&format!("/api/documents/{id}"))
                .send()
                .await
                .expect("an answer")
                .status(),
            200
        );
        first.abort();
        while server.app.admission().state().0 > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        gate.let_through(1);
        let again = server.get(&path).send().await.expect("an answer");
        assert_eq!(again.text().await.expect("a page"), "rendered: text\n");
    }
}

#[tokio::test]
async fn whoever_has_waited_for_a_conversion_is_not_turned_away_after_it() {
    let gate = Gate::closed();
    let server = TestServer::with(gated(&gate)).await;
    let first = tokio::spawn(
        server
            .convert(form("a.txt", "text", &[("format", "html")]))
            .send(),
    );
    gate.begun(1).await;
    gate.let_through(1);
    // The page is made in the same place, which nobody else gets before.
    gate.begun(2).await;
    problem(server.send("b.txt", "text", &[]).await, 503, "busy").await;
    gate.let_through(1);
    let first = first.await.expect("a task").expect("an answer");
    assert_eq!(first.text().await.expect("a page"), "rendered: text\n");
}

/// The processes that this one has started and that have not ended. Each test has a process of its own.
#[cfg(target_os = "linux")]
fn children() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").expect("/proc");
    let children = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("children"));
    tasks
        .filter_map(|task| children(task.expect("a task")).ok())
        .map(|children| children.split_ascii_whitespace().count())
        .sum()
}

#[cfg(target_os = "linux")]
async fn until_children(count: usize) {
    while children() != count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_that_leaves_takes_the_child_of_its_page_along() {
    let server = TestServer::with(Setup {
        program: Program::new("/bin/sleep", ["600"]),
        timeout: Duration::from_secs(600),
        stall_timeout: Duration::from_secs(600),
        ..Setup::default()
    })
    .await;
    let id = stored(&server, "text").await;
    for format in RENDERED {
        let read = server.get(&format!("/api/documents/{id}?format={format}"));
        let convert = server.convert(form("a.txt", "text", &[("format", format)]));
        for request in [read, convert] {
            let request = tokio::spawn(request.send());
            until_children(1).await;
            request.abort();
            until_children(0).await;
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_page_has_the_deadline_of_a_conversion() {
    let server = TestServer::with(Setup {
        program: Program::new("/bin/sleep", ["600"]),
        timeout: Duration::from_millis(200),
        ..Setup::default()
    })
    .await;
    let id = stored(&server, "text").await;
    let read = server.get(&format!("/api/documents/{id}?format=html"));
    problem(read.send().await.expect("an answer"), 422, "timeout").await;
    assert_eq!(children(), 0);
}

/// Renders Markdown whose tree of elements takes much time or memory. A child has to make each page within its limits,
/// and no page may be much larger than its source.
#[tokio::test]
async fn pages_of_hostile_markdown_are_small() {
    let server = TestServer::start().await;
    let bold: String = (0..250).map(|number| format!("<b id=\"x{number}\">")).collect();
    let texts = [
        bold + &"\n\nx".repeat(20_000),
        "&".repeat(200_000),
        "<div></x>".repeat(10_000) + "x",
        "<div>".to_owned() + &"<optgroup>".repeat(10_000) + "x",
        "<div>".to_owned() + &"<rt>".repeat(10_000) + "x",
    ];
    for text in texts {
        let (length, beginning) = (text.len(), text.chars().take(20).collect::<String>());
        let response = server.send("a.md", text, &[("format", "html")]).await;
        assert_eq!(response.status(), 200, "{beginning}");
        let page = response.bytes().await.expect("a page");
        assert!(
            page.len() < 8 * length + 4_000,
            "{beginning}: {} bytes",
            page.len()
        );
    }
}

fn check_links(format: &str, answer: &str) {
    for word in ["one", "two", "three", "four", "five", "six", "seven"] {
        assert!(answer.contains(word), "{word} in {format}: {answer}");
    }
    // Within an element of HTML it is text, whose bracket is escaped: no link. JSON escapes the escape.
    let answer = answer
        .to_lowercase()
        .replace("\\\\[six](data:", "")
        .replace("\\[six](data:", "");
    for link in [
        "](javascript:",
        "]: <javascript:",
        "<vbscript:",
        "href=\\\"",
        "href=\" ",
        "](data:",
        "=\"javascript",
        "=\"data:",
    ] {
        assert!(!answer.contains(link), "{link} in {format}: {answer}");
    }
}

#[tokio::test]
async fn links_to_scripts_are_text_in_every_format() {
    let server = TestServer::working().await;
    for format in ["markdown", "json", "html", "text"] {
        let sent = server.send("a.md", LINKS, &[("format", format)]).await;
        let id = sent.headers()["x-document-id"].to_str().expect("text").to_owned();
        check_links(format, &sent.text().await.expect("text"));
        let read = server.get(&format!("/api/documents/{id}?format={format}"));
        let read = read.send().await.expect("an answer");
        check_links(format, &read.text().await.expect("text"));
    }
    let page = format!(
        "<p>{}",
        LINKS.replace("[one](javascript:alert(1))", "<a href=javascript:x>one</a>")
    );
    let batch = server
        .post("/v1/batch/submit")
        .multipart(files(&[("a.md", LINKS.as_bytes()), ("b.md", page.as_bytes())]));
    let batch = json(batch.send().await.expect("an answer"), 202).await;
    let id = text(&batch["batchId"]);
    server.json(&format!("/v1/batch/status/{id}?wait=60")).await;
    for format in ["jsonl", "markdown"] {
        let read = server.get(&format!("/v1/batch/download/{id}?format={format}"));
        check_links(
            format,
            &read.send().await.expect("an answer").text().await.expect("text"),
        );
    }
}

#[tokio::test]
async fn what_a_service_has_read_has_no_links_to_scripts_either() {
    let server = TestServer::start().await;
    let page = |number: u32, markdown: &str| Page {
        markdown: markdown.to_owned(),
        ..Page::new(number, PageKind::Ocr)
    };
    let conversion = Conversion {
        format: Format::Pdf,
        metadata: Metadata::default(),
        pages: vec![
            page(1, "[a](javascript:x) [b](https://b.example)"),
            page(2, "[c](c.png)"),
        ],
        images: Vec::new(),
        warnings: Vec::new(),
        partial: None,
    };
    let converted = Converted::local(conversion, "a service");
    let converted = server
        .app
        .engine()
        .without_scripts(converted)
        .await
        .expect("pages");
    let pages: Vec<_> = converted
        .conversion
        .pages
        .iter()
        .map(|page| page.markdown.as_str())
        .collect();
    assert_eq!(pages, ["a [b](https://b.example)", "[c](c.png)"]);
}
