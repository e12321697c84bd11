//! Clocks that somebody sets while the server runs.

use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{Maintenance, MaintenanceSettings};
use ilios::model::{Clock, Priority, RetryPolicy, SystemClock, Timestamp};
use ilios::store::{Durability, Store, StoreSettings};
use tempfile::TempDir;

use crate::conformance::make::{ids, queued, tenant};
use crate::gate::Gate;
use crate::harness::{Setup, TestServer, form};
use crate::maintenance::{DAY, kept};

const HOUR: i64 = 3_600;

#[tokio::test]
async fn no_change_of_the_clock_costs_running_work() {
    for seconds in [HOUR, -HOUR, 23 * HOUR, -23 * HOUR, 87_600 * HOUR, -87_600 * HOUR] {
        let gate = Gate::closed();
        let setup = Setup {
            engine: Some(gate.clone()),
            workers: 1,
            ..Setup::default()
        };
        let clock = Arc::clone(&setup.clock);
        let server = TestServer::with(setup).await;
        let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
        let id = server.submitted("a.txt", "text").await;
        gate.begun(1).await;
        clock.step(seconds);
        maintenance.reap().await;
        let later = server.submitted("b.txt", "text").await;
        // Some heartbeats are given meanwhile.
        tokio::time::sleep(Duration::from_millis(300)).await;
        maintenance.reap().await;
        gate.let_through(2);
        assert_eq!(server.ended(&id).await["status"], "completed", "{seconds}");
        assert_eq!(server.ended(&later).await["status"], "completed", "{seconds}");
        assert_eq!(gate.count(), 2, "each was converted once: {seconds}");
    }
}

#[tokio::test]
async fn what_is_old_by_a_jump_of_the_clock_alone_waits_for_a_second_look() {
    let kept = kept(MaintenanceSettings::default()).await;
    let clock = &kept.clock;
    let id = kept.letter().await;
    let status = async || {
        kept.maintenance.run_once().await;
        kept.maintenance.sweep().await;
        kept.status(&id).await
    };
    let year = 400 * 24 * HOUR;
    clock.step(year);
    assert_eq!(status().await, "completed");
    clock.advance(Duration::from_secs(240));
    assert_eq!(status().await, "completed");
    clock.step(-year);
    clock.advance(Duration::from_secs(240));
    assert_eq!(status().await, "completed", "somebody has set it right");
    clock.step(year);
    assert_eq!(status().await, "completed");
    clock.advance(Duration::from_secs(301));
    assert_eq!(status().await, "archived", "it still says so");
}

#[tokio::test]
async fn the_time_that_passes_is_no_jump() {
    let kept = kept(MaintenanceSettings::default()).await;
    let id = kept.letter().await;
    kept.after(366 * DAY).await;
    assert_eq!(kept.status(&id).await, "archived");
}

#[tokio::test]
async fn a_request_keeps_its_name_while_the_clock_is_doubted() {
    let setup = Setup::default();
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    let submit = async || {
        let request = server
            .post("/api/documents/submit")
            .multipart(form("a.txt", "a", &[]));
        let request = request.header("idempotency-key", "once");
        let answer = request.send().await.expect("an answer");
        answer.json::<serde_json::Value>().await.expect("JSON")["id"].clone()
    };
    let first = submit().await;
    clock.step(48 * HOUR);
    maintenance.run_once().await;
    assert_eq!(submit().await, first);
}

/// The machine's clock, wrong by some milliseconds.
struct Wrong(i64);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(SystemClock.now().as_millis() + self.0)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_after_the_clock_was_set_back_waits_for_nothing() {
    let folder = TempDir::new().expect("a temporary folder");
    let open = async |ahead: i64| {
        let settings = StoreSettings {
            clock: Arc::new(Wrong(ahead)),
            durability: Durability::Crash,
        };
        let file = folder.path().join("ilios.db");
        let store = Store::open_local(&file, &settings).await.expect("a database");
        store.migrate().await.expect("migrations run");
        store
    };
    let store = open(HOUR * 1_000).await;
    let new = queued(&ids(), &tenant("a"), SystemClock.now(), Priority::default());
    store.submit_document(new, None).await.expect("it is accepted");
    store.close().await;
    let store = open(0).await;
    let lease = Duration::from_secs(20);
    let early = store.claim_jobs("worker", lease, 1).await.expect("an answer");
    assert!(early.is_empty(), "it is not due by this clock");
    store
        .reclaim_expired_jobs(RetryPolicy::default(), true)
        .await
        .expect("an answer");
    let taken = store.claim_jobs("worker", lease, 1).await.expect("an answer");
    assert_eq!(taken.len(), 1);
    store.close().await;
}
