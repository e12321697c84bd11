//! Three nodes on one PostgreSQL database and one bucket, of which now one and now another is killed, stands still or
//! is asked to end, while the database is restarted under them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::files::{Expected, all_ended};
use crate::kills::number;
use crate::originals::Originals;
use crate::postgres_server::{End, PostgresServer};
use crate::server::Server;
use crate::storage::{Rows, Storage};

/// What happens to a node in the short run: so often.
const BLOWS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_are_killed_and_stopped_and_a_database_that_restarts_lose_nothing() {
    let blows = number("CRASH_KILLS").map_or(BLOWS, |all| usize::try_from(all.div_ceil(4)).expect("a count"));
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let database = Arc::new(PostgresServer::start().await);
    let storage = Storage {
        rows: Rows::Postgres(Arc::clone(&database), database.url()),
        originals: Originals::s3().await,
    };
    let expected = Expected::find(&storage).await;
    let folder = TempDir::new().expect("a temporary folder");
    let mut nodes = Nodes::start(&folder, &storage, seed).await;
    let clients = Clients::start(4, seed, Duration::from_millis(60), 1);
    for blow in 0..blows {
        clients.server_is_at(Some(&nodes.any_address()));
        match blow % 6 {
            3 => restart(&database, &mut nodes.random).await,
            _ => nodes.strike(&storage).await,
        }
    }
    let answers = clients.stop().await;
    let look = storage.database(&nodes.data(0)).await;
    all_ended(&look, Duration::from_secs(100)).await;
    for node in 0..3 {
        checks::answers(&nodes.addresses[node], &answers, &expected).await;
        nodes.servers[node].terminate().await;
    }
    let figures = checks::documents(&look, &answers, &expected).await;
    checks::files(&nodes.data(0), &storage).await;
    let lost = look
        .number("SELECT COALESCE(SUM(losses), 0)::BIGINT FROM jobs")
        .await;
    println!(
        "{blows} blows, {} accepted, {} completed, {} failed, {lost} jobs ran elsewhere",
        answers.accepted.len(),
        figures.completed,
        figures.failed
    );
    assert!(answers.accepted.len() > blows && lost > 0, "little happened");
}

/// Ends the database and starts it again.
async fn restart(database: &PostgresServer, random: &mut StdRng) {
    let end = if random.random_bool(0.5) {
        End::Fast
    } else {
        End::Crash
    };
    database.stop(end);
    tokio::time::sleep(random.random_range(Duration::ZERO..Duration::from_secs(2))).await;
    database.start_again().await;
}

struct Nodes {
    folder: PathBuf,
    servers: Vec<Server>,
    addresses: Vec<String>,
    random: StdRng,
}

impl Nodes {
    async fn start(folder: &TempDir, storage: &Storage, seed: u64) -> Self {
        let mut nodes = Self {
            folder: folder.path().to_owned(),
            servers: Vec::new(),
            addresses: Vec::new(),
            random: StdRng::seed_from_u64(seed),
        };
        for node in 0..3 {
            let (server, address) = nodes.life(node, storage).await;
            nodes.servers.push(server);
            nodes.addresses.push(address);
        }
        nodes
    }

    /// The data folder of a node.
    fn data(&self, node: usize) -> PathBuf {
        self.folder.join(node.to_string())
    }

    async fn life(&self, node: usize, storage: &Storage) -> (Server, String) {
        let mut server = Server::start(&self.data(node), storage.environment());
        let (address, _) = server.ready().await.expect("it starts");
        (server, address)
    }

    fn any_address(&mut self) -> String {
        self.addresses[self.random.random_range(0..3)].clone()
    }

    /// Strikes one node, and lets it come back.
    async fn strike(&mut self, storage: &Storage) {
        let node = self.random.random_range(0..3);
        let pause = self
            .random
            .random_range(Duration::ZERO..Duration::from_millis(800));
        tokio::time::sleep(pause).await;
        match self.random.random_range(0..4) {
            0 => {
                // Longer than its leases last, mostly.
                self.servers[node].signal(Signal::STOP);
                let stands = self.random.random_range(Duration::ZERO..Duration::from_secs(4));
                tokio::time::sleep(stands).await;
                self.servers[node].signal(Signal::CONT);
                return;
            }
            1 => self.servers[node].terminate().await,
            _ => self.servers[node].kill().await,
        }
        let (server, address) = self.life(node, storage).await;
        self.servers[node] = server;
        self.addresses[node] = address;
    }
}
