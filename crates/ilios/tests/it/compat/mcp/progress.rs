use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use ilios::engine::{Converted, Engine, EngineError, Request};
use serde_json::{Value, json as value};

use super::{message, posted, send, text};
use crate::gate::Gate;
use crate::harness::{Setup, TestServer};

/// An engine that takes its time for each of its pages, and counts the conversions that were given up.
struct Slow {
    pages: u32,
    pause: Duration,
    given_up: Arc<AtomicUsize>,
    end: Arc<Gate>,
}

/// Counts unless it is disarmed.
struct GivenUp(Option<Arc<AtomicUsize>>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Engine for Slow {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async {
            let mut given_up = GivenUp(Some(Arc::clone(&self.given_up)));
            request.progress.begin(self.pages);
            for _ in 0..self.pages {
                tokio::time::sleep(self.pause).await;
                request.progress.page();
            }
            tokio::time::sleep(self.pause).await;
            given_up.0 = None;
            self.end.convert(request).await
        })
    }
}

async fn slow(pages: u32, pause: Duration) -> (TestServer, Arc<AtomicUsize>) {
    let given_up = Arc::new(AtomicUsize::new(0));
    let engine = Slow {
        pages,
        pause,
        given_up: Arc::clone(&given_up),
        end: Gate::open("slow"),
    };
    let server = TestServer::with(Setup {
        engine: Some(Arc::new(engine)),
        ..Setup::default()
    })
    .await;
    (server, given_up)
}

fn call(token: Option<&str>) -> Value {
    let mut params = value!({"name": "convert_to_markdown", "arguments": {"uri": "data:,some text"}});
    if let Some(token) = token {
        params["_meta"] = value!({"progressToken": token});
    }
    message("tools/call", &params)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_told_to_a_client_that_asks_for_progress_and_to_no_other() {
    let (server, _) = slow(4, Duration::from_millis(400)).await;
    let answer = send(posted(&server, "", &call(Some("mine")))).await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    let stream = answer.text().await.expect("a stream");
    let messages = stream.lines().filter_map(|line| line.strip_prefix("data:"));
    let messages: Vec<Value> = messages
        .filter_map(|data| serde_json::from_str(data).ok())
        .collect();
    let (last, notices) = messages.split_last().expect("messages");
    assert_eq!(text(&last["result"]), "some text");
    let told: Vec<f64> = notices
        .iter()
        .map(|notice| {
            assert_eq!(notice["method"], "notifications/progress");
            assert_eq!(notice["params"]["progressToken"], "mine");
            assert_eq!(notice["params"]["total"], 4.0, "{notice}");
            notice["params"]["progress"].as_f64().expect("a number")
        })
        .collect();
    assert_eq!(told, [0.0, 1.0, 2.0, 3.0, 4.0], "{stream}");

    let answer = send(posted(&server, "", &call(None))).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(text(&answer["result"]), "some text");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_come_at_most_four_times_a_second() {
    let (server, _) = slow(100, Duration::from_millis(10)).await;
    let begin = std::time::Instant::now();
    let stream = send(posted(&server, "", &call(Some("mine"))))
        .await
        .text()
        .await
        .expect("a stream");
    let notices = stream.matches("notifications/progress").count();
    let most = begin.elapsed().as_secs_f64() * 4.0 + 1.0;
    assert!(
        notices >= 1 && (u32::try_from(notices).map(f64::from).expect("few")) <= most,
        "{notices} of {most}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_ends_the_work() {
    for token in [None, Some("mine")] {
        let (server, given_up) = slow(1_000, Duration::from_millis(50)).await;
        let request = tokio::spawn(posted(&server, "", &call(token)).send());
        tokio::time::sleep(Duration::from_millis(700)).await;
        match token {
            // Its answer has not begun.
            None => request.abort(),
            Some(_) => drop(
                request
                    .await
                    .expect("a task")
                    .expect("the beginning of an answer"),
            ),
        }
        let ended = async {
            while given_up.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), ended)
            .await
            .expect("the work ends");
        assert_eq!(
            server
                .store
                .usage_record_count(&ilios::model::Tenant::anonymous())
                .await
                .expect("a count"),
            0
        );
    }
}
