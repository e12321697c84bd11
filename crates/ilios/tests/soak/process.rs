use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::figures::Sample;
use crate::program;

/// The longest that a start may take on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The real program, in a folder of its own. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    folder: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let child = program::start(folder.path(), &[("CONVERT_WAITING", "2")]);
        let mut server = Self {
            child,
            address: String::new(),
            folder,
        };
        server.address = format!("http://{}", server.listening().await);
        server
    }

    async fn listening(&mut self) -> String {
        let started = Instant::now();
        loop {
            let log = std::fs::read_to_string(self.folder.path().join("log")).expect("a log");
            if let Some(address) = program::address(&log) {
                return address;
            }
            let ended = self.child.try_wait().expect("a status").is_some();
            assert!(
                !ended && started.elapsed() < START_TIMEOUT,
                "it does not start: {log}"
            );
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Measures the resources that the server holds now.
    pub(crate) fn sample(&self) -> Sample {
        let process = Path::new("/proc").join(self.child.id().to_string());
        let status = std::fs::read_to_string(process.join("status")).expect("the server lives");
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        Sample {
            memory: kilobytes.expect("its memory") << 10,
            descriptors: entries(&process.join("fd")),
            children: children(&process.join("task")),
            temporary: entries(&self.folder.path().join("data/tmp")),
        }
    }

    /// Returns true if no job waits or runs.
    pub(crate) async fn queue_is_empty(&self) -> bool {
        let answer = ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(format!("{}/metrics", self.address))
            .send()
            .await
            .expect("it answers");
        let text = answer.text().await.expect("a text");
        let waiting: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("ilios_queue_jobs{"))
            .filter_map(|line| line.rsplit(' ').next())
            .collect();
        assert!(!waiting.is_empty(), "no jobs are counted: {text}");
        waiting.iter().all(|count| *count == "0")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing more can be done for a process that does not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Children of all threads whose lists these are.
fn children(tasks: &Path) -> usize {
    let lists = std::fs::read_dir(tasks).into_iter().flatten().filter_map(|task| {
        let list = task.ok()?.path().join("children");
        std::fs::read_to_string(list).ok()
    });
    lists.map(|list| list.split_whitespace().count()).sum()
}
