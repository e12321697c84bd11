//! Share of the waiting list, the queue and the announced uploads that one API key may take from the others.

use std::time::{Duration, Instant};

use ilios::model::{ApiKeys, Tenant};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json as value};
use tokio::task::JoinHandle;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, files, form, json, problem, sample, text};

const KEYS: &str = "first,second,third";

pub(crate) fn tenant(key: &str) -> Tenant {
    ApiKeys::parse(key).tenant_of(key).expect("it is its own")
}

/// Waits until so many run and wait.
pub(crate) async fn until(admission: &ilios::app::Admission, state: (usize, usize)) {
    while admission.state() != state {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

type Answer = JoinHandle<Result<Response, reqwest::Error>>;

fn convert(server: &TestServer, key: &str, bytes: &[u8]) -> Answer {
    let request = server.convert(form("a.txt", bytes, &[])).bearer_auth(key);
    tokio::spawn(request.send())
}

async fn answered(answer: Answer) -> Response {
    answer.await.expect("a task").expect("an answer")
}

async fn sent(request: RequestBuilder, key: &str) -> Response {
    request.bearer_auth(key).send().await.expect("an answer")
}

/// A server on which one conversion of the first key runs and four wait, the place of the youngest of which others
/// get first.
async fn filled(gate: &std::sync::Arc<Gate>) -> (TestServer, Vec<Answer>) {
    let server = TestServer::with(Setup {
        api_keys: KEYS,
        engine: Some(gate.clone()),
        running: 1,
        waiting: 4,
        ..Setup::default()
    })
    .await;
    let mut answers = Vec::new();
    for waiting in 0..=4 {
        answers.push(convert(&server, "first", b"text"));
        until(server.app.admission(), (1, waiting)).await;
    }
    (server, answers)
}

#[tokio::test]
async fn a_key_fills_the_waiting_list_only_while_no_other_needs_it() {
    let gate = Gate::closed();
    let (server, mut first) = filled(&gate).await;
    let sixth = answered(convert(&server, "first", b"text")).await;
    assert!(sixth.headers().contains_key("retry-after"));
    problem(sixth, 503, "busy").await;

    let mut second = Vec::new();
    for _ in 0..2 {
        second.push(convert(&server, "second", b"text"));
        let displaced = answered(first.pop().expect("it waits")).await;
        problem(displaced, 503, "tenant_busy").await;
    }
    for key in ["first", "second"] {
        let more = answered(convert(&server, key, b"text")).await;
        problem(more, 503, "tenant_busy").await;
    }
    gate.let_through(5);
    for answer in first.into_iter().chain(second) {
        assert_eq!(answered(answer).await.status(), 200);
    }
}

#[tokio::test]
async fn a_key_that_waits_for_one_conversion_is_not_behind_all_of_another() {
    let gate = Gate::closed();
    let (server, first) = filled(&gate).await;
    let second = convert(&server, "second", b"text");
    problem(
        answered(first.into_iter().next_back().expect("the youngest")).await,
        503,
        "tenant_busy",
    )
    .await;
    until(server.app.admission(), (1, 4)).await;
    gate.let_through(2);
    assert_eq!(answered(second).await.status(), 200, "the next turn is its");
    gate.let_through(3);
    until(server.app.admission(), (0, 0)).await;
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_the_line() {
    let gate = Gate::closed();
    let (server, mut first) = filled(&gate).await;
    first.pop().expect("it waits").abort();
    until(server.app.admission(), (1, 3)).await;
    first.swap_remove(0).abort();
    gate.begun(2).await;
    until(server.app.admission(), (1, 2)).await;
    gate.let_through(4);
    until(server.app.admission(), (0, 0)).await;
}

#[tokio::test]
async fn a_short_text_waits_for_nobody() {
    let server = TestServer::with(Setup {
        running: 1,
        waiting: 0,
        ..Setup::default()
    })
    .await;
    let _slot = server
        .app
        .admission()
        .enter(&Tenant::anonymous())
        .await
        .expect("it is free");
    assert_eq!(server.send("a.txt", "a line of text", &[]).await.status(), 200);
    assert_eq!(server.send("a.md", "# A\n\ntext", &[]).await.status(), 200);
    let request = server
        .post("/v1/estimate")
        .multipart(form("a.txt", "a line of text", &[]));
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    let report = sample("samples/annual-report.pdf");
    problem(server.send("a.pdf", report, &[]).await, 503, "busy").await;
}

#[tokio::test]
async fn nobody_is_sent_away_for_more_than_ten_times_what_others_have_waited() {
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        engine: Some(gate.clone()),
        running: 1,
        waiting: 1,
        ..Setup::default()
    })
    .await;
    let started = Instant::now();
    let mut waiting = Vec::new();
    for count in 0..=1 {
        waiting.push(convert(&server, "", b"text"));
        until(server.app.admission(), (1, count)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    gate.let_through(1);
    gate.begun(2).await;
    let most = started.elapsed();
    waiting.push(convert(&server, "", b"text"));
    until(server.app.admission(), (1, 1)).await;
    let busy = server.send("a.txt", "text", &[]).await;
    let seconds = busy.headers()["retry-after"]
        .to_str()
        .expect("text")
        .parse::<u64>();
    let seconds = Duration::from_secs(seconds.expect("a number"));
    assert!(seconds <= 10 * most, "{seconds:?} after {most:?}");
    problem(busy, 503, "busy").await;
    gate.let_through(2);
    for answer in waiting {
        assert_eq!(answered(answer).await.status(), 200);
    }
}

#[tokio::test]
async fn a_full_queue_has_room_for_a_key_with_less_than_its_share() {
    let server = TestServer::with(Setup {
        api_keys: KEYS,
        max_pending: 4,
        ..Setup::default()
    })
    .await;
    let submit = async |key: &str| {
        let request = server.post("/api/documents/submit");
        sent(request.multipart(form("a.txt", "a", &[])), key).await
    };
    for _ in 0..4 {
        assert_eq!(submit("first").await.status(), 200);
    }
    problem(submit("first").await, 503, "busy").await;
    for _ in 0..2 {
        assert_eq!(submit("second").await.status(), 200);
    }
    for key in ["first", "second"] {
        let full = submit(key).await;
        assert!(full.headers().contains_key("retry-after"));
        let words = text(&problem(full, 503, "tenant_busy").await["error"]);
        assert!(words.contains("your share"), "{words}");
    }
    assert_eq!(submit("third").await.status(), 200);
    let batch = server
        .post("/v1/batch/submit")
        .multipart(files(&[("a.txt", b"a"), ("b.txt", b"b")]));
    problem(sent(batch, "third").await, 503, "tenant_busy").await;
    let state = server.store.queue_state(100).await.expect("a database");
    assert_eq!(state.pending, 7, "less than twice the limit");
}

async fn announce(server: &TestServer, key: &str) -> Response {
    let body = value!({"fileName": "a.txt", "fileSize": 1});
    sent(server.post("/api/documents/upload-url").json(&body), key).await
}

#[tokio::test]
async fn announced_uploads_are_bounded_for_each_key() {
    let server = TestServer::with(Setup {
        api_keys: KEYS,
        max_announced: 2,
        ..Setup::default()
    })
    .await;
    let id = text(&json(announce(&server, "first").await, 200).await["id"]);
    json(announce(&server, "first").await, 200).await;
    let third = announce(&server, "first").await;
    assert!(third.headers().contains_key("retry-after"));
    let body: Value = problem(third, 503, "tenant_busy").await;
    assert!(text(&body["error"]).contains("MAX_ANNOUNCED_UPLOADS"), "{body}");
    json(announce(&server, "second").await, 200).await;
    let cancel = server.post(&format!("/api/documents/{id}/cancel"));
    assert_eq!(sent(cancel, "first").await.status(), 200);
    json(announce(&server, "first").await, 200).await;
    problem(announce(&server, "first").await, 503, "tenant_busy").await;
}
