use std::sync::Arc;

use ilios::model::SystemClock;
use ilios::store::{Durability, SCHEMA_VERSION, Store, StoreError, StoreSettings};
use tempfile::TempDir;

fn settings() -> StoreSettings {
    StoreSettings {
        clock: Arc::new(SystemClock),
        durability: Durability::PowerCut,
    }
}

#[tokio::test]
async fn migrations_run_once_and_again_do_nothing() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("deep/below/ilios.db");
    let store = Store::open_local(&path, &settings()).await.expect("a database");
    assert_eq!(store.schema_version().await.expect("a version"), 0);
    let first = store.migrate().await.expect("migrations run");
    assert_eq!((first.from, first.to), (0, SCHEMA_VERSION));
    let second = store.migrate().await.expect("migrations run");
    assert_eq!((second.from, second.to), (SCHEMA_VERSION, SCHEMA_VERSION));
    store.close().await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("ilios.db");
    let store = Store::open_local(&path, &settings()).await.expect("a database");
    store.migrate().await.expect("migrations run");
    store.close().await;
    let database = libsql::Builder::new_local(&path)
        .build()
        .await
        .expect("a database");
    let connection = database.connect().expect("a connection");
    connection
        .execute(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'future', 0)",
            (),
        )
        .await
        .expect("a row");
    drop((connection, database));
    let store = Store::open_local(&path, &settings()).await.expect("a database");
    let error = store.migrate().await.expect_err("it is newer");
    assert!(matches!(error, StoreError::NewerSchema { found: 999, known } if known == SCHEMA_VERSION));
    store.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_words() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("ilios.db");
    std::fs::write(
        &path,
        "this is a letter, not a database, and long enough to be looked at".repeat(50),
    )
    .expect("a file");
    let error = Store::open_local(&path, &settings())
        .await
        .err()
        .expect("it is refused");
    assert!(error.to_string().contains("not a database"), "{error}");
}
