use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::join;
use reqwest::Client;
use tokio::net::{TcpListener, TcpStream};

use super::nginx::Nginx;
use super::requests::{Case, cases};
use super::{NEXT, answers, heard, logged};
use crate::harness::form;
use crate::serve::Server;

/// Passes connections on to the server, and counts them.
async fn count_connections(server: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let mut stream = TcpStream::connect(&server).await.expect("a connection");
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut stream).await });
        }
    });
    (address, count)
}

/// Converts a document of its own; fails unless the answer is that of this request.
async fn own_answer(client: &Client, proxy: &str, name: &str, case: &Case) {
    let text = format!("words of {name}");
    let request = client
        .post(format!("http://{proxy}/v1/convert"))
        .header("x-request-id", name)
        .multipart(form("a.txt", text.as_str(), &[]));
    let response = request
        .send()
        .await
        .unwrap_or_else(|error| panic!("{case:?}: {error}"));
    let id = response.headers().get("x-request-id").cloned();
    let status = response.status();
    let answer = response.text().await.expect("a body");
    assert_eq!(id.expect("an id"), name, "{case:?}: {answer}");
    assert_eq!((status.as_u16(), answer.trim()), (200, text.as_str()), "{case:?}");
}

fn counted(ids: &[String]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for id in ids {
        *counts.entry(id.as_str()).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_what_another_has_asked_for() {
    let server = Server::start(&[]);
    let (relay, connections) = count_connections(server.address.clone()).await;
    let nginx = Nginx::start(&relay).await;
    let client = ilios::tls::http_client().build().expect("a client");
    let mut ordinary = 0;
    for (number, case) in cases().iter().enumerate() {
        let ask = async |when: &str| {
            own_answer(&client, &nginx.address, &format!("{when}-{number}"), case).await;
        };
        let bytes = [case.bytes.as_bytes(), NEXT.as_bytes()].concat();
        // The connection that it has used serves the next one, too, where it is still open.
        let alone = heard(&nginx.address, [bytes.as_slice()]).await;
        ask("after").await;
        let (together, ()) = join!(heard(&nginx.address, [bytes.as_slice()]), ask("during"));
        ask("last").await;
        ordinary += 3;
        for (_, id) in answers(&alone).into_iter().chain(answers(&together)) {
            let own = ["hostile", "hidden", "next", ""];
            assert!(own.contains(&id.as_str()), "{case:?}: {id}");
        }
    }
    let connections = connections.load(Ordering::Relaxed);
    assert!(
        connections < ordinary,
        "{connections} connections are no shared ones"
    );
    let passed_on = nginx.end();
    server.signal("-TERM");
    let (_, log) = server.end();
    let (seen, passed_on) = (logged(&log), counted(&passed_on));
    for (id, count) in counted(&seen) {
        let known = passed_on.get(id).copied().unwrap_or_default();
        assert!(
            count <= known,
            "{id}: nginx knows {known} requests, the server {count}"
        );
    }
    assert!(counted(&seen).contains_key("hostile"), "{seen:?}");
}
