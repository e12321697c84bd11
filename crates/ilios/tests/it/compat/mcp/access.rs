use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios::app::CreateKey;
use ilios::http::{AllowedOrigins, Edge, Origins};
use ilios::model::{Actor, Scope, Scopes};
use ilios::outbound::{AllowedHosts, Fetcher, FetcherSettings, Lookup};
use serde_json::{Value, json as value};

use super::{fault, id, message, posted, send, text, used};
use crate::compat::guarded;
use crate::harness::{Setup, TestServer, json};

const MISSING: &str = "d12345678901234567890123";

#[tokio::test]
async fn documents_of_another_key_answer_like_none() {
    let server = guarded().await;
    let id = id(&used(
        &server,
        "first-key",
        "convert_to_markdown",
        value!({"uri": "data:,a secret"}),
    )
    .await);
    for (tool, argument) in [
        ("get_document", None),
        ("search_document", Some(("query", "secret"))),
        ("document_report", None),
    ] {
        let mut said = Vec::new();
        for id in [id.as_str(), MISSING] {
            let mut arguments = value!({"document_id": id});
            if let Some((name, text)) = argument {
                arguments[name] = text.into();
            }
            said.push(used(&server, "second-key", tool, arguments).await);
        }
        assert_eq!(said[0], said[1], "{tool}");
        assert!(fault(&said[0]).ends_with("(not_found)"), "{}", said[0]);
    }
    let read = async |id: &str| {
        let params = value!({"uri": format!("ilios://documents/{id}")});
        json(
            send(posted(&server, "second-key", &message("resources/read", &params))).await,
            200,
        )
        .await
    };
    assert_eq!(read(&id).await, read(MISSING).await);
    let list = used(&server, "second-key", "list_documents", value!({})).await;
    assert_eq!(list["structuredContent"], value!({"documents": []}));
    assert!(
        text(&used(&server, "first-key", "get_document", value!({"document_id": id})).await)
            .contains("a secret")
    );
}

#[tokio::test]
async fn without_a_key_nothing_is_answered() {
    let server = guarded().await;
    for key in ["", "wrong"] {
        for body in [
            message("tools/list", &value!({})),
            message("initialize", &value!({})),
        ] {
            let answer = send(posted(&server, key, &body)).await;
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            let error: Value = json(answer, 401).await;
            assert_eq!(error["error"]["data"]["code"], "unauthorized");
            assert_eq!((&error["jsonrpc"], &error["id"]), (&value!("2.0"), &Value::Null));
        }
    }
}

#[tokio::test]
async fn a_key_that_may_only_read_converts_nothing_and_one_that_may_only_convert_reads_nothing() {
    let server = TestServer::with(Setup {
        admin_key: Some("an-admin-key-of-tests"),
        ..Setup::default()
    })
    .await;
    let admin = server.app.key_admin(Actor::Server);
    let mut made = Vec::new();
    for scopes in [
        &[Scope::Read][..],
        &[Scope::Convert],
        &[Scope::Convert, Scope::Read],
        &[Scope::Usage],
    ] {
        let key = CreateKey {
            name: format!("key {}", made.len()),
            tenant: None,
            scopes: Scopes::of(scopes),
            test: false,
            lifetime: None,
        };
        made.push(
            admin
                .create(key)
                .await
                .expect("it is made")
                .text
                .reveal()
                .to_owned(),
        );
    }
    server.app.keys_changed();
    let convert = value!({"uri": "data:,text"});
    let refused = used(&server, &made[0], "convert_to_markdown", convert.clone()).await;
    assert!(
        fault(&refused).contains("lacks the scope `convert` (missing_scope)"),
        "{refused}"
    );
    text(&used(&server, &made[0], "list_documents", value!({})).await);
    let converted = used(&server, &made[1], "convert_to_markdown", convert.clone()).await;
    assert!(text(&converted).contains("text"), "{converted}");
    let own = value!({"document_id": id(&converted)});
    for (tool, arguments) in [
        ("get_document", own.clone()),
        ("document_report", own),
        ("list_documents", value!({})),
    ] {
        let refused = used(&server, &made[1], tool, arguments).await;
        assert!(
            fault(&refused).contains("lacks the scope `read` (missing_scope)"),
            "{refused}"
        );
    }
    let neither = posted(&server, &made[3], &message("tools/list", &value!({})));
    let error: Value = json(send(neither).await, 403).await;
    assert_eq!(error["error"]["data"]["code"], "missing_scope");
    text(&used(&server, &made[2], "convert_to_markdown", convert).await);
}

async fn with_pages(keys: &'static str, edge: Edge) -> TestServer {
    TestServer::with(Setup {
        api_keys: keys,
        edge,
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn pages_that_are_not_named_are_refused_with_a_key_and_without() {
    // As a server with keys has it, whose other operations any page may use that knows a key.
    let any = Edge {
        origins: Origins {
            allowed: AllowedOrigins::Any,
            only_these: false,
            hosts: Arc::new([]),
        },
        ..Edge::default()
    };
    let named = Edge {
        tool_pages: AllowedOrigins::These(Arc::new(["https://named.example".to_owned()])),
        ..any.clone()
    };
    for (keys, edge, known) in [
        ("key", any, false),
        ("key", named, true),
        ("", Edge::default(), false),
    ] {
        let server = with_pages(keys, edge).await;
        let list = || posted(&server, "key", &message("tools/list", &value!({})));
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1.evil.example",
            "https://NAMED.example.evil",
        ] {
            let answer = send(list().header("origin", origin)).await;
            assert_eq!(answer.status(), 403, "{origin}");
        }
        let own = server.address.clone();
        assert_eq!(send(list().header("origin", own)).await.status(), 200);
        assert_eq!(send(list()).await.status(), 200);
        let answer = send(list().header("origin", "https://named.example")).await;
        assert_eq!(answer.status() == 200, known, "{keys}");
        // One of two is not enough.
        let two = list()
            .header("origin", "https://named.example")
            .header("origin", "https://evil.example");
        assert_eq!(send(two).await.status(), 403);
    }
}

#[tokio::test]
async fn a_host_that_an_open_server_does_not_know_is_refused() {
    let server = with_pages("", Edge::default()).await;
    for (host, status) in [
        ("evil.example", 403),
        ("localhost:1337", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
    ] {
        let list = posted(&server, "", &message("tools/list", &value!({})));
        assert_eq!(send(list.header("host", host)).await.status(), status, "{host}");
    }
    // With keys the name does not matter: a proxy may have its own.
    let server = with_pages(
        "key",
        Edge {
            origins: Origins {
                only_these: false,
                ..Edge::default().origins
            },
            ..Edge::default()
        },
    )
    .await;
    let list = posted(&server, "key", &message("tools/list", &value!({})));
    assert_eq!(send(list.header("host", "docs.example.org")).await.status(), 200);
}

/// Names that all lead to this machine.
struct Here;

impl Lookup for Here {
    fn lookup(&self, _: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        Box::pin(async { Ok(vec![Ipv4Addr::LOCALHOST.into()]) })
    }
}

#[tokio::test]
async fn addresses_go_through_the_guard() {
    let settings = FetcherSettings {
        allowed_hosts: AllowedHosts::new(vec!["files.example".to_owned()]),
        timeout: Duration::from_secs(3),
    };
    let server = TestServer::with(Setup {
        fetcher: Some(Fetcher::new(settings, Arc::new(Here))),
        ..Setup::default()
    })
    .await;
    for address in [
        "http://127.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a",
        "http://public.example/a",
        "http://user:password@public.example/a",
    ] {
        let answer = used(&server, "", "convert_to_markdown", value!({"uri": address})).await;
        let said = fault(&answer);
        assert!(
            said.ends_with("(url_not_allowed)") || said.ends_with("(invalid_url)"),
            "{address}: {said}"
        );
    }
}
