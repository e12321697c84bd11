//! The web console: its files, which are in the program, and tasks that a browser plays.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Response;
use tokio::process::Command;

use crate::harness::{Setup, TestServer, repository};

/// Bytes that all files of the console may have together.
const MAX_BYTES: usize = 300_000;

async fn get(server: &TestServer, path: &str) -> Response {
    server.get(path).send().await.expect("an answer")
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name).expect("a header");
    value.to_str().expect("text")
}

/// The files as they are written, by their paths on the server.
fn written() -> BTreeMap<String, String> {
    let folder = repository("crates/ilios/src/console/web");
    let mut files = BTreeMap::new();
    for part in ["js", "css"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("text");
            files.insert(format!("/console/{name}"), text);
        }
    }
    files
}

/// Texts between two marks, wherever they are.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(|part| part.split(end).next()).collect()
}

#[tokio::test]
async fn all_files_come_from_the_program_and_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    let page = get(&server, "/").await.text().await.expect("a body");
    let files = written();
    let mut sum = page.len();
    for (path, text) in &files {
        let answer = get(&server, path).await;
        let media = if path.ends_with("js") {
            "text/javascript"
        } else {
            "text/css"
        };
        assert!(header(&answer, "content-type").starts_with(media), "{path}");
        assert_eq!(&answer.text().await.expect("a body"), text, "{path}");
        sum += text.len();
        for name in between(text, "from \"./", "\"")
            .into_iter()
            .chain(between(text, "[\"./", "\""))
        {
            assert!(
                files.contains_key(&format!("/console/{name}")),
                "{path} needs {name}"
            );
        }
    }
    for name in between(&page, "=\"/console/", "\"") {
        assert_eq!(
            get(&server, &format!("/console/{name}")).await.status(),
            200,
            "{name}"
        );
    }
    for (name, media) in [
        ("icon.svg", "image/svg+xml"),
        ("annual-report.pdf", "application/pdf"),
    ] {
        let answer = get(&server, &format!("/console/{name}")).await;
        assert_eq!(header(&answer, "content-type"), media);
        sum += answer.bytes().await.expect("a body").len();
    }
    assert!(sum <= MAX_BYTES, "{sum} bytes");
    for path in [
        "/console/",
        "/console/none.js",
        "/console/..%2Fmod.rs",
        "/console/js/dom.js",
    ] {
        assert_eq!(get(&server, path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_browser_asks_again_and_loads_nothing_twice() {
    let server = TestServer::start().await;
    for path in ["/", "/console/main.js"] {
        let first = get(&server, path).await;
        assert_eq!(header(&first, "cache-control"), "no-cache");
        let tag = header(&first, "etag").to_owned();
        for known in [tag.clone(), format!("\"other\", W/{tag}")] {
            let again = server.get(path).header("if-none-match", known).send().await;
            let again = again.expect("an answer");
            assert_eq!(
                (again.status().as_u16(), header(&again, "etag")),
                (304, tag.as_str())
            );
        }
        let other = server.get(path).header("if-none-match", "\"other\"").send().await;
        assert_eq!(other.expect("an answer").status(), 200);
    }
}

#[tokio::test]
async fn no_script_or_style_is_inline_and_no_text_becomes_markup() {
    let server = TestServer::start().await;
    let answer = get(&server, "/").await;
    let policy = header(&answer, "content-security-policy").to_owned();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(
            policy.split("; ").any(|given| given == part),
            "{part} in {policy}"
        );
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = answer.text().await.expect("a body");
    assert!(!page.contains("<style") && !page.contains(" style="), "{page}");
    for script in between(&page, "<script", "</script>") {
        assert!(script.contains("src=\"/console/"), "{script}");
        assert_eq!(
            script.find('>'),
            Some(script.len() - 1),
            "nothing is in it: {script}"
        );
    }
    let makers = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "eval(",
        "new Function",
        "createContextualFragment",
        "setHTML",
    ];
    for (path, text) in written() {
        for maker in makers {
            assert!(!text.contains(maker), "{path} has {maker}");
        }
        let foreign = between(&text, "https://", "/")
            .into_iter()
            .chain(between(&text, "http://", "/"));
        let is_host = |host: &&str| {
            host.contains('.')
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        };
        let elsewhere: Vec<_> = foreign
            .filter(is_host)
            .filter(|host| !["www.w3.org", "example.org"].contains(host))
            .collect();
        assert!(elsewhere.is_empty(), "{path} names {elsewhere:?}");
    }
}

/// Plays tasks against a server, and fails with what the browser saw.
async fn play(server: &TestServer, tasks: &[&str]) {
    let sample: &Path = &repository("samples/annual-report.pdf");
    let output = Command::new("bash")
        .arg(repository("scripts/api-clients.sh"))
        .args(["console", &server.address])
        .arg(sample)
        .args(tasks)
        .output()
        .await
        .expect("a shell");
    let (said, complaint) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}\n{complaint}");
    for task in tasks {
        let line = format!("{task}: done");
        assert!(said.lines().any(|said| said == line), "{line} in {said}");
    }
}

macro_rules! played {
    ($($name:ident: $($task:literal)+;)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            play(&TestServer::working().await, &[$($task),+]).await;
        }
    )+};
}

played! {
    documents_are_sent_and_followed_to_their_end: "sample" "drop" "progress" "away" "address";
    a_table_is_copied_and_a_sentence_is_found_on_its_page: "second_table" "sentence" "both_ways";
    a_result_is_read_in_all_its_forms: "views" "page_pictures";
    a_batch_tells_why_a_document_failed_and_retries_it: "batch";
    a_deletion_can_be_undone_for_ten_seconds: "undo" "usage";
    ten_thousand_documents_are_a_list_like_any_other: "ten_thousand" "light";
    hostile_documents_run_no_script: "harm";
    everything_goes_by_the_keyboard: "keyboard";
    no_page_is_wider_than_its_screen: "sizes";
    screen_readers_find_no_serious_fault_in_the_light: "readers_light";
    screen_readers_find_no_serious_fault_in_the_dark: "readers_dark";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_waits_is_cancelled() {
    play(&TestServer::start().await, &["cancel"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_asked_for_made_and_revoked() {
    let server = TestServer::with(Setup {
        api_keys: "secret",
        admin_key: Some("an-admin-key-of-the-test"),
        workers: 2,
        ..Setup::default()
    });
    play(&server.await, &["locked", "make_key"]).await;
}
