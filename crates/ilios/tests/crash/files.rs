//! What is sent, and what becomes of it when nothing goes wrong.

use std::collections::HashMap;
use std::time::Duration;

use rand::Rng;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tempfile::TempDir;

use crate::database::Database;
use crate::server::Server;
use crate::storage::Storage;

/// A file to send. What it becomes depends on its kind alone, but for a note, which says its own number.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What became of a document: its status, the code of its failure, its Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) status: String,
    pub(crate) code: Option<String>,
    pub(crate) markdown: Option<String>,
}

/// What becomes of each kind of file.
pub(crate) struct Expected(HashMap<String, End>);

/// Kinds, and how often each is sent. Notes need no child to be converted, so that a test may send many.
const KINDS: [(&str, u32); 5] = [
    ("note.txt", 12),
    ("report.csv", 3),
    ("report.html", 2),
    ("report.docx", 2),
    ("broken.pdf", 2),
];

impl Sending {
    /// A file of a random kind. `number` goes into its name, which thereby is unique.
    pub(crate) fn random(random: &mut impl Rng, number: u64) -> Self {
        let sum = KINDS.iter().map(|(_, weight)| weight).sum();
        let mut left = random.random_range(0..sum);
        for (kind, weight) in KINDS {
            if left < weight {
                return Self::of(kind, number);
            }
            left -= weight;
        }
        Self::of("note.txt", number)
    }

    fn of(kind: &str, number: u64) -> Self {
        let bytes = match kind {
            "note.txt" => note(number).into_bytes(),
            "broken.pdf" => fixture("pdf/broken.pdf"),
            kind => fixture(&format!("corpus/{kind}")),
        };
        Self {
            name: format!("{number}-{kind}"),
            bytes,
        }
    }

    pub(crate) fn part(&self) -> Part {
        Part::bytes(self.bytes.clone()).file_name(self.name.clone())
    }
}

fn note(number: u64) -> String {
    format!("This is the note {number}, and it differs from every other.\n").repeat(20)
}

fn fixture(path: &str) -> Vec<u8> {
    let folder = std::path::absolute(".")
        .expect("the folder of the crate")
        .join("../convert/tests/fixtures");
    std::fs::read(folder.join(path)).expect("a fixture")
}

impl Expected {
    /// Converts one file of each kind on a server that nobody disturbs.
    pub(crate) async fn find(storage: &Storage) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let rows = storage.another();
        let mut environment = storage.originals.environment();
        environment.extend(rows.environment());
        let mut server = Server::start(folder.path(), environment);
        let (address, _) = server.ready().await.expect("it starts");
        let client = ilios::tls::http_client().build().expect("a client");
        let files = KINDS.map(|(kind, _)| Sending::of(kind, 0));
        for file in &files {
            let request = client.post(format!("{address}/api/documents/submit"));
            let answer = request
                .multipart(Form::new().part("file", file.part()))
                .send()
                .await;
            let answer: Value = answer.expect("an answer").json().await.expect("a body");
            let id = answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer}"));
            let url = format!("{address}/api/documents/status/{id}?wait=30");
            client.get(url).send().await.expect("an answer");
        }
        server.terminate().await;
        let documents = rows.open(folder.path()).await.documents().await;
        let ends = documents
            .into_iter()
            .map(|found| (kind(&found.name).to_owned(), found.end));
        let expected = Self(ends.collect());
        expected.check();
        expected
    }

    /// A test that expects nothing proves nothing.
    fn check(&self) {
        for (kind, _) in KINDS {
            let end = self.0.get(kind).unwrap_or_else(|| panic!("{kind} has no end"));
            let status = if kind == "broken.pdf" {
                "failed"
            } else {
                "completed"
            };
            assert_eq!(end.status, status, "{kind}: {end:?}");
        }
    }

    /// What becomes of the file `name`.
    pub(crate) fn of(&self, name: &str) -> End {
        let mut end = self.0[kind(name)].clone();
        if kind(name) == "note.txt" {
            let number = name.split('-').next().unwrap_or_default();
            let markdown = end.markdown.take().expect("a note is completed");
            end.markdown = Some(markdown.replace("the note 0,", &format!("the note {number},")));
        }
        end
    }
}

fn kind(name: &str) -> &str {
    name.split_once('-').map_or(name, |(_, kind)| kind)
}

/// A file whose conversion takes seconds.
pub(crate) fn slow(number: u64) -> Sending {
    let row = "<tr><td>one</td><td><b>two</b></td><td><a href=\"x\">three</a></td></tr>";
    let rows = row.repeat(ROWS);
    Sending {
        name: format!("{number}-slow.html"),
        bytes: format!("<html><body><h1>{number}</h1><table>{rows}</table></body></html>").into_bytes(),
    }
}

/// Enough for some seconds in a build without optimization.
const ROWS: usize = 20_000;

/// Waits until every document has ended.
pub(crate) async fn all_ended(database: &Database, timeout: Duration) {
    let since = std::time::Instant::now();
    loop {
        let open = database.open_jobs().await;
        if open == 0 {
            return;
        }
        assert!(
            since.elapsed() < timeout,
            "{open} jobs are left after {timeout:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
