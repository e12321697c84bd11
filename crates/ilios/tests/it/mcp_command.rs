//! `ilios mcp`: the tools over standard input and output.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json as value};
use tempfile::TempDir;

use crate::command_line::{folder_with, ilios, run};
use crate::harness::{Setup, TestServer, json, sample};

/// Time in which the program ends once its input has.
const END: Duration = Duration::from_secs(20);

/// The program with its client.
struct Session {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    id: u64,
}

impl Session {
    fn start(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command: Command = ilios(folder);
        let process = command
            .arg("mcp")
            .args(arguments)
            .env("TMPDIR", folder)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = process.expect("it runs");
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let mut session = Self {
            process,
            input,
            output: BufReader::new(output.expect("its output")),
            id: 0,
        };
        let client = value!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        let begun = session.ask("initialize", &client);
        assert_eq!(begun["result"]["serverInfo"]["name"], "ilios", "{begun}");
        session.write(&value!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
        session
    }

    fn write(&mut self, line: &str) {
        let input = self.input.as_mut().expect("its input");
        writeln!(input, "{line}")
            .and_then(|()| input.flush())
            .expect("it reads");
    }

    /// The next line of the output, which is a message.
    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no message: {line:?}"))
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.id += 1;
        let message = value!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params});
        self.write(&message.to_string());
        loop {
            let answer = self.read();
            if answer["id"] == self.id {
                return answer;
            }
        }
    }

    /// The text of what a tool answers, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: &Value) -> (String, bool, Value) {
        let answer = self.ask("tools/call", &value!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        let text = result["content"][0]["text"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        (
            text.to_owned(),
            result["isError"] == true,
            result["structuredContent"].clone(),
        )
    }

    fn convert(&mut self, uri: &str) -> (String, bool, Value) {
        self.call("convert_to_markdown", &value!({"uri": uri}))
    }

    /// Ends the input; fails where something is left on the output.
    fn end(mut self) -> ExitStatus {
        drop(self.input.take());
        let mut left = String::new();
        std::io::Read::read_to_string(&mut self.output, &mut left).expect("text");
        assert_eq!(left, "");
        ended(&mut self.process)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn ended(process: &mut Child) -> ExitStatus {
    let begin = Instant::now();
    loop {
        if let Some(status) = process.try_wait().expect("a status") {
            return status;
        }
        assert!(begin.elapsed() < END, "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn scratch_folders(folder: &Path) -> usize {
    let entries = folder.read_dir().expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with("ilios-mcp-"))
        .count()
}

fn address(folder: &TempDir, path: &str) -> String {
    let folder = folder.path().canonicalize().expect("a folder");
    format!("file://{}/{path}", folder.display())
}

#[test]
fn documents_are_converted_here_and_nothing_is_left_of_them() {
    let folder = folder_with(&[]);
    let mut session = Session::start(folder.path(), &[], &[]);
    let tools = session.ask("tools/list", &value!({}));
    let described = tools["result"]["tools"][0]["inputSchema"]["properties"]["uri"]["description"].as_str();
    assert!(described.is_some_and(|text| !text.contains("file:")), "{tools}");
    let (text, is_error, fields) = session.convert("data:text/html;base64,PGgxPkhpPC9oMT4=");
    assert_eq!((text.as_str(), is_error), ("# Hi", false));
    let id = fields["document_id"].as_str().expect("an id");
    let (text, ..) = session.call("get_document", &value!({"document_id": id, "format": "text"}));
    assert_eq!(text.trim(), "Hi");
    let (_, is_error, _) = session.convert("file:///etc/passwd");
    assert!(is_error);
    assert_eq!(scratch_folders(folder.path()), 1);
    assert!(session.end().success());
    assert_eq!(scratch_folders(folder.path()), 0);
}

#[test]
fn a_document_of_pages_is_converted_in_a_child() {
    let folder = folder_with(&[]);
    std::fs::write(
        folder.path().join("report.pdf"),
        sample("samples/annual-report.pdf"),
    )
    .expect("a file");
    let root = folder.path().to_str().expect("text");
    let mut session = Session::start(folder.path(), &["--root", root], &[]);
    let uri = address(&folder, "report.pdf");
    let params = value!({"name": "convert_to_markdown", "arguments": {"uri": uri, "pages": "1"}, "_meta": {"progressToken": 1}});
    let answer = session.ask("tools/call", &params);
    assert_eq!(answer["result"]["structuredContent"]["pages"], 1, "{answer}");
    let id = answer["result"]["structuredContent"]["document_id"].clone();
    let (report, is_error, fields) = session.call("document_report", &value!({"document_id": id}));
    assert!(!is_error && fields["format"] == "PDF", "{report}");
    assert!(session.end().success());
}

#[test]
fn files_outside_of_the_folders_are_refused() {
    let folder = folder_with(&[("in/a.md", "# Inside\n"), ("secret.md", "# Secret\n")]);
    let root = folder.path().join("in");
    std::os::unix::fs::symlink("../secret.md", root.join("link.md")).expect("a link");
    std::os::unix::fs::symlink(folder.path(), root.join("folder")).expect("a link");
    let mut session = Session::start(folder.path(), &["--root", root.to_str().expect("text")], &[]);
    let (text, is_error, _) = session.convert(&address(&folder, "in/a.md"));
    assert_eq!((text.as_str(), is_error), ("# Inside", false));
    for path in [
        "secret.md",
        "in/../secret.md",
        "in/link.md",
        "in/folder/secret.md",
        "in/%2e%2e/secret.md",
        "in",
        "in/none.md",
    ] {
        let (text, is_error, _) = session.convert(&address(&folder, path));
        assert!(
            is_error && text.ends_with("(not_found)") && !text.contains("# Secret"),
            "{path}: {text}"
        );
    }
    let (_, list, documents) = session.call("list_documents", &value!({}));
    assert_eq!(
        (list, documents["documents"].as_array().map(Vec::len)),
        (false, Some(1))
    );
    assert!(session.end().success());
    let (output, _, said) = run(folder.path(), &["mcp", "--root", "secret.md"]);
    assert_eq!(
        (output.status.code(), said.as_str()),
        (Some(2), "ilios: --root secret.md is no folder\n")
    );
}

#[test]
fn what_is_no_message_does_not_end_the_session() {
    let folder = folder_with(&[]);
    let mut session = Session::start(folder.path(), &[], &[]);
    for line in [
        "no JSON",
        "",
        "[]",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "\u{1b}[2J",
        "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"none\"}",
    ] {
        session.write(line);
    }
    let (text, is_error, _) = session.convert("data:,still here");
    assert_eq!((text.as_str(), is_error), ("still here", false));
    assert!(session.end().success());
}

#[test]
fn a_signal_ends_it_and_removes_what_it_has_kept() {
    let folder = folder_with(&[]);
    let mut session = Session::start(folder.path(), &[], &[]);
    session.convert("data:,text");
    let process = Pid::from_child(&session.process);
    kill_process(process, Signal::TERM).expect("it is there");
    assert!(ended(&mut session.process).success());
    assert_eq!(scratch_folders(folder.path()), 0);
    // What a killed one leaves goes with the next one.
    let mut killed = Session::start(folder.path(), &[], &[]);
    killed.process.kill().expect("it is there");
    killed.process.wait().expect("it ends");
    assert_eq!(scratch_folders(folder.path()), 1);
    let next = Session::start(folder.path(), &[], &[]);
    assert_eq!(scratch_folders(folder.path()), 1);
    assert!(next.end().success());
    assert_eq!(scratch_folders(folder.path()), 0);
}

#[test]
fn an_input_that_ends_at_once_is_no_fault() {
    let folder = folder_with(&[]);
    let (output, out, _) = run(folder.path(), &["mcp"]);
    assert!(output.status.success());
    assert_eq!(out, "");
    let wrong = ilios(folder.path())
        .arg("mcp")
        .env("ILIOS_URL", "docs.example.org")
        .output();
    let wrong = wrong.expect("it runs");
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(
        !wrong.status.success() && said.contains("ILIOS_URL: takes an http:// or https:// URL"),
        "{said}"
    );
}

fn refuses_a_wrong_key(folder: &Path, url: &str) {
    let environment = [("ILIOS_URL", url), ("ILIOS_API_KEY", "wrong")];
    let mut wrong = Session::start(folder, &[], &environment);
    let (text, is_error, _) = wrong.convert("data:,text");
    assert!(is_error && text.ends_with("(unauthorized)"), "{text}");
    assert!(wrong.end().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_of_a_server_works_with_its_documents() {
    let server = TestServer::with(Setup {
        api_keys: "first-key,second-key",
        ..Setup::default()
    })
    .await;
    let folder = folder_with(&[
        ("a.md", "# Of a file\n"),
        ("long.md", &"words and words\n\n".repeat(5_000)),
    ]);
    let (url, path) = (server.address.clone(), folder.path().to_owned());
    let (uri, long) = (address(&folder, "a.md"), address(&folder, "long.md"));
    let worked = tokio::task::spawn_blocking(move || {
        let root = path.to_str().expect("text");
        let environment = [("ILIOS_URL", url.as_str()), ("ILIOS_API_KEY", "first-key")];
        let mut session = Session::start(&path, &["--root", root], &environment);
        let (text, is_error, fields) = session.convert(&uri);
        assert_eq!((text.as_str(), is_error), ("# Of a file", false));
        let (text, is_error, cut) = session.convert(&long);
        assert!(
            !is_error && cut["truncated"] == true && text.contains("Call get_document with"),
            "{text:.200}"
        );
        let (text, is_error, _) = session.convert("data:,sent along");
        assert_eq!((text.as_str(), is_error), ("sent along", false));
        let uri = format!(
            "ilios://documents/{}",
            fields["document_id"].as_str().expect("an id")
        );
        let read = session.ask("resources/read", &value!({"uri": uri}));
        assert_eq!(read["result"]["contents"][0]["text"], "# Of a file", "{read}");
        let missing = session.ask(
            "resources/read",
            &value!({"uri": "ilios://documents/d12345678901234567890123"}),
        );
        assert_eq!(missing["error"]["code"], -32_002, "{missing}");
        for (arguments, words) in [
            (
                value!({"uri": "data:application/pdf,%PDF-broken"}),
                "(invalid_document)",
            ),
            (value!({"uri": "file:///etc/passwd"}), "(not_found)"),
            (value!({}), "(invalid_parameter)"),
        ] {
            let (text, is_error, _) = session.call("convert_to_markdown", &arguments);
            assert!(is_error && text.ends_with(words), "{text}");
        }
        assert_eq!(scratch_folders(&path), 0, "nothing is kept here");
        assert!(session.end().success());
        refuses_a_wrong_key(&path, &url);
        fields
    });
    let fields = worked.await.expect("the session");
    let id = fields["document_id"].as_str().expect("an id");
    let own = server
        .get(&format!("/api/documents/status/{id}"))
        .bearer_auth("first-key");
    let own = json(own.send().await.expect("an answer"), 200).await;
    assert_eq!(own["fileName"], "a.md");
}

#[test]
fn a_server_that_does_not_answer_is_told_and_the_key_is_not() {
    let folder = folder_with(&[]);
    let environment = [
        ("ILIOS_URL", "http://127.0.0.1:9"),
        ("ILIOS_API_KEY", "a-very-secret-key"),
    ];
    let mut session = Session::start(folder.path(), &[], &environment);
    let (text, is_error, _) = session.convert("data:,text");
    assert!(
        is_error && text.contains("does not answer (unavailable)"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    assert!(session.end().success());
}
