//! Contents of a local replica: long results, encryption, damage.

use std::path::Path;
use std::time::{Duration, Instant};

use ilios::model::{Clock, Id, RetryPolicy, Secret, SystemClock};
use ilios::store::{Disposition, JobOutcome, NextClaim, Settled, Store, StoreError};

use crate::conformance::make::{completed, tenant};
use crate::primary_server::PrimaryServer;
use crate::replica::{folder, found, fresh, open, refused, submit};

fn shows(folder: &Path, text: &str) -> bool {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a file"))
        .any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

/// Converts a new document to `markdown`, as far as it can be kept.
async fn converted(store: &Store, markdown: &str) -> Result<Id, StoreError> {
    let (id, owner) = (submit(store).await, tenant("a"));
    let lease = Duration::from_secs(20);
    let job = store.claim_jobs("worker", lease, 1).await.expect("a claim").pop();
    let job = job.expect("a job");
    let JobOutcome::Completed(mut done) = completed(&fresh(), &owner, &id, SystemClock.now()) else {
        panic!("it is completed");
    };
    done.content.markdown = markdown.to_owned();
    let attempts = vec![(job.lease, JobOutcome::Completed(done))];
    let next = NextClaim { most: 0, lease };
    let finished = store
        .finish_jobs("worker", attempts, RetryPolicy::default(), next)
        .await?;
    assert_eq!(finished.0, [Settled::Completed]);
    Ok(id)
}

async fn complete(store: &Store, markdown: &str) -> Id {
    converted(store, markdown).await.expect("it is kept")
}

async fn content(store: &Store, id: &Id) -> Option<String> {
    let found = store.document_with_content(&tenant("a"), id).await;
    Some(found.expect("an answer")?.content?.markdown)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_results_are_kept_and_those_that_are_too_long_refused() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let store = open(&server.settings(here.path(), None)).await;
    // A primary takes rows of 5 MB.
    let long: String = (0..800_000).map(|number| format!("{number}. line\n")).collect();
    assert!(long.len() > 10_000_000);
    let id = complete(&store, &long).await;
    assert!(content(&store, &id).await.as_deref() == Some(&long[..]));
    let mut random = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1);
    let noise: String = (0..9_000_000)
        .map(|_| char::from(rand::Rng::random_range(&mut random, b' '..=b'~')))
        .collect();
    let refused = converted(&store, &noise).await;
    assert!(matches!(refused, Err(StoreError::TooLarge)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_copy_shows_nothing_and_is_made_anew_under_another_key() {
    let server = PrimaryServer::start().await;
    for key in [None, Some(Secret::new("it's a key"))] {
        let here = folder();
        let encrypted = key.is_some();
        let mut settings = server.settings(here.path(), None);
        settings.key = key;
        let store = open(&settings).await;
        let id = complete(&store, "a secret sentence\n").await;
        assert_eq!(content(&store, &id).await.as_deref(), Some("a secret sentence\n"));
        assert_eq!(shows(here.path(), "a secret sentence"), !encrypted);
        store.close().await;
        assert_eq!(shows(here.path(), "a secret sentence"), !encrypted);
        settings.key = Some(Secret::new("another key"));
        settings.retry_timeout = Duration::from_millis(300);
        server.kill();
        let refusal = refused(&settings).await;
        assert!(
            refusal.contains("another key") && !refusal.contains("it's a key"),
            "{refusal}"
        );
        server.start_again().await;
        let store = open(&settings).await;
        assert_eq!(content(&store, &id).await.as_deref(), Some("a secret sentence\n"));
        assert!(!shows(here.path(), "a secret sentence"));
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_copy_is_made_anew() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let settings = server.settings(here.path(), None);
    let store = open(&settings).await;
    let id = complete(&store, "text\n").await;
    assert!(content(&store, &id).await.is_some());
    store.close().await;
    let beside = |ending: &str| here.path().join(format!("replica.db{ending}"));
    let garbage = |path| std::fs::write(path, vec![0x5a; 20_000]).expect("a file");
    let harms: [&dyn Fn(); 4] = [
        &|| garbage(beside("")),
        // The rest of a copy without the copy itself.
        &|| std::fs::remove_file(beside("")).expect("it is deleted"),
        &|| std::fs::write(beside("-client_wal_index"), b"short").expect("a file"),
        // As after a restart of the machine.
        &|| std::fs::write(beside("-boot"), b"another").expect("a file"),
    ];
    for harm in harms {
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(beside(ending));
        }
        harm();
        let store = open(&settings).await;
        assert!(content(&store, &id).await.is_some());
        let second = submit(&store).await;
        assert!(found(&store, &second).await.is_some());
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_damaged_while_it_is_read_is_made_anew() {
    let server = PrimaryServer::start().await;
    let here = folder();
    let settings = server.settings(here.path(), None);
    let store = open(&settings).await;
    let markdown = "long text\n".repeat(40_000);
    let id = complete(&store, &markdown).await;
    assert!(content(&store, &id).await.is_some());
    store.close().await;
    // All of it is in the file itself now, which is read again and again: it is larger than what is kept in memory.
    let store = open(&settings).await;
    for _ in 0..8 {
        complete(&store, &markdown).await;
    }
    for ending in ["", "-wal"] {
        let file = here.path().join(format!("replica.db{ending}"));
        let Ok(length) = std::fs::metadata(&file).map(|file| file.len()) else {
            continue;
        };
        let whole = usize::try_from(length).expect("a length");
        let file = std::fs::File::options()
            .write(true)
            .open(&file)
            .expect("it opens");
        std::os::unix::fs::FileExt::write_all_at(&file, &vec![0x5a; whole], 0).expect("it is written");
    }
    let since = Instant::now();
    loop {
        let read = store.document_with_content(&tenant("a"), &id).await;
        match read {
            Ok(Some(stored))
                if stored
                    .content
                    .as_ref()
                    .is_some_and(|content| content.markdown == markdown) =>
            {
                break;
            }
            Ok(other) => panic!("half an answer: {:?}", other.map(|stored| stored.document.status)),
            Err(error) => assert_eq!(error.disposition(), Disposition::Retry, "{error}"),
        }
        assert!(since.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
