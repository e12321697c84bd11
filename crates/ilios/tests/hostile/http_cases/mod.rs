mod heads;
mod pressure;
mod single;
mod submissions;

use futures::future::join_all;
use serde_json::Value;

use crate::raw::{request, send};
use crate::server::Server;
use heads::{both_lengths, keys, methods, paths, ranges};
use pressure::{frames, slow};
use single::simple;
use submissions::{broken_off, other_body, same_name};

/// Bytes that a file may have on these servers.
const MAX_FILE_BYTES: usize = 1 << 20;

/// An open server, and one with the key `key`.
struct Servers {
    open: Server,
    keyed: Server,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hostile_request_is_answered_as_it_should() {
    let cases = std::fs::read_to_string(
        std::path::absolute(".")
            .expect("the folder of the crate")
            .join("tests/hostile/http_cases.json"),
    );
    let cases: Value = serde_json::from_str(&cases.expect("the cases")).expect("JSON");
    let common = [
        ("MAX_FILE_SIZE", "1MB"),
        ("BODY_TIMEOUT", "3"),
        ("WORKER_COUNT", "1"),
    ];
    let keyed = [common.as_slice(), &[("API_KEY", "key")]].concat();
    let mut servers = Servers {
        open: Server::start(&common).await,
        keyed: Server::start(&keyed).await,
    };
    let before = servers.open.memory();
    let looked = cases.as_array().expect("a list").iter().map(|case| {
        let name = case["case"].as_str().expect("a name");
        let servers = &servers;
        async move {
            let outcome = look(name, servers).await;
            outcome
                .err()
                .map(|fault| format!("{name}: {fault} instead of {}", case["expect"]))
        }
    });
    let faults: Vec<String> = join_all(looked).await.into_iter().flatten().collect();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(servers.open.is_alive() && servers.keyed.is_alive());
    let grown = servers.open.memory().saturating_sub(before);
    assert!(grown < 64 << 20, "the server has grown by {grown} bytes");
    let health = send(&servers.open.address, &request("GET /health", &[], b"")).await;
    assert_eq!(health.status(), 200, "{health:?}");
}

type Outcome = Result<(), String>;

async fn look(case: &str, servers: &Servers) -> Outcome {
    let server = servers.open.address.as_str();
    match case {
        "10 000 idle connections" | "slow headers 1 B/s" | "slow body 1 B/s" => slow(case, server).await,
        "HTTP/2 rapid reset"
        | "HTTP/2 CONTINUATION flood"
        | "HTTP/2 empty DATA frames (RUSTSEC-2026-0258)" => frames(case, server).await,
        "Expect: 100-continue with a bad key"
        | "key with NUL / non-ASCII / trailing space"
        | "duplicate Authorization headers"
        | "Authorization: Bearer <1 MB>" => keys(case, &servers.keyed.address).await,
        "Content-Length larger than body then close" => broken_off(server).await,
        "id path: ../, %2e%2e, %00, 10 kB, wrong uuid" => paths(server).await,
        "TRACE / CONNECT / unknown method" => methods(server).await,
        "Range headers: 1 000 ranges" => ranges(server).await,
        "both Content-Length and Transfer-Encoding" => both_lengths(server).await,
        "Idempotency-Key same, same body x 50 at once" => same_name(server).await,
        "Idempotency-Key same, other body" => other_body(server).await,
        _ => simple(case, server).await,
    }
}
