//! `ilios status` and `ilios queue`: a server as its clients see it.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::{Setup, TestServer, form, json};
use crate::keys::ADMIN;

/// Output of a command.
struct Said {
    status: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn command(key: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ilios"));
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("ILIOS_API_KEY", key)
        .stdin(Stdio::null());
    command
}

async fn asked(url: &str, key: &str, arguments: &[&str]) -> Said {
    let mut command = command(key);
    command.args(arguments).env("ILIOS_URL", url);
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    output.expect("it ends").expect("it runs").into()
}

/// A server with two keys and one document of the first that waits.
async fn waiting() -> TestServer {
    let server = TestServer::with(Setup {
        api_keys: "first-key,second-key",
        admin_key: Some(ADMIN),
        ..Setup::default()
    })
    .await;
    let submit = server
        .post("/api/documents/submit")
        .bearer_auth("first-key")
        .multipart(form("a.txt", "text", &[]));
    json(submit.send().await.expect("an answer"), 200).await;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_tells_whether_a_server_is_well_and_where_documents_stand() {
    let server = waiting().await;
    let url = server.address.clone();
    let said = asked(&url, "first-key", &["status"]).await;
    assert_eq!((said.status, said.err.as_str()), (Some(0), ""), "{}", said.out);
    for words in [
        &format!("server     {url}  healthy\n") as &str,
        "database   healthy\n",
        "mistral    not set up\n",
        "documents  1 waiting, 0 being converted, 0 completed, 0 failed, 0 archived\n",
        "oldest     has waited ",
        "today      0 conversions, 0 pages, 0.00 USD\n",
    ] {
        assert!(said.out.contains(words), "{words} in {}", said.out);
    }
    let said = asked(
        "http://127.0.0.1:9",
        "first-key",
        &["status", "--json", "--url", &url],
    )
    .await;
    assert_eq!(said.status, Some(0), "--url goes before ILIOS_URL: {}", said.err);
    let state: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(state["up"], true);
    assert_eq!(state["health"]["status"], "healthy");
    assert_eq!(state["documents"]["pending"], 1);
    assert_eq!(state["today"]["totalPages"], 0);
    assert_eq!(state["problems"], serde_json::json!([]));

    // A key that is refused hides the documents, not that the server is well.
    let said = asked(&url, "wrong-key", &["status"]).await;
    assert_eq!(said.status, Some(0));
    assert!(
        said.out.contains("unknown    /api/documents/summary answers 401"),
        "{}",
        said.out
    );
    assert!(said.err.starts_with("hint: set ILIOS_API_KEY"), "{}", said.err);

    std::fs::remove_dir_all(server.folder().join("objects")).expect("the folder");
    let said = loop {
        let said = asked(&url, "first-key", &["status"]).await;
        if said.status != Some(0) {
            break said;
        }
        // What was found is believed for a second.
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(said.status, Some(1));
    assert!(said.out.contains("originals  unhealthy\n"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_server_is_told_and_why() {
    let said = asked("http://127.0.0.1:9", "", &["status", "--json"]).await;
    assert_eq!(said.status, Some(1));
    let state: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(state["up"], false);
    assert!(
        state["problems"][0]
            .as_str()
            .is_some_and(|why| why.contains("refused")),
        "{state}"
    );

    // Something else that speaks HTTP.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let _ = client.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
            let _ = client.write_all(answer).await;
        }
    });
    for arguments in [&["status"][..], &["queue"], &["queue", "--json"]] {
        let said = asked(&url, "", arguments).await;
        assert_eq!((said.status, said.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(
            said.err.contains("not as an Ilios server does\nhint: "),
            "{}",
            said.err
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_is_printed_once_where_there_is_no_terminal() {
    let server = waiting().await;
    let url = server.address.clone();
    let said = asked(&url, "first-key", &["queue"]).await;
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines[0], "1 waiting, 0 being converted", "{}", said.err);
    assert_eq!(lines[1], "ENGINE  WAITING  OLDEST  RUNNING  OLDEST");
    assert!(lines[2].starts_with("local         1"), "{}", said.out);
    let said = asked(&url, "second-key", &["queue"]).await;
    assert_eq!(said.out, "0 waiting, 0 being converted\n");
    let said = asked(&url, ADMIN, &["queue"]).await;
    assert!(said.out.contains("\nTENANT    ENGINE  WAITING"), "{}", said.out);
    let said = asked(&url, "first-key", &["queue", "--json"]).await;
    let queue: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(queue["groups"][0]["engine"], "local");
    let said = asked(&url, "wrong-key", &["queue"]).await;
    assert_eq!(said.status, Some(1));
    assert!(
        said.err.contains("answers 401") && said.err.contains("hint: set ILIOS_API_KEY"),
        "{}",
        said.err
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_is_drawn_anew_on_a_terminal_until_q_or_an_interrupt() {
    let server = waiting().await;
    for key in *b"q\x03" {
        let mut command = Command::new("script");
        command
            .args([
                "-qec",
                // A shell that stays would be interrupted too, and end with 130 whatever the command answers.
                &format!("exec {} queue", env!("CARGO_BIN_EXE_ilios")),
                "/dev/null",
            ])
            .env("TERM", "xterm")
            .env("ILIOS_URL", &server.address)
            .env("ILIOS_API_KEY", "first-key")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let output = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().expect("it starts");
            std::thread::sleep(Duration::from_secs(3));
            let mut keyboard = child.stdin.take().expect("a keyboard");
            keyboard.write_all(&[key]).expect("a key");
            let output = child.wait_with_output();
            drop(keyboard);
            output
        });
        let said = Said::from(output.await.expect("it ends").expect("it runs"));
        assert_eq!(said.status, Some(0), "{}", said.out);
        let drawn = said.out.matches("q ends").count();
        assert!(drawn >= 2, "{drawn} times: {}", said.out);
        let (screen, after) = said
            .out
            .split_once("\u{1b}[?1049l")
            .expect("the other screen is left");
        assert!(
            screen.contains("\u{1b}[?1049h") && screen.contains("1 waiting"),
            "{screen}"
        );
        assert!(
            after.contains("1 waiting, 0 being converted"),
            "what was last stays: {after}"
        );
    }
}
