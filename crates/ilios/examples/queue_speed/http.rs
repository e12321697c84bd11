//! Over HTTP on this machine: batches and single documents.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ilios::app::App;
use ilios::http::{HttpState, router};
use ilios::model::ApiKeys;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{BATCH, Outcome, SIZE, percentiles};

/// Serves the API; answers its address.
pub(crate) async fn serve(app: &Arc<App>) -> Outcome<String> {
    let routes = router(HttpState {
        app: Arc::clone(app),
        api_keys: Arc::new(ApiKeys::parse("")),
        edge: Arc::default(),
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

/// Sends a batch; answers its id.
pub(crate) async fn submit_batch(client: &reqwest::Client, address: &str) -> Outcome<String> {
    let form = (0..BATCH).fold(Form::new(), |form, number| form.part("files", file(number)));
    let request = client.post(format!("{address}/v1/batch/submit")).multipart(form);
    let answer: Value = request.send().await?.error_for_status()?.json().await?;
    Ok(answer["batchId"].as_str().ok_or("no batch id")?.to_owned())
}

/// Documents a second of batches, one after the other.
pub(crate) async fn batches(address: &str, rounds: usize) -> Outcome<()> {
    let client = ilios::tls::http_client().build()?;
    let mut speeds = Vec::new();
    for round in 0..rounds + 2 {
        let begin = Instant::now();
        let id = submit_batch(&client, address).await?;
        let accepted = begin.elapsed();
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

/// The times of single documents, from submission to the end.
pub(crate) async fn singles(address: &str, rounds: usize) -> Outcome<()> {
    let client = ilios::tls::http_client().build()?;
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
