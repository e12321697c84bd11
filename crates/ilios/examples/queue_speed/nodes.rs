//! Several nodes, each a process of its own, on one PostgreSQL database.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio_postgres::{Client, NoTls};

use crate::{BATCH, Outcome, app, http};

/// The argument that makes this program a node.
pub(crate) const NODE: &str = "node";
const WORKERS: usize = 8;
const LATENCY: Duration = Duration::from_millis(100);
/// For how long the nodes have work.
const WORK: Duration = Duration::from_secs(15);
const SAMPLE_INTERVAL: Duration = Duration::from_millis(50);

/// Measures each of the numbers of nodes; 1, 2 and 4 when there are none.
pub(crate) async fn measure(arguments: &[String]) -> Outcome<()> {
    let (url, counts) = arguments
        .split_first()
        .ok_or("the URL of an empty database is missing")?;
    let counts: Vec<usize> = counts
        .iter()
        .map(|count| count.parse())
        .collect::<Result<_, _>>()?;
    let counts = if counts.is_empty() { vec![1, 2, 4] } else { counts };
    let folder = tempfile::tempdir()?;
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    let bound = WORKERS as f64 / LATENCY.as_secs_f64();
    println!("{WORKERS} workers a node, an engine of {LATENCY:?}: at most {bound:.0} documents/s a node");
    let mut alone = None;
    for nodes in counts {
        let run = run(folder.path(), url, &client, nodes).await?;
        let each = run.speed / nodes as f64;
        let linear = each / *alone.get_or_insert(each);
        println!(
            "{nodes} nodes: {:.1} documents/s, {linear:.3} of linear, {:.3} of the bound; database {:.2} processors \
             ({:.2} ms a document), nodes {:.2} ({:.2} ms a document)",
            run.speed,
            each / bound,
            run.database,
            run.database / run.speed * 1e3,
            run.nodes,
            run.nodes / run.speed * 1e3,
        );
    }
    Ok(())
}

/// What was measured in the middle of a run.
struct Run {
    /// Documents a second.
    speed: f64,
    /// Processors that the database kept busy.
    database: f64,
    /// Processors that the nodes kept busy.
    nodes: f64,
}

async fn run(folder: &Path, url: &str, client: &Client, nodes: usize) -> Outcome<Run> {
    let documents = (WORK.as_secs_f64() / LATENCY.as_secs_f64()) as usize * WORKERS * nodes;
    submit(folder, url, documents).await?;
    let before = completed(client).await?;
    let running: Vec<Child> = (0..nodes)
        .map(|number| start(folder, url, number))
        .collect::<Result<_, _>>()?;
    let ids: Vec<u32> = running.iter().filter_map(Child::id).collect();
    let first = reach(client, &ids, before + documents as i64 / 5).await?;
    let last = reach(client, &ids, before + documents as i64 * 4 / 5).await?;
    reach(client, &ids, before + documents as i64).await?;
    drop(running);
    let took = (last.at - first.at).as_secs_f64();
    Ok(Run {
        speed: (last.completed - first.completed) as f64 / took,
        database: (last.database - first.database) / took,
        nodes: (last.nodes - first.nodes) / took,
    })
}

/// Queues documents, with nobody there to convert them.
async fn submit(folder: &Path, url: &str, documents: usize) -> Outcome<()> {
    let app = app::app(folder, Some(url), LATENCY).await?;
    let address = http::serve(&app).await?;
    let client = ilios::tls::http_client().build()?;
    for _ in 0..documents.div_ceil(BATCH) {
        http::submit_batch(&client, &address).await?;
    }
    Ok(())
}

fn start(folder: &Path, url: &str, number: usize) -> Outcome<Child> {
    let child = Command::new(std::env::current_exe()?)
        .args([NODE, url, &format!("node-{number}")])
        .arg(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}

/// Is a node, until it is killed.
pub(crate) async fn work(arguments: &[String]) -> Outcome<()> {
    let [url, owner, folder] = arguments else {
        return Err("a node takes a URL, a name and a folder".into());
    };
    let app = app::app(Path::new(folder), Some(url), LATENCY).await?;
    let _workers = app::start_workers(&app, owner, WORKERS);
    std::future::pending().await
}

/// One look at a run.
struct Sampler {
    at: Instant,
    completed: i64,
    database: f64,
    nodes: f64,
}

/// Waits until so many documents are completed.
async fn reach(client: &Client, nodes: &[u32], count: i64) -> Outcome<Sampler> {
    loop {
        let completed = completed(client).await?;
        if completed >= count {
            let of_nodes = nodes.iter().map(|id| processor_time(&id.to_string(), None));
            return Ok(Sampler {
                at: Instant::now(),
                completed,
                database: database_time()?,
                nodes: of_nodes.sum::<Outcome<f64>>()?,
            });
        }
        tokio::time::sleep(SAMPLE_INTERVAL).await;
    }
}

async fn completed(client: &Client) -> Outcome<i64> {
    let sql = "SELECT COUNT(*) FROM usage_records";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

/// Seconds of processor time of all PostgreSQL servers of this machine.
fn database_time() -> Outcome<f64> {
    let entries = std::fs::read_dir("/proc")?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let ids = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    Ok(ids
        .filter_map(|id| processor_time(&id, Some("(postgres)")).ok())
        .sum())
}

/// Seconds of processor time that a process has used; those of another name than `name` are an error.
fn processor_time(id: &str, name: Option<&str>) -> Outcome<f64> {
    // The unit of these figures is fixed for programs: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (before, after) = stat
        .rsplit_once(' ')
        .and_then(|_| stat.split_once(") "))
        .ok_or("no status")?;
    if name.is_some_and(|name| !format!("{before})").ends_with(name)) {
        return Err("another program".into());
    }
    let mut fields = after.split(' ').skip(11);
    let mut next = || {
        fields
            .next()
            .and_then(|field| field.parse::<f64>().ok())
            .ok_or("no time")
    };
    Ok((next()? + next()?) / TICKS)
}
