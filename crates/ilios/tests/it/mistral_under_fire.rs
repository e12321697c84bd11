//! Many documents while a good part of all requests fails.

use std::collections::BTreeMap;

use mistral_standin::{Failure, Faults, Outage};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::mistral::setup::{Pair, pdf};

const DOCUMENTS: usize = 200;

/// Three of ten requests hear 429, one of ten a 5xx, as a seed has it.
fn fire(random: &mut StdRng, requests: usize) -> Vec<Outage> {
    let mut outages = Vec::new();
    let mut fine = 0;
    for _ in 0..requests {
        let roll = random.random_range(0..100);
        let (status, retry_after) = match roll {
            0..15 => (429, None),
            15..30 => (429, Some("0".to_owned())),
            30..40 => ([500, 502, 503, 504][roll as usize % 4], None),
            _ => {
                fine += 1;
                continue;
            }
        };
        outages.push(Outage {
            request: Some("POST /v1/ocr".into()),
            after: fine,
            times: 1,
            failure: Failure::Status {
                status,
                retry_after,
                worked: false,
            },
        });
        fine = 0;
    }
    outages
}

#[tokio::test(flavor = "multi_thread")]
async fn all_documents_are_complete_and_billed_exactly() {
    let faults = Faults {
        outages: fire(&mut StdRng::seed_from_u64(7), 2_000),
        ..Faults::default()
    };
    let pair = Pair::with(faults, |setup, mistral| {
        setup.workers = 8;
        mistral.max_concurrency = 8;
    })
    .await;
    let mut sent = BTreeMap::new();
    for number in 0..DOCUMENTS {
        let pages = 1 + number % 7;
        let name = format!("{number}.pdf");
        let id = pair.server.submitted(&name, pdf(pages, &name, 0)).await;
        sent.insert(id, pages);
    }
    for (id, pages) in &sent {
        let ended = pair.server.ended(id).await;
        assert_eq!(ended["status"], "completed", "{ended}");
        let document = pair
            .server
            .json(&format!("/api/documents/{id}?format=json"))
            .await;
        assert_eq!(document["pages"].as_array().map(Vec::len), Some(*pages));
    }
    let asked: usize = sent.values().sum();
    let billed = pair.standin.counts().billed_pages();
    assert!(
        billed >= asked && (billed - asked) * 100 <= asked,
        "{billed} pages for {asked}"
    );
    let charged = pair.server.json("/api/usage/summary").await;
    assert_eq!(charged["summary"]["totalPages"], asked);
    assert_eq!(charged["summary"]["totalDocuments"], DOCUMENTS);
    let statuses = pair.standin.counts().statuses;
    assert!(
        statuses[&429] > 40 && statuses.keys().any(|status| *status >= 500),
        "{statuses:?}"
    );
}
