//! Each API key sees its own alone.

use ilios::app::CreateKey;
use ilios::http::PROTECTED_PATHS;
use ilios::model::{Actor, ApiKeys, Scope, Scopes, Tenant};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, files, form, json, problem, text};

const KEYS: [&str; 2] = ["first-key", "second-key"];
const MISSING: &str = "d12345678901234567890123";

async fn guarded(workers: usize) -> TestServer {
    TestServer::with(Setup {
        api_keys: " first-key , second-key,, ",
        engine: Some(Gate::open("gate")),
        workers,
        ..Setup::default()
    })
    .await
}

/// The operations on one document or batch, by method and path.
fn with_ids() -> Vec<(&'static str, &'static str)> {
    let of_tenants = PROTECTED_PATHS
        .iter()
        .filter(|(.., scope)| *scope != Scope::Admin);
    let paths = of_tenants.map(|(method, path, _)| (*method, *path));
    paths.filter(|(_, path)| path.contains('{')).collect()
}

/// Everything a client can see of an answer but the time.
async fn shape(response: Response) -> (u16, Vec<(String, Vec<u8>)>, String) {
    let status = response.status().as_u16();
    let headers = response.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    (status, headers, response.text().await.expect("a body"))
}

/// A document converted at once, one in the queue, one waiting for its upload, and a batch.
async fn ids(server: &TestServer, key: &str) -> ([String; 3], String) {
    let send = async |request: RequestBuilder| request.bearer_auth(key).send().await.expect("an answer");
    let converted = send(server.convert(form("a.txt", "text", &[]))).await;
    let converted = converted.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let submit = server
        .post("/api/documents/submit")
        .multipart(form("a.txt", "text", &[]));
    let submitted = text(&json(send(submit).await, 200).await["id"]);
    let upload = server.post("/api/documents/upload-url");
    let upload = upload.json(&serde_json::json!({"fileName": "a.txt", "fileSize": 4}));
    let announced = text(&json(send(upload).await, 200).await["id"]);
    let batch = server
        .post("/v1/batch/submit")
        .multipart(files(&[("a.txt", b"text")]));
    let batch = text(&json(send(batch).await, 202).await["batchId"]);
    ([converted, submitted, announced], batch)
}

#[tokio::test]
async fn whatever_belongs_to_another_key_answers_exactly_like_what_is_missing() {
    let server = guarded(0).await;
    let (documents, batch) = ids(&server, KEYS[0]).await;
    let queries = ["", "?details=true", "?wait=1", "?format=json", "?format=zip"];
    let mut asked = 0;
    for (method, path) in with_ids() {
        let own: Vec<&String> = if path.contains("{batchId}") {
            vec![&batch]
        } else {
            documents.iter().collect()
        };
        for (id, query) in own.into_iter().flat_map(|id| queries.map(|query| (id, query))) {
            let ask = async |id: &str| {
                let path = path.replace("{id}", id).replace("{batchId}", id) + query;
                let request = server.request(method, &path).bearer_auth(KEYS[1]);
                let request = request.header("x-request-id", "same");
                shape(request.send().await.expect("an answer")).await
            };
            let (foreign, missing) = (ask(id).await, ask(MISSING).await);
            assert_eq!(foreign, missing, "{method} {path}{query}");
            assert!(
                [400, 404].contains(&foreign.0),
                "{method} {path}{query}: {foreign:?}"
            );
            asked += 1;
        }
    }
    assert!(asked >= 100, "{asked}");
    for id in &documents {
        let status = server
            .get(&format!("/api/documents/status/{id}"))
            .bearer_auth(KEYS[0]);
        let status = json(status.send().await.expect("an answer"), 200).await;
        assert_ne!(status["status"], "failed", "nothing of it had an effect");
    }
    let of_foreign_batch = server
        .get(&format!("/api/documents?batchId={batch}"))
        .bearer_auth(KEYS[1]);
    let list = json(of_foreign_batch.send().await.expect("an answer"), 200).await;
    assert_eq!(list["documents"], serde_json::json!([]));
}

#[tokio::test]
async fn two_tenants_never_see_each_others_documents() {
    mixed_calls(400).await;
}

#[tokio::test]
#[ignore = "takes minutes: run it with --run-ignored all"]
async fn two_tenants_never_see_each_others_documents_in_ten_thousand_calls() {
    mixed_calls(10_000).await;
}

/// The keys of two tenants: two that are accepted, and one that was revoked.
struct Keys {
    accepted: [[String; 2]; 2],
    revoked: [String; 2],
}

impl Keys {
    /// Adopts the keys of the environment, and makes two more for each of their tenants.
    async fn of(server: &TestServer) -> Self {
        let admin = server.app.key_admin(Actor::CommandLine);
        let environment = ApiKeys::parse(&KEYS.join(","));
        let (mut accepted, mut revoked) = (Vec::new(), Vec::new());
        for key in KEYS {
            let fingerprint = Tenant::of_key(key).as_str().to_owned();
            admin
                .adopt(&environment, &fingerprint, key)
                .await
                .expect("it is named");
            let create = || CreateKey {
                name: "further".to_owned(),
                tenant: Some(key.to_owned()),
                scopes: Scopes::DEFAULT,
                test: false,
                lifetime: None,
            };
            let second = admin.create(create()).await.expect("it is made");
            let third = admin.create(create()).await.expect("it is made");
            admin.revoke(&third.key.id).await.expect("it is revoked");
            accepted.push([key.to_owned(), second.text.reveal().to_owned()]);
            revoked.push(third.text.reveal().to_owned());
        }
        server.app.keys_changed();
        Self {
            accepted: accepted.try_into().expect("two"),
            revoked: revoked.try_into().expect("two"),
        }
    }
}

/// Documents and batches that both tenants have made.
#[derive(Default)]
struct Made {
    documents: Vec<(usize, String)>,
    batches: Vec<(usize, String)>,
}

/// Calls of all kinds by both tenants, each with two keys, with the ids of both; their documents all carry their
/// tenant's tag in name and content. Some calls come with a revoked key.
async fn mixed_calls(calls: usize) {
    let server = guarded(2).await;
    let keys = Keys::of(&server).await;
    let mut random = StdRng::seed_from_u64(7);
    let mut made = Made::default();
    for number in 0..calls {
        let caller = random.random_range(0..2);
        let (owner, request) = call(&server, &mut random, &made, caller, number);
        let is_revoked = random.random_range(0..20) == 0;
        let key = if is_revoked {
            &keys.revoked[caller]
        } else {
            keys.accepted[caller].choose(&mut random).expect("a key")
        };
        let response = request.bearer_auth(key).send().await.expect("an answer");
        if is_revoked {
            problem(response, 401, "unauthorized").await;
            continue;
        }
        let status = response.status().as_u16();
        let converted = response.headers().get("x-document-id").cloned();
        let headers = format!("{:?}", response.headers());
        let body = response.bytes().await.expect("a body");
        let body = String::from_utf8_lossy(&body);
        let foreign = tag(1 - caller);
        assert!(
            !body.contains(&foreign) && !headers.contains(&foreign),
            "call {number}: {body}"
        );
        if owner != caller {
            assert_eq!(status, 404, "call {number}: {body}");
        }
        assert!(status < 500, "call {number}: {body}");
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        let id = converted.and_then(|id| id.to_str().map(str::to_owned).ok());
        if let Some(id) = id.or_else(|| answer["uploadUrl"].is_string().then(|| text(&answer["id"]))) {
            made.documents.push((caller, id));
        }
        if answer["statusUrl"].is_string() {
            made.batches.push((caller, text(&answer["batchId"])));
        }
    }
    assert!(made.documents.len() > calls / 10 && made.batches.len() > calls / 40);
    for (caller, [_, key]) in keys.accepted.iter().enumerate() {
        let usage = server.get("/api/usage/records?format=csv").bearer_auth(key);
        let usage = usage
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a body");
        let own = |(owner, id): &(usize, String)| usage.contains(id.as_str()).then_some(*owner);
        let owners: Vec<usize> = made.documents.iter().filter_map(own).collect();
        assert!(!owners.is_empty() && owners.iter().all(|owner| *owner == caller));
    }
}

fn tag(caller: usize) -> String {
    format!("tag-of-{}", ["alpha", "omega"][caller])
}

/// A call by `caller`, and whose documents it asks for.
fn call(
    server: &TestServer,
    random: &mut StdRng,
    made: &Made,
    caller: usize,
    number: usize,
) -> (usize, RequestBuilder) {
    let name = format!("{} {number}.txt", tag(caller));
    let content = format!("{}\ntext {number}", tag(caller));
    let new = match random.random_range(0..12) {
        0 => Some(server.convert(form(&name, content, &[("format", "json")]))),
        1 | 2 => Some(
            server
                .post("/api/documents/submit")
                .multipart(form(&name, content, &[])),
        ),
        3 => {
            let batch = files(&[(&name, content.as_bytes()), (&name, b"")]);
            Some(server.post("/v1/batch/submit").multipart(batch))
        }
        4 => {
            let lists = [
                "/api/documents?limit=200",
                "/api/documents?status=completed",
                "/api/documents?status=failed&limit=3",
                "/v1/batch?limit=200",
                "/api/usage/records?limit=200",
                "/api/usage/records?format=csv",
                "/api/usage/summary",
                "/api/usage/breakdown",
            ];
            lists.choose(random).map(|path| server.get(path))
        }
        5 => {
            let batch = made.batches.choose(random);
            let batch = batch.map(|(_, id)| server.get(&format!("/api/documents?batchId={id}")));
            Some(batch.unwrap_or_else(|| server.get("/api/documents")))
        }
        _ => None,
    };
    if let Some(request) = new {
        return (caller, request);
    }
    let with_ids = with_ids();
    let (method, path) = with_ids.choose(random).expect("a path");
    let pool = if path.contains("{batchId}") {
        &made.batches
    } else {
        &made.documents
    };
    let Some((owner, id)) = pool.choose(random) else {
        return (caller, server.get("/api/usage/summary"));
    };
    let path = with_query(random, path, id);
    (*owner, server.request(method, &path))
}

/// `path` with its placeholders filled in for `id`, and one of the queries.
fn with_query(random: &mut StdRng, path: &str, id: &str) -> String {
    let query = [
        "",
        "?format=json",
        "?details=true",
        "?format=zip",
        "?format=markdown",
    ];
    let query = query.choose(random).expect("a query");
    let path = path.replace("{id}", id).replace("{batchId}", id);
    // A page and something to look for, so that whose document it is decides.
    let path = path
        .replace("pages/{picture}", "pages/1.png")
        .replace("blocks/{picture}", "blocks/p1b1.png")
        .replace("/locate", "/locate?quotation=a");
    // What names a format that the path does not know would be told so before anything is looked up.
    let known = path.contains("/batch/") == matches!(*query, "?format=zip" | "?details=true");
    let query = if known { *query } else { "" };
    format!("{path}{query}")
}
