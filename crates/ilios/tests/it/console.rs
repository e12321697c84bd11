//! The web console: its files, which are in the program, and tasks that a browser plays.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Response;
use tokio::process::Command;

use crate::harness::{Setup, TestServer, repository};

/// Bytes that all files of the console may have together.
const MAX_BYTES: usize = 300_000;
/// Style sheets that are sent as one, in their order.
const STYLES: [&str; 6] = ["colours", "base", "shell", "convert", "read", "lists"];

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

/// The files as they are served.
fn served() -> BTreeMap<String, String> {
    let mut files = written();
    let styles = STYLES.map(|name| files[&format!("/console/{name}.css")].clone());
    for name in STYLES.into_iter().filter(|name| *name != "colours") {
        files.remove(&format!("/console/{name}.css"));
    }
    files.insert("/console/console.css".to_owned(), styles.concat());
    files
}

/// Addresses of files that a page names.
fn named(page: &str) -> Vec<&str> {
    between(page, "=\"/console/", "\"")
}

/// Texts between two marks, wherever they are.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(|part| part.split(end).next()).collect()
}

#[tokio::test]
async fn all_files_come_from_the_program_and_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    let pages = [
        get(&server, "/").await.text().await.expect("a body"),
        get(&server, "/docs/").await.text().await.expect("a body"),
    ];
    let files = served();
    let mut sum: usize = pages.iter().map(String::len).sum();
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

/// Files at the addresses of their version are kept by browsers, and gone with the version.
#[tokio::test]
async fn pages_name_their_files_by_the_version_of_all_of_them() {
    let server = TestServer::start().await;
    let pages = [
        get(&server, "/").await.text().await.expect("a body"),
        get(&server, "/docs/").await.text().await.expect("a body"),
    ];
    for name in pages.iter().flat_map(|page| named(page)) {
        let (version, file) = name.split_once('/').expect("the address of a version");
        assert_eq!(version.len(), 16, "{name}");
        let answer = get(&server, &format!("/console/{name}")).await;
        assert_eq!(answer.status(), 200, "{name}");
        assert_eq!(
            header(&answer, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        let same = get(&server, &format!("/console/{file}")).await;
        assert_eq!(
            answer.bytes().await.expect("a body"),
            same.bytes().await.expect("a body"),
            "{name}"
        );
        let old = get(&server, &format!("/console/{}/{file}", "0".repeat(16))).await;
        assert_eq!(
            old.status(),
            404,
            "scripts of an old version get none of a new one"
        );
    }
}

#[tokio::test]
async fn a_browser_asks_again_and_loads_nothing_twice() {
    let server = TestServer::start().await;
    for path in ["/", "/docs/", "/docs/swagger-ui.css", "/console/main.js"] {
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
async fn texts_are_compressed_for_those_who_take_it() {
    let server = TestServer::start().await;
    let mut sums = (0, 0);
    for path in [
        "/console/console.css",
        "/console/main.js",
        "/docs/swagger-ui-bundle.js",
    ] {
        let plain = get(&server, path).await;
        assert!(plain.headers().get("content-encoding").is_none(), "{path}");
        assert_eq!(header(&plain, "vary"), "accept-encoding");
        let tag = header(&plain, "etag").to_owned();
        let request = server.get(path).header("accept-encoding", "gzip, br");
        let small = request.send().await.expect("an answer");
        assert_eq!(header(&small, "content-encoding"), "gzip", "{path}");
        assert_ne!(header(&small, "etag"), tag, "another representation");
        let (plain, small) = (
            plain.bytes().await.expect("a body"),
            small.bytes().await.expect("a body"),
        );
        let mut text = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&small[..]), &mut text).expect("gzip");
        assert_eq!(text, plain, "{path}");
        sums = (sums.0 + plain.len(), sums.1 + small.len());
    }
    assert!(sums.1 * 3 < sums.0, "{sums:?}");
    let request = server
        .get("/console/annual-report.pdf")
        .header("accept-encoding", "gzip");
    let pdf = request.send().await.expect("an answer");
    assert!(pdf.headers().get("content-encoding").is_none());
}

/// A module that is found only once another has been read waits for one more answer.
#[tokio::test]
async fn the_page_names_all_modules_of_the_first_place() {
    let server = TestServer::start().await;
    let page = get(&server, "/").await.text().await.expect("a body");
    let files = written();
    let mut needed = vec!["main.js".to_owned(), "convert.js".to_owned()];
    let mut at = 0;
    while let Some(module) = needed.get(at) {
        let text = &files[&format!("/console/{module}")];
        for name in between(text, "from \"./", "\"") {
            if !needed.iter().any(|known| known == name) {
                needed.push(name.to_owned());
            }
        }
        at += 1;
    }
    let mut preloaded: Vec<_> = named(&page)
        .into_iter()
        .filter_map(|name| name.rsplit('/').next())
        .filter(|name| name.ends_with(".js") && *name != "theme.js")
        .collect();
    needed.sort();
    preloaded.sort_unstable();
    assert_eq!(preloaded, needed);
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
        let line = format!("{task}: done in ");
        assert!(
            said.lines().any(|said| said.starts_with(&line)),
            "{line} in {said}"
        );
    }
}

/// A server whose administrator makes a key for each person, so that none sees what another has sent.
async fn of_many_tenants(workers: usize) -> TestServer {
    TestServer::with(Setup {
        api_keys: "secret",
        admin_key: Some("an-admin-key-of-the-test"),
        workers,
        ..Setup::default()
    })
    .await
}

/// Groups of tasks, each with one server and one browser: their start takes longer than most tasks.
macro_rules! played {
    ($($name:ident: $workers:literal workers, $($task:literal)+;)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            play(&of_many_tenants($workers).await, &[$($task),+]).await;
        }
    )+};
}

played! {
    documents_are_sent_and_followed_to_their_end:
        2 workers, "sample" "drop" "progress" "away" "address" "batch" "locked";
    results_are_read_in_all_their_forms_and_hostile_ones_run_no_script:
        2 workers, "second_table" "sentence" "both_ways" "views" "page_pictures" "original" "harm";
    lists_of_any_length_are_searched_and_what_failed_is_retried:
        2 workers, "undo" "usage" "ten_thousand" "retry_day" "light" "reference";
    keyboards_small_screens_and_screen_readers_find_no_fault:
        2 workers, "keyboard" "sizes" "readers";
    documents_that_wait_are_cancelled_and_keys_are_made_and_revoked:
        0 workers, "cancel" "make_key" "administer";
}
