use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json as value};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::ADMIN;
use crate::nodes::{Node, shared};
use crate::postgres_server::PostgresServer;
use crate::s3_server::S3Server;

/// Clients that send documents one after the other.
const SENDERS: usize = 4;
/// Time in which every node refuses a revoked key.
const OBEYED: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_under_load_loses_nothing_and_is_obeyed_by_every_node() {
    let (database, s3) = (PostgresServer::start().await, S3Server::start().await);
    let start = || {
        let mut environment = shared(&database, &s3, "all");
        environment.push(("ADMIN_KEY", ADMIN.to_owned()));
        Node::start(&environment)
    };
    let nodes = [start(), start()];
    let client = ilios::tls::http_client().build().expect("a client");
    let admin = async |node: &Node, path: &str, body: Value| -> Value {
        let request = client.post(format!("{}/api/admin/{path}", node.address));
        let answer = request
            .bearer_auth(ADMIN)
            .json(&body)
            .send()
            .await
            .expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("a body")
    };
    let old = admin(&nodes[0], "keys", value!({"name": "acme"})).await;
    let text = |made: &Value| made["key"].as_str().expect("a key").to_owned();
    let id = old["id"].as_str().expect("an id");

    // Each sends with the newest key that it knows, as clients do that are given a new one.
    let (ending, newest) = (
        Arc::new(AtomicBool::new(false)),
        tokio::sync::watch::channel(text(&old)),
    );
    let changed = Arc::new(Barrier::new(SENDERS + 1));
    let mut load = JoinSet::new();
    for sender in 0..SENDERS {
        let address = nodes[sender % 2].address.clone();
        let (ending, newest, client) = (Arc::clone(&ending), newest.1.clone(), client.clone());
        let (changed, mut last) = (Arc::clone(&changed), newest.borrow().clone());
        load.spawn(async move {
            let mut accepted = Vec::new();
            while !ending.load(Ordering::SeqCst) {
                let key = newest.borrow().clone();
                if key != last {
                    changed.wait().await;
                    last.clone_from(&key);
                }
                accepted.push(submit(&client, &address, &key).await.expect("it is accepted"));
            }
            accepted
        });
    }
    let rotated = admin(
        &nodes[0],
        &format!("keys/{id}/rotate"),
        value!({"graceSeconds": 3600}),
    )
    .await;
    newest.0.send_replace(text(&rotated));
    // Both are accepted, until nobody sends with the old one any more.
    changed.wait().await;
    admin(&nodes[1], &format!("keys/{id}/revoke"), value!({})).await;
    let revoked = Instant::now();
    for node in &nodes {
        while list(&client, node, &text(&old)).await != StatusCode::UNAUTHORIZED {
            assert!(revoked.elapsed() < OBEYED, "{} takes a revoked key", node.address);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    ending.store(true, Ordering::SeqCst);
    let accepted: Vec<String> = load.join_all().await.concat();
    assert!(accepted.len() >= SENDERS, "{}", accepted.len());
    for id in &accepted {
        let path = format!("{}/api/documents/status/{id}?wait=60", nodes[0].address);
        let status: Value = client
            .get(path)
            .bearer_auth(text(&rotated))
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("a body");
        assert_eq!(status["status"], "completed", "{status}");
    }
}

async fn submit(client: &Client, address: &str, key: &str) -> Result<String, StatusCode> {
    let part = Part::text("# A\n").file_name("a.md");
    let request = client
        .post(format!("{address}/api/documents/submit"))
        .bearer_auth(key);
    let answer = request
        .multipart(Form::new().part("file", part))
        .send()
        .await
        .expect("an answer");
    if !answer.status().is_success() {
        return Err(answer.status());
    }
    let body: Value = answer.json().await.expect("a body");
    Ok(body["id"].as_str().expect("an id").to_owned())
}

async fn list(client: &Client, node: &Node, key: &str) -> StatusCode {
    let request = client
        .get(format!("{}/api/documents", node.address))
        .bearer_auth(key);
    request.send().await.expect("an answer").status()
}
