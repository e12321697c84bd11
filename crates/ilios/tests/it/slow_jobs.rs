//! A slow document among quick ones.

use std::sync::Arc;

use futures::future::BoxFuture;
use ilios::engine::{Converted, Engine, EngineError, Request};
use tokio::sync::Notify;

use crate::batches::send;
use crate::gate::Gate;
use crate::harness::{Setup, TestServer, files, json, text};

/// Converts `slow.txt` only when it is told to, everything else at once.
struct OneSlow {
    quick: Arc<Gate>,
    now: Notify,
}

impl Engine for OneSlow {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async {
            if request.file_name.as_str() == "slow.txt" {
                self.now.notified().await;
            }
            self.quick.convert(request).await
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_document_holds_up_none_that_were_taken_with_it() {
    let engine = Arc::new(OneSlow {
        quick: Gate::open("quick"),
        now: Notify::new(),
    });
    let server = TestServer::with(Setup {
        workers: 2,
        engine: Some(engine.clone()),
        ..Setup::default()
    })
    .await;
    // By the time of the slow one the workers have learnt that documents are quick, and take many at once.
    let names = (0..80).map(|number| match number {
        60 => "slow.txt".to_owned(),
        number => format!("{number}.txt"),
    });
    let names: Vec<String> = names.collect();
    let form: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), b"text".as_slice()))
        .collect();
    let id = text(&json(send(&server, files(&form)).await, 202).await["batchId"]);
    let path = format!("/v1/batch/status/{id}");
    let progress = loop {
        let progress = server.json(&path).await["progress"].clone();
        if progress["completed"] == 79 {
            break progress;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    assert_eq!(
        (&progress["processing"], &progress["pending"]),
        (&1.into(), &0.into())
    );
    engine.now.notify_one();
    let status = server.json(&format!("{path}?wait=30")).await;
    assert_eq!(status["status"], "completed");
    assert_eq!(status["progress"]["completed"], 80);
}
