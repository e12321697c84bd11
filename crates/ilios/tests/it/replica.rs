//! A copy of a libSQL primary: its start, its file, the time, tokens, and what several copies of one primary see.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use ilios::model::{Clock, Document, Id, Ids, Priority, RetryPolicy, Secret, SystemClock};
use ilios::store::db::{Db, DbError, Value};
use ilios::store::{
    Disposition, Durability, ReplicaSettings, SCHEMA_VERSION, Store, StoreError, StoreSettings,
};
use serde_json::json;
use tempfile::TempDir;

use crate::conformance::make::{queued, tenant};
use crate::primary_server::{PrimaryServer, settings};

pub(crate) fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

pub(crate) async fn open(settings: &ReplicaSettings) -> Store {
    let store = Store::open_replica(settings).await.expect("a database");
    store.migrate().await.expect("migrations run");
    store
}

/// Ids that nobody else has.
pub(crate) fn fresh() -> Ids {
    Ids::new(<rand::rngs::StdRng as rand::SeedableRng>::from_os_rng())
}

pub(crate) async fn submit(store: &Store) -> Id {
    let new = queued(&fresh(), &tenant("a"), SystemClock.now(), Priority::default());
    let id = new.document.id.clone();
    store.submit_document(new, None).await.expect("it is accepted");
    id
}

pub(crate) async fn found(store: &Store, id: &Id) -> Option<Document> {
    store.document(&tenant("a"), id).await.expect("an answer")
}

pub(crate) async fn refused(settings: &ReplicaSettings) -> String {
    let opened = Store::open_replica(settings).await;
    let error = opened.err().expect("it is refused");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_run_once_whoever_starts_first() {
    let server = PrimaryServer::start().await;
    let folders: Vec<TempDir> = (0..4).map(|_| folder()).collect();
    let all: Vec<ReplicaSettings> = folders
        .iter()
        .map(|folder| server.settings(folder.path(), None))
        .collect();
    let stores = join_all(all.iter().map(Store::open_replica)).await;
    let stores: Vec<Store> = stores
        .into_iter()
        .map(|store| store.expect("a database"))
        .collect();
    let migrated = join_all(stores.iter().map(Store::migrate)).await;
    let from = migrated
        .into_iter()
        .map(|outcome| outcome.expect("migrations run").from);
    assert_eq!(from.filter(|&from| from == 0).count(), 1);
    let newer = "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'future', 0)";
    server.sql(newer).await;
    stores[0].catch_up(Duration::ZERO).await.expect("it is fetched");
    let refused = stores[0].migrate().await;
    assert!(
        matches!(refused, Err(StoreError::NewerSchema { found: 999, .. })),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_is_there_at_once_and_elsewhere_when_it_is_fetched() {
    let server = PrimaryServer::start().await;
    let (here, there) = (folder(), folder());
    let one = open(&server.settings(here.path(), None)).await;
    let other = open(&server.settings(there.path(), None)).await;
    let submitted = join_all((0..30).map(|_| async {
        let id = submit(&one).await;
        assert!(found(&one, &id).await.is_some(), "it is there at once");
        id
    }))
    .await;
    let last = submitted.last().expect("some");
    assert!(found(&other, last).await.is_none());
    assert!(other.catch_up(Duration::ZERO).await.expect("it is fetched"));
    assert!(found(&other, last).await.is_some());
    assert!(
        !other.catch_up(Duration::from_secs(60)).await.expect("an answer"),
        "that was just done"
    );
    assert!(other.copy_age().expect("an age") < Duration::from_secs(60));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_copy_is_brought_up_to_date_by_itself() {
    let server = PrimaryServer::start().await;
    let (here, there) = (folder(), folder());
    let one = open(&server.settings(here.path(), None)).await;
    let mut settings = server.settings(there.path(), None);
    settings.sync_interval = Duration::from_millis(300);
    let other = open(&settings).await;
    let id = submit(&one).await;
    let since = Instant::now();
    while found(&other, &id).await.is_none() {
        assert!(since.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_primary_a_start_serves_the_copy_and_goes_on_when_it_is_back() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let mut settings = server.settings(here.path(), None);
    // By itself it looks for the primary until that is back, and then in this interval: what another writes may come
    // before the first look that finds the primary, or after it.
    settings.sync_interval = Duration::from_millis(300);
    settings.retry_timeout = Duration::from_millis(300);
    let id = {
        let store = open(&settings).await;
        let id = submit(&store).await;
        assert!(found(&store, &id).await.is_some());
        store.close().await;
        id
    };
    server.kill();
    // Nothing has to be written where everything is there.
    let store = open(&settings).await;
    assert!(found(&store, &id).await.is_some());
    assert!(store.degraded().await.is_some());
    let new = queued(&fresh(), &tenant("a"), SystemClock.now(), Priority::default());
    let error = store
        .submit_document(new, None)
        .await
        .expect_err("nothing can be written");
    assert_eq!(error.disposition(), Disposition::Retry, "{error}");
    assert!(store.catch_up(Duration::ZERO).await.is_err());
    let unknown = tenant("b");
    assert_eq!(store.usage_record_count(&unknown).await.expect("an answer"), 0);
    // A new one has nothing to serve.
    let elsewhere = folder();
    let fresh = ReplicaSettings {
        file: elsewhere.path().join("replica.db"),
        ..settings.clone()
    };
    let refusal = refused(&fresh).await;
    assert!(refusal.contains("no copy of it yet"), "{refusal}");
    // What another has written meanwhile is there soon after the primary is back, without anybody asking.
    server.start_again().await;
    let other = open(&server.settings(elsewhere.path(), None)).await;
    let theirs = submit(&other).await;
    let since = Instant::now();
    while found(&store, &theirs).await.is_none() {
        assert!(since.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    while store.catch_up(Duration::ZERO).await.is_err() {
        assert!(since.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(store.degraded().await, None);
    let second = submit(&store).await;
    assert!(found(&store, &second).await.is_some());
    assert!(found(&store, &id).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_is_still_starting_is_waited_for() {
    let server = PrimaryServer::start().await;
    server.kill();
    let here = folder();
    let settings = server.settings(here.path(), None);
    let opened = tokio::spawn(async move { Store::open_replica(&settings).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    server.start_again().await;
    let store = opened.await.expect("it ends").expect("a database");
    store.migrate().await.expect("migrations run");
}

/// Whether one of the files of a copy holds `text`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_its_own_is_left_alone() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let settings = server.settings(here.path(), None);
    let local = StoreSettings {
        clock: Arc::new(SystemClock),
        durability: Durability::Crash,
    };
    let store = Store::open_local(&settings.file, &local)
        .await
        .expect("a database");
    store.migrate().await.expect("migrations run");
    let id = submit(&store).await;
    store.close().await;
    let refusal = refused(&settings).await;
    assert!(refusal.contains("database of its own"), "{refusal}");
    let store = Store::open_local(&settings.file, &local)
        .await
        .expect("a database");
    assert!(found(&store, &id).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_share_a_copy() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let settings = server.settings(here.path(), None);
    let store = open(&settings).await;
    let again = Store::open_replica(&settings).await.err().expect("it is refused");
    assert!(
        matches!(again, StoreError::Database(DbError::InUse(_))),
        "{again}"
    );
    store.close().await;
    open(&settings).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_lets_in_and_one_that_has_expired_does_not() {
    let server = PrimaryServer::start_with_tokens().await;
    let here = folder();
    let mut settings = server.settings(here.path(), None);
    let since = Instant::now();
    let none = refused(&settings).await;
    assert!(none.contains("TURSO_AUTH_TOKEN"), "{none}");
    // One minute is forgiven.
    settings.token = Some(server.token(-600));
    let expired = refused(&settings).await;
    assert!(expired.contains("TURSO_AUTH_TOKEN"), "{expired}");
    assert!(
        since.elapsed() < Duration::from_secs(10),
        "nobody waits for what stays as it is"
    );
    settings.token = Some(server.token(600));
    let store = open(&settings).await;
    let id = submit(&store).await;
    assert!(found(&store, &id).await.is_some());
    store.close().await;
    settings.token = Some(server.token(-600));
    let store = open(&settings).await;
    assert!(found(&store, &id).await.is_some());
    let degraded = store.degraded().await.expect("it is degraded");
    assert!(degraded.contains("TURSO_AUTH_TOKEN"), "{degraded}");
    let error = store
        .claim_jobs("worker", Duration::from_secs(20), 1)
        .await
        .expect_err("it is refused");
    assert!(error.to_string().contains("TURSO_AUTH_TOKEN"), "{error}");
    assert_eq!(error.disposition(), Disposition::Retry);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_was_replaced_by_an_empty_one_is_followed() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let settings = server.settings(here.path(), None);
    let store = open(&settings).await;
    let old = submit(&store).await;
    assert!(found(&store, &old).await.is_some());
    store.close().await;
    server.kill();
    server.start_empty().await;
    let store = Store::open_replica(&settings).await.expect("a database");
    let from = store.migrate().await.expect("migrations run").from;
    assert_eq!(
        (from, store.schema_version().await.expect("a version")),
        (0, SCHEMA_VERSION)
    );
    assert!(found(&store, &old).await.is_none());
    let new = submit(&store).await;
    assert!(found(&store, &new).await.is_some());
}

#[tokio::test]
async fn leases_are_told_by_the_clock_of_the_primary() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let store = open(&server.settings(here.path(), None)).await;
    submit(&store).await;
    let claimed = store.claim_jobs("worker", Duration::from_secs(20), 1).await;
    assert_eq!(claimed.expect("a claim").len(), 1);
    let left = "SELECT lease_until - CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM jobs";
    let left = server.number(left).await;
    assert!((15_000..=20_000).contains(&left), "{left} ms");
    let reaped = store.reclaim_expired_jobs(RetryPolicy::default(), false).await;
    assert_eq!(reaped.expect("an answer"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_that_stand_in_each_others_way_are_run_again() {
    let server = PrimaryServer::start().await;
    server
        .sql("CREATE TABLE counters (id BIGINT PRIMARY KEY, number BIGINT NOT NULL)")
        .await;
    server.sql("INSERT INTO counters VALUES (1, 0)").await;
    let (here, there) = (folder(), folder());
    let one = Db::open_replica(&server.settings(here.path(), None))
        .await
        .expect("a database");
    let other = Db::open_replica(&server.settings(there.path(), None))
        .await
        .expect("a database");
    let runs = Arc::new(AtomicUsize::new(0));
    let add = |db: &Db, pause: Duration| {
        let (db, runs) = (db.clone(), Arc::clone(&runs));
        async move {
            db.write(move |tx| {
                Box::pin(async move {
                    let first = runs.fetch_add(1, Ordering::SeqCst) == 0;
                    let found = tx
                        .query("SELECT number FROM counters WHERE id = 1", Vec::new())
                        .await?;
                    let number: i64 = found.into_iter().next().map_or(Ok(0), |mut row| row.take(0))?;
                    if first {
                        tokio::time::sleep(pause).await;
                    }
                    let values = vec![Value::Integer(number + 1)];
                    tx.execute("UPDATE counters SET number = ?1 WHERE id = 1", values)
                        .await
                        .map(drop)
                })
            })
            .await
        }
    };
    // The first one stands still for longer than the primary lets others wait.
    let long = tokio::spawn(add(&one, Duration::from_secs(7)));
    tokio::time::sleep(Duration::from_millis(500)).await;
    for outcome in join_all((0..6).map(|number| add([&one, &other][number % 2], Duration::ZERO))).await {
        outcome.expect("it is run until it succeeds");
    }
    long.await.expect("it ends").expect("it is run until it succeeds");
    assert_eq!(server.number("SELECT number FROM counters").await, 7);
    assert!(runs.load(Ordering::SeqCst) > 7, "one was run again");
}

#[tokio::test]
async fn who_is_not_there_is_named_without_the_token() {
    let here = folder();
    for url in [
        "http://127.0.0.1:1",
        "https://127.0.0.1:1",
        "libsql://127.0.0.1:1",
    ] {
        let mut settings = settings(url, here.path(), None);
        settings.token = Some(Secret::new("hunter2"));
        settings.retry_timeout = Duration::from_millis(300);
        let refusal = refused(&settings).await;
        assert!(
            refusal.contains("refused") && !refusal.contains("hunter2"),
            "{refusal}"
        );
    }
}

/// Covers refusals that have no code of their own and are told apart by the words that are looked for here.
#[tokio::test]
async fn refusals_without_a_code_are_worded_as_known() {
    let server = PrimaryServer::start().await;
    let execute = |sql: &str| json!({ "requests": [{ "type": "execute", "stmt": { "sql": sql } }] });
    for (requests, words) in [
        (execute("COMMIT"), "no transaction is active"),
        (execute("SELECT zeroblob(2000000000)"), "too big"),
        (json!({ "baton": "unknown", "requests": [] }), "baton"),
    ] {
        let answer = server.pipeline(&requests).await;
        let result = answer
            .split_once("results")
            .map_or(&answer[..], |(_, results)| results);
        assert!(result.contains(words), "{answer}");
    }
}
