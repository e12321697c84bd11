//! Results do not depend on what a child has converted before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tempfile::TempDir;

use super::{owner, parts};
use crate::harness::{Setup, repository};
use crate::waiting_children::option_env_number;

/// Documents of the suites that are small enough for a child that is reused.
fn documents() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![
        repository("crates/convert/tests/suite"),
        repository("crates/convert/tests/fixtures"),
        repository("samples"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(document) = small_document(&path) {
                found.push(document);
            }
        }
    }
    found.sort();
    found
}

fn small_document(path: &PathBuf) -> Option<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).expect("a file");
    let is_code = path.extension().is_some_and(|kind| kind == "rs" || kind == "py");
    let name = path.file_name()?.to_string_lossy().into_owned();
    (bytes.len() <= 256 * 1024 && !is_code).then_some((name, bytes))
}

/// Results of the documents, converted in a random order.
async fn results(documents: &[(String, Vec<u8>)], kept: usize, seed: u64) -> BTreeMap<usize, Vec<String>> {
    let count = option_env_number("CONVERSIONS").unwrap_or(200);
    let mut order: Vec<usize> = (0..documents.len()).cycle().take(count).collect();
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    let parts = parts(Setup {
        kept_children: kept,
        ..Setup::default()
    });
    let (parts, one) = (&parts, &owner("one"));
    let converted = futures::stream::iter(order).map(|number| async move {
        let (name, bytes) = &documents[number];
        (number, parts.converted(one, name, bytes).await)
    });
    let mut results: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut converted = converted.buffer_unordered(3);
    while let Some((number, text)) = converted.next().await {
        results.entry(number).or_default().push(text);
    }
    assert!(parts.folder.path().exists());
    results
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_do_not_depend_on_what_was_read_before() {
    let documents = documents();
    assert!(documents.len() > 100, "{}", documents.len());
    let alone = results(&documents, 0, 1).await;
    for seed in [2, 3] {
        let reused = results(&documents, 4, seed).await;
        for (number, texts) in &reused {
            let expected = alone.get(number).and_then(|texts| texts.first());
            for text in texts {
                assert_eq!(Some(text), expected, "{}", documents[*number].0);
            }
        }
    }
}

/// The results of the command line by their names.
fn converted_files(folder: &Path, reuse: &str) -> BTreeMap<String, String> {
    let results = folder.join(reuse);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ilios"))
        .args([
            "convert",
            "--quiet",
            "--recursive",
            "--ocr",
            "off",
            "--jobs",
            "3",
            "-o",
        ])
        .args([&results, &folder.join("documents")])
        .current_dir(folder)
        .env_clear()
        .env("CONVERT_REUSE", reuse)
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let files = std::fs::read_dir(&results).expect(&said).map(|file| {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).expect("text"))
    });
    files.collect()
}

#[test]
fn the_command_line_writes_the_same_with_reuse_and_without() {
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("documents")).expect("a folder");
    for (number, (name, bytes)) in documents().into_iter().step_by(3).enumerate() {
        let path = folder.path().join(format!("documents/{number}-{name}"));
        std::fs::write(path, bytes).expect("a file");
    }
    let reused = converted_files(folder.path(), "tenant");
    assert!(reused.len() > 20, "{}", reused.len());
    assert_eq!(reused, converted_files(folder.path(), "off"));
}
