use std::io::Read;
use std::path::Path;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use ilios::model::{Id, Ids, Timestamp};
use ilios::objects::{Area, Disposition, ObjectKey, Objects, ObjectsError, SigningKey};
use ilios::spool::{Spool, Spooled};
use rand::SeedableRng;
use tempfile::TempDir;

pub(crate) const KB: usize = 1 << 10;
pub(crate) const MB: usize = 1 << 20;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

pub(crate) fn id() -> Id {
    Ids::new(rand::rngs::StdRng::from_os_rng()).next(NOW)
}

/// Bytes of which no two stretches are alike.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub(crate) struct Files {
    folder: TempDir,
    pub(crate) spool: Spool,
}

impl Files {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let spool = Spool::new(&folder.path().join("tmp"), 400 << 20).expect("a spool");
        Self { folder, spool }
    }

    pub(crate) fn spooled(&self, bytes: &[u8]) -> Spooled {
        let mut incoming = self.spool.receive();
        incoming.write(bytes).expect("it is spooled");
        incoming.finish()
    }

    pub(crate) fn objects_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("data/objects")
    }

    pub(crate) async fn local(&self) -> Objects {
        Objects::open_local(&self.objects_folder(), SigningKey::new([7; 32]))
            .await
            .expect("a folder")
    }
}

pub(crate) fn content(file: &Spooled) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.open()
        .expect("a file")
        .read_to_end(&mut bytes)
        .expect("its bytes");
    bytes
}

/// Stores files of several sizes and gets each back.
pub(crate) async fn round_trips(objects: &Objects, files: &Files, sizes: &[usize]) {
    for size in sizes {
        let (key, bytes) = (ObjectKey::original(&id()), noise(*size));
        let file = files.spooled(&bytes);
        objects
            .put(&key, &file, "application/pdf")
            .await
            .expect("it is stored");
        assert_eq!(objects.size(&key).await.expect("an answer"), Some(*size as u64));
        let back = objects
            .fetch(&key, &files.spool, Some(file.sha256()))
            .await
            .expect("it is there");
        assert!(content(&back) == bytes, "{size} bytes");
        assert_eq!(content(&file).len(), *size, "the spooled file can be read again");
    }
}

pub(crate) async fn sorted(objects: &Objects, area: Area) -> Vec<String> {
    let found: Vec<_> = objects.list(area).try_collect().await.expect("a listing");
    let mut keys: Vec<String> = found.iter().map(|object| object.key.to_string()).collect();
    keys.sort();
    keys
}

/// Replaces, copies, lists and deletes.
pub(crate) async fn is_a_store(objects: &Objects, files: &Files) {
    let id = id();
    let (original, archived) = (ObjectKey::original(&id), ObjectKey::archived(&id));
    for missing in [
        objects.fetch(&original, &files.spool, None).await.map(drop),
        objects.open(&original, None).await.map(drop),
        objects.copy(&original, &archived).await,
    ] {
        let error = missing.expect_err("there is nothing yet");
        assert!(matches!(error, ObjectsError::NotFound), "{error}");
        assert_eq!(error.disposition(), Disposition::GiveUp);
    }
    assert_eq!(objects.size(&original).await.expect("an answer"), None);
    objects
        .delete(&original)
        .await
        .expect("nothing to delete is fine");
    for text in ["first", "second"] {
        let file = files.spooled(text.as_bytes());
        objects
            .put(&original, &file, "text/plain")
            .await
            .expect("it is stored");
        for _ in 0..2 {
            objects.copy(&original, &archived).await.expect("it is copied");
        }
        let copy = objects
            .fetch(&archived, &files.spool, None)
            .await
            .expect("a copy");
        assert_eq!(content(&copy), text.as_bytes());
    }
    assert_eq!(sorted(objects, Area::Documents).await, [original.as_str()]);
    let archive: Vec<_> = objects
        .list(Area::Archive)
        .try_collect()
        .await
        .expect("a listing");
    assert_eq!(
        (&archive[0].key, archive[0].size, archive.len()),
        (&archived, 6, 1)
    );
    assert!(archive[0].last_modified > Timestamp::from_millis(1_600_000_000_000));
    for _ in 0..2 {
        objects.delete(&original).await.expect("it is deleted");
    }
    assert!(sorted(objects, Area::Documents).await.is_empty());
    assert_eq!(
        objects.size(&archived).await.expect("an answer"),
        Some(6),
        "the copy stays"
    );
}

/// Reads an object whole and in ranges.
pub(crate) async fn opens_ranges(objects: &Objects, files: &Files) {
    let (key, bytes) = (ObjectKey::original(&id()), noise(600 * KB));
    objects
        .put(&key, &files.spooled(&bytes), "text/plain")
        .await
        .expect("it is stored");
    let size = bytes.len() as u64;
    let cases = [
        (None, 0..size),
        (Some(0..10), 0..10),
        (Some(300_000..400_000), 300_000..400_000),
        (Some(size - 1..u64::MAX), size - 1..size),
    ];
    for (range, expected) in cases {
        let object = objects.open(&key, range).await.expect("it opens");
        assert_eq!((object.size, &object.range), (size, &expected));
        let chunks: Vec<_> = object.stream.try_collect().await.expect("its bytes");
        let (start, end) = (expected.start as usize, expected.end as usize);
        assert!(chunks.concat() == bytes[start..end], "{expected:?}");
    }
    for beyond in [size..size + 1, 10..10] {
        let error = objects.open(&key, Some(beyond)).await.err().expect("no bytes");
        assert!(
            matches!(error, ObjectsError::OutOfRange { size: known } if known == size),
            "{error}"
        );
    }
}

fn names(folder: &Path) -> Vec<String> {
    let found = walkdir::WalkDir::new(folder).into_iter();
    let found = found.map(|entry| entry.expect("an entry"));
    found
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn keys_are_made_of_our_own_ids_only() {
    let id = id();
    let key = ObjectKey::archived(&id);
    assert_eq!(key.as_str(), format!("archive/{id}"));
    assert_eq!((key.area(), key.id()), (Area::Archive, &id));
    assert_eq!(key.as_str().parse(), Ok(key));
    let strange = [
        format!("documents/{id}/a"),
        format!("Documents/{id}"),
        format!("other/{id}"),
        format!("/documents/{id}"),
        format!("documents/{id}#1"),
        "documents/../../etc/passwd".into(),
        "documents/".into(),
        id.to_string(),
    ];
    for text in strange {
        assert!(text.parse::<ObjectKey>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn a_folder_keeps_files_of_every_size() {
    let files = Files::new();
    let objects = files.local().await;
    objects.check().await.expect("it works");
    assert!(!objects.is_remote());
    round_trips(&objects, &files, &[0, 1, 100 * KB, MB, 20 * MB + 1]).await;
    assert_eq!(
        names(&files.objects_folder()).len(),
        5,
        "no staged file is left over"
    );
}

#[tokio::test]
async fn a_folder_replaces_copies_lists_and_deletes() {
    let files = Files::new();
    let objects = files.local().await;
    is_a_store(&objects, &files).await;
    assert_eq!(names(&files.objects_folder()).len(), 1, "only the copy is left");
}

#[tokio::test]
async fn a_folder_gives_out_ranges() {
    let files = Files::new();
    opens_ranges(&files.local().await, &files).await;
}

#[tokio::test]
async fn content_that_has_changed_or_grown_is_refused() {
    let files = Files::new();
    let objects = files.local().await;
    let key = ObjectKey::original(&id());
    let file = files.spooled(b"as it was");
    objects
        .put(&key, &file, "text/plain")
        .await
        .expect("it is stored");
    std::fs::write(files.objects_folder().join(key.as_str()), "as it is").expect("it is changed");
    let error = objects
        .fetch(&key, &files.spool, Some(file.sha256()))
        .await
        .expect_err("it is not the same");
    assert!(matches!(error, ObjectsError::Corrupt), "{error}");
    assert_eq!(error.disposition(), Disposition::GiveUp);
    let small = Spool::new(&files.folder.path().join("small"), 5).expect("a spool");
    let error = objects.fetch(&key, &small, None).await.expect_err("too large");
    assert!(matches!(error, ObjectsError::TooLarge { limit: 5 }), "{error}");
}

/// Puts a file and drops that once a part of it is there; false, and nothing is left of it, when it ended before.
async fn is_dropped_halfway(objects: &Objects, file: &Spooled, key: &ObjectKey, folder: &Path) -> bool {
    let mut put = std::pin::pin!(objects.put(key, file, "text/plain"));
    while futures::poll!(&mut put).is_pending() {
        if names(folder).iter().any(|name| name.contains('#')) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    objects.delete(key).await.expect("it is deleted");
    false
}

#[tokio::test]
async fn an_upload_that_is_dropped_leaves_nothing() {
    let files = Files::new();
    let objects = files.local().await;
    let file = files.spooled(&noise(60 * MB));
    let key = ObjectKey::original(&id());
    // It is seen to be on its way; one that was faster than that is begun anew.
    let mut attempts = 0;
    while !is_dropped_halfway(&objects, &file, &key, &files.objects_folder()).await {
        attempts += 1;
        assert!(attempts < 100, "it is always whole already");
    }
    for _ in 0..200 {
        if names(&files.objects_folder()).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(names(&files.objects_folder()), [""; 0]);
}

#[tokio::test]
async fn what_a_crash_has_staged_is_swept_and_nothing_else() {
    let files = Files::new();
    let objects = files.local().await;
    let key = ObjectKey::original(&id());
    objects
        .put(&key, &files.spooled(b"a"), "text/plain")
        .await
        .expect("it is stored");
    let folder = files.objects_folder().join("documents");
    let staged = folder.join(format!("{}#1", id()));
    std::fs::write(&staged, "half").expect("a staged file");
    std::fs::write(folder.join("notes#1a"), "not ours").expect("a file");
    let before = Timestamp::from_millis(0);
    assert_eq!(objects.sweep_staging(before).await.expect("a sweep"), 0);
    assert!(staged.exists(), "somebody may be writing to it");
    let later = Timestamp::from_millis(i64::MAX);
    assert_eq!(objects.sweep_staging(later).await.expect("a sweep"), 1);
    let mut left = names(&folder);
    left.sort();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(sorted(&objects, Area::Documents).await, [key.as_str()]);
    let anew = files.local().await;
    assert_eq!(anew.size(&key).await.expect("an answer"), Some(1));
}

#[tokio::test]
async fn a_folder_that_is_gone_or_cannot_be_made_is_told() {
    let files = Files::new();
    let objects = files.local().await;
    std::fs::remove_dir_all(files.objects_folder()).expect("it is gone");
    let error = objects.check().await.expect_err("it is gone");
    assert!(matches!(error, ObjectsError::Io(_)), "{error}");
    assert_eq!(error.disposition(), Disposition::Retry);
    std::fs::write(files.objects_folder(), "a file").expect("a file");
    let error = Objects::open_local(&files.objects_folder(), SigningKey::new([0; 32]))
        .await
        .err()
        .expect("it is no folder");
    assert!(error.to_string().contains("data/objects"), "{error}");
}

#[tokio::test]
async fn a_long_listing_is_read_page_by_page() {
    let files = Files::new();
    let objects = files.local().await;
    let folder = files.objects_folder().join("documents");
    std::fs::create_dir_all(&folder).expect("a folder");
    let ids = Ids::new(rand::rngs::StdRng::from_os_rng());
    for _ in 0..2_500 {
        std::fs::write(folder.join(ids.next(NOW).as_str()), "").expect("an object");
    }
    assert_eq!(sorted(&objects, Area::Documents).await.len(), 2_500);
    let first = objects.list(Area::Documents).take(3).collect::<Vec<_>>().await;
    assert!(first.iter().all(Result::is_ok) && first.len() == 3);
}
