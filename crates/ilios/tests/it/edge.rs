//! What is asked of every request, and told with every answer.

use std::time::Duration;

use ilios::http::{AllowedOrigins, Edge, Origins};
use reqwest::Response;

use crate::harness::{Setup, TestServer, form, problem};

fn these(origins: &[&str]) -> AllowedOrigins {
    AllowedOrigins::These(origins.iter().map(|origin| (*origin).to_owned()).collect())
}

async fn server(api_keys: &'static str, allowed: AllowedOrigins) -> TestServer {
    let edge = Edge {
        origins: Origins {
            only_these: api_keys.is_empty() && allowed != AllowedOrigins::Any,
            hosts: ["https://ilios.example.net".to_owned()].into(),
            allowed,
        },
        ..Edge::default()
    };
    TestServer::with(Setup {
        api_keys,
        edge,
        ..Setup::default()
    })
    .await
}

async fn preflight(server: &TestServer) -> Response {
    server
        .request("OPTIONS", "/v1/convert")
        .header("origin", "https://app.example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,idempotency-key")
        .send()
        .await
        .expect("an answer")
}

fn allowed(response: &Response) -> Option<&str> {
    let value = response.headers().get("access-control-allow-origin");
    value.map(|value| value.to_str().expect("text"))
}

async fn get(server: &TestServer, headers: &[(&str, &str)]) -> Response {
    let request = server.get("/health");
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn with_keys_every_page_may_use_the_server_and_reads_errors_too() {
    let server = server("key", AllowedOrigins::Any).await;
    assert_eq!(allowed(&preflight(&server).await), Some("*"));
    let origin = ("origin", "https://app.example.org");
    let refused = server
        .get("/api/documents")
        .header(origin.0, origin.1)
        .send()
        .await;
    let refused = refused.expect("an answer");
    assert_eq!((refused.status().as_u16(), allowed(&refused)), (401, Some("*")));
    assert!(
        refused
            .headers()
            .get("access-control-allow-credentials")
            .is_none()
    );
}

#[tokio::test]
async fn without_keys_no_page_of_elsewhere_is_answered() {
    let server = server("", these(&[])).await;
    assert_eq!(allowed(&preflight(&server).await), None);
    for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
        let sent = server
            .convert(form("a.txt", "text", &[]))
            .header("origin", origin)
            .send()
            .await;
        let body = problem(sent.expect("an answer"), 403, "origin_not_allowed").await;
        assert_eq!(body["field"], "origin");
    }
    let own = server.address.clone();
    assert_eq!(
        get(&server, &[("origin", &own)]).await.status(),
        200,
        "its own pages"
    );
    assert_eq!(get(&server, &[]).await.status(), 200, "programs send no origin");
}

#[tokio::test]
async fn without_keys_the_pages_that_are_named_are_answered() {
    let server = server("", these(&["https://app.example.org"])).await;
    assert_eq!(
        allowed(&preflight(&server).await),
        Some("https://app.example.org")
    );
    let named = get(&server, &[("origin", "https://app.example.org")]).await;
    assert_eq!(
        (named.status().as_u16(), allowed(&named)),
        (200, Some("https://app.example.org"))
    );
    let other = get(&server, &[("origin", "https://evil.example")]).await;
    assert_eq!((other.status().as_u16(), allowed(&other)), (403, None));
}

#[tokio::test]
async fn a_name_of_the_internet_that_leads_to_this_machine_is_not_answered() {
    let server = server("", these(&["https://docs.example.org"])).await;
    for host in [
        "evil.example",
        "evil.example:1337",
        "127.0.0.1.evil.example",
        "1.2.3.4.evil.example.",
        "localhost.evil.example",
        "docs.example.org.evil.example",
    ] {
        let body = problem(get(&server, &[("host", host)]).await, 403, "host_not_allowed").await;
        assert_eq!(body["field"], "host", "{host}");
        let forwarded = [
            ("host", host),
            ("x-forwarded-host", "localhost"),
            ("forwarded", "host=localhost"),
        ];
        assert_eq!(get(&server, &forwarded).await.status(), 403, "{host}");
    }
    let sound = [
        "localhost:1337",
        "LOCALHOST.",
        "127.0.0.1",
        "[::1]:1337",
        "[::ffff:127.0.0.1]",
        "nas",
        "nas.local:80",
        "docs.example.org",
        "Docs.Example.org:8080",
        "ilios.example.net",
    ];
    for host in sound {
        assert_eq!(get(&server, &[("host", host)]).await.status(), 200, "{host}");
    }
    let mine = self::server("key", these(&[])).await;
    assert_eq!(
        get(&mine, &[("host", "any.example")]).await.status(),
        200,
        "keys protect it"
    );
}

#[tokio::test]
async fn without_keys_what_a_browser_says_of_a_page_counts_where_it_names_no_origin() {
    let server = server("", these(&["https://app.example.org"])).await;
    let link = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    for site in ["cross-site", "same-site", "elsewhere"] {
        let site = ("sec-fetch-site", site);
        let body = problem(get(&server, &[site]).await, 403, "origin_not_allowed").await;
        assert_eq!(body["field"], "origin");
        let picture = [site, ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
        assert_eq!(get(&server, &picture).await.status(), 403);
        let frame = [site, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
        assert_eq!(get(&server, &frame).await.status(), 403);
        assert_eq!(
            get(&server, &[site, link[0], link[1]]).await.status(),
            200,
            "a link"
        );
        let named = [site, ("referer", "https://app.example.org/page?x=/")];
        assert_eq!(get(&server, &named).await.status(), 200);
        let other = [site, ("referer", "https://app.example.org.evil.example/")];
        assert_eq!(get(&server, &other).await.status(), 403);
    }
    for site in ["same-origin", "none"] {
        assert_eq!(get(&server, &[("sec-fetch-site", site)]).await.status(), 200);
    }
    let twice = [("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")];
    assert_eq!(get(&server, &twice).await.status(), 403);
    for origin in [
        "http://localhost:3000",
        "http://127.0.0.1",
        "HTTP://LOCALHOST",
        "file://",
    ] {
        assert_eq!(
            get(&server, &[("origin", origin)]).await.status(),
            403,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn every_answer_forbids_browsers_to_guess_and_to_load() {
    let server = server("", these(&[])).await;
    for path in [
        "/",
        "/docs/",
        "/health",
        "/openapi.json",
        "/nowhere",
        "/docs/swagger-ui-bundle.js",
    ] {
        let response = server.get(path).send().await.expect("an answer");
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().expect("text")).to_owned()
        };
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(
            !policy.contains("unsafe-eval") && !policy.contains("script-src 'unsafe"),
            "{path}: {policy}"
        );
    }
    let page = server.send("a.txt", "text", &[("format", "html")]).await;
    let policy = page.headers()["content-security-policy"].to_str().expect("text");
    assert!(
        policy.contains("sandbox"),
        "a document is nobody's page: {policy}"
    );
}

#[tokio::test]
async fn more_headers_than_anybody_needs_are_refused() {
    let server = server("", these(&[])).await;
    let long = "x".repeat(20_000);
    problem(get(&server, &[("x-long", &long)]).await, 431, "headers_too_large").await;
}

#[tokio::test]
async fn a_body_that_makes_no_progress_is_cut_off_and_a_slow_one_is_not() {
    let edge = Edge {
        body_timeout: Duration::from_secs(2),
        ..Edge::default()
    };
    let server = TestServer::with(Setup {
        edge,
        ..Setup::default()
    })
    .await;
    let part = |bytes: usize, pause: u64| {
        let chunks = futures::stream::unfold(0, move |sent| async move {
            if sent == 6 {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Some((Ok::<_, std::io::Error>(vec![b'x'; bytes]), sent + 1))
        });
        let body = reqwest::Body::wrap_stream(chunks);
        reqwest::multipart::Part::stream(body).file_name("a.txt")
    };
    let send = async |bytes, pause| {
        let form = reqwest::multipart::Form::new().part("file", part(bytes, pause));
        server.convert(form).send().await.expect("an answer")
    };
    assert_eq!(send(10_000, 500).await.status(), 200, "3 s, but it comes along");
    problem(send(10, 500).await, 408, "body_timeout").await;
}
