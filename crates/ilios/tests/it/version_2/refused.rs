use std::path::Path;

use super::make::{OldFile, content, id};
use super::{Environment, refused, run};

const KEY: &str = "hunter2";

/// Commands that open a database.
const COMMANDS: &[&[&str]] = &[
    &["serve"],
    &["migrate"],
    &["db", "check"],
    &["db", "backup", "/nowhere/copy.db"],
    &["db", "encrypt"],
    &["db", "decrypt"],
    &["db", "rekey"],
    &["db", "export", "/nowhere/archive"],
    &["db", "import", "/nowhere/archive"],
    &["usage", "--reconcile"],
];

fn environment(data: &Path, elsewhere: &Path) -> Environment {
    vec![
        ("LOCAL_DB_PATH", data.join("ilios.db").display().to_string()),
        ("DATA_DIR", elsewhere.display().to_string()),
    ]
}

/// Every command says the way out in one sentence and leaves the folder as it was.
fn leaves_alone(data: &Path, keys: &Environment) {
    let elsewhere = tempfile::TempDir::new().expect("a temporary folder");
    let environment: Environment = environment(data, elsewhere.path())
        .into_iter()
        .chain(keys.clone())
        .collect();
    let before = content(data);
    for command in COMMANDS {
        let fault = refused(command, &environment);
        let file = data.join("ilios.db");
        assert!(
            fault.contains(&format!("`ilios db import-v2 {}`", file.display())),
            "{command:?}: {fault}"
        );
        assert!(content(data) == before, "{command:?} left the folder as it was");
    }
    let doctor = run(&["doctor"], &environment);
    let told = String::from_utf8(doctor.stdout).expect("text");
    assert!(
        told.contains("FAIL  database") && told.contains("import-v2"),
        "{told}"
    );
    // Not into itself either.
    let file = data.join("ilios.db").display().to_string();
    let fault = refused(&["db", "import-v2", &file], &environment);
    assert!(fault.contains("LOCAL_DB_PATH"), "{fault}");
    assert!(content(data) == before, "nothing is beside the file");
}

#[tokio::test]
async fn every_command_leaves_a_database_of_version_2_alone() {
    let old = OldFile::new().await;
    old.completed(&id(1), Some("a key"), "# One").await;
    leaves_alone(old.closed().await.path(), &Vec::new());
}

#[tokio::test]
async fn a_log_beside_the_database_is_left_alone_too() {
    // All that it holds is in its log.
    let old = OldFile::new().await;
    old.completed(&id(1), Some("a key"), "# One").await;
    assert!(
        std::fs::metadata(old.folder.path().join("ilios.db-wal"))
            .expect("a log")
            .len()
            > 0
    );
    leaves_alone(old.folder.path(), &Vec::new());
}

#[tokio::test]
async fn an_encrypted_one_is_known_by_its_key() {
    let old = OldFile::with_key(Some(KEY)).await;
    old.completed(&id(1), Some("a key"), "# One").await;
    let keys = vec![
        ("DB_ENCRYPTION_KEY", KEY.to_owned()),
        ("NEW_DB_ENCRYPTION_KEY", "another".to_owned()),
    ];
    leaves_alone(old.closed().await.path(), &keys);
}

#[tokio::test]
async fn one_in_clear_is_known_although_a_key_is_set() {
    let old = OldFile::new().await;
    let keys = vec![
        ("DB_ENCRYPTION_KEY", KEY.to_owned()),
        ("NEW_DB_ENCRYPTION_KEY", "another".to_owned()),
    ];
    leaves_alone(old.closed().await.path(), &keys);
}

#[tokio::test]
async fn the_default_data_folder_is_left_alone() {
    let old = OldFile::new().await;
    let data = old.closed().await;
    let environment = vec![("DATA_DIR", data.path().display().to_string())];
    let before = content(data.path());
    let fault = refused(&["serve"], &environment);
    assert!(fault.contains("import-v2"), "{fault}");
    let after = content(data.path());
    assert_eq!(before.get("ilios.db"), after.get("ilios.db"));
    assert_eq!(after.len(), 1, "{:?}", after.keys());
}

#[tokio::test]
async fn what_is_no_database_of_version_2_is_not_imported() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let environment = vec![("DATA_DIR", path("data"))];
    std::fs::write(path("text.db"), "something else, and long enough to be looked at").expect("a file");
    std::fs::write(path("empty.db"), "").expect("a file");
    for name in ["missing.db", "text.db", "empty.db", "data"] {
        let fault = refused(&["db", "import-v2", &path(name)], &environment);
        assert!(fault.contains(name), "{fault}");
    }
}
