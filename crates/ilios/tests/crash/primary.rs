//! Two nodes on one libSQL primary and one bucket: the primary is killed and started again under them, and so are
//! they.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::files::{Expected, all_ended};
use crate::kills::number;
use crate::originals::Originals;
use crate::primary_server::PrimaryServer;
use crate::server::Server;
use crate::storage::{Rows, Storage};

/// After which a node answers for a document or batch as another one has left it.
const MAX_STALENESS: Duration = Duration::from_millis(500);

/// What happens in the short run: so often.
const FAULTS: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_of_a_primary_that_is_killed_lose_nothing() {
    let blows =
        number("CRASH_KILLS").map_or(FAULTS, |all| usize::try_from(all.div_ceil(8)).expect("a count"));
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let primary = Arc::new(PrimaryServer::start().await);
    let storage = Storage {
        rows: Rows::Replica(Arc::clone(&primary)),
        originals: Originals::s3().await,
    };
    let expected = Expected::find(&storage).await;
    let folder = TempDir::new().expect("a temporary folder");
    let data = |node: usize| folder.path().join(node.to_string());
    let start = |node: usize| {
        let mut server = Server::start(&data(node), storage.environment());
        async move {
            let (address, _) = server.ready().await.expect("it starts");
            (server, address)
        }
    };
    let mut nodes = vec![start(0).await, start(1).await];
    let clients = Clients::start(3, seed, Duration::from_millis(150), 1);
    for blow in 0..blows {
        clients.server_is_at(Some(&nodes[blow % 2].1));
        let pause = random.random_range(Duration::ZERO..Duration::from_millis(1_500));
        tokio::time::sleep(pause).await;
        if blow % 2 == 0 {
            primary.kill();
            tokio::time::sleep(random.random_range(Duration::ZERO..Duration::from_secs(2))).await;
            primary.start_again().await;
        } else {
            let node = random.random_range(0..2);
            nodes[node].0.kill().await;
            nodes[node] = start(node).await;
        }
    }
    clients.server_is_at(Some(&nodes[0].1));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let answers = clients.stop().await;
    let look = storage.database(&data(0)).await;
    all_ended(&look, Duration::from_secs(100)).await;
    tokio::time::sleep(MAX_STALENESS).await;
    for (server, address) in &mut nodes {
        checks::answers(address, &answers, &expected).await;
        server.terminate().await;
    }
    let figures = checks::documents(&look, &answers, &expected).await;
    checks::files(&data(0), &storage).await;
    println!(
        "{blows} blows, {} accepted, {} completed, {} failed",
        answers.accepted.len(),
        figures.completed,
        figures.failed
    );
    assert!(answers.accepted.len() > blows, "little happened");
}
