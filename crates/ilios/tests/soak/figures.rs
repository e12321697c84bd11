use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Bytes of memory by which a server may grow and still count as flat.
const MEMORY_TOLERANCE: u64 = 32 << 20;
/// Least samples of a half from which its medians can be compared.
const MIN_SAMPLES: usize = 5;

/// Resources that the server held at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Bytes of memory of its own (RssAnon).
    pub(crate) memory: u64,
    pub(crate) descriptors: usize,
    pub(crate) children: usize,
    /// Files in its temporary folder.
    pub(crate) temporary: usize,
}

/// Measurements taken under load.
pub(crate) struct Figures {
    samples: Vec<Sample>,
    health: Vec<Duration>,
    /// Requests by kind.
    requests: BTreeMap<&'static str, u64>,
}

impl Figures {
    pub(crate) fn new(
        samples: Vec<Sample>,
        mut health: Vec<Duration>,
        requests: BTreeMap<&'static str, u64>,
    ) -> Self {
        health.sort_unstable();
        Self {
            samples,
            health,
            requests,
        }
    }

    /// The latency of `/health` that this percentage of probes stays below.
    pub(crate) fn health(&self, percent: usize) -> Duration {
        let place = (self.health.len() * percent / 100).min(self.health.len().saturating_sub(1));
        self.health.get(place).copied().unwrap_or_default()
    }

    /// Fails when the second half of the load holds more than the first, or a kind of request was never made.
    pub(crate) fn check(&self) {
        assert!(
            self.requests.values().all(|count| *count > 0),
            "a kind of request was not made: {:?}",
            self.requests
        );
        let (first, second) = self.samples.split_at(self.samples.len() / 2);
        assert!(first.len() >= MIN_SAMPLES, "too short to compare: {self}");
        let (before, after) = (
            median(first, |sample| sample.memory),
            median(second, |sample| sample.memory),
        );
        assert!(
            after <= before + before / 10 + MEMORY_TOLERANCE,
            "memory grows: {self}"
        );
        for (what, of, tolerance) in KINDS {
            let (before, after) = (highest(first, of), median(second, of));
            assert!(after <= before + tolerance, "{what} grow: {self}");
        }
    }
}

/// Reads one of the counts of a sample.
type Count = fn(&Sample) -> u64;

/// Descriptors of one child: its channel and its streams.
const CHILD_DESCRIPTORS: u64 = 3;

/// Each count, and by how much more of it there may be: a busy machine may have one more conversion under way. What is
/// lost with requests, of which each kind is made dozens of times, is more.
const KINDS: [(&str, Count, u64); 3] = [
    (
        "descriptors",
        |sample| sample.descriptors as u64,
        CHILD_DESCRIPTORS,
    ),
    ("children", |sample| sample.children as u64, 1),
    ("temporary files", |sample| sample.temporary as u64, 0),
];

fn median(samples: &[Sample], of: impl Fn(&Sample) -> u64) -> u64 {
    let mut values: Vec<u64> = samples.iter().map(of).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn highest(samples: &[Sample], of: Count) -> u64 {
    samples.iter().map(of).max().unwrap_or_default()
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.samples.split_at(self.samples.len() / 2);
        write!(out, "medians of the halves: memory")?;
        let memory: [u64; 2] = [first, second].map(|half| median(half, |sample| sample.memory) >> 20);
        write!(out, " {} → {} MB", memory[0], memory[1])?;
        for (what, of, _) in KINDS {
            write!(out, ", {what} {} → {}", median(first, of), median(second, of))?;
        }
        write!(
            out,
            "; /health p50 {:?}, p99 {:?} of {}; requests {:?}",
            self.health(50),
            self.health(99),
            self.health.len(),
            self.requests
        )
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} MB, {} descriptors, {} children, {} temporary files",
            self.memory >> 20,
            self.descriptors,
            self.children,
            self.temporary
        )
    }
}
