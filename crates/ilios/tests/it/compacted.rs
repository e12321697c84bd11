//! `ilios db compact`: the space of deleted rows, given back to the disk.

use std::path::Path;

use ilios::model::{Clock, DocumentContent, Priority, Secret, Status, SystemClock};
use ilios::store::{CompletedDocument, Durability, JobOutcome, Store, StoreSettings};
use tempfile::TempDir;

use crate::command_line::ilios;
use crate::conformance::make::{completed, deletion, ids, queued, tenant};
use crate::serve::Server;

const KEY: (&str, &str) = ("DB_ENCRYPTION_KEY", "it's hunter2");
/// The environments of a database in clear and of an encrypted one.
const ENVIRONMENTS: [&[(&str, &str)]; 2] = [&[], &[KEY]];
/// Documents that are kept, and that are deleted; each takes `SIZE` bytes.
const KEPT: usize = 3;
const DELETED: usize = 40;
const SIZE: usize = 100_000;

async fn open(file: &Path, environment: &[(&str, &str)]) -> Store {
    let settings = StoreSettings {
        clock: std::sync::Arc::new(SystemClock),
        durability: Durability::Crash,
    };
    let key = environment.first().map(|(_, key)| Secret::new(*key));
    let store = Store::open_encrypted(file, key.as_ref(), &settings).await;
    store.expect("a database")
}

/// Fills the database in `folder`, deletes most of it again, and closes it.
async fn with_gaps(folder: &Path, environment: &[(&str, &str)]) {
    let store = open(&folder.join("data/ilios.db"), environment).await;
    store.migrate().await.expect("migrations run");
    let (ids, tenant, now) = (ids(), tenant("a"), SystemClock.now());
    let mut stored = Vec::new();
    for _ in 0..KEPT + DELETED {
        let mut document = queued(&ids, &tenant, now, Priority::default()).document;
        let JobOutcome::Completed(job) = completed(&ids, &tenant, &document.id, now) else {
            panic!("it is completed");
        };
        stored.push(document.id.clone());
        document.status = Status::Completed;
        document.processed_at = Some(now);
        document.metadata = Some(job.metadata);
        document.object_key = None;
        let completed = CompletedDocument {
            document,
            content: DocumentContent {
                markdown: "x".repeat(SIZE),
                pages: Vec::new(),
            },
            model: None,
            usage: job.usage,
            images: Vec::new(),
            idempotency: None,
        };
        store.insert_completed(completed).await.expect("it is stored");
    }
    for id in &stored[KEPT..] {
        let deleted = store
            .delete_document(&tenant, id, deletion(id))
            .await
            .expect("an answer");
        assert!(deleted.is_some());
    }
    store.close().await;
}

/// The status, standard output and standard error of `ilios db …`.
fn db(folder: &Path, command: &str, environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut program = ilios(folder);
    program.args(["db", command]).envs(environment.iter().copied());
    let output = program.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn size(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("data/ilios.db"))
        .expect("a file")
        .len()
}

#[tokio::test]
async fn the_space_of_what_was_deleted_is_given_back() {
    for environment in ENVIRONMENTS {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path();
        with_gaps(path, environment).await;
        let before = size(path);
        assert!(
            before > ((KEPT + DELETED) * SIZE) as u64,
            "deleting alone gives nothing back"
        );
        let (status, said, err) = db(path, "compact", environment);
        assert_eq!(status, Some(0), "{err}");
        let now = size(path);
        let bytes = format!("{before} bytes before, {now} now");
        assert!(said.contains(&bytes), "{said}");
        let kept = (KEPT * SIZE) as u64;
        assert!((kept..kept + 500_000).contains(&now), "{said}");
        let (status, said, err) = db(path, "check", environment);
        assert!(
            status == Some(0) && said.contains(&format!("{KEPT} documents")),
            "{said} {err}"
        );
        let bytes = std::fs::read(path.join("data/ilios.db")).expect("a file");
        let shows = bytes.windows(100).any(|window| window == [b'x'; 100]);
        assert_eq!(shows, environment.is_empty(), "it is encrypted as before");
    }
}

#[tokio::test]
async fn it_is_refused_while_a_server_works_with_the_database_and_under_a_wrong_key() {
    for environment in ENVIRONMENTS {
        let folder = TempDir::new().expect("a temporary folder");
        with_gaps(folder.path(), environment).await;
        let wrong = [("DB_ENCRYPTION_KEY", "hunter1")];
        let before = size(folder.path());
        let (status, _, err) = db(folder.path(), "compact", &wrong);
        assert_eq!(status, Some(1), "{err}");
        assert_eq!(size(folder.path()), before);
        let server = Server::start_in(folder, environment);
        let (status, _, err) = db(server.folder.path(), "compact", environment);
        assert_eq!(status, Some(1), "{err}");
        assert!(err.contains("another server works with"), "{err}");
        server.signal("-TERM");
        let folder = server.ended();
        let (status, said, err) = db(folder.path(), "check", environment);
        assert!(
            status == Some(0) && said.contains(&format!("{KEPT} documents")),
            "{said} {err}"
        );
        assert_eq!(db(folder.path(), "compact", environment).0, Some(0));
    }
}
