use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::clients::Answers;
use crate::database::{Database, Found};
use crate::files::Expected;
use crate::storage::Storage;
use crate::sweep::sweep;

/// What was found at the end of a run.
pub(crate) struct Figures {
    pub(crate) completed: usize,
    pub(crate) failed: usize,
}

/// Every document in the database has ended once, as it does when nothing goes wrong; whatever was accepted is
/// among them.
pub(crate) async fn documents(database: &Database, answers: &Answers, expected: &Expected) -> Figures {
    let documents = database.documents().await;
    let mut figures = Figures {
        completed: 0,
        failed: 0,
    };
    for found in &documents {
        assert_eq!(found.end, expected.of(&found.name), "{} {}", found.id, found.name);
        let completed = found.end.status == "completed";
        assert_eq!(
            found.usage_records,
            i64::from(completed),
            "{} {}",
            found.id,
            found.name
        );
        figures.completed += usize::from(completed);
        figures.failed += usize::from(!completed);
    }
    let records = database.number("SELECT COUNT(*) FROM usage_records").await;
    assert_eq!(
        records,
        i64::try_from(figures.completed).expect("a count"),
        "records of no document"
    );
    let wrong = database.wrong_batches().await;
    assert!(wrong.is_empty(), "{wrong:?}");
    let models = "SELECT COUNT(DISTINCT document_id) FROM document_models";
    assert_eq!(
        database.number(models).await,
        database
            .number("SELECT COUNT(*) FROM documents WHERE metadata LIKE '%\"engine\":\"local\"%'")
            .await,
        "a model comes with what is converted here"
    );
    let held = "SELECT COUNT(*) FROM jobs WHERE status NOT IN ('completed', 'failed') OR owner IS NOT NULL";
    assert_eq!(database.number(held).await, 0);
    accepted(&documents, answers);
    figures
}

fn accepted(documents: &[Found], answers: &Answers) {
    let rows: BTreeMap<&str, &str> = documents.iter().map(|found| (&*found.id, &*found.name)).collect();
    let mut ids = BTreeSet::new();
    for (id, name) in &answers.accepted {
        assert_eq!(rows.get(&**id), Some(&&**name), "{id} was accepted");
        assert!(ids.insert(id), "{id} was answered twice");
    }
    // A name is sent once, or again under the same idempotency key.
    let mut names = BTreeSet::new();
    for found in documents {
        assert!(names.insert(&found.name), "{} was taken twice", found.name);
    }
    assert_eq!(answers.refused, [""; 0]);
}

/// What the server says of the accepted documents is what its database says.
pub(crate) async fn answers(address: &str, answers: &Answers, expected: &Expected) {
    let client = ilios::tls::http_client().build().expect("a client");
    for (id, name) in &answers.accepted {
        let url = format!("{address}/api/documents/status/{id}");
        let status = client.get(url).send().await.expect("an answer");
        let status: Value = status.json().await.expect("a body");
        let expected = expected.of(name);
        assert_eq!(status["status"], expected.status, "{status}");
        if let Some(markdown) = expected.markdown {
            let url = format!("{address}/api/documents/{id}");
            let content = client.get(url).send().await.expect("an answer");
            assert_eq!(content.text().await.expect("a body"), markdown, "{id} {name}");
        }
    }
}

/// After a sweep there is an object for each row, and nothing else; no temporary file is left.
pub(crate) async fn files(data: &Path, storage: &Storage) {
    Box::pin(sweep(data, storage)).await;
    let database = Box::pin(storage.database(data)).await;
    let rows = database.documents().await;
    let named: BTreeSet<String> = rows.into_iter().filter_map(|found| found.object_key).collect();
    assert_eq!(below(&storage.originals.folder(data)), named);
    assert_eq!(database.number("SELECT COUNT(*) FROM object_deletions").await, 0);
    assert_eq!(database.number("SELECT COUNT(*) FROM open_uploads").await, 0);
    assert_eq!(below(&data.join("tmp")), BTreeSet::new());
}

/// The files below a folder, but for those in which the S3 server keeps its notes.
fn below(folder: &Path) -> BTreeSet<String> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let names = files.map(|entry| {
        let name = entry.path().strip_prefix(folder).expect("below");
        name.display().to_string()
    });
    names.filter(|name| !name.starts_with('.')).collect()
}
