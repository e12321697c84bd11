//! Children that do several jobs: each has the limits of the first, and one that leaves something behind is the last.

use std::time::{Duration, Instant};

use ilios_sandbox::{ExitReason, Layers, Policy, Program, ReusePool, RunningChild};
use libtest_mimic::Trial;

use crate::attempts::{CHILD, NOW};
use crate::layers::{small, trial};

pub(crate) fn trials() -> Vec<Trial> {
    let tests: [(&str, fn()); 7] = [
        (
            "processor_time_is_counted_by_job",
            processor_time_is_counted_by_job,
        ),
        ("memory_is_counted_by_job", memory_is_counted_by_job),
        (
            "what_is_left_behind_ends_the_reuse",
            what_is_left_behind_ends_the_reuse,
        ),
        ("nobody_is_renewed_without_leave", nobody_is_renewed_without_leave),
        ("owners_do_not_share_children", owners_do_not_share_children),
        ("a_pool_keeps_so_many_children", a_pool_keeps_so_many_children),
        (
            "a_child_does_a_hundred_jobs_at_most",
            a_child_does_a_hundred_jobs_at_most,
        ),
    ];
    let trials = tests.map(|(name, test)| trial(name.to_owned(), test));
    let old = trial(
        "a_child_ends_after_ten_seconds".to_owned(),
        a_child_ends_after_ten_seconds,
    );
    trials.into_iter().chain([old]).collect()
}

/// Has a child do a job before its attempt.
pub(crate) async fn do_job(child: &mut RunningChild, job: &str) {
    child.send(job.as_bytes()).await.expect("it is there");
    let memory = child.receive(1 << 10).await.expect("it begins");
    let memory = u64::from_le_bytes(memory.try_into().expect("a number"));
    child.begin((memory > 0).then_some(memory));
    let answer = child.receive(1 << 10).await;
    assert_eq!(answer.expect("an answer"), job.as_bytes());
}

fn spawn(attempt: &str, policy: Policy) -> RunningChild {
    let program = Program::current_executable([CHILD, attempt]).expect("this program");
    program
        .with_policy(policy)
        .spawn_without_file(0)
        .expect("it starts")
}

pub(crate) fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(test);
}

async fn end(child: RunningChild) -> ExitReason {
    let (status, stderr) = child.kill_and_wait().await.expect("it ends");
    ExitReason::classify(status, &stderr)
}

fn processor_time_is_counted_by_job() {
    block_on(async {
        let mut child = spawn("spin", small(Layers::ALL));
        // Together they take more than one may.
        for _ in 0..4 {
            do_job(&mut child, "use time").await;
            assert!(child.renew());
        }
        let started = Instant::now();
        child.send(NOW).await.expect("it is there");
        assert!(child.receive(100).await.is_err(), "it is killed");
        assert!(
            started.elapsed() >= Duration::from_millis(900),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(end(child).await, ExitReason::CpuTimeExceeded);
    });
}

fn memory_is_counted_by_job() {
    block_on(async {
        let mut child = spawn("allocate", small(Layers::ALL));
        for _ in 0..4 {
            do_job(&mut child, "use memory").await;
            assert!(child.renew());
        }
        child.send(NOW).await.expect("it is there");
        assert!(child.receive(100).await.is_err(), "it is refused memory");
        assert_eq!(end(child).await, ExitReason::OutOfMemory);
    });
}

fn what_is_left_behind_ends_the_reuse() {
    block_on(async {
        for job in ["keep memory", "print"] {
            let mut child = spawn("answer", small(Layers::ALL));
            do_job(&mut child, "nothing").await;
            assert!(child.renew());
            do_job(&mut child, job).await;
            // What it has printed is on its way.
            tokio::time::sleep(Duration::from_millis(200)).await;
            assert!(!child.renew(), "{job}");
        }
    });
}

fn nobody_is_renewed_without_leave() {
    block_on(async {
        let policy = Policy {
            renewable: false,
            ..small(Layers::ALL)
        };
        let mut child = spawn("answer", policy);
        do_job(&mut child, "nothing").await;
        assert!(!child.renew(), "its policy does not allow it");
        let mut child = spawn("answer", small(Layers::ALL));
        assert!(!child.renew(), "it has had no job");
        let mut child = spawn("abort", small(Layers::ALL));
        do_job(&mut child, "nothing").await;
        child.send(NOW).await.expect("it is there");
        assert!(child.receive(100).await.is_err());
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!child.renew(), "it has ended");
    });
}

fn owners_do_not_share_children() {
    block_on(async {
        let pool = ReusePool::new(4);
        let mut child = spawn("answer", small(Layers::ALL));
        do_job(&mut child, "nothing").await;
        assert!(pool.keep("one", child).is_none());
        assert!(pool.take(&"another").is_none());
        let mut child = pool.take(&"one").expect("it was kept");
        assert!(pool.take(&"one").is_none(), "it is taken");
        do_job(&mut child, "nothing").await;
    });
}

fn a_pool_keeps_so_many_children() {
    block_on(async {
        let pool = ReusePool::new(1);
        for (owner, is_surplus) in [("one", false), ("another", true)] {
            let mut child = spawn("answer", small(Layers::ALL));
            do_job(&mut child, "nothing").await;
            assert_eq!(pool.keep(owner, child).is_some(), is_surplus, "{owner}");
        }
        assert!(pool.take(&"one").is_none(), "it has waited longest");
        assert!(pool.take(&"another").is_some());
    });
}

fn a_child_does_a_hundred_jobs_at_most() {
    block_on(async {
        let pool = ReusePool::new(1);
        let mut child = spawn("answer", small(Layers::ALL));
        let mut jobs = 0;
        loop {
            do_job(&mut child, "nothing").await;
            jobs += 1;
            if pool.keep((), child).is_some() {
                break;
            }
            child = pool.take(&()).expect("it was kept");
        }
        assert_eq!(jobs, 100);
    });
}

fn a_child_ends_after_ten_seconds() {
    block_on(async {
        let pool = ReusePool::new(2);
        let mut working = spawn("answer", small(Layers::ALL));
        do_job(&mut working, "nothing").await;
        let mut idle = spawn("answer", small(Layers::ALL));
        do_job(&mut idle, "nothing").await;
        assert!(pool.keep("idle", idle).is_none());
        tokio::time::sleep(Duration::from_millis(10_200)).await;
        assert!(
            pool.take(&"idle").is_none(),
            "it has ended, and was asked for by nobody"
        );
        assert!(pool.keep("working", working).is_some());
    });
}
