use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios::engine::{Converted, Engine, EngineError, Request};
use ilios_convert::{Conversion, Format, Metadata};
use tokio::sync::Semaphore;

use crate::fairness::until;
use crate::harness::{Setup, TestServer, form, problem};

/// An engine whose conversions end when the test lets them.
struct Gate(Arc<Semaphore>);

impl Engine for Gate {
    fn convert<'a>(&'a self, _request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async {
            self.0.acquire().await.expect("the gate").forget();
            let conversion = Conversion {
                format: Format::Text,
                metadata: Metadata::default(),
                pages: Vec::new(),
                images: Vec::new(),
                warnings: Vec::new(),
                partial: None,
            };
            Ok(Converted::local(conversion, "gate"))
        })
    }
}

fn setup(gate: &Arc<Semaphore>, waiting: usize, max_wait: Duration) -> Setup {
    let engine: Arc<dyn Engine> = Arc::new(Gate(Arc::clone(gate)));
    Setup {
        running: 1,
        waiting,
        max_wait,
        engine: Some(engine),
        ..Setup::default()
    }
}

#[tokio::test]
async fn further_conversions_wait_for_their_turn_up_to_a_bound() {
    let gate = Arc::new(Semaphore::new(0));
    let server = TestServer::with(setup(&gate, 1, Duration::from_secs(20))).await;
    let send = || tokio::spawn(server.convert(form("a.txt", "text", &[])).send());
    let mut first = vec![send(), send()];
    until(server.app.admission(), (1, 1)).await;
    let third = send().await.expect("a task").expect("an answer");
    let wait = third.headers()["retry-after"]
        .to_str()
        .expect("text")
        .parse::<u64>();
    assert!(wait.is_ok_and(|seconds| seconds >= 1));
    problem(third, 503, "busy").await;
    gate.add_permits(3);
    for task in first.drain(..) {
        assert_eq!(task.await.expect("a task").expect("an answer").status(), 200);
    }
    assert_eq!(
        server.send("a.txt", "text", &[]).await.status(),
        200,
        "there is room again"
    );
}

#[tokio::test]
async fn nobody_waits_longer_than_allowed() {
    let gate = Arc::new(Semaphore::new(0));
    let server = TestServer::with(setup(&gate, 5, Duration::from_millis(200))).await;
    let first = tokio::spawn(server.convert(form("a.txt", "text", &[])).send());
    until(server.app.admission(), (1, 0)).await;
    problem(server.send("b.txt", "text", &[]).await, 503, "busy").await;
    gate.add_permits(1);
    assert_eq!(first.await.expect("a task").expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_client_that_goes_away_gives_its_turn_back() {
    let gate = Arc::new(Semaphore::new(0));
    let server = TestServer::with(setup(&gate, 5, Duration::from_secs(20))).await;
    let gone = tokio::spawn(server.convert(form("a.txt", "text", &[])).send());
    until(server.app.admission(), (1, 0)).await;
    gone.abort();
    until(server.app.admission(), (0, 0)).await;
    gate.add_permits(1);
    assert_eq!(server.send("b.txt", "text", &[]).await.status(), 200);
}
