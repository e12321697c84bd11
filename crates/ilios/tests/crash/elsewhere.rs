//! How long the jobs of a killed node wait until somebody else has them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_postgres::{Client, SimpleQueryMessage};

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Looks after the jobs of killed nodes until each has gone on.
pub(crate) struct Elsewhere {
    url: String,
    probe_times: Arc<Mutex<ProbeTimes>>,
    looks: JoinHandle<()>,
}

#[derive(Default)]
struct ProbeTimes {
    /// The number of the attempt that died, and when, by the id of the job.
    waiting: HashMap<String, (i64, Instant)>,
    times: Vec<Duration>,
}

impl Elsewhere {
    /// Watches a PostgreSQL database, which may be away now and then.
    pub(crate) fn watch(url: String) -> Self {
        let probe_times = Arc::default();
        let looks = tokio::spawn(look(url.clone(), Arc::clone(&probe_times)));
        Self {
            url,
            probe_times,
            looks,
        }
    }

    /// Remembers what `owner`, which was killed just now, had.
    pub(crate) async fn killed(&self, owner: &str) {
        let since = Instant::now();
        let sql = format!("SELECT id, attempt FROM jobs WHERE status = 'processing' AND owner = '{owner}'");
        let held = loop {
            if let Some(client) = connect(&self.url).await
                && let Some(rows) = rows(&client, &sql).await
            {
                break rows;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        };
        let held = held
            .into_iter()
            .map(|[id, attempt, _]| (id, (attempt.parse().expect("a number"), since)));
        self.probe_times
            .lock()
            .expect("nobody panics")
            .waiting
            .extend(held);
    }

    /// The times from a kill to the next attempt, in order, once every job has gone on.
    pub(crate) async fn times(self, timeout: Duration) -> Vec<Duration> {
        let since = Instant::now();
        while let Some(waiting) = self.waiting() {
            assert!(since.elapsed() < timeout, "{waiting} wait on");
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        self.looks.abort();
        let mut times = std::mem::take(&mut self.probe_times.lock().expect("nobody panics").times);
        times.sort();
        times
    }

    /// The ids of the jobs that have not gone on yet.
    fn waiting(&self) -> Option<String> {
        let probe_times = self.probe_times.lock().expect("nobody panics");
        let ids: Vec<&str> = probe_times.waiting.keys().map(String::as_str).collect();
        (!ids.is_empty()).then(|| ids.join(", "))
    }
}

async fn look(url: String, probe_times: Arc<Mutex<ProbeTimes>>) {
    let mut client = None;
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let ids: Vec<String> = {
            let probe_times = probe_times.lock().expect("nobody panics");
            probe_times.waiting.keys().map(|id| format!("'{id}'")).collect()
        };
        if ids.is_empty() {
            continue;
        }
        let sql = format!(
            "SELECT id, attempt, status FROM jobs WHERE id IN ({})",
            ids.join(", ")
        );
        if client.is_none() {
            client = connect(&url).await;
        }
        let found = match &client {
            Some(client) => rows(client, &sql).await,
            None => None,
        };
        match found {
            Some(found) => probe_times.lock().expect("nobody panics").note(found),
            None => client = None,
        }
    }
}

impl ProbeTimes {
    fn note(&mut self, found: Vec<[String; 3]>) {
        for [id, attempt, status] in found {
            let Some((died, since)) = self.waiting.get(&id).copied() else {
                continue;
            };
            let attempt: i64 = attempt.parse().expect("a number");
            if attempt > died {
                self.times.push(since.elapsed());
            }
            // What the killed node had sent before may have been done yet.
            if attempt > died || status == "completed" || status == "failed" {
                self.waiting.remove(&id);
            }
        }
    }
}

async fn connect(url: &str) -> Option<Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.ok()?;
    tokio::spawn(connection);
    Some(client)
}

/// Up to three columns of the rows; `None` when the database is away.
async fn rows(client: &Client, sql: &str) -> Option<Vec<[String; 3]>> {
    let messages = client.simple_query(sql).await.ok()?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some([0, 1, 2].map(|column| match column < row.len() {
            true => row.get(column).unwrap_or_default().to_owned(),
            false => String::new(),
        })),
        _ => None,
    });
    Some(rows.collect())
}
