//! Children that convert several documents of one owner.

mod same_results;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ilios::engine::{Engine, LocalEngine, Owner, Request};
use ilios::model::{ConversionOptions, FileName, Tenant};
use ilios::spool::Spool;
use ilios_convert::{OcrMode, Options};
use ilios_sandbox::{Policy, Program};
use tempfile::TempDir;

use crate::harness::{Setup, local_engine, sample};
use crate::waiting_children::{children, held, option_env_number, until};

const PAGE: &str = "crates/convert/tests/fixtures/pdf/one-page.pdf";

/// An engine with a folder for its files.
struct Parts {
    engine: LocalEngine,
    spool: Spool,
    folder: TempDir,
}

fn parts(setup: Setup) -> Parts {
    let folder = TempDir::new().expect("a temporary folder");
    Parts {
        engine: local_engine(setup),
        spool: Spool::new(folder.path(), 8 << 20).expect("a spool"),
        folder,
    }
}

fn owner(key: &str) -> Owner {
    Owner::of(&Tenant::of_key(key))
}

impl Parts {
    fn request(&self, owner: &Owner, name: &str, bytes: &[u8]) -> Request {
        let mut incoming = self.spool.receive();
        incoming.write(bytes).expect("room");
        let options = ConversionOptions {
            reading: Options {
                ocr: OcrMode::Off,
                ..Options::default()
            },
            ..ConversionOptions::default()
        };
        Request {
            owner: owner.clone(),
            ..Request::new(Arc::new(incoming.finish()), FileName::clean(name), options)
        }
    }

    /// Everything that comes of a document.
    async fn converted(&self, owner: &Owner, name: &str, bytes: &[u8]) -> String {
        match self.engine.convert(&self.request(owner, name, bytes)).await {
            Ok(converted) => format!("{converted:?}"),
            Err(error) => format!("{error:?}"),
        }
    }

    async fn page(&self, owner: &Owner) {
        let text = self.converted(owner, "page.pdf", &sample(PAGE)).await;
        assert!(text.starts_with("Converted"), "{text}");
    }
}

#[tokio::test]
async fn documents_of_a_tenant_share_a_child_and_those_of_others_do_not() {
    let parts = parts(Setup::default());
    let (one, another) = (owner("one"), owner("another"));
    parts.page(&one).await;
    let of_one = children();
    assert_eq!(of_one.len(), 1, "it is kept");
    for _ in 0..5 {
        parts.page(&one).await;
        assert_eq!(children(), of_one);
    }
    parts.page(&another).await;
    let of_both = children();
    assert_eq!(of_both.len(), 2, "another tenant has another child");
    parts.page(&Owner::Anonymous).await;
    parts.page(&owner("one:test")).await;
    parts.page(&one).await;
    let left = children();
    assert!(
        of_both.iter().all(|child| left.contains(child)),
        "{of_both:?} {left:?}"
    );
    assert_eq!(left.len(), 3, "nothing is kept of callers without keys");
    drop(parts);
    until(0, Duration::from_secs(10)).await;
}

#[tokio::test]
async fn without_reuse_nothing_is_left() {
    let parts = parts(Setup {
        kept_children: 0,
        ..Setup::default()
    });
    parts.page(&owner("one")).await;
    parts.page(&Owner::User).await;
    assert!(children().is_empty());
}

#[tokio::test]
async fn a_child_is_not_kept_after_a_document_that_was_not_sound_and_small() {
    let parts = parts(Setup::default());
    let one = owner("one");
    let large = format!("<p>{}</p>", "words and words ".repeat(20_000));
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let broken_json = b"{\"a\": ".to_vec();
    for (name, bytes) in [
        ("broken.pdf", b"%PDF-1.7 broken".to_vec()),
        ("large.html", large.into_bytes()),
        ("warned.json", broken_json),
    ] {
        parts.converted(&one, name, &bytes).await;
        assert!(children().is_empty(), "{name}");
    }
    let mut request = parts.request(&one, "scan.pdf", &scan);
    request.options.reading.ocr = OcrMode::Auto;
    parts.engine.convert(&request).await.expect("text");
    assert!(children().is_empty(), "a scan");
}

#[tokio::test]
async fn a_kept_child_that_dies_harms_no_document() {
    let parts = parts(Setup::default());
    let one = owner("one");
    parts.page(&one).await;
    for child in children() {
        let killed = std::process::Command::new("kill")
            .args(["-KILL", &child.to_string()])
            .status();
        assert!(killed.expect("kill runs").success());
    }
    // At once, when nobody has noticed yet.
    parts.page(&one).await;
    assert_eq!(until(1, Duration::from_secs(10)).await.len(), 1);
}

/// Kilobytes of a process that no file backs.
fn anonymous(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok());
    number.expect("a process that runs")
}

#[tokio::test]
async fn many_documents_in_kept_children_leave_nothing_behind() {
    let rounds: usize = option_env_number("CONVERSIONS").unwrap_or(230);
    let parts = parts(Setup::default());
    let one = owner("one");
    let mut most = [0; 2];
    let mut before = held();
    for number in 0..rounds {
        parts.page(&one).await;
        let kept = children();
        assert!(kept.len() <= 1, "{kept:?}");
        let is_late = number >= 20;
        if number == 20 {
            before = held();
        }
        let memory = kept.into_iter().map(anonymous).max().unwrap_or(0);
        most[usize::from(is_late)] = most[usize::from(is_late)].max(memory);
    }
    let after = held();
    assert!(after.1 <= before.1 + 1, "descriptors: {before:?}, then {after:?}");
    assert!(
        after.0 < before.0 + 16 * 1024,
        "kilobytes: {before:?}, then {after:?}"
    );
    assert!(
        most[0] > 0 && most[1] < most[0] + 8 * 1024,
        "kilobytes of children: {most:?}"
    );
}

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message");
    [&length.to_le_bytes(), message].concat()
}

/// Frames of a child that answers a document with one page, and says that it had 8 MB at its start.
fn answer() -> Vec<u8> {
    let accepted = b"\0\x01\x80\x80\x80\x04".as_slice();
    let page = b"\x04\x01\x00\x06Hello.\x00\x00\x00\x00\x00".as_slice();
    let converted = b"\x05\x00\x00\x00\x00\x00\x00\x00\x00".as_slice();
    [accepted, page, converted].map(frame).concat()
}

/// A compromised child: it keeps all that it is sent but its policy, and answers each job in the same way, with `more`
/// behind the answer.
fn spy(folder: &Path, more: &[u8]) -> Program {
    let policy = Policy {
        renewable: true,
        ..Policy::default()
    };
    let policy = postcard::to_stdvec(&policy.for_input(256 * 1024)).expect("a policy");
    std::fs::write(folder.join("answer"), [answer().as_slice(), more].concat()).expect("a file");
    let (at, head) = (folder.display(), policy.len() + 4);
    let script = format!(
        "/bin/dd bs=1 count={head} <&1 >/dev/null 2>&1; \
         while :; do /bin/dd bs=1000000 count=1 <&1 >> '{at}'/seen.$$ 2>/dev/null; /bin/cat '{at}'/answer; done"
    );
    Program::new("/bin/sh", ["-c", &script])
}

#[tokio::test]
async fn a_compromised_child_sees_no_byte_of_another_tenant() {
    let folder = TempDir::new().expect("a temporary folder");
    let parts = parts(Setup {
        program: spy(folder.path(), b""),
        waiting_children: 1,
        ..Setup::default()
    });
    let owners = ["first", "second", "third"].map(|name| (name, owner(name)));
    for round in 0..6 {
        for (name, owner) in &owners {
            let secret = format!("<p>{name} secret {round}</p>");
            parts.converted(owner, "page.html", secret.as_bytes()).await;
        }
        parts
            .converted(&Owner::Anonymous, "page.html", b"<p>anonymous secret</p>")
            .await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut shared = 0;
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let path = file.expect("a file").path();
        if path.file_name().is_some_and(|name| name == "answer") {
            continue;
        }
        let seen = String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned();
        let names = ["first", "second", "third", "anonymous"];
        let whose: Vec<_> = names
            .into_iter()
            .filter(|name| seen.contains(&format!("{name} secret")))
            .collect();
        assert!(whose.len() <= 1, "{whose:?} in one child");
        let documents = seen.matches(" secret").count();
        assert!(
            documents <= 1 || whose != ["anonymous"],
            "callers without keys share a child"
        );
        shared += usize::from(documents > 1);
    }
    assert!(
        shared >= 3,
        "children of tenants have had several documents: {shared}"
    );
}

#[tokio::test]
async fn a_child_that_speaks_out_of_turn_gets_no_other_document() {
    let folder = TempDir::new().expect("a temporary folder");
    let parts = parts(Setup {
        program: spy(folder.path(), &answer()),
        ..Setup::default()
    });
    for _ in 0..4 {
        parts
            .converted(&owner("one"), "page.html", b"<p>a secret</p>")
            .await;
        // What it sends is on its way.
        tokio::time::sleep(Duration::from_millis(100)).await;
        parts
            .converted(&owner("one"), "page.html", b"<p>a secret</p>")
            .await;
    }
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let seen = std::fs::read(file.expect("a file").path()).expect("a file");
        let documents = String::from_utf8_lossy(&seen).matches("a secret").count();
        assert!(documents <= 2, "it sees no more than was on its way: {documents}");
    }
}

#[tokio::test]
async fn the_pages_of_a_pdf_are_looked_at_once() {
    let folder = TempDir::new().expect("a temporary folder");
    // The list of verdicts is empty.
    let verdicts = [b"\0\0".as_slice(), b"\x07\0"].map(frame).concat();
    std::fs::write(folder.path().join("sent"), verdicts).expect("a file");
    let at = folder.path().display();
    let script = format!("echo x >> '{at}/starts'; /bin/cat '{at}/sent'; exec /bin/sleep 1000");
    let parts = parts(Setup {
        program: Program::new("/bin/sh", ["-c", &script]),
        kept_children: 0,
        ..Setup::default()
    });
    let starts =
        || std::fs::read_to_string(folder.path().join("starts")).map_or(0, |text| text.lines().count());
    let (one, bytes) = (owner("one"), sample(PAGE));
    let request = parts.request(&one, "page.pdf", &bytes);
    for _ in 0..3 {
        parts.engine.assess(&request).await.expect("verdicts");
        parts.engine.assess(&request.clone()).await.expect("verdicts");
    }
    assert_eq!(starts(), 1, "a request looks once");
    let again = parts.request(&one, "again.pdf", &bytes);
    parts.engine.assess(&again).await.expect("verdicts");
    assert_eq!(starts(), 1, "the same bytes are known");
    let foreign = parts.request(&owner("another"), "page.pdf", &bytes);
    parts.engine.assess(&foreign).await.expect("verdicts");
    let other = parts.request(&one, "page.pdf", b"%PDF-1.7 other");
    parts.engine.assess(&other).await.expect("verdicts");
    for _ in 0..2 {
        let stranger = parts.request(&Owner::Anonymous, "page.pdf", &bytes);
        parts.engine.assess(&stranger).await.expect("verdicts");
    }
    assert_eq!(starts(), 5, "others are not");
}
