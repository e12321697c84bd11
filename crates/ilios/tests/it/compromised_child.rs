//! Children that do not keep to the protocol. A program that sends what a file holds stands in for them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ilios::engine::{Engine, EngineError, Request};
use ilios::model::{ConversionOptions, FileName};
use ilios::spool::Spool;
use ilios_convert::Conversion;
use ilios_sandbox::Program;
use tempfile::TempDir;

use crate::harness::{Setup, local_engine};

/// Messages of a child as it sends them: the kind first.
const ACCEPTED: &[u8] = &[0, 0];
const PAGE: &[u8] = b"\x04\x01\x00\x06Hello.\x00\x00\x00\x00\x00";
const CONVERTED: &[u8] = b"\x05\x00\x00\x00\x00\x00\x00\x00\x00";
const VERDICTS: &[u8] = b"\x07\x00";

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message");
    [&length.to_le_bytes(), message].concat()
}

/// Sends the file and waits to be killed.
fn child(sent: &Path) -> Program {
    let script = format!("/bin/cat '{}'; exec /bin/sleep 1000", sent.display());
    Program::new("/bin/sh", ["-c", &script])
}

async fn convert(sent: &[u8]) -> Result<Conversion, EngineError> {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("sent");
    std::fs::write(&path, sent).expect("a file");
    let engine = local_engine(Setup {
        program: child(&path),
        // A child that is not found out is not stopped in time.
        timeout: Duration::from_secs(600),
        stall_timeout: Duration::from_secs(600),
        ..Setup::default()
    });
    let spool = Spool::new(folder.path(), 1 << 20).expect("a spool");
    let file = spool.receive().append("%PDF-1.7").await.expect("room");
    let name = FileName::clean("document.pdf");
    let request = Request::new(Arc::new(file.finish()), name, ConversionOptions::default());
    engine
        .convert(&request)
        .await
        .map(|converted| converted.conversion)
}

async fn code(messages: &[&[u8]]) -> &'static str {
    let sent: Vec<_> = messages.iter().flat_map(|message| frame(message)).collect();
    convert(&sent).await.expect_err("no conversion").code()
}

#[tokio::test]
async fn a_child_that_keeps_to_the_protocol_is_believed() {
    let sent: Vec<_> = [ACCEPTED, PAGE, CONVERTED].into_iter().flat_map(frame).collect();
    let conversion = convert(&sent).await.expect("a conversion");
    assert_eq!(conversion.markdown(), "Hello.\n");
}

#[tokio::test]
async fn a_child_that_sends_no_message_is_killed() {
    let behind = [CONVERTED, b"\0"].concat();
    // More than a million warnings, of two bytes each.
    let many = [
        b"\x05\0\0\0\0\0\0\0\x81\x80\x40".as_slice(),
        &vec![0; 2 << 20],
        &[0; 2],
    ]
    .concat();
    for (name, message) in [
        ("nothing", b"".as_slice()),
        ("unknown kind", b"\x7f"),
        ("cut off", &PAGE[..PAGE.len() - 1]),
        ("bytes behind", &behind),
        (
            "an endless text",
            b"\x04\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ),
        (
            "an endless list",
            b"\x05\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ),
        ("too long a list", &many),
        ("an answer to another question", VERDICTS),
        ("a second beginning", ACCEPTED),
    ] {
        assert_eq!(code(&[ACCEPTED, message]).await, "converter_crashed", "{name}");
    }
    assert_eq!(code(&[PAGE]).await, "converter_crashed", "before it begins");
}

#[tokio::test]
async fn a_child_that_announces_too_much_is_killed() {
    let sent = [frame(ACCEPTED), u32::MAX.to_le_bytes().to_vec()].concat();
    let error = convert(&sent).await.expect_err("no conversion");
    assert_eq!(error.code(), "limit_exceeded");
}
