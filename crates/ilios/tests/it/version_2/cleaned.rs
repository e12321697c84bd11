use tempfile::TempDir;

use super::imported::ApiClient;
use super::make::{OldFile, id};
use super::{Environment, succeeds};
use crate::nodes::Node;

/// Results of version 2.1 and what is served of them.
const RESULTS: &[(&str, &str)] = &[
    ("[one](javascript:alert(1)) two", "one two"),
    ("![one](java&Tab;script:x)", "one"),
    ("[one][a]\n\n[a]: vbscript:x", "one\n\n"),
    ("<a href=\"java&#115;cript:x\">one</a>", "<a >one</a>"),
    ("[one](data:text/html;base64,AAAA)", "one"),
    // A terminal would obey the first, and the second hides a link.
    ("one \u{1b}[2Jtwo", "one [2Jtwo"),
    ("[one](java\u{1}script:x)", "one"),
    // What is harmless stays as it is.
    (
        "| a |\n|---|\n| [b](https://b.example) |",
        "| a |\n|---|\n| [b](https://b.example) |",
    ),
    (
        "![c](data:image/png;base64,AAAA)",
        "![c](data:image/png;base64,AAAA)",
    ),
    (
        "JavaScript: `[a](javascript:x)`",
        "JavaScript: `[a](javascript:x)`",
    ),
];

async fn import(results: &[&str], environment: &Environment) -> String {
    let old = OldFile::new().await;
    for (number, markdown) in results.iter().enumerate() {
        old.completed(&id(number), None, markdown).await;
    }
    let data = old.closed().await;
    let file = data.path().join("ilios.db").display().to_string();
    succeeds(&["db", "import-v2", &file], environment)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_run_no_script_and_steer_no_terminal() {
    let folder = TempDir::new().expect("a temporary folder");
    let environment = vec![("DATA_DIR", folder.path().display().to_string())];
    let results: Vec<&str> = RESULTS.iter().map(|(markdown, _)| *markdown).collect();
    let told = import(&results, &environment).await;
    assert!(told.contains("0 remarks"), "{told}");
    let node = Node::start(&environment);
    let open = ApiClient {
        node: &node,
        key: None,
    };
    for (number, (markdown, expected)) in RESULTS.iter().enumerate() {
        let path = format!("/api/documents/{}", id(number));
        let served = open.get(&path).await.text().await.expect("text");
        assert_eq!(served, *expected, "{markdown}");
        let json = open.json(&format!("{path}?format=json")).await;
        assert_eq!(json["content"], *expected);
    }
}

/// A result that its parser would take too much for is kept, as text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_cannot_be_parsed_within_the_limits_becomes_a_block_of_code() {
    let folder = TempDir::new().expect("a temporary folder");
    let environment = vec![("DATA_DIR", folder.path().display().to_string())];
    let large = format!("```\n````\n[one](javascript:x)\n{}", "word ".repeat(300_000));
    let mut limited = environment.clone();
    limited.push(("CONVERT_MAX_OUTPUT", "1".to_owned()));
    let told = import(&[large.as_str(), "[two](javascript:x)"], &limited).await;
    let remark = format!("documents {}: its result was not searched", id(0));
    assert!(told.contains(&remark) && told.contains("1 remarks"), "{told}");
    let node = Node::start(&environment);
    let open = ApiClient {
        node: &node,
        key: None,
    };
    let path = format!("/api/documents/{}", id(0));
    let served = open.get(&path).await.text().await.expect("text");
    assert!(
        served == format!("`````\n{large}\n`````\n"),
        "{} of {} characters: {served:.80}",
        served.len(),
        large.len()
    );
    let page = open
        .get(&format!("{path}?format=html"))
        .await
        .text()
        .await
        .expect("text");
    assert!(page.contains("[one](javascript:x)") && !page.contains("href=\"javascript"));
    let other = open.get(&format!("/api/documents/{}", id(1))).await;
    assert_eq!(other.text().await.expect("text"), "two");
}
