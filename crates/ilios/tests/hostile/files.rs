use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use reqwest::Client;

use crate::answer::{self, Answer, faults};
use crate::canary::Canary;
use crate::corpus::{self, Expect, HostileFile};
use crate::server::Server;

/// A program that is not optimized may take so many times longer; see also [`crowd`].
const DEBUG_SLOWDOWN: u32 = 3;
/// A quick run leaves out larger files.
const MAX_QUICK_BYTES: usize = 512 << 10;
/// Bytes by which the server may have grown in the end.
const MAX_GROWTH: u64 = 64 << 20;
/// Bytes that a converter may take beyond its limit until it is stopped.
const MEMORY_CHECK_SLACK: u64 = 16 << 20;
/// Files that would be there if one of the corpus had got out.
const ESCAPED: &[&str] = &[
    "/tmp/ilios_zipslip",
    "/tmp/ilios_zipslip_abs",
    "/tmp/ilios_zipslip2",
    "/tmp/ilios_eml_slip",
    "/tmp/ilios_rce",
];

/// Whether all files are wanted.
fn all() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much of it runs is said by who runs it"
    )]
    std::env::var("HOSTILE").is_ok_and(|value| value == "all")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_files_are_converted_or_refused_and_nothing_else_happens() {
    let canary = Canary::listen().await;
    let all = all();
    let mut files = corpus::make(!all, &canary.address);
    if !all {
        // Mutants are made anew with each run.
        files.retain(|file| file.bytes.len() <= MAX_QUICK_BYTES && !file.path.starts_with("pdf/mutated/"));
    }
    let mut server = Server::start(&[("CONVERT_QUEUE_TIMEOUT", "600")]).await;
    let before = server.memory();
    // One after the other, so that it is known whose memory it is.
    let at_once = if all { 1 } else { 4 };
    let faults = run(&server, &files, at_once, all).await;
    assert!(server.is_alive(), "the server has ended: {}", server.log());
    let grown = grown(&server, before, MAX_GROWTH).await;
    println!("{} files; the server grew by {} MB", files.len(), grown >> 20);
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(canary.visits(), 0, "somebody went where a document leads");
    assert!(grown <= MAX_GROWTH, "the server has grown by {grown} bytes");
    the_log_is_clean(&server.log(), &files);
    for escaped in ESCAPED {
        assert!(!std::path::Path::new(escaped).exists(), "{escaped} was written");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_result_leaves_the_server_as_small_as_before() {
    const LINES: usize = 150_000;
    const MAX_LEFT_BYTES: u64 = 12 << 20;
    let text = "A line of a text that is not short at all, like many.\n".repeat(LINES);
    let server = Server::start(&[]).await;
    let client = ilios::tls::http_client().build().expect("a client");
    // What a server takes once for all is taken.
    let first = answer::convert(&client, &server.address, b"a.txt", b"text").await;
    assert_eq!(first.expect("an answer").text, "text\n");
    let before = server.memory();
    let answer = answer::convert(&client, &server.address, b"a.txt", text.as_bytes()).await;
    assert!(answer.expect("an answer").text.len() >= text.len());
    let answer = answer::queue(&client, &server.address, b"a.txt", text.as_bytes()).await;
    assert_eq!(answer.expect("an answer").code, "");
    let grown = grown(&server, before, MAX_LEFT_BYTES).await;
    assert!(
        grown < MAX_LEFT_BYTES,
        "{} MB are kept of a result of {} MB",
        grown >> 20,
        text.len() >> 20
    );
}

/// Bytes by which the server has grown since it had `before`. It may still be about to let go of the last document.
async fn grown(server: &Server, before: u64, most: u64) -> u64 {
    for _ in 0..100 {
        if server.memory() < before + most {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.memory().saturating_sub(before)
}

async fn run(server: &Server, files: &[HostileFile], at_once: usize, alone: bool) -> Vec<String> {
    let client = ilios::tls::http_client().build().expect("a client");
    let answered = futures::stream::iter(files.iter().enumerate())
        .map(|(number, file)| look(&client, server, number, file, alone))
        .buffer_unordered(at_once);
    answered.concat().await
}

/// Sends one file, every tenth also to the queue, and says what is wrong.
async fn look(
    client: &Client,
    server: &Server,
    number: usize,
    file: &HostileFile,
    alone: bool,
) -> Vec<String> {
    server.peak_of_children();
    let mut wrong = match answer::convert(client, &server.address, &file.name, &file.bytes).await {
        Ok(answer) => judge(file, &answer, true),
        Err(error) => vec![format!("no answer: {error}")],
    };
    let peak = server.peak_of_children();
    if alone && peak > file.memory + MEMORY_CHECK_SLACK {
        wrong.push(format!("{} MB of {} MB", peak >> 20, file.memory >> 20));
    }
    if number.is_multiple_of(10) {
        match answer::queue(client, &server.address, &file.name, &file.bytes).await {
            Ok(answer) => wrong.extend(judge(file, &answer, false)),
            Err(error) => wrong.push(format!("in the queue: {error}")),
        }
    }
    wrong
        .iter()
        .map(|fault| format!("{}: {fault}", file.path))
        .collect()
}

/// How many others want the same processor: on a machine that does other things as well, all takes longer.
fn crowd() -> u32 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let wanting = load
        .split('.')
        .next()
        .and_then(|load| load.parse().ok())
        .unwrap_or(1_u32);
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    wanting.div_ceil(u32::try_from(processors).unwrap_or(1)).max(1)
}

fn judge(file: &HostileFile, answer: &Answer, has_text: bool) -> Vec<String> {
    let mut wrong = faults(answer);
    let converted = answer.code.is_empty();
    match (file.expect, converted) {
        (Expect::Convert, false) => wrong.push(format!("not converted: {} {}", answer.code, answer.text)),
        (Expect::Reject, true) => wrong.push(format!("converted to {:.80}", answer.text)),
        _ => {}
    }
    let missing = file.must.iter().filter(|text| !answer.text.contains(*text));
    if converted && has_text {
        wrong.extend(missing.map(|text| format!("`{text}` is missing")));
    }
    let leaked = file.never.iter().filter(|text| answer.text.contains(*text));
    wrong.extend(leaked.map(|text| format!("`{text}` is in the answer")));
    let allowed = file.time.max(Duration::from_secs(5)) * DEBUG_SLOWDOWN * crowd();
    if answer.took > allowed {
        wrong.push(format!("{:?} of {allowed:?}", answer.took));
    }
    wrong
}

/// One JSON object a line, nothing that steers a terminal, nothing of a document.
fn the_log_is_clean(log: &str, files: &[HostileFile]) {
    let never: Arc<[&String]> = files.iter().flat_map(|file| &file.never).collect();
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        assert!(!line.contains(char::is_control), "{line:?}");
        let leaked = never.iter().find(|text| line.contains(text.as_str()));
        assert!(leaked.is_none(), "{line}");
        assert!(!line.contains("panicked"), "{line}");
    }
}
