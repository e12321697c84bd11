use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json as value};
use tokio::sync::{Barrier, watch};
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
    let old = admin(&client, &nodes[0], "keys", value!({"name": "acme"})).await;
    let text = |made: &Value| made["key"].as_str().expect("a key").to_owned();
    let id = old["id"].as_str().expect("an id");
    let load = Load::start(&client, &nodes, text(&old));
    let rotate = format!("keys/{id}/rotate");
    let rotated = admin(&client, &nodes[0], &rotate, value!({"graceSeconds": 3600})).await;
    // Both are accepted, until nobody sends with the old one any more.
    load.change_to(text(&rotated)).await;
    admin(&client, &nodes[1], &format!("keys/{id}/revoke"), value!({})).await;
    let revoked = Instant::now();
    for node in &nodes {
        while list(&client, node, &text(&old)).await != StatusCode::UNAUTHORIZED {
            assert!(revoked.elapsed() < OBEYED, "{} takes a revoked key", node.address);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let accepted = load.stop().await;
    assert!(accepted.len() >= SENDERS, "{}", accepted.len());
    for id in &accepted {
        let path = format!("{}/api/documents/status/{id}?wait=60", nodes[0].address);
        let status = client.get(path).bearer_auth(text(&rotated)).send().await;
        let status: Value = status.expect("an answer").json().await.expect("a body");
        assert_eq!(status["status"], "completed", "{status}");
    }
}

/// Clients that each send with the newest key that they know, as those do that are given a new one.
struct Load {
    senders: JoinSet<Vec<String>>,
    ending: Arc<AtomicBool>,
    newest: watch::Sender<String>,
    changed: Arc<Barrier>,
}

impl Load {
    fn start(client: &Client, nodes: &[Node], key: String) -> Self {
        let (newest, known) = watch::channel(key);
        let (ending, changed) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(Barrier::new(SENDERS + 1)),
        );
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            let address = nodes[sender % nodes.len()].address.clone();
            let (ending, known, client) = (Arc::clone(&ending), known.clone(), client.clone());
            let (changed, mut last) = (Arc::clone(&changed), known.borrow().clone());
            senders.spawn(async move {
                let mut accepted = Vec::new();
                while !ending.load(Ordering::SeqCst) {
                    let key = known.borrow().clone();
                    if key != last {
                        changed.wait().await;
                        last.clone_from(&key);
                    }
                    accepted.push(submit(&client, &address, &key).await.expect("it is accepted"));
                }
                accepted
            });
        }
        Self {
            senders,
            ending,
            newest,
            changed,
        }
    }

    /// Gives all a new key; returns once none of them sends with the old one.
    async fn change_to(&self, key: String) {
        self.newest.send_replace(key);
        self.changed.wait().await;
    }

    /// The ids of all documents that were accepted.
    async fn stop(self) -> Vec<String> {
        self.ending.store(true, Ordering::SeqCst);
        self.senders.join_all().await.concat()
    }
}

async fn admin(client: &Client, node: &Node, path: &str, body: Value) -> Value {
    let request = client.post(format!("{}/api/admin/{path}", node.address));
    let answer = request
        .bearer_auth(ADMIN)
        .json(&body)
        .send()
        .await
        .expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.expect("a body")
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
