//! Logs that cannot be written.

use std::fs::OpenOptions;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::harness::sample;

const START_TIMEOUT: Duration = Duration::from_secs(30);

/// The program, which ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_log_on_a_full_disk_keeps_nothing_else_from_being_done() {
    let folder = TempDir::new().expect("a temporary folder");
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let full = || {
        let device = OpenOptions::new().write(true).open("/dev/full");
        Stdio::from(device.expect("a device that takes nothing"))
    };
    let program = Command::new(env!("CARGO_BIN_EXE_ilios"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LOG_LEVEL", "debug")])
        .env("PORT", port.to_string())
        .stdout(full())
        .stderr(full())
        .spawn()
        .expect("it starts");
    let mut program = Program(program);
    let client = ilios::tls::http_client().build().expect("a client");
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let started = Instant::now();
    while client.get(url("/readyz")).send().await.is_err() {
        assert!(started.elapsed() < START_TIMEOUT, "it does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for (name, bytes) in [
        ("a.txt", b"Words.\n".to_vec()),
        ("a.pdf", sample("samples/annual-report.pdf")),
    ] {
        let form = Form::new().part("file", Part::bytes(bytes).file_name(name));
        let answer = client.post(url("/v1/convert")).multipart(form).send().await;
        assert_eq!(answer.expect("an answer").status(), 200, "{name}");
    }
    let id = program.0.id().to_string();
    let signalled = Command::new("kill").args(["-TERM", &id]).status();
    assert!(signalled.expect("kill runs").success());
    assert_eq!(program.0.wait().expect("it ends").code(), Some(0));
}
