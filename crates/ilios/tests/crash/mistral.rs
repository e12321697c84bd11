//! Documents on their way through Mistral while the server is killed.

use std::collections::BTreeMap;
use std::time::Duration;

use mistral_standin::{Failure, Faults, KEY, Outage, Standin};
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tempfile::TempDir;

use crate::files::all_ended;
use crate::kills::number;
use crate::server::{Environment, Server, variable};
use crate::storage::Storage;

const DOCUMENTS: usize = 200;
const KILLS: usize = 4;
const WORKERS: usize = 4;
/// The most pages of a document.
const MAX_PAGES: usize = 7;

/// A PDF of blank pages.
pub(crate) fn pdf(pages: usize, salt: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>";
    objects.extend(std::iter::repeat_n(page.to_owned(), pages));
    let mut text = format!("%PDF-1.4\n% {salt}\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (text.len(), objects.len() + 1);
    text += &format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

/// Some of the requests fail. Fewer than elsewhere: the program waits a second after each.
fn fire(random: &mut StdRng) -> Vec<Outage> {
    let mut outages = Vec::new();
    let mut fine = 0;
    for _ in 0..DOCUMENTS {
        let status = match random.random_range(0..100) {
            0..4 => 429,
            4..10 => 503,
            _ => {
                fine += 1;
                continue;
            }
        };
        outages.push(Outage {
            request: Some("POST /v1/ocr".into()),
            after: std::mem::take(&mut fine),
            times: 1,
            failure: Failure::Status {
                status,
                retry_after: None,
                worked: false,
            },
        });
    }
    outages
}

async fn submit(address: &str, number: usize, pages: usize) -> String {
    let part = Part::bytes(pdf(pages, number)).file_name(format!("{number}.pdf"));
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("{address}/api/documents/submit"))
        .multipart(Form::new().part("file", part));
    let answer: Value = request
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("a body");
    answer["id"].as_str().expect("an id").to_owned()
}

pub(crate) async fn json(address: &str, path: &str) -> Value {
    let answer = ilios::tls::http_client()
        .build()
        .expect("a client")
        .get(format!("{address}{path}"))
        .send()
        .await;
    answer.expect("an answer").json().await.expect("a body")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_mistral_reads_it_brings_all_to_an_end_and_charges_once() {
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let faults = Faults {
        outages: fire(&mut random),
        ..Faults::default()
    };
    let standin = Standin::start(faults).await.expect("a stand-in");
    let folder = TempDir::new().expect("a temporary folder");
    let environment: Environment = vec![
        variable("WORKER_COUNT", WORKERS),
        variable("MISTRAL_API_KEY", KEY),
        variable("MISTRAL_BASE_URL", standin.url()),
    ];
    let mut server = Server::start(folder.path(), environment.clone());
    let (mut address, _) = server.ready().await.expect("it starts");
    let mut sent = BTreeMap::new();
    for number in 0..DOCUMENTS {
        let pages = 1 + number % MAX_PAGES;
        sent.insert(submit(&address, number, pages).await, pages);
    }
    for _ in 0..KILLS {
        let life = random.random_range(Duration::from_millis(50)..Duration::from_millis(900));
        tokio::time::sleep(life).await;
        server.kill().await;
        server = Server::start(folder.path(), environment.clone());
        (address, _) = server.ready().await.expect("it starts again");
    }
    let database = Storage::local().database(folder.path()).await;
    all_ended(&database, Duration::from_secs(100)).await;
    for (id, pages) in &sent {
        let document = json(&address, &format!("/api/documents/{id}?format=json")).await;
        let found = document["pages"].as_array().map(Vec::len);
        assert_eq!(found, Some(*pages), "{document}");
    }
    let summary = json(&address, "/api/usage/summary").await["summary"].clone();
    server.terminate().await;
    let asked: usize = sent.values().sum();
    assert_eq!(
        (&summary["totalPages"], &summary["totalDocuments"]),
        (&asked.into(), &DOCUMENTS.into())
    );
    let again = standin.counts().billed_pages() - asked;
    println!("{again} of {asked} pages were sent again after {KILLS} kills");
    // No more than was under way when it was killed.
    assert!(again <= KILLS * WORKERS * MAX_PAGES);
}
