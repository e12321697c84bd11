use std::path::Path;

use futures::StreamExt;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::answer::{self, faults};
use crate::canary::Canary;
use crate::corpus;
use crate::server::Server;

/// Mutants of a quick run.
const QUICK_MUTANTS: usize = 300;
/// Larger files are not changed: most of the time would go into sending them.
const MAX_SOURCE_BYTES: usize = 128 << 10;
const CONCURRENCY: usize = 4;
/// A mutant that takes longer is one that hangs.
const SECONDS: u64 = 100;

/// A file, its name, and what was done to it.
struct Mutant {
    name: Vec<u8>,
    bytes: Vec<u8>,
    history: String,
}

#[expect(
    clippy::disallowed_methods,
    reason = "how much of it runs is said by who runs it"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The files of the corpus and the samples of the repository that are small enough.
fn sources(canary: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let corpus = corpus::make(true, canary).into_iter();
    let mut sources: Vec<_> = corpus.map(|file| (file.name, file.bytes)).collect();
    let root = std::path::absolute(".")
        .expect("the folder of the crate")
        .join("../..");
    for folder in ["samples", "crates/convert/tests/fixtures/corpus"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("a folder of samples") {
            let path = entry.expect("an entry").path();
            if let (Some(name), Ok(bytes)) = (path.file_name(), std::fs::read(&path)) {
                sources.push((name.to_string_lossy().into_owned().into_bytes(), bytes));
            }
        }
    }
    sources.retain(|(_, bytes)| !bytes.is_empty() && bytes.len() <= MAX_SOURCE_BYTES);
    sources
}

fn mutant(sources: &[(Vec<u8>, Vec<u8>)], seed: u64, number: usize) -> Mutant {
    let mut random = StdRng::seed_from_u64(seed.wrapping_add(number as u64));
    let (name, original) = &sources[random.random_range(0..sources.len())];
    let mut bytes = original.clone();
    let mut history = format!(
        "{} (mutant {number} of seed {seed})",
        String::from_utf8_lossy(name)
    );
    for _ in 0..random.random_range(1..=3) {
        let at = random.random_range(0..bytes.len().max(1));
        match random.random_range(0..4) {
            0 if !bytes.is_empty() => {
                let count = random.random_range(1..=32);
                for _ in 0..count {
                    let at = random.random_range(0..bytes.len());
                    bytes[at] ^= 1 << random.random_range(0..8);
                }
                history.push_str(&format!(", {count} bits flipped"));
            }
            1 => {
                bytes.truncate(at);
                history.push_str(&format!(", cut at {at}"));
            }
            2 => {
                let (other, donor) = &sources[random.random_range(0..sources.len())];
                let from = random.random_range(0..donor.len());
                let until = random.random_range(from..donor.len()) + 1;
                bytes.splice(
                    at.min(bytes.len())..at.min(bytes.len()),
                    donor[from..until].iter().copied(),
                );
                let other = String::from_utf8_lossy(other);
                history.push_str(&format!(", {from}..{until} of {other} put in at {at}"));
            }
            _ => {
                let until = (at + random.random_range(1..=4096)).min(bytes.len());
                let copy = bytes[at.min(until)..until].to_vec();
                bytes.splice(at.min(bytes.len())..at.min(bytes.len()), copy);
                history.push_str(&format!(", {at}..{until} doubled"));
            }
        }
    }
    Mutant {
        name: name.clone(),
        bytes,
        history,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutants_of_files_are_converted_or_refused() {
    let seed = setting("MUTANT_SEED").unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
    let count = setting("MUTANTS").map_or(QUICK_MUTANTS, |count| usize::try_from(count).expect("a number"));
    println!("{count} mutants; MUTANT_SEED={seed} makes the same ones");
    let canary = Canary::listen().await;
    let sources = sources(&canary.address);
    // Without tesseract: it is another program, and the same every time.
    let mut server = Server::start(&[
        ("TESSERACT_PATH", "/nonexistent"),
        ("CONVERT_QUEUE_TIMEOUT", "600"),
    ])
    .await;
    let client = ilios::tls::http_client().build().expect("a client");
    let (sources, address) = (&sources, server.address.as_str());
    let looked = futures::stream::iter(0..count).map(|number| {
        let client = client.clone();
        async move {
            let mutant = mutant(sources, seed, number);
            let wrong = match answer::convert(&client, address, &mutant.name, &mutant.bytes).await {
                Ok(answer) if answer.took.as_secs() > SECONDS => vec![format!("took {:?}", answer.took)],
                Ok(answer) => faults(&answer),
                Err(error) => vec![error],
            };
            if !wrong.is_empty() {
                keep(&mutant, seed, number);
            }
            wrong
                .into_iter()
                .map(|fault| format!("{}: {fault}", mutant.history))
                .collect::<Vec<_>>()
        }
    });
    let faults: Vec<String> = looked.buffer_unordered(CONCURRENCY).concat().await;
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(server.is_alive(), "the server has ended: {}", server.log());
    assert_eq!(canary.visits(), 0);
}

/// Keeps a mutant that the server did not stand, to become a file of the corpus.
fn keep(mutant: &Mutant, seed: u64, number: usize) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let extension = String::from_utf8_lossy(&mutant.name)
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    let file = folder.join(format!("mutant-{seed}-{number}.{extension}"));
    if std::fs::write(&file, &mutant.bytes).is_ok() {
        println!("kept as {}", file.display());
    }
}
