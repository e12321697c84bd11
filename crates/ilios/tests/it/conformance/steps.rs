use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// How long a postponed attempt waits.
pub(super) const POSTPONED: Duration = Duration::from_secs(10);

/// Something that a client, a worker or the house does by way of one of three stores.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Submit {
        store: usize,
        tenant: usize,
        sent: Sent,
        urgency: u8,
        days: u16,
    },
    SubmitBatch {
        store: usize,
        tenant: usize,
        sent: Vec<Sent>,
        urgency: u8,
    },
    Claim {
        worker: usize,
        most: usize,
    },
    /// A worker says that it is still there, for every lease that it was ever given.
    Extend {
        worker: usize,
    },
    Begin {
        lease: Pick,
    },
    /// A worker settles several attempts at once; of a forged one not even the owner's name is right.
    Finish {
        attempts: Vec<(Pick, Outcome)>,
        forged: bool,
        next: usize,
    },
    Release {
        lease: Pick,
    },
    Pass(Duration),
    Reap {
        store: usize,
        all: bool,
    },
    ByClient {
        store: usize,
        asks: Asks,
        subject: Index,
        /// Whether it asks of what is not its own.
        stranger: bool,
    },
    ExpireUploads {
        store: usize,
    },
    /// What is past its retention is archived, or deleted.
    Retention {
        store: usize,
        delete: bool,
    },
}

/// What a client asks of a document or, the last, of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asks {
    Cancel,
    Delete,
    Retry,
    CompleteUpload,
    CancelBatch,
}

/// Which of the leases that were ever given.
#[derive(Debug, Clone)]
pub(super) enum Pick {
    /// One of the last few.
    Recent(Index),
    Any(Index),
}

/// What a document is when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Whole,
    Refused,
    /// Announced, for its client to put it into the object store.
    Announced,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Outcome {
    Completed,
    Failed,
    Retry,
    Crash,
    Postponed,
}

/// A sequence of steps, and by how many milliseconds the three clocks are wrong.
pub(super) fn histories() -> impl Strategy<Value = ([i64; 3], Vec<Step>)> {
    let skew = || -30_000..30_000_i64;
    ([skew(), skew(), skew()], vec(step(), 1..120))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => submit(),
        2 => submit_batch(),
        12 => (0..3_usize, 1..3_usize).prop_map(|(worker, most)| Step::Claim { worker, most }),
        3 => pick().prop_map(|lease| Step::Begin { lease }),
        3 => (0..3_usize).prop_map(|worker| Step::Extend { worker }),
        12 => finish(),
        2 => pick().prop_map(|lease| Step::Release { lease }),
        8 => span().prop_map(Step::Pass),
        5 => (0..3_usize, prop::bool::weighted(0.4)).prop_map(|(store, all)| Step::Reap { store, all }),
        10 => by_client(),
        2 => (0..3_usize).prop_map(|store| Step::ExpireUploads { store }),
        2 => (0..3_usize, any::<bool>()).prop_map(|(store, delete)| Step::Retention { store, delete }),
    ]
}

fn submit() -> impl Strategy<Value = Step> {
    let sent = prop_oneof![6 => Just(Sent::Whole), 1 => Just(Sent::Refused), 2 => Just(Sent::Announced)];
    (0..3_usize, 0..3_usize, sent, 1..=10_u8, 1..4_u16).prop_map(|(store, tenant, sent, urgency, days)| {
        Step::Submit {
            store,
            tenant,
            sent,
            urgency,
            days,
        }
    })
}

fn submit_batch() -> impl Strategy<Value = Step> {
    let sent = prop_oneof![4 => Just(Sent::Whole), 1 => Just(Sent::Refused)];
    (0..3_usize, 0..3_usize, vec(sent, 1..4), 1..=10_u8).prop_map(|(store, tenant, sent, urgency)| {
        Step::SubmitBatch {
            store,
            tenant,
            sent,
            urgency,
        }
    })
}

fn finish() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        4 => Just(Outcome::Completed),
        1 => Just(Outcome::Failed),
        2 => Just(Outcome::Retry),
        2 => Just(Outcome::Crash),
        1 => Just(Outcome::Postponed),
    ];
    let attempts = vec((pick(), outcome), 1..4);
    (attempts, prop::bool::weighted(0.1), 0..3_usize).prop_map(|(attempts, forged, next)| Step::Finish {
        attempts,
        forged,
        next,
    })
}

fn pick() -> impl Strategy<Value = Pick> {
    let (recent, any_at_all) = (any::<Index>(), any::<Index>());
    prop_oneof![3 => recent.prop_map(Pick::Recent), 2 => any_at_all.prop_map(Pick::Any)]
}

fn by_client() -> impl Strategy<Value = Step> {
    let asks = proptest::sample::select(vec![
        Asks::Cancel,
        Asks::Delete,
        Asks::Retry,
        Asks::CompleteUpload,
        Asks::CancelBatch,
    ]);
    let stranger = prop::bool::weighted(0.1);
    (0..3_usize, asks, any::<Index>(), stranger).prop_map(|(store, asks, subject, stranger)| Step::ByClient {
        store,
        asks,
        subject,
        stranger,
    })
}

fn span() -> impl Strategy<Value = Duration> {
    let day: u64 = 24 * 60 * 60 * 1_000;
    prop_oneof![
        6 => 0..5_000_u64,
        6 => 5_000..30_000_u64,
        1 => day / 2..2 * day,
    ]
    .prop_map(Duration::from_millis)
}
