//! A way to a database on which a commit, or the answer to it, is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Where a connection breaks when a commit is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The server never hears of the commit.
    Before,
    /// The commit is done, its answer lost.
    After,
    /// The client hears that the connection broke; the commit reaches the server a second later.
    Late,
}

/// A way to the server on which one commit is cut off each time it is armed.
pub(crate) struct Way {
    pub(crate) address: SocketAddr,
    pub(crate) armed: Arc<AtomicBool>,
}

impl Way {
    /// `word` tells what commits.
    pub(crate) async fn to(server: SocketAddr, cut: Cut, word: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let armed = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&armed);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.expect("a connection");
                let armed = Arc::clone(&shared);
                // A connection that breaks is what this is about.
                tokio::spawn(async move { pass(client, server, (cut, word), &armed).await.ok() });
            }
        });
        Self { address, armed }
    }
}

async fn pass(
    client: TcpStream,
    server: SocketAddr,
    (cut, word): (Cut, &str),
    armed: &AtomicBool,
) -> std::io::Result<()> {
    let server = TcpStream::connect(server).await?;
    let (mut from_server, mut to_server) = server.into_split();
    let (mut from_client, mut to_client) = client.into_split();
    let answers = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut bytes = vec![0; 1 << 16];
    loop {
        let length = from_client.read(&mut bytes).await?;
        let sent = &bytes[..length];
        let commits = sent.windows(word.len()).any(|window| window == word.as_bytes());
        if !(commits && armed.swap(false, Ordering::SeqCst)) {
            if length == 0 {
                return to_server.shutdown().await;
            }
            to_server.write_all(sent).await?;
            continue;
        }
        // Aborted, it drops its half of the client's connection.
        answers.abort();
        match cut {
            Cut::Before => {}
            Cut::After => {
                to_server.write_all(sent).await?;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Cut::Late => {
                drop(from_client);
                tokio::time::sleep(Duration::from_secs(1)).await;
                to_server.write_all(sent).await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        return Ok(());
    }
}
