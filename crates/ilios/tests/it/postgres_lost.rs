//! Connections to PostgreSQL and servers that are lost in the middle: nothing is lost, nothing is done twice.

use std::time::Duration;

use ilios::store::Store;

use crate::cut_commits::{Cut, Way};
use crate::lost::{convert_meanwhile, submit_through};
use crate::postgres_server::{End, PostgresServer, settings, url};

const JOBS: usize = 600;

async fn open(url: &str) -> Store {
    let store = Store::open_postgres(&settings(url, None))
        .await
        .expect("a database");
    store.migrate().await.expect("migrations run");
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_not_answered_is_done_once() {
    let server = PostgresServer::start().await;
    for cut in [Cut::Before, Cut::After, Cut::Late] {
        let database = server.new_database();
        let way = Way::to(server.address, cut, "; COMMIT").await;
        let through = database.replace(&server.address.to_string(), &way.address.to_string());
        let store = open(&through).await;
        submit_through(&store, &way, cut, 5).await;
        // Of attempts that were cut off nothing comes to light later.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let state = store.queue_state(100).await.expect("a state");
        assert_eq!(state.pending, 5, "{cut:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_of_the_server_lose_nothing_and_double_nothing() {
    let server = PostgresServer::start().await;
    let address = url(server.address);
    let store = open(&address).await;
    let nodes = vec![open(&address).await, open(&address).await, open(&address).await];
    let server = &server;
    convert_meanwhile(&store, nodes, JOBS, |round| async move {
        tokio::time::sleep(Duration::from_millis(30)).await;
        server.stop(if round == 3 { End::Fast } else { End::Crash });
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.start_again().await;
    })
    .await;
}
