//! The local database as a file: its key, its backup, its damage, and who else may use it.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use ilios::model::{Clock, Priority, Secret, SystemClock};
use ilios::store::{Durability, Store, StoreSettings};
use tempfile::TempDir;

use crate::conformance::make::{ids, queued, tenant};

const KEY: (&str, &str) = ("DB_ENCRYPTION_KEY", "it's hunter2");
const NEW_KEY: (&str, &str) = ("NEW_DB_ENCRYPTION_KEY", "hunter3");
/// In the name of a document, and so in the database.
const WORD: &str = "confidential";

fn ilios(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ilios"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PORT", "0")
        .envs(environment.iter().copied())
        .output()
        .expect("it runs")
}

fn succeeds(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = ilios(folder, arguments, environment);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("text")
}

/// The one line by which a command is refused.
fn refused(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = ilios(folder, arguments, environment);
    let complaint = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {complaint}");
    assert!(!complaint.contains("hunter"), "{complaint}");
    let lines: Vec<&str> = complaint
        .lines()
        .filter(|line| line.starts_with("ilios: "))
        .collect();
    assert_eq!(lines.len(), 1, "{complaint}");
    lines[0].to_owned()
}

async fn open(file: &Path, key: Option<&str>) -> Store {
    let settings = StoreSettings {
        clock: Arc::new(SystemClock),
        durability: Durability::Crash,
    };
    let store = Store::open_encrypted(file, key.map(Secret::new).as_ref(), &settings).await;
    store.expect("a database")
}

async fn submit(store: &Store, count: usize) {
    store.migrate().await.expect("migrations run");
    let ids = ids();
    for number in 0..count {
        let mut new = queued(&ids, &tenant("a"), SystemClock.now(), Priority::default());
        new.document.file_name = ilios::model::FileName::clean(&format!("{WORD} {number}.txt"));
        store.submit_document(new, None).await.expect("it is accepted");
    }
}

async fn pending(file: &Path, key: Option<&str>) -> u64 {
    let store = open(file, key).await;
    let state = store.queue_state(1_000_000).await.expect("a state");
    store.close().await;
    state.pending
}

/// Whether any file of the folder holds the word in clear.
fn in_clear(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry").path());
    files.filter(|path| path.is_file()).any(|path| {
        let bytes = std::fs::read(path).expect("a file");
        bytes.windows(WORD.len()).any(|window| window == WORD.as_bytes())
    })
}

/// Names of the files that SQLite keeps beside a database while it is open.
fn logs(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    names
        .filter(|name| name.ends_with("-wal") || name.ends_with("-shm"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn closing_moves_the_log_into_the_file_while_others_read() {
    for key in [None, Some(KEY.1)] {
        for round in 0..12 {
            let folder = TempDir::new().expect("a temporary folder");
            let file = folder.path().join("ilios.db");
            let store = open(&file, key).await;
            submit(&store, 3).await;
            let readers: Vec<_> = (0..8)
                .map(|_| {
                    let store = store.clone();
                    // Reads that come after the close are refused.
                    tokio::spawn(async move { while store.queue_state(100).await.is_ok() {} })
                })
                .collect();
            store.close().await;
            for reader in readers {
                reader.await.expect("it ends");
            }
            assert_eq!(logs(folder.path()), Vec::<String>::new(), "round {round}");
            assert_eq!(pending(&file, key).await, 3, "round {round}");
        }
    }
}

/// A copy of what a process that is killed now would leave behind.
fn left_by_a_kill(open: &Path) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    for name in ["ilios.db", "ilios.db-wal"] {
        std::fs::copy(open.join(name), data.join(name)).expect("a copy");
    }
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_key_destroys_nothing_of_a_database_whose_process_was_killed() {
    const WRONG: (&str, &str) = ("DB_ENCRYPTION_KEY", "hunter1");
    let (plain, encrypted): (&[_], &[_]) = (&[], &[KEY]);
    for (key, wrong, words) in [
        (plain, &[KEY][..], "ilios db encrypt"),
        (encrypted, &[WRONG], "DB_ENCRYPTION_KEY is not the key"),
        (encrypted, &[], "set DB_ENCRYPTION_KEY"),
    ] {
        let folder = TempDir::new().expect("a temporary folder");
        let store = open(&folder.path().join("ilios.db"), key.first().map(|key| key.1)).await;
        submit(&store, 20).await;
        for command in [
            &["serve"][..],
            &["migrate"],
            &["db", "check"],
            &["db", "backup", "copy.db"],
        ] {
            let killed = left_by_a_kill(folder.path());
            let fault = refused(killed.path(), command, wrong);
            assert!(fault.contains(words), "{command:?}: {fault}");
            let checked = succeeds(killed.path(), &["db", "check"], key);
            assert!(checked.contains("20 documents"), "{command:?}: {checked}");
        }
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_database_shows_nothing_and_opens_with_its_key_alone() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data");
    let file = data.join("ilios.db");
    let store = open(&file, Some(KEY.1)).await;
    submit(&store, 20).await;
    assert!(!in_clear(&data), "neither the file nor its log");
    store.close().await;
    assert!(!in_clear(&data));
    for (environment, words) in [
        (&[][..], "set DB_ENCRYPTION_KEY"),
        (
            &[("DB_ENCRYPTION_KEY", "hunter")][..],
            "DB_ENCRYPTION_KEY is not the key",
        ),
    ] {
        for command in [&["serve"][..], &["migrate"], &["db", "check"]] {
            let fault = refused(folder.path(), command, environment);
            assert!(fault.contains(words), "{fault}");
        }
    }
    assert!(succeeds(folder.path(), &["db", "check"], &[KEY]).contains("20 documents"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_is_encrypted_rekeyed_and_decrypted_with_all_its_rows() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data");
    let file = data.join("ilios.db");
    let store = open(&file, None).await;
    submit(&store, 20).await;
    store.close().await;
    assert!(in_clear(&data));
    let fault = refused(folder.path(), &["serve"], &[KEY]);
    assert!(fault.contains("ilios db encrypt"), "{fault}");
    let fault = refused(folder.path(), &["db", "encrypt"], &[]);
    assert!(fault.contains("DB_ENCRYPTION_KEY"), "{fault}");
    succeeds(folder.path(), &["db", "encrypt"], &[KEY]);
    assert!(!in_clear(&data));
    assert_eq!(pending(&file, Some(KEY.1)).await, 20);
    let fault = refused(folder.path(), &["db", "rekey"], &[KEY]);
    assert!(fault.contains("NEW_DB_ENCRYPTION_KEY"), "{fault}");
    refused(
        folder.path(),
        &["db", "rekey"],
        &[("DB_ENCRYPTION_KEY", "hunter"), NEW_KEY],
    );
    succeeds(folder.path(), &["db", "rekey"], &[KEY, NEW_KEY]);
    assert!(!in_clear(&data));
    let new_key = ("DB_ENCRYPTION_KEY", NEW_KEY.1);
    refused(folder.path(), &["db", "decrypt"], &[KEY]);
    assert_eq!(pending(&file, Some(NEW_KEY.1)).await, 20);
    succeeds(folder.path(), &["db", "decrypt"], &[new_key]);
    assert!(in_clear(&data));
    assert_eq!(pending(&file, None).await, 20);
    let left = std::fs::read_dir(&data).expect("a folder");
    let left: Vec<_> = left.map(|entry| entry.expect("an entry").file_name()).collect();
    assert!(
        left.len() <= 3,
        "the database, its lock and that of the originals alone: {left:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_database_in_use_is_whole_and_has_its_key() {
    for key in [None, Some(KEY)] {
        let folder = TempDir::new().expect("a temporary folder");
        let file = folder.path().join("data/ilios.db");
        let environment: Vec<_> = key.into_iter().collect();
        let store = open(&file, key.map(|key| key.1)).await;
        submit(&store, 50).await;
        let writing = store.clone();
        let writer = tokio::spawn(async move {
            let ids = ilios::model::Ids::new(<rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(8));
            for _ in 0..500 {
                let new = queued(&ids, &tenant("a"), SystemClock.now(), Priority::default());
                writing.submit_document(new, None).await.expect("it is accepted");
            }
        });
        succeeds(folder.path(), &["db", "backup", "copy.db"], &environment);
        writer.await.expect("it goes on");
        let copied = pending(&folder.path().join("copy.db"), key.map(|key| key.1)).await;
        assert!((50..=550).contains(&copied), "{copied}");
        assert_eq!(store.queue_state(10_000).await.expect("a state").pending, 550);
        let fault = refused(folder.path(), &["db", "backup", "copy.db"], &environment);
        assert!(fault.contains("there already"), "{fault}");
        assert_eq!(in_clear(folder.path()), key.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_is_found() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("data/ilios.db");
    let store = open(&file, None).await;
    submit(&store, 500).await;
    store.close().await;
    let sound = succeeds(folder.path(), &["db", "check"], &[]);
    assert!(
        sound.contains("is sound") && sound.contains("500 jobs"),
        "{sound}"
    );
    let mut bytes = std::fs::read(&file).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 9_000].fill(0x5a);
    std::fs::write(&file, bytes).expect("a file");
    let fault = refused(folder.path(), &["db", "check"], &[]);
    assert!(
        fault.contains("damaged") || fault.contains("malformed"),
        "{fault}"
    );
}

#[test]
fn a_node_that_would_share_local_files_with_others_refuses_to_start() {
    let folder = TempDir::new().expect("a temporary folder");
    for role in ["api", "worker"] {
        let fault = refused(folder.path(), &["serve", "--role", role], &[]);
        assert!(fault.contains("DATABASE_URL") && fault.contains(role), "{fault}");
        let database = [("DATABASE_URL", "postgres://me@127.0.0.1:1/x"), ("ROLE", role)];
        let fault = refused(folder.path(), &["serve"], &database);
        assert!(fault.contains("S3_BUCKET") && fault.contains(role), "{fault}");
    }
    let unknown = ilios(folder.path(), &["serve", "--role", "boss"], &[]);
    assert_eq!(unknown.status.code(), Some(2));
}
