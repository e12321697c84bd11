//! Documents that the server fetches from an address: from nowhere but where it may.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use ilios::outbound::{AllowedHosts, Fetcher, FetcherSettings, Lookup};
use reqwest::multipart::Form;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fairness::tenant;
use crate::harness::{Setup, TestServer, json, problem, repository, text};

/// A host that tests may fetch from although it is this machine.
const FILES: &str = "files.example";

/// Names as a test says; any other leads to this machine, as some names of the internet do.
struct Names(HashMap<&'static str, Vec<IpAddr>>);

impl Lookup for Names {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let found = self.0.get(host.as_str()).cloned();
        let found = found.unwrap_or_else(|| vec![Ipv4Addr::LOCALHOST.into()]);
        Box::pin(async { Ok(found) })
    }
}

async fn server() -> TestServer {
    let settings = FetcherSettings {
        allowed_hosts: AllowedHosts::new(vec![FILES.to_owned()]),
        timeout: Duration::from_secs(3),
    };
    let private = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let names = Names(HashMap::from([(
        "two-addresses.example",
        vec![Ipv4Addr::LOCALHOST.into(), private],
    )]));
    TestServer::with(Setup {
        fetcher: Some(Fetcher::new(settings, Arc::new(names))),
        max_file_size: 1 << 20,
        workers: 1,
        ..Setup::default()
    })
    .await
}

/// Answers each path with what a test says, and counts who came.
pub(crate) struct Site {
    pub(crate) port: u16,
    visits: Arc<AtomicUsize>,
    requests: Arc<std::sync::Mutex<String>>,
}

impl Site {
    pub(crate) async fn open(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (visits, requests) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let site = Self {
            port,
            visits: Arc::clone(&visits),
            requests: Arc::clone(&requests),
        };
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                visits.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(visit(stream, Arc::clone(&answer), Arc::clone(&requests)));
            }
        });
        site
    }

    pub(crate) fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{FILES}:{}{path}", self.port)
    }
}

async fn visit(
    mut stream: TcpStream,
    answer: Arc<impl Fn(&str) -> String>,
    requests: Arc<std::sync::Mutex<String>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    requests.lock().expect("nobody panics").push_str(&head);
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    // Whoever has hung up has heard enough.
    if path == "/endless" {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 16 * 1024]).await.is_ok() {}
    } else if path == "/drips" {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    } else {
        let _ = stream.write_all(answer(&path).as_bytes()).await;
    }
}

pub(crate) fn answered(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n{body}")
}

pub(crate) fn redirected(status: &str, target: &str) -> String {
    answered(status, &format!("Location: {target}\r\n"), "")
}

async fn convert(server: &TestServer, url: &str) -> reqwest::Response {
    let form = Form::new().text("url", url.to_owned());
    server.convert(form).send().await.expect("an answer")
}

async fn refused(server: &TestServer, url: &str, status: u16, code: &str) -> String {
    let body = problem(convert(server, url).await, status, code).await;
    assert_eq!(body["field"], "url", "{url}");
    text(&body["error"])
}

#[tokio::test]
async fn a_document_is_fetched_converted_and_named_by_its_address() {
    let site = Site::open(|path| match path {
        "/start" => redirected("302 Found", "/docs/na%C3%AFve%20report.html?x=1"),
        _ => answered("200 OK", "Set-Cookie: a=b\r\n", "<html><h1>Fetched</h1></html>"),
    })
    .await;
    let server = server().await;
    let response = convert(&server, &site.url("/start")).await;
    assert_eq!(response.status(), 200);
    let named = response.headers()["content-disposition"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(named.contains("na%C3%AFve%20report.md"), "{named}");
    assert_eq!(response.text().await.expect("a body"), "# Fetched\n");
    let asked = site.requests.lock().expect("nobody panics").to_ascii_lowercase();
    assert!(
        !asked.contains("cookie") && !asked.contains("authorization") && !asked.contains("referer"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_queued_document_and_a_batch_take_addresses_too() {
    let site = Site::open(|path| match path {
        "/gone.txt" => answered("404 Not Found", "", ""),
        _ => answered("200 OK", "", "fetched text"),
    })
    .await;
    let server = server().await;
    let form = Form::new().text("url", site.url("/a.txt"));
    let sent = server.post("/api/documents/submit").multipart(form).send().await;
    let accepted = json(sent.expect("an answer"), 200).await;
    assert_eq!(
        (&accepted["fileName"], &accepted["fileSize"]),
        (&"a.txt".into(), &12.into())
    );
    assert_eq!(server.ended(&text(&accepted["id"])).await["status"], "completed");
    let form = Form::new()
        .text("url", site.url("/b.txt"))
        .text("url", site.url("/gone.txt"))
        .text("url", "http://127.0.0.1/");
    let sent = server.post("/v1/batch/submit").multipart(form).send().await;
    let batch = json(sent.expect("an answer"), 202).await;
    let codes: Vec<&Value> = batch["documents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|document| &document["errorCode"])
        .collect();
    assert_eq!(
        codes,
        [
            &Value::Null,
            &"url_fetch_failed".into(),
            &"url_not_allowed".into()
        ]
    );
}

#[tokio::test]
async fn without_leave_nothing_is_fetched() {
    let site = Site::open(|_| answered("200 OK", "", "text")).await;
    let server = TestServer::start().await;
    refused(&server, &site.url("/"), 403, "url_input_off").await;
    assert_eq!(site.visits(), 0);
}

#[tokio::test]
async fn a_file_and_an_address_are_one_too_many() {
    let server = server().await;
    let form = crate::harness::form("a.txt", "text", &[("url", "https://example.org/")]);
    let sent = server.convert(form).send().await.expect("an answer");
    problem(sent, 400, "invalid_parameter").await;
}

#[tokio::test]
async fn every_address_of_the_list_is_refused_and_nobody_is_asked() {
    let list = repository("crates/ilios/tests/hostile/urls_ssrf.json");
    let list: Value = serde_json::from_slice(&std::fs::read(list).expect("the list")).expect("JSON");
    let server = server().await;
    let urls = list["static_reject"].as_array().expect("a list");
    assert!(urls.len() > 60, "{}", urls.len());
    for url in urls {
        let url = url.as_str().expect("text");
        let response = convert(&server, url).await;
        let status = response.status().as_u16();
        let body: Value = response.json().await.expect("a JSON body");
        let code = body["code"].as_str().unwrap_or_default();
        let refused = matches!(
            (status, code),
            (403, "url_not_allowed") | (400, "invalid_url" | "invalid_parameter")
        );
        assert!(refused, "{url:.80}: {status} {body}");
    }
}

#[tokio::test]
async fn redirections_are_looked_at_and_counted() {
    let canary = Site::open(|_| answered("200 OK", "", "secret")).await;
    let port = canary.port;
    let site = Site::open(move |path| match path {
        "/302" => redirected("302 Found", &format!("http://127.0.0.1:{port}/")),
        "/307" => redirected(
            "307 Temporary Redirect",
            "http://169.254.169.254/latest/meta-data/",
        ),
        "/308" => redirected(
            "308 Permanent Redirect",
            &format!("http://elsewhere.example:{port}/"),
        ),
        "/file" => redirected("302 Found", "file:///etc/passwd"),
        "/key" => redirected("302 Found", "http://user:password@files.example/"),
        "/nowhere" => answered("302 Found", "", ""),
        _ => redirected("302 Found", "/loop"),
    })
    .await;
    let server = server().await;
    for path in ["/302", "/307", "/308"] {
        refused(&server, &site.url(path), 403, "url_not_allowed").await;
    }
    refused(&server, &site.url("/file"), 400, "invalid_url").await;
    refused(&server, &site.url("/key"), 400, "invalid_url").await;
    refused(&server, &site.url("/nowhere"), 422, "url_fetch_failed").await;
    let before = site.visits();
    refused(&server, &site.url("/loop"), 422, "url_fetch_failed").await;
    assert_eq!(site.visits() - before, 6, "the address and five redirections");
    assert_eq!(canary.visits(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_never_dialled() {
    let canary = Site::open(|_| answered("200 OK", "", "secret")).await;
    let server = server().await;
    for host in ["rebound.example", "two-addresses.example", "127.0.0.1.nip.io"] {
        let url = format!("http://{host}:{}/", canary.port);
        refused(&server, &url, 403, "url_not_allowed").await;
    }
    assert_eq!(canary.visits(), 0);
}

#[tokio::test]
async fn what_is_fetched_has_an_end_in_size_and_time() {
    let site = Site::open(|path| match path {
        "/announced" => answered("200 OK", "Content-Length: 2147483648\r\n", "x"),
        "/encoded" => answered("200 OK", "Content-Encoding: gzip\r\n", "x"),
        "/more" => answered("200 OK", "Content-Length: 4\r\n", "text and much more"),
        _ => answered("200 OK", "Content-Length: 100\r\n", "breaks off"),
    })
    .await;
    let server = server().await;
    refused(&server, &site.url("/announced"), 413, "too_large").await;
    refused(&server, &site.url("/endless"), 413, "too_large").await;
    refused(&server, &site.url("/encoded"), 422, "url_fetch_failed").await;
    refused(&server, &site.url("/breaks-off"), 422, "url_fetch_failed").await;
    assert_eq!(
        convert(&server, &site.url("/more"))
            .await
            .text()
            .await
            .expect("a body"),
        "text\n"
    );
    let started = Instant::now();
    let late = refused(&server, &site.url("/drips"), 422, "url_fetch_failed").await;
    assert!(
        late.contains("3 s") && started.elapsed() < Duration::from_secs(30),
        "{late}"
    );
}

#[tokio::test]
async fn what_the_other_server_answers_is_told() {
    let site = Site::open(|path| {
        answered(
            &format!("{} Told", path.trim_start_matches('/')),
            "",
            "secret body",
        )
    })
    .await;
    let server = server().await;
    for status in ["204", "401", "404", "500"] {
        let told = refused(&server, &site.url(&format!("/{status}")), 422, "url_fetch_failed").await;
        assert!(told.contains(status) && !told.contains("secret"), "{told}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    refused(
        &server,
        &format!("http://{FILES}:{port}/"),
        422,
        "url_fetch_failed",
    )
    .await;
    refused(
        &server,
        &format!("https://{FILES}:{}/", site.port),
        422,
        "url_fetch_failed",
    )
    .await;
}

#[tokio::test]
async fn turns_of_fetching_are_shared_by_api_keys() {
    let settings = FetcherSettings {
        allowed_hosts: AllowedHosts::new(vec![FILES.to_owned()]),
        timeout: Duration::from_secs(20),
    };
    let server = TestServer::with(Setup {
        api_keys: "first,second",
        fetcher: Some(Fetcher::new(settings, Arc::new(Names(HashMap::new())))),
        fetching: 1,
        ..Setup::default()
    })
    .await;
    let site = Site::open(|_| answered("200 OK", "", "text")).await;
    let waits = async |waiting: usize| {
        while server.app.fetching().state() != (1, waiting) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let slot = server
        .app
        .fetching()
        .enter(&tenant("first"))
        .await
        .expect("it is free");
    let mut answers = Vec::new();
    for (waiting, key) in (1..).zip(["first", "first", "first", "second"]) {
        let form = Form::new().text("url", site.url(&format!("/{key}.txt")));
        let request = server.convert(form).bearer_auth(key);
        answers.push(tokio::spawn(request.send()));
        waits(waiting).await;
    }
    drop(slot);
    for answer in answers {
        let answer = answer.await.expect("a task").expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    let requests = site.requests.lock().expect("nobody panics").clone();
    let order: Vec<&str> = requests.lines().filter(|line| line.starts_with("GET ")).collect();
    assert!(order[0].starts_with("GET /second.txt"), "{order:?}");
    assert_eq!(order.len(), 4);
}
