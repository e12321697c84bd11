use std::collections::BTreeMap;
use std::time::Duration;

use ilios::model::{Id, Lease, RetryPolicy, Status, Timestamp};
use ilios::store::Settled;

use super::model::{JobState, Model, ModelDocument};
use super::steps::Outcome;

impl Model {
    /// The lease that the store numbered `store` gives to `owner`; the document of the `first` one of several is begun.
    pub(super) fn claim(
        &mut self,
        store: usize,
        owner: &str,
        now: Timestamp,
        time: Duration,
        first: bool,
    ) -> Option<Lease> {
        let id = self.next(store, now)?;
        let document = self.documents.get_mut(&id)?;
        if first {
            document.status = Status::Processing;
        }
        let job = document.job.as_mut()?;
        job.attempt += 1;
        job.state = JobState::Held {
            owner: owner.to_owned(),
            until: now.plus(time),
        };
        let lease = Lease {
            job: job.id.clone(),
            document: id,
            batch: document.batch.clone(),
            attempt: job.attempt,
            owner: owner.to_owned(),
        };
        let turns = self.turns.entry(store).or_default();
        turns.count += 1;
        turns.last.insert(document.tenant.clone(), turns.count);
        if let Some(batch) = lease.batch.as_ref().and_then(|batch| self.batches.get_mut(batch))
            && batch.status == Status::Pending
        {
            batch.status = Status::Processing;
        }
        Some(lease)
    }

    /// The document whose job is next: of the tenant with the fewest running jobs whose turn is the longest ago,
    /// the most urgent, then the oldest.
    fn next(&self, store: usize, now: Timestamp) -> Option<Id> {
        let mut running: BTreeMap<&str, usize> = BTreeMap::new();
        for document in self.documents.values() {
            let held = document.job.as_ref().is_some_and(super::model::ModelJob::is_held);
            *running.entry(&document.tenant).or_default() += usize::from(held);
        }
        let last = |tenant: &str| {
            self.turns
                .get(&store)
                .and_then(|turns| turns.last.get(tenant))
                .copied()
        };
        let due = self.documents.iter().filter_map(|(id, document)| {
            let job = document.job.as_ref()?;
            let due = job.state == JobState::Pending && job.scheduled_at <= now;
            let tenant = document.tenant.as_str();
            let lane = (running[tenant], last(tenant).unwrap_or(0), tenant);
            let place = (std::cmp::Reverse(job.priority), job.scheduled_at, &job.id);
            due.then_some((lane, place, id))
        });
        due.min().map(|(_, _, id)| id.clone())
    }

    /// The document of a lease that holds.
    fn held(&mut self, lease: &Lease, now: Timestamp) -> Option<&mut ModelDocument> {
        let document = self.documents.get_mut(&lease.document)?;
        let job = document.job.as_ref()?;
        let holds = job.id == lease.job
            && job.attempt == lease.attempt
            && matches!(&job.state, JobState::Held { owner, until } if *owner == lease.owner && *until > now);
        holds.then_some(document)
    }

    pub(super) fn begin(&mut self, lease: &Lease, now: Timestamp) {
        if let Some(document) = self.held(lease, now) {
            document.status = Status::Processing;
        }
    }

    pub(super) fn extend(&mut self, lease: &Lease, now: Timestamp, time: Duration) -> bool {
        let Some(job) = self.held(lease, now).and_then(|document| document.job.as_mut()) else {
            return false;
        };
        job.state = JobState::Held {
            owner: lease.owner.clone(),
            until: now.plus(time),
        };
        true
    }

    /// Also a lease that has run out can be given back as long as nobody else has the job.
    pub(super) fn release(&mut self, lease: &Lease) {
        let long_ago = Timestamp::from_millis(i64::MIN);
        if let Some(job) = self
            .held(lease, long_ago)
            .and_then(|document| document.job.as_mut())
        {
            job.state = JobState::Pending;
        }
    }

    pub(super) fn reap(&mut self, policy: RetryPolicy, all: bool, now: Timestamp) -> u64 {
        let mut reaped = 0;
        let mut ended = Vec::new();
        for document in self.documents.values_mut() {
            let Some(job) = &mut document.job else { continue };
            if !matches!(job.state, JobState::Held { until, .. } if all || until <= now) {
                continue;
            }
            reaped += 1;
            job.losses += 1;
            job.state = JobState::Pending;
            if job.losses >= policy.max_losses {
                document.fail("document_crashes_converter", now);
                ended.push(document.batch.clone());
            }
        }
        ended.iter().for_each(|batch| self.end_batch(batch.as_ref(), now));
        let jobs = self
            .documents
            .values_mut()
            .filter_map(|document| document.job.as_mut());
        for job in jobs.filter(|job| all && job.state == JobState::Pending) {
            job.scheduled_at = job.scheduled_at.min(now);
        }
        reaped
    }

    pub(super) fn finish(
        &mut self,
        lease: &Lease,
        outcome: Outcome,
        policy: RetryPolicy,
        now: Timestamp,
    ) -> Settled {
        let Some(document) = self.held(lease, now) else {
            return Settled::LeaseLost;
        };
        let settled = settle(document, outcome, policy, now);
        if settled == Settled::Completed {
            let owner = document.tenant.clone();
            let first = self.charged.insert((owner, lease.document.clone()));
            assert!(first, "{} is completed for the second time", lease.document);
        }
        self.end_batch(lease.batch.as_ref(), now);
        settled
    }
}

fn settle(document: &mut ModelDocument, outcome: Outcome, policy: RetryPolicy, now: Timestamp) -> Settled {
    let job = document.job.as_mut().expect("what is held has a job");
    let at = match outcome {
        Outcome::Completed => {
            job.state = JobState::Ended;
            document.status = Status::Completed;
            document.processed_at = Some(now);
            return Settled::Completed;
        }
        Outcome::Failed => {
            document.fail("encrypted", now);
            return Settled::Failed;
        }
        Outcome::Postponed => now.plus(super::steps::POSTPONED),
        Outcome::Retry | Outcome::Crash => {
            job.failures += 1;
            job.crashes += i64::from(matches!(outcome, Outcome::Crash));
            if job.crashes >= policy.max_crashes {
                document.fail("document_crashes_converter", now);
                return Settled::Failed;
            }
            if job.failures >= policy.max_failures {
                document.fail("unavailable", now);
                return Settled::Failed;
            }
            now.plus(policy.delay(job.failures))
        }
    };
    job.state = JobState::Pending;
    job.scheduled_at = at;
    Settled::Retried(at)
}
