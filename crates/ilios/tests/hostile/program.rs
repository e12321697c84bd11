//! The real program as a process, whose log goes to a file of its folder.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub(crate) fn start(folder: &Path, environment: &[(&str, &str)]) -> Child {
    let log = File::create(folder.join("log")).expect("a log");
    Command::new(env!("CARGO_BIN_EXE_ilios"))
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .envs([
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("PORT", "0"),
            ("HOST", "127.0.0.1"),
            ("LOG_FORMAT", "json"),
        ])
        .envs(environment.iter().copied())
        .stderr(Stdio::from(log))
        .spawn()
        .expect("it starts")
}

/// The address that the log tells.
pub(crate) fn address(log: &str) -> Option<String> {
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|entry| Some(entry["address"].as_str()?.to_owned()))
}
