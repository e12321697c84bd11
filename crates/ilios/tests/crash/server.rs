use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The longest that a start may take on a busy machine before the test gives up.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// Lines of the log that a failed test shows.
const SHOWN_LINES: usize = 20;
const POLL_INTERVAL: Duration = Duration::from_millis(5);

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ilios");

/// One life of the server. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    started: Instant,
}

/// Names and values of environment variables.
pub(crate) type Environment = Vec<(String, String)>;

pub(crate) fn variable(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

impl Server {
    /// Starts the program on the data folder `data`; its log goes to `data/log`.
    pub(crate) fn start(data: &Path, environment: Environment) -> Self {
        Self::start_by(Command::new(PROGRAM), data, environment)
    }

    /// As `start`, by a command that becomes the program when it is told `serve`.
    pub(crate) fn start_by(mut command: Command, data: &Path, environment: Environment) -> Self {
        std::fs::create_dir_all(data).expect("a folder");
        let log = data.join("log");
        let errors = File::create(&log).expect("a log");
        let child = command
            .arg("serve")
            .current_dir(data)
            .env_clear()
            .envs([
                ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"),
                ("PORT", "0"),
                ("LOG_FORMAT", "json"),
            ])
            .env("DATA_DIR", data)
            .envs(environment)
            .stderr(Stdio::from(errors))
            .spawn()
            .expect("it starts");
        Self {
            child,
            log,
            started: Instant::now(),
        }
    }

    /// The address where it listens, and how long the start took. `None` when it has ended before.
    pub(crate) async fn ready(&mut self) -> Option<(String, Duration)> {
        while self.started.elapsed() < START_TIMEOUT {
            let ended = self.child.try_wait().expect("a status").is_some();
            let log = self.log();
            let entries = log
                .lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let address = entries
                .filter_map(|entry| Some(entry["address"].as_str()?.to_owned()))
                .next();
            if let Some(address) = address {
                return Some((format!("http://{address}"), self.started.elapsed()));
            }
            if ended {
                return None;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        panic!("it does not start: {}", self.log());
    }

    /// The name under which its workers hold jobs.
    pub(crate) fn owner(&self) -> Option<String> {
        let log = self.log();
        let mut entries = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        entries.find_map(|entry| Some(entry["worker"].as_str()?.to_owned()))
    }

    /// What it has logged in this life.
    pub(crate) fn log(&self) -> String {
        let bytes = std::fs::read(&self.log).expect("a log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The converters that run for it.
    pub(crate) fn children(&self) -> Vec<Pid> {
        let entries = std::fs::read_dir("/proc").expect("the list of processes");
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
        let own = self.child.id().to_string();
        let ours = ids.filter(|id| {
            // Another process may end while it is looked at.
            let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let after_name = status.rsplit_once(") ").map_or("", |(_, rest)| rest);
            // Before it has become a converter, the server waits for it, and would with it stand still.
            let command = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            after_name.split(' ').nth(1) == Some(&own) && command.contains(ilios::cli::CONVERTER_CHILD)
        });
        ours.filter_map(Pid::from_raw).collect()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // It may have ended by itself in the meantime.
        let _ = kill_process(id.expect("a process"), signal);
    }

    /// Waits for its end, at most for `timeout`.
    pub(crate) async fn end(&mut self, timeout: Duration) -> Option<ExitStatus> {
        let since = Instant::now();
        loop {
            let status = self.child.try_wait().expect("a status");
            if status.is_some() || since.elapsed() > timeout {
                return status;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Ends it as a power cut would.
    pub(crate) async fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.end(START_TIMEOUT).await.expect("it is dead");
    }

    /// Asks it to end, which it must do well.
    pub(crate) async fn terminate(&mut self) {
        self.signal(Signal::TERM);
        let status = self.end(Duration::from_secs(10)).await.expect("it ends");
        assert!(status.success(), "{status}: {}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing more can be done for a process that does not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            println!("the end of the server's log:");
            lines[lines.len().saturating_sub(SHOWN_LINES)..]
                .iter()
                .for_each(|line| println!("{line}"));
        }
    }
}
