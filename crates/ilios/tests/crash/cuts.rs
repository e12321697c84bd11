//! Three nodes on one PostgreSQL database and one bucket, each in a network of its own, of which now one and now
//! another is cut off from the database or the bucket. Needs root.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngCore, SeedableRng};
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::files::{Expected, all_ended};
use crate::kills::number;
use crate::namespaces::{Cut, Namespace};
use crate::originals::Originals;
use crate::postgres_server::PostgresServer;
use crate::server::{PROGRAM, Server, variable};
use crate::storage::{Rows, Storage};

/// Cuts in the short run, and how long they last.
const CUTS: u64 = 3;
const SHORT_CUT: std::ops::Range<Duration> = Duration::from_secs(2)..Duration::from_secs(5);
/// The first cut is so long that the node has given up its connections to the database.
const FIRST_CUT: Duration = Duration::from_secs(13);
/// As long as the cuts of the long run, which `CRASH_CUTS` asks for.
const LONG_CUT: std::ops::Range<Duration> = Duration::from_secs(10)..Duration::from_secs(60);
/// A node that is cut off answers all the same, within the time it waits for a database or a bucket.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_from_the_database_or_the_bucket_loses_nothing() {
    let asked = number("CRASH_CUTS");
    let lasts = if asked.is_some() { LONG_CUT } else { SHORT_CUT };
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let database = Arc::new(PostgresServer::start_on("0.0.0.0").await);
    let storage = Storage {
        rows: Rows::Postgres(Arc::clone(&database), database.url()),
        originals: Originals::s3_for_all().await,
    };
    let ports = [
        database.address.port(),
        storage.originals.port().expect("a server"),
    ];
    let expected = Expected::find(&storage).await;
    let folder = TempDir::new().expect("a temporary folder");
    let mut nodes = Vec::new();
    for number in 0..3 {
        nodes.push(Node::start(number, &folder, &storage).await);
    }
    let clients = Clients::start(3, seed, Duration::from_millis(200), 1);
    for number in 0..asked.unwrap_or(CUTS) {
        clients.server_is_at(Some(&nodes[random.random_range(0..3)].address));
        let node = &nodes[random.random_range(0..3)];
        let (port, cut, lasts) = match number {
            0 => (ports[0], Cut::All, FIRST_CUT),
            _ => any(&mut random, ports, &lasts),
        };
        node.network.cut(port, cut);
        let what = if port == ports[0] {
            "the database"
        } else {
            "the bucket"
        };
        println!("{cut:?} of what is between a node and {what} is swallowed");
        let answered = tokio::spawn(answer_of(node.address.clone()));
        tokio::time::sleep(lasts).await;
        node.network.heal();
        answered.await.expect("it was answered in time");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let answers = clients.stop().await;
    let look = storage.database(folder.path()).await;
    all_ended(&look, Duration::from_secs(150)).await;
    for node in &mut nodes {
        checks::answers(&node.address, &answers, &expected).await;
        node.server.terminate().await;
    }
    no_sessions_are_left(&database).await;
    let figures = checks::documents(&look, &answers, &expected).await;
    checks::files(&folder.path().join("0"), &storage).await;
    println!(
        "{} accepted, {} completed, {} failed",
        answers.accepted.len(),
        figures.completed,
        figures.failed
    );
    assert!(answers.accepted.len() > 20, "little happened");
}

/// A port, what is swallowed of what goes there and comes from there, and for how long.
fn any(random: &mut StdRng, ports: [u16; 2], lasts: &std::ops::Range<Duration>) -> (u16, Cut, Duration) {
    let cut = [Cut::Out, Cut::In, Cut::All].choose(random);
    let port = ports.choose(random);
    let lasts = random.random_range(lasts.clone());
    (*port.expect("a port"), *cut.expect("a kind"), lasts)
}

/// A node in a network of its own.
struct Node {
    server: Server,
    address: String,
    network: Namespace,
}

impl Node {
    async fn start(number: u32, folder: &TempDir, storage: &Storage) -> Self {
        let network = Namespace::new(number);
        let mut environment = storage.environment();
        for (_, value) in &mut environment {
            *value = value.replace("127.0.0.1", &network.outside);
        }
        environment.push(variable("HOST", "0.0.0.0"));
        let data = folder.path().join(number.to_string());
        let mut server = Server::start_by(network.command(PROGRAM), &data, environment);
        let (address, _) = server.ready().await.expect("it starts");
        let address = address.replace("0.0.0.0", &network.inside);
        Self {
            server,
            address,
            network,
        }
    }
}

/// A node that is cut off answers in time, and if it has to refuse, then not as if the client were at fault.
async fn answer_of(address: String) {
    let since = Instant::now();
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .get(format!("{address}/api/documents"));
    let answer = request.timeout(RESPONSE_TIMEOUT).send().await;
    let status = answer.expect("an answer in time").status();
    println!(
        "a node that is cut off answered {status} after {:?}",
        since.elapsed()
    );
    assert!(status.is_success() || status == 503, "{status}");
}

/// The database has ended the sessions that a node has lost, once all nodes have ended.
async fn no_sessions_are_left(database: &PostgresServer) {
    let since = Instant::now();
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name LIKE 'ilios%'";
    loop {
        let left = database.psql(sql);
        if left == "0" {
            return;
        }
        assert!(
            since.elapsed() < Duration::from_secs(30),
            "{left} sessions of nobody"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
