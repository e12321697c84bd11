//! Connections that are only half made when the server stops.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use socket2::{SockFilter, SockRef};
use tokio_util::sync::CancellationToken;

/// To its client, a connection is there one packet before it is there to the server; on a busy machine the server may
/// be asked to stop in between.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_whose_connection_is_half_made_is_answered() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a listener");
    // Drops every packet but the first of a connection: the byte of TCP's flags, those with SYN, and the others.
    let first_alone = [
        SockFilter::new(0x30, 0, 0, 13),
        SockFilter::new(0x45, 1, 0, 0x02),
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ];
    let attached = SockRef::from(&listener).attach_filter(&first_alone);
    attached.expect("a filter");
    let mut client =
        TcpStream::connect(listener.local_addr().expect("an address")).expect("half a connection");
    listener.set_nonblocking(true).expect("a listener of the runtime");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener of the runtime");
    let routes = Router::new().route("/", get(async || "heard"));
    let stop = CancellationToken::new();
    stop.cancel();
    let serving = tokio::spawn(ilios::http::serve(
        listener,
        routes,
        Duration::from_secs(60),
        stop,
    ));
    tokio::time::sleep(Duration::from_millis(20)).await;
    let answer = tokio::task::spawn_blocking(move || {
        let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        client.write_all(request)?;
        let mut answer = String::new();
        client.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    });
    let answer = answer.await.expect("no panic").expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("heard"),
        "{answer}"
    );
    serving.await.expect("it ends");
}
