//! PostgreSQL: the start, the schema, the time, TLS, and what several processes on one database tell each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use ilios::model::{Clock, Priority, RetryPolicy, SystemClock};
use ilios::store::db::{Db, Value};
use ilios::store::{SCHEMA_VERSION, Store, StoreError};

use crate::conformance::make::{ids, queued, tenant};
use crate::postgres_server::{End, PASSWORD, PostgresServer, certify, settings};

async fn open(server: &PostgresServer) -> Store {
    let store = Store::open_postgres(&server.settings(None)).await;
    store.expect("a database")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_run_once_whoever_starts_first() {
    let server = PostgresServer::start().await;
    let stores = join_all((0..5).map(|_| open(&server))).await;
    let migrated = join_all(stores.iter().map(Store::migrate)).await;
    let mut from: Vec<i64> = migrated
        .into_iter()
        .map(|outcome| outcome.expect("migrations run").from)
        .collect();
    from.sort_unstable();
    assert_eq!(
        from,
        [0, SCHEMA_VERSION, SCHEMA_VERSION, SCHEMA_VERSION, SCHEMA_VERSION]
    );
    server.psql("INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'future', 0)");
    let refused = stores[0].migrate().await;
    assert!(
        matches!(refused, Err(StoreError::NewerSchema { found: 999, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn who_is_not_let_in_hears_why_without_the_password() {
    let server = PostgresServer::start().await;
    for (url, word) in [
        (server.url().replace(PASSWORD, "wrong-hunter2"), "password"),
        (format!("{}x", server.url()), "does not exist"),
        (
            "postgres://me:wrong-hunter2@127.0.0.1:1/ilios".to_owned(),
            "refused",
        ),
        (format!("{}?sslmode=require", server.url()), "TLS"),
    ] {
        let mut settings = settings(&url, None);
        settings.retry_timeout = Duration::from_millis(300);
        let error = Store::open_postgres(&settings)
            .await
            .err()
            .expect("it is refused");
        let error = error.to_string();
        assert!(
            error.contains(word) && !error.contains("wrong-hunter2"),
            "{error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_still_starting_is_waited_for() {
    let server = PostgresServer::start().await;
    server.stop(End::Fast);
    let settings = server.settings(None);
    let opened = tokio::spawn(async move { Store::open_postgres(&settings).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    server.start_again().await;
    let store = opened.await.expect("it ends").expect("a database");
    store.migrate().await.expect("migrations run");
}

#[tokio::test]
async fn leases_are_told_by_the_clock_of_the_server() {
    let server = PostgresServer::start().await;
    let store = open(&server).await;
    store.migrate().await.expect("migrations run");
    let (ids, now) = (ids(), SystemClock.now());
    let new = queued(&ids, &tenant("a"), now, Priority::default());
    store.submit_document(new, None).await.expect("it is accepted");
    let claimed = store.claim_jobs("worker", Duration::from_secs(20), 1).await;
    assert_eq!(claimed.expect("a claim").len(), 1);
    let left =
        server.psql("SELECT lease_until - (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT FROM jobs");
    let left: i64 = left.parse().expect("a number");
    assert!((15_000..=20_000).contains(&left), "{left} ms");
    let reaped = store.reclaim_expired_jobs(RetryPolicy::default(), false).await;
    assert_eq!(reaped.expect("an answer"), 0);
}

#[tokio::test]
async fn a_node_hears_at_once_of_what_another_queues() {
    let server = PostgresServer::start().await;
    let (one, other) = (open(&server).await, open(&server).await);
    one.migrate().await.expect("migrations run");
    let mut notifications = other.job_notifications().expect("there are others");
    // The word that it listens.
    tokio::time::timeout(Duration::from_secs(10), notifications.changed())
        .await
        .expect("it listens")
        .expect("it goes on");
    let new = queued(&ids(), &tenant("a"), SystemClock.now(), Priority::default());
    one.submit_document(new, None).await.expect("it is accepted");
    tokio::time::timeout(Duration::from_secs(10), notifications.changed())
        .await
        .expect("it is told")
        .expect("it goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_that_stand_in_each_others_way_are_run_again() {
    let server = PostgresServer::start().await;
    server.psql("CREATE TABLE counters (id BIGINT PRIMARY KEY, number BIGINT NOT NULL)");
    server.psql("INSERT INTO counters VALUES (1, 0), (2, 0)");
    let db = Db::open_postgres(&server.settings(None))
        .await
        .expect("a database");
    let runs = Arc::new(AtomicUsize::new(0));
    let add = |first: i64, second: i64| {
        let (db, runs) = (&db, Arc::clone(&runs));
        async move {
            db.write(move |tx| {
                Box::pin(async move {
                    runs.fetch_add(1, Ordering::SeqCst);
                    for id in [first, second] {
                        let values = vec![Value::Integer(id)];
                        tx.execute("UPDATE counters SET number = number + 1 WHERE id = ?1", values)
                            .await?;
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    Ok(())
                })
            })
            .await
        }
    };
    let adds = (0..6).map(|number| if number % 2 == 0 { add(1, 2) } else { add(2, 1) });
    for outcome in join_all(adds).await {
        outcome.expect("it is run until it succeeds");
    }
    assert_eq!(server.psql("SELECT SUM(number) FROM counters"), "12");
    assert!(
        runs.load(Ordering::SeqCst) > 6,
        "they did stand in each other's way"
    );
}

#[tokio::test]
async fn the_certificate_of_the_server_is_checked_where_that_is_asked_for() {
    let server = PostgresServer::start().await;
    let certificate = certify(&server);
    server.stop(End::Fast);
    server.start_again().await;
    let with = |query: String| {
        let mut settings = settings(&format!("{}?{query}", server.url()), None);
        settings.retry_timeout = Duration::from_millis(300);
        async move { Db::open_postgres(&settings).await }
    };
    let own = format!("sslmode=verify-full&sslrootcert={}", certificate.display());
    for query in [
        "sslmode=require",
        "sslmode=prefer",
        "sslmode=disable",
        own.as_str(),
    ] {
        let opened = with(query.to_owned()).await;
        opened.unwrap_or_else(|error| panic!("{query}: {error}"));
    }
    let encrypted = "SELECT bool_or(ssl) FROM pg_stat_ssl";
    let db = with(own).await.expect("a database");
    assert_eq!(server.psql(encrypted), "t");
    db.close().await;
    let refused = with("sslmode=verify-full".to_owned())
        .await
        .err()
        .expect("nobody knows its certificate");
    assert!(
        refused.to_string().to_lowercase().contains("certificate"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_plan_from_before_a_migration_is_made_anew() {
    let server = PostgresServer::start().await;
    server.psql("CREATE TABLE counters (id BIGINT PRIMARY KEY, number BIGINT NOT NULL)");
    server.psql("INSERT INTO counters VALUES (1, 7)");
    let db = Db::open_postgres(&server.settings(None))
        .await
        .expect("a database");
    let number = || {
        db.one("SELECT number FROM counters", Vec::new(), |row| {
            Ok(row.into_values())
        })
    };
    // On every connection that there may be.
    for _ in 0..8 {
        assert_eq!(number().await.expect("a row"), Some(vec![Value::Integer(7)]));
    }
    server.psql("ALTER TABLE counters ALTER COLUMN number TYPE TEXT");
    assert_eq!(
        number().await.expect("it is read again"),
        Some(vec![Value::Text("7".into())])
    );
}
