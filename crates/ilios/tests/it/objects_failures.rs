//! What happens when an S3 server or the way to it fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ilios::objects::{Disposition, ObjectKey, Objects, ObjectsError};
use tokio::net::TcpListener;

use crate::objects::{Files, MB, id, noise};
use crate::s3_server::{Fault, Memory, S3Server, faulty_way, open, settings};

async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn an_upload_that_cannot_be_recorded_is_not_begun() {
    let (server, files) = (S3Server::start().await, Files::new());
    let memory = Arc::new(Memory::that_refuses());
    let objects = Objects::open_s3(&server.settings(), memory).expect("a client");
    let key = ObjectKey::original(&id());
    let error = objects
        .put(&key, &files.spooled(&noise(9 * MB)), "text/plain")
        .await
        .expect_err("it is refused");
    assert_eq!(error.disposition(), Disposition::Retry, "{error}");
    assert_eq!(server.open_uploads(), [""; 0]);
    assert_eq!(objects.size(&key).await.expect("an answer"), None);
}

#[tokio::test]
async fn an_upload_that_is_dropped_is_aborted() {
    let (server, files) = (S3Server::start().await, Files::new());
    let memory = Arc::new(Memory::default());
    let objects = Objects::open_s3(&server.settings(), Arc::clone(&memory) as _).expect("a client");
    let (key, file) = (ObjectKey::original(&id()), files.spooled(&noise(60 * MB)));
    let put = objects.put(&key, &file, "text/plain");
    let begun = eventually("parts arrive", || server.open_uploads().len() > 1);
    tokio::select! {
        _ = put => panic!("it cannot be done yet"),
        () = begun => {}
    }
    eventually("the upload is aborted", || memory.open().is_empty()).await;
    eventually("its parts are gone", || server.open_uploads().is_empty()).await;
    assert_eq!(objects.size(&key).await.expect("an answer"), None);
}

#[tokio::test]
async fn an_upload_to_a_server_that_vanishes_can_be_aborted_later() {
    let (mut server, files) = (S3Server::start().await, Files::new());
    let mut settings = server.settings();
    settings.retry.retries = 1;
    let memory = Arc::new(Memory::default());
    let objects = Objects::open_s3(&settings, Arc::clone(&memory) as _).expect("a client");
    let (key, file) = (ObjectKey::original(&id()), files.spooled(&noise(60 * MB)));
    let task = {
        let (objects, key) = (objects.clone(), key.clone());
        tokio::spawn(async move { objects.put(&key, &file, "text/plain").await })
    };
    eventually("parts arrive", || server.open_uploads().len() > 1).await;
    server.stop();
    let error = task.await.expect("no panic").expect_err("the server is gone");
    assert_eq!(error.disposition(), Disposition::Retry, "{error}");
    let open = memory.open();
    assert_eq!(open.len(), 1, "it is remembered");
    server.restart().await;
    assert!(!server.open_uploads().is_empty(), "its parts are still there");
    objects
        .abort(&open[0].0, &open[0].1)
        .await
        .expect("it is aborted");
    assert_eq!(server.open_uploads(), [""; 0]);
    assert_eq!(objects.size(&key).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_server_that_is_unavailable_for_a_moment_is_asked_again() {
    let (server, files) = (S3Server::start().await, Files::new());
    let way = faulty_way(server.address, [Fault::Unavailable, Fault::Unavailable]).await;
    let objects = open(&settings(way));
    let (key, file) = (ObjectKey::original(&id()), files.spooled(b"patience"));
    objects
        .put(&key, &file, "text/plain")
        .await
        .expect("the third time");
    assert_eq!(server.objects().size(&key).await.expect("an answer"), Some(8));
}

#[tokio::test]
async fn a_download_that_breaks_off_goes_on_where_it_was() {
    let (server, files) = (S3Server::start().await, Files::new());
    let (key, file) = (ObjectKey::original(&id()), files.spooled(&noise(5 * MB)));
    server
        .objects()
        .put(&key, &file, "text/plain")
        .await
        .expect("it is stored");
    let (part, head) = (MB as u64, 10);
    // Breaks within the content are mended whether or not the client asks again; an answer that breaks before it
    // needs that.
    let cases: [(&[u64], usize, bool); 3] = [
        (&[part, part, part], 0, true),
        (&[part, head, 0, part], 3, true),
        (&[part, head], 0, false),
    ];
    for (cuts, retries, succeeds) in cases {
        let faults: Vec<_> = cuts.iter().copied().map(Fault::CutAfter).collect();
        let mut settings = settings(faulty_way(server.address, faults).await);
        settings.retry.retries = retries;
        let fetched = open(&settings)
            .fetch(&key, &files.spool, Some(file.sha256()))
            .await;
        match fetched {
            Ok(back) => assert!(succeeds && back.size() == 5 * part, "{cuts:?}"),
            Err(error) => {
                assert!(!succeeds, "{cuts:?}: {error}");
                assert_eq!(error.disposition(), Disposition::Retry);
            }
        }
    }
}

#[tokio::test]
async fn a_dead_server_is_given_up_in_time() {
    let files = Files::new();
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = faulty_way(silent.local_addr().expect("an address"), [Fault::Silent; 20]).await;
    let refusing = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let refusing = refusing.local_addr().expect("an address");
    for address in [silent, refusing] {
        let mut settings = settings(address);
        settings.retry.silence = Duration::from_millis(200);
        settings.retry.retries = 1;
        let objects = open(&settings);
        let (key, since) = (ObjectKey::original(&id()), Instant::now());
        let failed = [
            objects.check().await,
            objects.put(&key, &files.spooled(b"a"), "text/plain").await,
            objects
                .put(&key, &files.spooled(&noise(9 * MB)), "text/plain")
                .await,
            objects.fetch(&key, &files.spool, None).await.map(drop),
            objects.size(&key).await.map(drop),
        ];
        for outcome in failed {
            let error = outcome.expect_err("nobody answers");
            assert!(matches!(error, ObjectsError::Unavailable(_)), "{error}");
            assert_eq!(error.disposition(), Disposition::Retry);
        }
        assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    }
}
