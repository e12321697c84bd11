use tempfile::TempDir;

use super::make::{OldFile, content, id};
use super::{refused, run, succeeds};

/// More than two blocks of documents.
const DOCUMENTS: usize = 450;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_killed_is_finished_by_another_one() {
    let folder = TempDir::new().expect("a temporary folder");
    let old = OldFile::new().await;
    old.run("BEGIN").await;
    for number in 0..DOCUMENTS {
        old.completed(&id(number), None, &format!("# {number}")).await;
    }
    old.run("COMMIT").await;
    // The log is read: what a killed import leaves of it is swept.
    let before = content(old.folder.path());
    let file = old.file().display().to_string();
    let mut environment = vec![("DATA_DIR", folder.path().join("new").display().to_string())];
    // Batches, three of documents, three of usage, batches again.
    for passes in 0..7 {
        environment.push(("CRASH_POINT", format!("import_block:{passes}")));
        let killed = run(&["db", "import-v2", &file], &environment);
        assert_eq!(killed.status.code(), None, "{passes}: it is killed");
        environment.pop();
        let fault = refused(&["serve"], &environment);
        assert!(fault.contains("run `ilios db import-v2` again"), "{fault}");
    }
    let another = OldFile::new().await;
    another.completed(&id(1_000), None, "# Another").await;
    let fault = refused(
        &["db", "import-v2", &another.file().display().to_string()],
        &environment,
    );
    assert!(fault.contains("another database"), "{fault}");
    let told = succeeds(&["db", "import-v2", &file], &environment);
    assert!(
        told.contains(&format!("{DOCUMENTS} of {DOCUMENTS} documents")),
        "{told}"
    );
    assert!(
        told.contains(&format!("{DOCUMENTS} of {DOCUMENTS} usage records")),
        "{told}"
    );
    assert!(content(old.folder.path()) == before);
    let left = content(&folder.path().join("new/tmp"));
    assert!(left.is_empty(), "{:?}", left.keys());
    let sound = succeeds(&["db", "check"], &environment);
    assert!(
        sound.contains(&format!("{DOCUMENTS} document_contents")),
        "{sound}"
    );
}
