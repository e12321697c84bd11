//! Clients that send files whether or not the server is there, and remember what it has accepted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::files::Sending;

/// What the clients were answered.
#[derive(Default)]
pub(crate) struct Answers {
    /// Id and file name of every document that was accepted.
    pub(crate) accepted: Vec<(String, String)>,
    /// Requests that were cut off after they had reached the server, and when.
    pub(crate) cut_off: Vec<String>,
    /// Answers that say neither yes nor that the server is about to end.
    pub(crate) refused: Vec<String>,
}

/// A few clients that send until they are told to stop.
pub(crate) struct Clients {
    address: watch::Sender<Option<String>>,
    answers: Arc<Mutex<Answers>>,
    tasks: JoinSet<()>,
}

struct Sender {
    client: Client,
    address: watch::Receiver<Option<String>>,
    answers: Arc<Mutex<Answers>>,
    numbers: Arc<AtomicU64>,
    random: StdRng,
    pause: Duration,
    since: Instant,
}

impl Clients {
    /// Starts `count` clients that pause for up to `pause` between two requests, and number files from `first`.
    pub(crate) fn start(count: u64, seed: u64, pause: Duration, first: u64) -> Self {
        let since = Instant::now();
        let (address, receiver) = watch::channel(None);
        let (answers, numbers) = (Arc::default(), Arc::new(AtomicU64::new(first)));
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let sender = Sender {
                // Each request by a connection of its own: one that the server has closed in the meantime could
                // not be told from one that it cuts off.
                client: ilios::tls::http_client()
                    .pool_max_idle_per_host(0)
                    .build()
                    .expect("a client"),
                address: receiver.clone(),
                answers: Arc::clone(&answers),
                numbers: Arc::clone(&numbers),
                random: StdRng::seed_from_u64(seed.wrapping_add(number)),
                pause,
                since,
            };
            tasks.spawn(sender.send_until_told());
        }
        Self {
            address,
            answers,
            tasks,
        }
    }

    /// Tells the clients where the server is now, if it is.
    pub(crate) fn server_is_at(&self, address: Option<&str>) {
        self.address.send_replace(address.map(str::to_owned));
    }

    /// How many documents were accepted so far.
    pub(crate) fn accepted(&self) -> usize {
        self.answers.lock().expect("nobody panics").accepted.len()
    }

    /// Lets the clients end what they are at; answers what they heard.
    pub(crate) async fn stop(self) -> Answers {
        let Self {
            address,
            answers,
            tasks,
        } = self;
        drop(address);
        tasks.join_all().await;
        std::mem::take(&mut answers.lock().expect("nobody panics"))
    }
}

impl Sender {
    async fn send_until_told(mut self) {
        loop {
            // An error means that nobody will say any more where the server is.
            let Ok(address) = self
                .address
                .wait_for(Option::is_some)
                .await
                .map(|found| found.clone())
            else {
                return;
            };
            self.send(&address.expect("an address")).await;
            let pause = self.random.random_range(Duration::ZERO..=self.pause);
            tokio::time::sleep(pause).await;
            if self.address.has_changed().is_err() {
                return;
            }
        }
    }

    async fn send(&mut self, address: &str) {
        let single = self.random.random_bool(0.7);
        let count = if single {
            1
        } else {
            self.random.random_range(1..=6)
        };
        let first = self.numbers.fetch_add(count, Ordering::Relaxed);
        let files = (first..first + count).map(|number| Sending::random(&mut self.random, number));
        let files: Vec<Sending> = files.collect();
        let named = self.random.random_bool(0.5).then(|| format!("request-{first}"));
        let request = || {
            let path = if single {
                "/api/documents/submit"
            } else {
                "/v1/batch/submit"
            };
            let field = if single { "file" } else { "files" };
            let form = files
                .iter()
                .fold(Form::new(), |form, file| form.part(field, file.part()));
            let request = self.client.post(format!("{address}{path}")).multipart(form);
            match &named {
                Some(name) => request.header("Idempotency-Key", name),
                None => request,
            }
        };
        let accepted = self.ask(request()).await;
        let accepted = match accepted {
            // Whoever has named the request may ask again, and again hears of the same documents.
            None if named.is_some() => self.ask(request()).await,
            accepted => accepted,
        };
        let names = files.into_iter().map(|file| file.name);
        let accepted = accepted.unwrap_or_default().into_iter().zip(names);
        self.answers
            .lock()
            .expect("nobody panics")
            .accepted
            .extend(accepted);
    }

    /// The ids of what was accepted.
    async fn ask(&self, request: RequestBuilder) -> Option<Vec<String>> {
        let asked = self.since.elapsed();
        let cut_off = |error: reqwest::Error| {
            format!(
                "sent after {asked:?}, cut off after {:?}: {error:?}",
                self.since.elapsed()
            )
        };
        let note = |list: fn(&mut Answers) -> &mut Vec<String>, text: String| {
            list(&mut self.answers.lock().expect("nobody panics")).push(text);
        };
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return None,
            Err(error) => {
                note(|answers| &mut answers.cut_off, cut_off(error));
                return None;
            }
        };
        let status = response.status();
        let body: Value = match response.json().await {
            Ok(body) => body,
            Err(error) => {
                note(|answers| &mut answers.cut_off, cut_off(error));
                return None;
            }
        };
        if status.is_success() {
            return Some(ids(&body));
        }
        if status != 503 {
            note(|answers| &mut answers.refused, format!("{status} {body}"));
        }
        None
    }
}

fn ids(body: &Value) -> Vec<String> {
    let id = |value: &Value| value["id"].as_str().map(str::to_owned);
    match body["documents"].as_array() {
        Some(documents) => documents.iter().filter_map(id).collect(),
        None => id(body).into_iter().collect(),
    }
}
