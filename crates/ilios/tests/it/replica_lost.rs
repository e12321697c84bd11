//! Streams to a primary and primaries that are lost in the middle: nothing is lost, nothing is done twice.

use std::time::Duration;

use futures::future::join_all;
use ilios::store::{ReplicaSettings, Store};
use tempfile::TempDir;

use crate::cut_commits::{Cut, Way};
use crate::lost::{convert_meanwhile, submit_through};
use crate::primary_server::{PrimaryServer, settings};

const JOBS: usize = 180;

async fn open(settings: &ReplicaSettings) -> Store {
    let store = Store::open_replica(settings).await.expect("a database");
    store.migrate().await.expect("migrations run");
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_not_answered_is_done_once() {
    // The primary keeps others waiting for some seconds for a transaction that was cut off.
    join_all([Cut::Before, Cut::After, Cut::Late].map(cut_off)).await;
}

async fn cut_off(cut: Cut) {
    let server = PrimaryServer::start().await;
    let way = Way::to(server.address, cut, "\"COMMIT\"").await;
    let folder = TempDir::new().expect("a temporary folder");
    let store = open(&settings(&format!("http://{}", way.address), folder.path(), None)).await;
    submit_through(&store, &way, cut, 2).await;
    // Of attempts that were cut off nothing comes to light later.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(server.number("SELECT COUNT(*) FROM jobs").await, 2, "{cut:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_of_the_primary_lose_nothing_and_double_nothing() {
    let server = PrimaryServer::start().await;
    let folders: Vec<TempDir> = (0..3)
        .map(|_| TempDir::new().expect("a temporary folder"))
        .collect();
    let mut stores = Vec::new();
    for folder in &folders {
        stores.push(open(&server.settings(folder.path(), None)).await);
    }
    let store = stores.remove(0);
    let server = &server;
    convert_meanwhile(&store, stores, JOBS, |_| async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.start_again().await;
    })
    .await;
}
