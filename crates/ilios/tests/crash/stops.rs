use std::time::{Duration, Instant};

use reqwest::multipart::Form;
use rustix::process::{Signal, kill_process, test_kill_process};
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::files::{Expected, Sending, all_ended, slow};
use crate::kills::workers;
use crate::server::{Server, variable};
use crate::storage::Storage;

async fn submit(address: &str, file: &Sending) {
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("{address}/api/documents/submit"));
    let answer = request
        .multipart(Form::new().part("file", file.part()))
        .send()
        .await;
    let answer = answer.expect("an answer").error_for_status();
    answer.expect("it is accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stood_still_for_longer_than_its_leases_writes_nothing_twice() {
    const LEASE: Duration = Duration::from_secs(2);
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path();
    let mut environment = workers(2);
    environment.push(variable("LEASE_MILLIS", LEASE.as_millis()));
    let mut server = Server::start(data, environment);
    let (address, _) = server.ready().await.expect("it starts");
    for number in 0..4 {
        submit(&address, &slow(number)).await;
    }
    let database = Storage::local().database(data).await;
    let since = Instant::now();
    while database.held_jobs().await.len() < 2 {
        assert!(since.elapsed() < Duration::from_secs(10), "no job is worked on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.signal(Signal::STOP);
    let held = database.held_jobs().await;
    // The children go on, so that results wait for the server when it wakes.
    tokio::time::sleep(LEASE + Duration::from_secs(1)).await;
    server.signal(Signal::CONT);
    all_ended(&database, Duration::from_secs(60)).await;
    server.terminate().await;
    let documents = database.documents().await;
    assert_eq!(documents.len(), 4);
    for found in documents {
        assert_eq!(
            (&*found.end.status, found.usage_records),
            ("completed", 1),
            "{}",
            found.name
        );
    }
    let lost = database
        .number("SELECT COUNT(*) FROM jobs WHERE losses > 0")
        .await;
    assert!(
        lost >= 1 && lost <= i64::try_from(held.len()).expect("a count"),
        "{lost} of {held:?}"
    );
    assert_eq!(database.number("SELECT SUM(failures) FROM jobs").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_end_under_load_loses_nothing() {
    let storage = Storage::local();
    let expected = Expected::find(&storage).await;
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path();
    let mut given_back = 0;
    let mut heard = crate::clients::Answers::default();
    for round in 0..3 {
        let mut environment = workers(2);
        environment.push(variable("LOG_LEVEL", "info,ilios::http::server=debug"));
        let mut server = Server::start(data, environment);
        let (address, _) = server.ready().await.expect("it starts");
        let clients = Clients::start(8, 100 * round, Duration::from_millis(5), 10_000 * round + 1);
        clients.server_is_at(Some(&address));
        let began = Instant::now();
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(clients.accepted() > 0);
        let asked = Instant::now();
        server.signal(Signal::TERM);
        let status = server.end(Duration::from_secs(10)).await.expect("it ends");
        let took = asked.elapsed();
        let ended = began.elapsed();
        assert!(
            status.success() && took < Duration::from_secs(6),
            "{status} after {took:?}"
        );
        clients.server_is_at(None);
        let answers = clients.stop().await;
        assert_eq!(
            answers.cut_off, [""; 0],
            "it ended {ended:?} after the first request, {took:?} after it was asked to"
        );
        heard.accepted.extend(answers.accepted);
        heard.refused.extend(answers.refused);
        let database = Storage::local().database(data).await;
        assert_eq!(database.held_jobs().await, []);
        let burnt = "SELECT COUNT(*) FROM jobs WHERE failures <> 0 OR crashes <> 0 OR losses <> 0";
        assert_eq!(database.number(burnt).await, 0);
        given_back += database.open_jobs().await;
    }
    assert!(given_back > 0, "there was no load");
    let mut server = Server::start(data, workers(2));
    server.ready().await.expect("it starts");
    let database = storage.database(data).await;
    all_ended(&database, Duration::from_secs(60)).await;
    server.terminate().await;
    checks::documents(&database, &heard, &expected).await;
    checks::files(data, &storage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversion_that_does_not_end_in_time_is_given_back() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path();
    // The only child is the one that converts.
    let mut environment = workers(1);
    environment.push(variable("CONVERT_WAITING", 0));
    let mut server = Server::start(data, environment);
    let (address, _) = server.ready().await.expect("it starts");
    submit(&address, &slow(0)).await;
    let since = Instant::now();
    let child = loop {
        if let Some(child) = server.children().first().copied() {
            break child;
        }
        assert!(since.elapsed() < Duration::from_secs(10), "nothing is converted");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    // From now on the conversion hangs.
    kill_process(child, Signal::STOP).expect("the child stands still");
    let asked = Instant::now();
    server.signal(Signal::TERM);
    let status = server.end(Duration::from_secs(10)).await.expect("it ends");
    let took = asked.elapsed();
    assert!(
        status.success() && took < Duration::from_secs(6),
        "{status} after {took:?}"
    );
    assert!(took > Duration::from_secs(4), "it had its time");
    // Killed with the server; the system may take a moment to clear it away.
    let ended = Instant::now();
    while test_kill_process(child).is_ok() {
        assert!(ended.elapsed() < Duration::from_secs(2), "the child is left");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let database = Storage::local().database(data).await;
    let given_back = "SELECT COUNT(*) FROM jobs WHERE status = 'pending' AND attempt = 1
         AND failures = 0 AND crashes = 0 AND losses = 0";
    assert_eq!(database.number(given_back).await, 1);
    let mut server = Server::start(data, workers(1));
    server.ready().await.expect("it starts");
    all_ended(&database, Duration::from_secs(60)).await;
    server.terminate().await;
    let documents = database.documents().await;
    assert_eq!(
        (&*documents[0].end.status, documents[0].usage_records),
        ("completed", 1)
    );
}
