use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program;

/// The longest that a start may take on a busy machine before the test gives up.
const START_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(4);

/// The real program, in a folder of its own. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    folder: TempDir,
    /// Held while a child is looked at, so that none of an earlier document counts for a later one.
    peak: Arc<Mutex<u64>>,
    watching: Arc<AtomicBool>,
}

impl Server {
    pub(crate) async fn start(environment: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let environment = [&[("DB_SYNCHRONOUS", "normal")][..], environment].concat();
        let child = program::start(folder.path(), &environment);
        let mut server = Self {
            peak: Arc::default(),
            watching: Arc::new(AtomicBool::new(true)),
            child,
            address: String::new(),
            folder,
        };
        server.address = server.listening().await;
        server.watch();
        server
    }

    async fn listening(&mut self) -> String {
        let started = Instant::now();
        while started.elapsed() < START_TIMEOUT {
            assert!(self.is_alive(), "it does not start: {}", self.log());
            if let Some(address) = program::address(&self.log()) {
                return address;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        panic!("it does not start: {}", self.log());
    }

    pub(crate) fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("log")).expect("a log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a status").is_none()
    }

    /// Bytes of memory that the server has for itself.
    pub(crate) fn memory(&self) -> u64 {
        kilobytes(&status(self.child.id()), "RssAnon:") << 10
    }

    /// The most bytes of memory that a child of the server had for itself since this was asked last.
    pub(crate) fn peak_of_children(&self) -> u64 {
        std::mem::take(&mut *self.peak.lock().expect("nobody panics"))
    }

    fn watch(&self) {
        let (server, peak, watching) = (
            self.child.id(),
            Arc::clone(&self.peak),
            Arc::clone(&self.watching),
        );
        std::thread::spawn(move || {
            while watching.load(Ordering::SeqCst) {
                // One that has not begun its own program yet still shows the server's memory.
                for child in children(server).into_iter().filter(|child| !serves(*child)) {
                    let mut peak = peak.lock().expect("nobody panics");
                    let status = status(child);
                    // The pages of the program itself are shared by all.
                    let own = kilobytes(&status, "VmHWM:").saturating_sub(kilobytes(&status, "RssFile:"));
                    *peak = (*peak).max(own << 10);
                }
                std::thread::sleep(POLL_INTERVAL);
            }
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.watching.store(false, Ordering::SeqCst);
        // Nothing more can be done for a process that does not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the kernel says of a process; empty once it is gone.
fn status(process: u32) -> String {
    std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default()
}

/// Whether a process is the server, or was made of it and is nothing else yet.
fn serves(process: u32) -> bool {
    let words = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    words.split(|byte| *byte == 0).nth(1) == Some(b"serve")
}

fn kilobytes(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

fn children(server: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{server}/task"));
    let lists = tasks.into_iter().flatten().filter_map(|task| {
        let task = task.ok()?.path().join("children");
        std::fs::read_to_string(task).ok()
    });
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}
