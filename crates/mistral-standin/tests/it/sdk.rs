//! Mistral's own Python client against the stand-in.

use tokio::process::Command;

use crate::harness::{Test, pdf};

/// The probe reads the JSON of the answers too: the client passes over some of what is wrong with them.
#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_is_content() {
    let test = Test::new().await;
    test.standin.publish("https://example.com/published.pdf", pdf(3));
    let folder = std::path::absolute(".").expect("the folder of the crate");
    let output = Command::new("bash")
        .arg(folder.join("../../scripts/mistral-sdk.sh"))
        .arg("run")
        .arg(folder.join("tests/sdk/mistral_sdk_probe.py"))
        .args(["--base-url", &test.standin.url()])
        .args(["--api-key", mistral_standin::KEY])
        .args(["--document-url", "https://example.com/published.pdf"])
        .output()
        .await
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    let summary = said.lines().last().unwrap_or_default();
    // A warning would be an answer that only this client is content with; a skip would be a silence.
    assert!(summary.ends_with("FAIL=0 WARN=0 SKIP=0"), "{said}\n{complained}");
    assert!(
        said.lines().filter(|line| line.starts_with("PASS")).count() >= 45,
        "{said}"
    );
    assert!(test.standin.counts().billed_pages() > 0);
}
