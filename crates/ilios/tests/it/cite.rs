//! From an answer back to its place: quotations that are found, pictures of pages and blocks.

use std::sync::Arc;

use futures::future::BoxFuture;
use ilios::engine::{Converted, Engine, EngineError, RenderRequest, Rendering, Request, spool_text};
use ilios::spool::Spooled;
use serde_json::Value;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, form, json, problem, sample, text};

async fn report(server: &TestServer, options: &[(&str, &str)]) -> String {
    let file = sample("samples/annual-report.pdf");
    let submit = server
        .post("/api/documents/submit")
        .multipart(form("report.pdf", file, options));
    let id = text(&json(submit.send().await.expect("an answer"), 200).await["id"]);
    assert_eq!(server.ended(&id).await["status"], "completed");
    id
}

async fn located(server: &TestServer, id: &str, query: &[(&str, &str)]) -> Value {
    let escaped = |text: &str| text.replace(' ', "%20").replace(',', "%2C");
    let query = query
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)));
    let query = query.collect::<Vec<_>>().join("&");
    server.json(&format!("/api/documents/{id}/locate?{query}")).await
}

/// Width and height in the header of a PNG.
async fn png(server: &TestServer, path: &str) -> (u32, u32) {
    let answer = server.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "image/png");
    let bytes = answer.bytes().await.expect("bytes");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{path}");
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    (side(16), side(20))
}

#[tokio::test]
async fn a_quotation_leads_to_its_page_its_boxes_and_a_picture_of_its_block() {
    let server = TestServer::working().await;
    let id = report(&server, &[("places", "word")]).await;
    let quote = "on 62 evenings 3,870 visitors climbed the hill";
    let answer = located(&server, &id, &[("quotation", quote)]).await;
    let found = &answer["matches"][0];
    assert_eq!(
        (&found["exact"], &found["page"]),
        (&true.into(), &3.into()),
        "{answer}"
    );
    let block = text(&found["blocks"][0]["id"]);
    assert_eq!(found["locator"], format!("ilios:{id}#{block}"));

    // The words are in a part of the box of their block.
    let area = |region: &Value| {
        let edges: Vec<f64> = (0..4).filter_map(|edge| region["bbox"][edge].as_f64()).collect();
        (edges[2] - edges[0]) * (edges[3] - edges[1])
    };
    let words: f64 = found["regions"]
        .as_array()
        .expect("regions")
        .iter()
        .map(area)
        .sum();
    let whole = area(&found["blocks"][0]["regions"][0]);
    assert!(0.0 < words && words < whole, "{words} {whole}");

    // The range cuts the block out of the Markdown of its page.
    let document = server.json(&format!("/api/documents/{id}?format=json")).await;
    let markdown: Vec<char> = document["pages"][2]["markdown"]
        .as_str()
        .expect("Markdown")
        .chars()
        .collect();
    let range = |edge: usize| usize::try_from(found["blocks"][0]["range"][edge].as_u64().expect("a number"));
    let cut: String = markdown[range(0).expect("start")..range(1).expect("end")]
        .iter()
        .collect();
    assert!(cut.contains("3,870 visitors"), "{cut}");

    // Its hash and its id lead to it, too.
    let hash = text(&found["blocks"][0]["hash"]);
    for query in [("hash", hash.as_str()), ("block", block.as_str())] {
        let again = located(&server, &id, &[query]).await;
        assert_eq!(
            again["matches"][0]["blocks"][0]["id"],
            block.as_str(),
            "{query:?}"
        );
    }
    let (width, height) = png(&server, &format!("/api/documents/{id}/blocks/{block}.png?dpi=72")).await;
    assert!(width < 596 && height < 842, "{width} {height}");
}

#[tokio::test]
async fn pages_are_drawn_at_the_resolution_that_is_asked_for() {
    let server = TestServer::working().await;
    let id = report(&server, &[]).await;
    assert_eq!(
        png(&server, &format!("/api/documents/{id}/pages/1.png?dpi=72")).await,
        (595, 841)
    );
    let large = png(&server, &format!("/api/documents/{id}/pages/1.png")).await;
    assert_eq!(large, (793, 1122));
    // A second time, from those that were drawn lately.
    assert_eq!(
        png(&server, &format!("/api/documents/{id}/pages/1.png")).await,
        large
    );
}

#[tokio::test]
async fn what_cannot_be_shown_is_refused_in_words() {
    let server = TestServer::working().await;
    let id = report(&server, &[]).await;
    let page = server.submitted("a.html", "<p>Some text.</p>").await;
    server.ended(&page).await;
    let missing = ["pages/9.png", "pages/0.png", "pages/1.jpg", "blocks/p9b9.png"];
    let wrong = [
        "pages/1.png?dpi=1000",
        "pages/1.png?dpi=x",
        "locate",
        "locate?quote=%20...",
        "locate?block=p1",
        "locate?hash=XYZ",
        "locate?page=0",
        "locate?bbox=1,2,3,4",
        "locate?page=1&bbox=5,2,3,4",
        "locate?quote=a&hash=0123456789ab",
    ];
    let of = |document: &str, path: &str| format!("/api/documents/{document}/{path}");
    let mut refusals = vec![
        (of(&page, "pages/1.png"), 422, "pages_not_supported"),
        (of(&page, "blocks/p1b1.png"), 409, "no_places"),
    ];
    refusals.extend(missing.map(|path| (of(&id, path), 404, "not_found")));
    refusals.extend(wrong.map(|path| (of(&id, path), 400, "invalid_parameter")));
    for (path, status, code) in refusals {
        let answer = server.get(&path).send().await.expect("an answer");
        println!("{path}");
        problem(answer, status, code).await;
    }
    let nothing = located(
        &server,
        &id,
        &[("quote", "words that are nowhere in this report at all")],
    )
    .await;
    assert_eq!(nothing, serde_json::json!({"matches": [], "more": false}));
}

#[tokio::test]
async fn documents_of_others_are_neither_searched_nor_shown() {
    let server = TestServer::with(Setup {
        api_keys: "first-key-of-a-tenant,second-key-of-a-tenant",
        workers: 2,
        ..Setup::default()
    })
    .await;
    let submit = server
        .post("/api/documents/submit")
        .bearer_auth("first-key-of-a-tenant")
        .multipart(form("report.pdf", sample("samples/annual-report.pdf"), &[]));
    let id = text(&json(submit.send().await.expect("an answer"), 200).await["id"]);
    for path in ["locate?quote=report", "pages/1.png", "blocks/p1b1.png"] {
        let request = server.get(&format!("/api/documents/{id}/{path}"));
        let answer = request.bearer_auth("second-key-of-a-tenant").send().await;
        problem(answer.expect("an answer"), 404, "not_found").await;
        let without = server.get(&format!("/api/documents/{id}/{path}")).send().await;
        problem(without.expect("an answer"), 401, "unauthorized").await;
    }
}

#[test]
fn the_command_line_draws_pages_beside_the_result() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_ilios"))
            .args(["convert", "--quiet"])
            .arg(crate::harness::repository("samples/annual-report.pdf"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("the program")
    };
    let done = run(&["--page-images=48", "--pages", "2-3", "-o", "out"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for (page, is_there) in [(1, false), (2, true), (3, true)] {
        let path = folder
            .path()
            .join(format!("out/annual-report.images/page-{page}.png"));
        assert_eq!(path.is_file(), is_there, "{}", path.display());
    }
    let page = image::open(folder.path().join("out/annual-report.images/page-2.png")).expect("a picture");
    assert_eq!((page.width(), page.height()), (396, 561));
    // There has to be a folder, and a resolution that is drawn.
    assert_eq!(run(&["--page-images"]).status.code(), Some(2));
    assert_eq!(run(&["--page-images=1000", "-o", "out2"]).status.code(), Some(2));
}

/// An engine whose converters have been taken over: what they say of places is no answer.
struct Babbling(Arc<Gate>);

impl Engine for Babbling {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        self.0.convert(request)
    }

    fn render<'a>(&'a self, request: &'a RenderRequest) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>> {
        match request.rendering {
            Rendering::Located { .. } => Box::pin(async {
                let spooled = spool_text(&request.spool, "{\"matches\": 7".into()).await;
                Ok(Arc::new(spooled.expect("a spool")))
            }),
            _ => self.0.render(request),
        }
    }
}

#[tokio::test]
async fn an_answer_about_places_that_is_none_is_a_converter_that_crashed() {
    let server = TestServer::with(Setup {
        workers: 1,
        engine: Some(Arc::new(Babbling(Gate::open("gate")))),
        ..Setup::default()
    })
    .await;
    let id = server.submitted("a.txt", "Some text.").await;
    server.ended(&id).await;
    let answer = server.get(&format!("/api/documents/{id}/blocks/p1b1.png"));
    problem(answer.send().await.expect("an answer"), 422, "converter_crashed").await;
}
