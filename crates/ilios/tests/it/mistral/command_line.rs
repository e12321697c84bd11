//! Mistral on the command line.

use std::process::{Command, Output};

use mistral_standin::{Faults, KEY, Standin};
use tempfile::TempDir;

use super::setup::pdf;

struct Shell {
    standin: Standin,
    folder: TempDir,
}

impl Shell {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::write(folder.path().join("scan.pdf"), pdf(2, "a", 0)).expect("a file");
        Self {
            standin: Standin::start(Faults::default()).await.expect("a stand-in"),
            folder,
        }
    }

    async fn run(&self, arguments: &[&str], key: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ilios"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("MISTRAL_API_KEY", key)
            .env("MISTRAL_BASE_URL", format!("{}/v1/", self.standin.url()));
        let run = tokio::task::spawn_blocking(move || command.output());
        run.await.expect("it ends").expect("it runs")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_file_is_converted_by_the_engine_that_is_named() {
    let shell = Shell::new().await;
    let output = shell
        .run(&["convert", "scan.pdf", "--engine", "mistral"], KEY)
        .await;
    assert!(
        text(&output.stdout).contains("This is the text of page 2."),
        "{output:?}"
    );
    assert_eq!(shell.standin.counts().billed_pages(), 2);
    let output = shell
        .run(&["convert", "scan.pdf", "--engine", "local"], KEY)
        .await;
    assert!(!output.status.success(), "nothing is on its pages");
    assert_eq!(shell.standin.counts().billed_pages(), 2);
    let output = shell
        .run(&["convert", "scan.pdf", "--engine", "other"], KEY)
        .await;
    assert!(
        text(&output.stderr).contains("takes mistral, local or auto"),
        "{output:?}"
    );
}

#[tokio::test]
async fn doctor_says_whether_the_key_is_accepted() {
    let shell = Shell::new().await;
    let output = shell.run(&["doctor"], KEY).await;
    assert!(text(&output.stdout).contains("the key is accepted"), "{output:?}");
    let output = shell.run(&["doctor"], "wrong").await;
    let words = text(&output.stdout);
    assert!(
        words.contains("FAIL  mistral") && words.contains("MISTRAL_API_KEY"),
        "{words}"
    );
    assert!(!output.status.success() && !words.contains("wrong"), "{words}");
    assert_eq!(shell.standin.counts().billed_pages(), 0);
}
