use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use ilios::model::{Ids, Secret, Timestamp};
use ilios::objects::{Area, Disposition, DownloadAnswer, ObjectKey, Objects, ObjectsError, S3Settings};
use rand::SeedableRng;
use tempfile::TempDir;

use crate::objects::{Files, KB, MB, id, is_a_store, noise, opens_ranges, round_trips, sorted};
use crate::s3_server::{ACCESS_KEY, BUCKET, Memory, S3Server, SECRET, open};

/// Present time matters to S3 only.
const NOW: Timestamp = Timestamp::from_millis(0);

const ANSWER: DownloadAnswer<'_> = DownloadAnswer {
    content_disposition: "attachment; filename=\"a b.txt\"",
    content_type: "text/plain",
};

#[tokio::test]
async fn a_bucket_keeps_files_of_every_size() {
    let (server, files) = (S3Server::start().await, Files::new());
    let memory = Arc::new(Memory::default());
    let objects = Objects::open_s3(&server.settings(), Arc::clone(&memory) as _).expect("a client");
    objects.check().await.expect("it works");
    assert!(objects.is_remote());
    round_trips(&objects, &files, &[0, 1, 100 * KB, MB, 8 * MB, 60 * MB]).await;
    assert_eq!(memory.open(), [], "each upload has ended");
    assert_eq!(server.open_uploads(), [""; 0], "no parts are left over");
}

/// The most memory that this process ever had, bytes.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    kilobytes
        .and_then(|number| number.parse::<usize>().ok())
        .expect("a number")
        * KB
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_size_of_a_file_does_not_show_in_the_memory() {
    let (server, files) = (S3Server::start().await, Files::new());
    let objects = server.objects();
    round_trips(&objects, &files, &[MB]).await;
    let (mut incoming, megabyte) = (files.spool.receive(), noise(MB));
    for _ in 0..300 {
        incoming.write(&megabyte).expect("it is spooled");
    }
    let (key, file, before) = (ObjectKey::original(&id()), incoming.finish(), peak());
    objects
        .put(&key, &file, "text/plain")
        .await
        .expect("it is stored");
    objects
        .fetch(&key, &files.spool, Some(file.sha256()))
        .await
        .expect("it is there");
    let grown = (peak() - before) / MB;
    assert!(grown < 48, "{grown} MB for a file of 300 MB");
}

#[tokio::test]
async fn a_bucket_replaces_copies_lists_deletes_and_gives_out_ranges() {
    let (server, files) = (S3Server::start().await, Files::new());
    let objects = server.objects();
    is_a_store(&objects, &files).await;
    opens_ranges(&objects, &files).await;
}

#[tokio::test]
async fn wrong_keys_and_a_missing_bucket_name_the_variables_to_look_at() {
    let (server, files) = (S3Server::start().await, Files::new());
    let right = server.settings();
    let wrong_secret = S3Settings {
        secret_access_key: Secret::new("hunter3"),
        ..right.clone()
    };
    let wrong_id = S3Settings {
        access_key_id: Secret::new("AKIAOTHER"),
        ..right.clone()
    };
    let no_bucket = S3Settings {
        bucket: "elsewhere".into(),
        ..right
    };
    let cases = [
        (wrong_secret, "AWS_SECRET_ACCESS_KEY"),
        (wrong_id, "AWS_ACCESS_KEY_ID"),
        (no_bucket, "S3_BUCKET"),
    ];
    let (key, file) = (ObjectKey::original(&id()), files.spooled(b"a"));
    for (settings, variable) in cases {
        let objects = open(&settings);
        let mut refused = vec![objects.check().await];
        // This server makes a bucket of whatever it is sent to.
        if settings.bucket == BUCKET {
            refused.push(objects.put(&key, &file, "text/plain").await);
            refused.push(objects.fetch(&key, &files.spool, None).await.map(drop));
            refused.push(objects.size(&key).await.map(drop));
        }
        for outcome in refused {
            let error = outcome.expect_err("it is refused");
            let text = format!("{error} {error:?} {settings:?}");
            assert!(matches!(error, ObjectsError::Denied(_)), "{text}");
            assert!(text.contains(variable) && !text.contains("hunter"), "{text}");
            assert_eq!(error.disposition(), Disposition::GiveUp);
        }
    }
}

#[tokio::test]
async fn clients_put_and_get_with_presigned_addresses() {
    let server = S3Server::start().await;
    let (objects, client) = (
        server.objects(),
        ilios::tls::http_client().build().expect("a client"),
    );
    let (key, lifetime) = (ObjectKey::original(&id()), Duration::from_secs(60));
    let put = objects
        .upload_url(&key, 11, lifetime, NOW)
        .await
        .expect("an address");
    for other in ["by a clien", "by a client!", ""] {
        let sent = client.put(&put).body(other).send();
        assert_eq!(
            sent.await.expect("an answer").status(),
            403,
            "{other}: another length"
        );
    }
    let sent = client.put(&put).body("by a client").send();
    assert_eq!(sent.await.expect("an answer").status(), 200);
    assert_eq!(objects.size(&key).await.expect("an answer"), Some(11));
    let get = objects
        .download_url(&key, &ANSWER, lifetime, NOW)
        .await
        .expect("an address");
    assert!(get.contains("response-content-disposition=attachment"), "{get}");
    let answer = client.get(&get).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-disposition"],
        ANSWER.content_disposition
    );
    assert_eq!(answer.headers()["content-type"], ANSWER.content_type);
    assert_eq!(answer.text().await.expect("a body"), "by a client");

    let forged = |address: &str| address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000");
    let other = get.replace(key.as_str(), ObjectKey::original(&id()).as_str());
    let renamed = get.replace("attachment", "inline");
    let refused = [
        client.get(&put),
        client.put(&get).body("x"),
        client.put(forged(&put)).body("by a client"),
        client.get(forged(&get)),
        client.get(other),
        client.get(renamed),
    ];
    for request in refused {
        assert_eq!(request.send().await.expect("an answer").status(), 403);
    }
    let soon = objects
        .upload_url(&key, 8, Duration::from_secs(1), NOW)
        .await
        .expect("an address");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let late = client.put(&soon).body("too late").send();
    assert_eq!(late.await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn the_type_of_the_content_is_kept() {
    let (server, files) = (S3Server::start().await, Files::new());
    let objects = server.objects();
    for size in [10, 9 * MB] {
        let key = ObjectKey::original(&id());
        let file = files.spooled(&noise(size));
        objects
            .put(&key, &file, "application/pdf")
            .await
            .expect("it is stored");
    }
    let kept = server.metadata();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept.iter().all(|text| text.contains("application/pdf")),
        "{kept:?}"
    );
}

#[tokio::test]
async fn content_that_has_changed_in_the_bucket_is_refused() {
    let (server, files) = (S3Server::start().await, Files::new());
    let objects = server.objects();
    let (key, file) = (ObjectKey::original(&id()), files.spooled(b"as it was"));
    objects
        .put(&key, &file, "text/plain")
        .await
        .expect("it is stored");
    std::fs::write(server.file(key.as_str()), "as it is").expect("it is changed");
    let error = objects
        .fetch(&key, &files.spool, Some(file.sha256()))
        .await
        .expect_err("it is not the same");
    assert!(matches!(error, ObjectsError::Corrupt), "{error}");
}

#[tokio::test]
async fn a_listing_of_several_pages_is_complete_and_leaves_out_what_is_not_ours() {
    let server = S3Server::start().await;
    let ids = Ids::new(rand::rngs::StdRng::from_os_rng());
    std::fs::create_dir(server.file("documents")).expect("a folder");
    for _ in 0..1_005 {
        let key = ObjectKey::original(&ids.next(NOW));
        std::fs::write(server.file(key.as_str()), "").expect("an object");
    }
    std::fs::write(server.file("documents/readme.txt"), "").expect("an object");
    let objects = server.objects();
    assert_eq!(sorted(&objects, Area::Documents).await.len(), 1_005);
    assert!(sorted(&objects, Area::Archive).await.is_empty());
}

#[tokio::test]
async fn doctor_asks_the_bucket() {
    let server = S3Server::start().await;
    let folder = TempDir::new().expect("a temporary folder");
    let doctor = |secret: &str, bucket: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_ilios"))
            .arg("doctor")
            .current_dir(folder.path())
            .env_clear()
            .env("PORT", "0")
            .env("S3_BUCKET", bucket)
            .env("AWS_ENDPOINT_URL_S3", format!("http://{}", server.address))
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", secret)
            .output()
            .expect("it runs");
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), out)
    };
    let (fine, out) = doctor(SECRET, BUCKET);
    assert!(fine && out.contains("bucket originals at http://"), "{out}");
    let (fine, out) = doctor("hunter3", BUCKET);
    assert!(!fine && out.contains("AWS_SECRET_ACCESS_KEY"), "{out}");
    assert!(!out.contains("hunter"), "{out}");
    let (fine, out) = doctor(SECRET, "elsewhere");
    assert!(!fine && out.contains("S3_BUCKET"), "{out}");
}
