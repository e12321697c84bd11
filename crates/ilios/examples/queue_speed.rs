//! Measures the queue with an engine that answers at once, over HTTP on this machine: documents a second of one
//! batch, the time of a single document from submission to `completed`, claims from a long queue, and claims with
//! their completions.
//!
//! usage: cargo run --release --example queue_speed -- [ROUNDS [QUEUED_ROWS [WORKERS [DATABASE_URL]]]]
//!   DATABASE_URL  an empty PostgreSQL database or libSQL primary (http://…) instead of a local file

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use ilios::app::{Admission, App, Backlog, NamedRequests, Signals};
use ilios::billing::Prices;
use ilios::engine::{Converted, Engine, EngineError, Request};
use ilios::http::{Edge, HttpState, router};
use ilios::jobs::{DocumentJobs, JobSettings};
use ilios::model::{
    ApiKeys, Batch, ClaimedJob, ConversionOptions, Document, DocumentContent, DocumentMetadata, FileName,
    Ids, MicroCents, Operation, Priority, Progress, RetentionDays, RetryPolicy, Secret, Status, SystemClock,
    Tenant, UsageRecord,
};
use ilios::objects::{Objects, SigningKey};
use ilios::queue::{QueueSettings, Workers};
use ilios::spool::Spool;
use ilios::store::{
    CompletedJob, Durability, JobOutcome, NewBatch, NewDocument, Next, PostgresSettings, ReplicaSettings,
    Store, StoreError, StoreSettings,
};
use ilios_convert::{Format, Limits, Metadata, NoOcr, Options, convert};
use rand::SeedableRng;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tokio::net::TcpListener;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Bytes of each document.
const SIZE: usize = 20_000;
/// Documents of a batch.
const BATCH: usize = 100;
const LEASE: Duration = Duration::from_secs(20);
/// Jobs that a worker takes at once while they are quick.
const HANDFUL: usize = 16;

/// Answers at once with the same page, whatever it is given.
struct AtOnce(Converted);

impl Engine for AtOnce {
    fn convert<'a>(&'a self, _request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let url = std::env::args().nth(4);
    let arguments = std::env::args().skip(1).take(3);
    let mut numbers = arguments.map(|argument| argument.parse::<usize>());
    let rounds = numbers.next().transpose()?.unwrap_or(20);
    let rows = numbers.next().transpose()?.unwrap_or(1_000_000);
    let workers = numbers.next().transpose()?.unwrap_or(2);
    let folder = tempfile::tempdir()?;
    let app = app(folder.path(), url).await?;
    let queue = start_workers(&app, workers);
    let address = serve(&app).await?;
    println!("{workers} workers, {SIZE} bytes a document, {rounds} rounds");
    batches(&address, rounds).await?;
    singles(&address, rounds * 10).await?;
    queue.stop(Duration::from_secs(5)).await;
    long_queue(&app, rows).await?;
    claims_and_ends(&app, rows.min(20_000), workers).await?;
    app.store.clone().close().await;
    Ok(())
}

async fn app(folder: &Path, url: Option<String>) -> Outcome<Arc<App>> {
    let text = "A line of plain text, as documents have many.\n".repeat(SIZE / 46);
    let input = ilios_convert::Input {
        bytes: text.as_bytes(),
        name: "a.txt",
    };
    let conversion = convert(input, &Options::default(), &Limits::default(), &mut NoOcr)?;
    let settings = StoreSettings {
        clock: Arc::new(SystemClock),
        durability: Durability::PowerCut,
    };
    let store = match url {
        None => Store::open_local(&folder.join("ilios.db"), &settings).await?,
        Some(url) if !url.starts_with("postgres") => {
            let settings = ReplicaSettings {
                file: folder.join("replica.db"),
                key: None,
                url,
                token: None,
                sync_interval: Duration::from_secs(60),
                patience: Duration::from_secs(10),
                clock: None,
            };
            Store::open_replica(&settings).await?
        }
        Some(url) => {
            let settings = PostgresSettings {
                url: Secret::new(url),
                connections: 16,
                patience: Duration::from_secs(10),
                clock: None,
            };
            Store::open_postgres(&settings).await?
        }
    };
    store.migrate().await?;
    Ok(Arc::new(App {
        store,
        spool: Spool::new(&folder.join("tmp"), 1 << 30)?,
        objects: Objects::open_local(&folder.join("objects"), SigningKey::new([7; 32])).await?,
        fetcher: None,
        engine: Arc::new(AtOnce(Converted::here(conversion, "none"))),
        admission: Admission::new(2, 64, Duration::from_secs(30)),
        backlog: Backlog::new(100_000_000),
        prices: Prices::default(),
        signals: Signals::default(),
        named: NamedRequests::default(),
        clock: Arc::new(SystemClock),
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    }))
}

fn start_workers(app: &Arc<App>, workers: usize) -> Workers<DocumentJobs> {
    let settings = JobSettings {
        owner: "bench".into(),
        lease: LEASE,
        policy: RetryPolicy::default(),
    };
    let jobs = Arc::new(DocumentJobs::new(Arc::clone(app), settings));
    let settings = QueueSettings {
        workers,
        heartbeat: Duration::from_secs(5),
        poll: Duration::from_secs(1),
    };
    Workers::start(jobs, settings)
}

async fn serve(app: &Arc<App>) -> Outcome<String> {
    let routes = router(HttpState {
        app: Arc::clone(app),
        api_keys: Arc::new(ApiKeys::parse("")),
        edge: Edge::default(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}

fn file(number: usize) -> Part {
    let mut bytes = format!("document {number}\n").into_bytes();
    bytes.resize(SIZE, b'x');
    Part::bytes(bytes).file_name(format!("{number}.txt"))
}

async fn batches(address: &str, rounds: usize) -> Outcome<()> {
    let client = reqwest::Client::new();
    let mut speeds = Vec::new();
    for round in 0..rounds + 2 {
        let form = (0..BATCH).fold(Form::new(), |form, number| form.part("files", file(number)));
        let begin = Instant::now();
        let request = client.post(format!("{address}/v1/batch/submit")).multipart(form);
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        let accepted = begin.elapsed();
        let id = answer["batchId"].as_str().ok_or("no batch id")?.to_owned();
        let url = format!("{address}/v1/batch/status/{id}?wait=60");
        let status: Value = client.get(url).send().await?.json().await?;
        let took = begin.elapsed();
        if status["progress"]["completed"] != BATCH {
            return Err(format!("not all completed: {status}").into());
        }
        // The first rounds warm up.
        if round >= 2 {
            speeds.push((BATCH as f64 / took.as_secs_f64(), accepted));
        }
    }
    speeds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (speed, _) = speeds[speeds.len() / 2];
    let (slowest, fastest) = (speeds[0].0, speeds[speeds.len() - 1].0);
    let mut accepted: Vec<Duration> = speeds.iter().map(|row| row.1).collect();
    accepted.sort();
    println!(
        "batch of {BATCH}: median {speed:.0} documents/s ({slowest:.0} to {fastest:.0}); accepted after {:.1} ms",
        accepted[accepted.len() / 2].as_secs_f64() * 1e3
    );
    Ok(())
}

async fn singles(address: &str, rounds: usize) -> Outcome<()> {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for round in 0..rounds {
        let begin = Instant::now();
        let request = client.post(format!("{address}/api/documents/submit"));
        let request = request.multipart(Form::new().part("file", file(round)));
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        let id = answer["id"].as_str().ok_or("no id")?.to_owned();
        let url = format!("{address}/api/documents/status/{id}?wait=60");
        let status: Value = client.get(url).send().await?.json().await?;
        if status["status"] != "completed" {
            return Err(format!("not completed: {status}").into());
        }
        times.push(begin.elapsed());
    }
    println!(
        "one document, submission to completed: {}",
        percentiles(&mut times)
    );
    Ok(())
}

async fn long_queue(app: &App, rows: usize) -> Outcome<()> {
    const AT_ONCE: usize = 1_000;
    let tenant = Tenant::anonymous();
    for _ in 0..rows.div_ceil(AT_ONCE) {
        app.store
            .submit_batch(queued(app, &tenant, AT_ONCE)?, None)
            .await?;
    }
    let mut times = Vec::new();
    for _ in 0..2_000 {
        let begin = Instant::now();
        let claimed = app.store.claim_jobs("bench", LEASE, 1).await?;
        times.push(begin.elapsed());
        claimed.first().ok_or("nothing to claim")?;
    }
    println!("claim with {rows} queued rows: {}", percentiles(&mut times));
    Ok(())
}

/// The store alone: workers that complete a small document and take the next one in the same step.
async fn claims_and_ends(app: &Arc<App>, jobs: usize, workers: usize) -> Outcome<()> {
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..workers {
        let app = Arc::clone(app);
        let count = jobs / workers;
        tasks.spawn(async move { complete(&app, &format!("bench-{worker}"), count).await });
    }
    let mut completed = 0;
    while let Some(count) = tasks.join_next().await {
        completed += count??;
    }
    let speed = completed as f64 / begin.elapsed().as_secs_f64();
    println!("claim and completion, {workers} workers: {speed:.0} jobs/s");
    Ok(())
}

async fn complete(app: &App, owner: &str, count: usize) -> Result<usize, StoreError> {
    let mut taken = app.store.claim_jobs(owner, LEASE, HANDFUL).await?;
    let mut completed = 0;
    while !taken.is_empty() && completed < count {
        let attempts: Vec<_> = taken
            .drain(..)
            .map(|job| (job.lease.clone(), outcome(app, &job)))
            .collect();
        completed += attempts.len();
        let next = Next {
            most: HANDFUL,
            lease: LEASE,
        };
        (_, taken) = app
            .store
            .finish_jobs(owner, attempts, RetryPolicy::default(), next)
            .await?;
    }
    Ok(completed)
}

fn outcome(app: &App, job: &ClaimedJob) -> JobOutcome {
    let now = app.clock.now();
    JobOutcome::Completed(Box::new(CompletedJob {
        content: DocumentContent {
            markdown: "text\n".into(),
            pages: Vec::new(),
        },
        metadata: DocumentMetadata {
            engine: "local".into(),
            model: "none".into(),
            format: Format::Text,
            extracted_pages: 1,
            processing_time_ms: 1,
            source: Metadata::default(),
            warnings: Vec::new(),
            partial: None,
            service: None,
            fallback: None,
        },
        usage: UsageRecord {
            id: app.ids.next(now),
            tenant: job.document.tenant.clone(),
            document_id: job.document.id.clone(),
            operation: Operation::Convert,
            engine: "local".into(),
            model: "none".into(),
            pages: 1,
            input_tokens: 1,
            output_tokens: 1,
            unit_price: MicroCents::default(),
            margin_basis_points: 3_000,
            base: MicroCents::default(),
            total: MicroCents::default(),
            created_at: now,
        },
        sha256: job.document.sha256.clone(),
        mime_type: job.document.mime_type.clone(),
        file_size: job.document.file_size,
    }))
}

fn queued(app: &App, tenant: &Tenant, count: usize) -> Outcome<NewBatch> {
    let now = app.clock.now();
    let id = app.ids.next(now);
    let documents = (0..count).map(|number| NewDocument {
        document: Document {
            id: app.ids.next(now),
            tenant: tenant.clone(),
            file_name: FileName::clean("a.txt"),
            file_size: 1,
            mime_type: "text/plain".into(),
            sha256: String::new(),
            status: Status::Pending,
            created_at: now,
            processed_at: None,
            retention: RetentionDays::default(),
            metadata: None,
            batch: Some(id.clone()),
            options: ConversionOptions::default(),
            object_key: None,
            failure: None,
        },
        job: (number % 10 + 1)
            .to_string()
            .parse::<Priority>()
            .ok()
            .map(|priority| (app.ids.next(now), priority)),
        upload_expires_at: None,
    });
    Ok(NewBatch {
        documents: documents.collect(),
        provider: Vec::new(),
        batch: Batch {
            id: id.clone(),
            tenant: tenant.clone(),
            priority: Priority::default(),
            status: Status::Pending,
            created_at: now,
            completed_at: None,
            progress: Progress::default(),
        },
    })
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    format!(
        "p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    )
}
