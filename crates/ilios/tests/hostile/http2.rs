use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Kinds of frames (RFC 9113, section 6).
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
enum Kind {
    Data = 0,
    Headers = 1,
    RstStream = 3,
    Settings = 4,
    Goaway = 7,
    Continuation = 9,
}

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A frame (RFC 9113, section 4.1).
fn frame(kind: Kind, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind as u8, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The fields of a request by their places in HPACK's table (RFC 7541, appendix A); 130 and 131 are GET and POST.
fn fields(method: u8) -> Vec<u8> {
    let mut fields = vec![method, 0x86, 0x84, 0x41, 9];
    fields.extend(b"localhost");
    fields
}

/// Sends the preface and what `next` makes until the server ends the connection; answers how many rounds it stood,
/// and whether it said goodbye.
async fn until_ended(server: &str, rounds: u32, next: impl Fn(u32) -> Vec<u8>) -> (u32, bool) {
    let stream = TcpStream::connect(server).await.expect("a connection");
    let (mut reads, mut writes) = stream.into_split();
    let hears = tokio::spawn(async move {
        let mut heard = Vec::new();
        // An error is an end, too.
        let _ = tokio::time::timeout(READ_TIMEOUT, reads.read_to_end(&mut heard)).await;
        said_goodbye(&heard)
    });
    writes.write_all(PREFACE).await.expect("it is taken");
    writes
        .write_all(&frame(Kind::Settings, 0, 0, &[]))
        .await
        .expect("it is taken");
    let mut stood = 0;
    while stood < rounds && !hears.is_finished() {
        if writes.write_all(&next(stood)).await.is_err() {
            break;
        }
        stood += 1;
    }
    drop(writes);
    (stood, hears.await.expect("it listens"))
}

fn said_goodbye(mut heard: &[u8]) -> bool {
    while let Some((head, rest)) = heard.split_at_checked(9) {
        if head[3] == Kind::Goaway as u8 {
            return true;
        }
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        heard = rest.get(length..).unwrap_or_default();
    }
    false
}

/// Requests that are taken back at once; answers how many were stood, and whether the server said goodbye.
pub(crate) async fn rapid_reset(server: &str, rounds: u32) -> (u32, bool) {
    until_ended(server, rounds, |round| {
        let stream = 2 * round + 1;
        let mut frames = frame(Kind::Headers, END_STREAM | END_HEADERS, stream, &fields(0x82));
        frames.extend(frame(Kind::RstStream, 0, stream, &8_u32.to_be_bytes()));
        frames
    })
    .await
}

/// Headers of a request that never end; answers how many frames were stood.
pub(crate) async fn continuation_flood(server: &str, rounds: u32) -> (u32, bool) {
    // A literal field without indexing: a name of one byte, a value of 120.
    let mut field = vec![0, 1, b'x', 120];
    field.extend([b'y'; 120]);
    let block = field.repeat(100);
    until_ended(server, rounds, |round| match round {
        0 => frame(Kind::Headers, END_STREAM, 1, &fields(0x82)),
        _ => frame(Kind::Continuation, 0, 1, &block),
    })
    .await
}

/// A body of frames without a byte; answers how many were stood.
pub(crate) async fn empty_data(server: &str, rounds: u32) -> (u32, bool) {
    let many = frame(Kind::Data, 0, 1, &[]).repeat(100);
    until_ended(server, rounds, |round| match round {
        0 => frame(Kind::Headers, END_HEADERS, 1, &fields(0x83)),
        _ => many.clone(),
    })
    .await
}
