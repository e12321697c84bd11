//! Random histories, run on the store and on the model, which have to agree after each step.

use std::sync::Arc;
use std::time::Duration;

use ilios::model::{ClaimedJob, Clock, Failure, Id, Ids, Lease, RetryPolicy, Tenant, Timestamp};
use ilios::store::{JobOutcome, NewDocument, NextClaim, Store};
use proptest::test_runner::{Config, TestRunner};

use super::backend::Backend;
use super::compare::Seen;
use super::make::{LEASE, again, announced, batch, completed, days, ids, priority, queued, refused, tenant};
use super::model::Model;
use super::steps::{Outcome, POSTPONED, Pick, Sent, Step, histories};
use super::time::{SkewedClock, TestTime};

/// Few losses, so that histories are long enough to reach the last one.
const POLICY: RetryPolicy = RetryPolicy {
    max_failures: 3,
    first_delay: Duration::from_secs(5),
    max_crashes: 2,
    max_losses: 2,
};
/// How long announced documents are waited for.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn any_sequence_of_steps_ends_as_the_model_says<B: Backend>(backend: B) {
    let default = Config::default();
    let config = Config {
        // A quarter of what PROPTEST_CASES says, for a case here is many steps.
        cases: default.cases.div_ceil(4 * B::ONE_HISTORY_IN),
        max_shrink_iters: 500,
        failure_persistence: None,
        ..default
    };
    let runtime = tokio::runtime::Handle::current();
    let outcome = tokio::task::block_in_place(|| {
        TestRunner::new(config).run(&histories(), |(skews, steps)| {
            runtime.block_on(async {
                // Its files have to be there as long as it is used.
                let another = backend.another().await;
                let mut machine = Machine::new(&another, skews).await;
                for step in steps {
                    machine.step(step).await;
                    machine.seen.compare(&machine.model, &machine.stores).await;
                }
                machine.close().await;
            });
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// The stores and the model of them, and everything that was ever made.
pub(super) struct Machine {
    time: TestTime,
    pub(super) stores: Vec<Store>,
    clocks: Vec<Arc<SkewedClock>>,
    pub(super) ids: Ids,
    pub(super) tenants: Vec<Tenant>,
    /// Every lease that was ever given, with the worker that has it.
    leases: Vec<(usize, Lease)>,
    /// Every document and batch that ever was.
    pub(super) documents: Vec<(Tenant, Id)>,
    pub(super) batches: Vec<(Tenant, Id)>,
    pub(super) model: Model,
    seen: Seen,
}

impl Machine {
    async fn new(backend: &impl Backend, skews: [i64; 3]) -> Self {
        let time = TestTime::new();
        let clocks: Vec<_> = skews.iter().map(|&skew| time.clock(skew)).collect();
        let mut stores = Vec::new();
        for clock in &clocks {
            stores.push(backend.open(clock.clone()).await);
        }
        Self {
            time,
            stores,
            clocks,
            ids: ids(),
            tenants: ["a", "b", "c"].map(tenant).to_vec(),
            leases: Vec::new(),
            documents: Vec::new(),
            batches: Vec::new(),
            model: Model::default(),
            seen: Seen::default(),
        }
    }

    async fn close(self) {
        for store in self.stores {
            store.close().await;
        }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Submit {
                store,
                tenant,
                sent,
                urgency,
                days: kept,
            } => {
                let mut new = self.sent(store, tenant, sent, urgency);
                new.document.retention = days(kept);
                self.submit(store, new).await;
            }
            Step::SubmitBatch {
                store,
                tenant,
                sent,
                urgency,
            } => {
                let documents = sent
                    .into_iter()
                    .map(|sent| self.sent(store, tenant, sent, urgency));
                let documents = documents.collect();
                self.submit_batch(store, tenant, documents).await;
            }
            Step::Claim { worker, most } => self.claim(worker, most).await,
            Step::Extend { worker } => self.extend(worker).await,
            Step::Begin { lease } => {
                if let Some((worker, lease)) = self.lease(&lease) {
                    self.model.begin(&lease, self.now(worker));
                    self.stores[worker].begin_job(lease).await.expect("an answer");
                }
            }
            Step::Finish {
                attempts,
                forged,
                next,
            } => self.finish(&attempts, forged, next).await,
            Step::Release { lease } => {
                if let Some((worker, lease)) = self.lease(&lease) {
                    self.model.release(&lease);
                    self.stores[worker]
                        .release_jobs(vec![lease])
                        .await
                        .expect("an answer");
                }
            }
            Step::Pass(span) => self.time.pass(span),
            Step::ByClient {
                store,
                asks,
                subject,
                stranger,
            } => self.by_client(store, asks, subject, stranger).await,
            step => self.keep_house(step).await,
        }
    }

    async fn keep_house(&mut self, step: Step) {
        match step {
            Step::Reap { store, all } => {
                let reaped = self.stores[store]
                    .reclaim_expired_jobs(POLICY, all)
                    .await
                    .expect("an answer");
                assert_eq!(reaped, self.model.reap(POLICY, all, self.now(store)));
            }
            Step::ExpireUploads { store } => {
                let expired = self.stores[store].expire_uploads(1_000).await.expect("an answer");
                assert_eq!(expired, self.model.expire_uploads(self.now(store)));
            }
            Step::Retention { store, delete } => self.retention(store, delete).await,
            step => panic!("not the house's: {step:?}"),
        }
    }

    pub(super) fn now(&self, store: usize) -> Timestamp {
        self.clocks[store].now()
    }

    fn lease(&self, pick: &Pick) -> Option<(usize, Lease)> {
        const RECENT: usize = 4;
        let from = self.leases.len().saturating_sub(RECENT);
        let (leases, index) = match pick {
            Pick::Recent(index) => (&self.leases[from..], index),
            Pick::Any(index) => (&self.leases[..], index),
        };
        (!leases.is_empty()).then(|| index.get(leases).clone())
    }

    fn sent(&self, store: usize, tenant: usize, sent: Sent, urgency: u8) -> NewDocument {
        let (tenant, now) = (&self.tenants[tenant], self.now(store));
        match sent {
            Sent::Whole => queued(&self.ids, tenant, now, priority(urgency)),
            Sent::Refused => refused(&self.ids, tenant, now),
            Sent::Announced => announced(&self.ids, tenant, now, now.plus(UPLOAD_TIMEOUT)),
        }
    }

    async fn submit(&mut self, store: usize, new: NewDocument) {
        self.documents
            .push((new.document.tenant.clone(), new.document.id.clone()));
        self.model.submit(&new, self.now(store));
        self.stores[store]
            .submit_document(new, None)
            .await
            .expect("it is accepted");
    }

    async fn submit_batch(&mut self, store: usize, tenant: usize, documents: Vec<NewDocument>) {
        let tenant = &self.tenants[tenant];
        let new = batch(&self.ids, tenant, self.now(store), documents);
        let sent = new
            .documents
            .iter()
            .map(|new| (tenant.clone(), new.document.id.clone()));
        self.documents.extend(sent);
        self.batches.push((tenant.clone(), new.batch.id.clone()));
        self.model.submit_batch(&new, self.now(store));
        self.stores[store]
            .submit_batch(new, None)
            .await
            .expect("it is accepted");
    }

    async fn claim(&mut self, worker: usize, most: usize) {
        // Workers of one process share its name, and are told apart by their attempts alone.
        let owner = format!("process-{}", worker % 2);
        let claimed = self.stores[worker]
            .claim_jobs(&owner, LEASE, most)
            .await
            .expect("a claim");
        self.taken(worker, &owner, claimed, most);
    }

    async fn extend(&mut self, worker: usize) {
        let own = self.leases.iter().filter(|(holder, _)| *holder == worker);
        let asked: Vec<Lease> = own.map(|(_, lease)| lease.clone()).collect();
        let kept = self.stores[worker]
            .extend_leases(asked.clone(), LEASE)
            .await
            .expect("an answer");
        let now = self.now(worker);
        let expected = asked
            .into_iter()
            .filter(|lease| self.model.extend(lease, now, LEASE));
        assert_eq!(kept, expected.collect::<Vec<_>>());
    }

    async fn finish(&mut self, attempts: &[(Pick, Outcome)], forged: bool, most: usize) {
        // All by the worker of the first one; the same lease may be among them twice.
        let picked = attempts.iter().filter_map(|(pick, outcome)| {
            let (worker, mut lease) = self.lease(pick)?;
            lease.owner.push_str(if forged { "x" } else { "" });
            Some((worker, lease, *outcome))
        });
        let picked: Vec<_> = picked.collect();
        let Some(&(worker, Lease { ref owner, .. }, _)) = picked.first() else {
            return;
        };
        let now = self.now(worker);
        let written = picked
            .iter()
            .map(|(_, lease, outcome)| (lease.clone(), self.written(lease, *outcome, now)));
        let next = NextClaim { most, lease: LEASE };
        let finished = self.stores[worker]
            .finish_jobs(owner, written.collect(), POLICY, next)
            .await;
        let (settled, claimed) = finished.expect("an answer");
        let expected = picked
            .iter()
            .map(|(_, lease, outcome)| self.model.finish(lease, *outcome, POLICY, now));
        assert_eq!(settled, expected.collect::<Vec<_>>());
        self.taken(worker, owner, claimed, most);
    }

    /// Compares what a worker was given with what the model gives.
    fn taken(&mut self, worker: usize, owner: &str, claimed: Vec<ClaimedJob>, most: usize) {
        let now = self.now(worker);
        let expected: Vec<Lease> = (0..most)
            .map_while(|place| self.model.claim(worker, owner, now, LEASE, place == 0))
            .collect();
        let leases: Vec<Lease> = claimed.into_iter().map(|job| job.lease).collect();
        assert_eq!(leases, expected);
        self.leases
            .extend(leases.into_iter().map(|lease| (worker, lease)));
    }

    fn written(&self, lease: &Lease, outcome: Outcome, now: Timestamp) -> JobOutcome {
        let of_document = |(_, id): &&(Tenant, Id)| *id == lease.document;
        let (tenant, id) = self.documents.iter().find(of_document).expect("the document");
        match outcome {
            Outcome::Completed => completed(&self.ids, tenant, id, now),
            Outcome::Failed => JobOutcome::Failed(Failure::new("encrypted", "it wants a password")),
            Outcome::Retry => again(false),
            Outcome::Crash => again(true),
            Outcome::Postponed => JobOutcome::Postponed {
                reason: "away".into(),
                after: POSTPONED,
            },
        }
    }
}
