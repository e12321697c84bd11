use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{Service, ServiceExt};

use super::address::Peer;
use super::monitored_connection::{LargeReads, MonitoredConnection};
use super::receiving::Receiving;
use crate::http::respond::outgoing::{Outgoing, Streams, WriteTimeout};

/// Time in which a connection that has sent nothing yet may still do so during shutdown.
const DRAIN_FIRST_BYTES_TIMEOUT: Duration = Duration::from_secs(2);
/// Interval between looks at a connection that has not read its first bytes during shutdown.
const FIRST_READ_POLL: Duration = Duration::from_millis(5);
/// Time in which handshakes that have begun come to their end during shutdown.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_millis(100);
/// The pause after a connection could not be accepted, which most often says that there are too many.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);
/// Timeout of the head of a connection's first request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(25);
/// Timeout between requests, and of the next head: longer than proxies keep an idle connection, so that they close it
/// and not this server.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// Headers that a request may have.
pub(super) const MAX_HEADERS: usize = 100;
/// Bytes that the head of a request may have; a request line of 64 kB and more is refused as such.
const MAX_HEAD: usize = 128 * 1024;
/// Requests that a client may have open on one connection of HTTP/2.
const MAX_STREAMS: u32 = 100;
/// Requests that a client may have taken back before they were looked at.
const MAX_RESETS: usize = 20;
/// Bytes of an answer that wait on a stream of HTTP/2.
const SEND_BUFFER: usize = 32 * 1024;
/// Bytes that the system takes of an answer and has not sent yet: it says that there is room again when half of them
/// have gone, so that even a client that takes little is seen to take something.
#[cfg(target_os = "linux")]
const MAX_UNSENT_BYTES: u32 = 8 * 1024;
/// Connections that read large bodies in large pieces.
const MAX_LARGE_READS: usize = 32;

/// Answers requests until `stop` is cancelled, then those that are on their way, and returns.
///
/// To the client, a connection is there before this program has accepted it, and its request may be on its way
/// before a byte is read. Neither may be closed: the client could not tell whether it was heard.
///
/// A client that takes less than 4 kB of an answer within `answer_timeout` is cut off.
pub async fn serve(listener: TcpListener, routes: Router, answer_timeout: Duration, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let serving = Arc::new(Serving {
        builder: builder(answer_timeout),
        routes,
        answer_timeout,
        large_reads: Arc::new(Semaphore::new(MAX_LARGE_READS)),
        stop: stop.clone(),
    });
    let open = |(stream, peer)| connections.spawn(connection(stream, Peer(peer), Arc::clone(&serving)));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok(accepted) => drop(open(accepted)),
            Err(error) => {
                tracing::debug!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
    refuse_handshakes(&listener);
    let handshakes_end = tokio::time::sleep(HANDSHAKE_TIMEOUT);
    tokio::pin!(handshakes_end);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => drop(open(accepted)),
                Err(_) => tokio::time::sleep(HANDSHAKE_TIMEOUT / 10).await,
            },
            () = handshakes_end.as_mut() => break,
        }
    }
    waiting(listener)
        .into_iter()
        .for_each(|accepted| drop(open(accepted)));
    connections.close();
    connections.wait().await;
}

/// The connections that are there and were not accepted yet. The system itself is asked, for the runtime learns of
/// them a moment later.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else {
        return Vec::new();
    };
    let mut waiting = Vec::new();
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                let stream = stream
                    .set_nonblocking(true)
                    .and_then(|()| TcpStream::from_std(stream));
                waiting.extend(stream.ok().map(|stream| (stream, peer)));
            }
            // The client has taken this one back; others may wait behind it.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(_) => return waiting,
        }
    }
}

/// Lets no more handshakes begin, so that no connection is lost between the last accept and the end of the listener:
/// the first packets of new ones are dropped, so that the client's system tries again and is refused then. To its
/// client, a connection is there one packet before it is there to this system; that packet still gets through.
#[cfg(target_os = "linux")]
fn refuse_handshakes(listener: &TcpListener) {
    use socket2::SockFilter;

    /// Classic BPF (`linux/bpf_common.h`): load a byte of the packet, jump if it has one of the bits, return how many
    /// bytes of the packet get through.
    const LOAD_BYTE: u16 = 0x30;
    const JUMP_IF_SET: u16 = 0x45;
    const RETURN: u16 = 0x06;
    /// Place of the flags in the header of TCP, and the one that begins a connection (RFC 9293, section 3.1).
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    let filter = [
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS),
        SockFilter::new(JUMP_IF_SET, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ];
    if let Err(error) = socket2::SockRef::from(listener).attach_filter(&filter) {
        tracing::debug!(%error, "connections of the last moment may be reset");
    }
}

/// Not on this system: connections of the last moment may be reset.
#[cfg(not(target_os = "linux"))]
fn refuse_handshakes(_listener: &TcpListener) {}

/// State that all connections share.
struct Serving {
    builder: Builder<Streams>,
    routes: Router,
    answer_timeout: Duration,
    large_reads: Arc<Semaphore>,
    stop: CancellationToken,
}

fn builder(answer_timeout: Duration) -> Builder<Streams> {
    let mut builder = Builder::new(Streams {
        limit: answer_timeout,
    });
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_TIMEOUT)
        .keep_alive_timeout(HEAD_TIMEOUT)
        .max_concurrent_streams(MAX_STREAMS)
        .max_send_buf_size(SEND_BUFFER)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_local_error_reset_streams(MAX_RESETS)
        .max_header_list_size(64 * 1024);
    builder
}

/// Sets what can be set; an answer comes to its end without it as well.
fn tune(stream: &TcpStream) {
    // Without it small answers may wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_notsent_lowat(MAX_UNSENT_BYTES) {
        tracing::debug!(%error, "clients that take little of an answer may be cut off early");
    }
}

/// Waits for a connection's first bytes; returns `false` if none came in time.
async fn has_first_bytes(stream: &TcpStream, stop: &CancellationToken) -> bool {
    let too_late = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN_FIRST_BYTES_TIMEOUT).await;
    };
    tokio::select! {
        // In this order, so that what has come counts, however late this is looked at.
        biased;
        // An error shows again at the first read.
        _ = stream.readable() => true,
        () = too_late => false,
        () = tokio::time::sleep(HEAD_TIMEOUT) => false,
    }
}

async fn connection(stream: TcpStream, peer: Peer, serving: Arc<Serving>) {
    tune(&stream);
    let stop = &serving.stop;
    if !has_first_bytes(&stream, stop).await {
        return;
    }
    let receiving = Arc::new(Receiving::default());
    let outgoing = Arc::new(Outgoing::default());
    let stream = MonitoredConnection::new(
        stream,
        Arc::clone(&receiving),
        Arc::clone(&outgoing),
        WriteTimeout::new(serving.answer_timeout),
        LargeReads::new(&serving.large_reads),
    );
    let service = service(&serving.routes, peer, &receiving, outgoing);
    let served = serving
        .builder
        .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(served);
    // The first bytes tell the version of HTTP, and are waited for before any of the times above runs.
    let silent = async {
        tokio::time::sleep(HEAD_TIMEOUT).await;
        if receiving.any() {
            std::future::pending::<()>().await;
        }
    };
    // Asked to end before it has read a byte, the connection would be closed without an answer, although a request is on
    // its way: readiness is a hint, and the first read may still find nothing.
    let stopping = async {
        stop.cancelled().await;
        let heard = async {
            while !receiving.any() {
                tokio::time::sleep(FIRST_READ_POLL).await;
            }
        };
        // Either way the connection ends.
        let _ = tokio::time::timeout(DRAIN_FIRST_BYTES_TIMEOUT, heard).await;
    };
    let ended = tokio::select! {
        // In this order, so that what has arrived is read before the connection is asked to end.
        biased;
        ended = served.as_mut() => ended,
        () = stopping => {
            served.as_mut().graceful_shutdown();
            served.await
        }
        () = silent => return,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Builds the service that answers the requests of one connection: the routes, with the client's address and the count
/// of outgoing bytes in the extensions of each request.
fn service(
    routes: &Router,
    peer: Peer,
    receiving: &Arc<Receiving>,
    outgoing: Arc<Outgoing>,
) -> impl Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + use<>
{
    let receiving = Arc::clone(receiving);
    routes.clone().map_request(move |request: Request<Incoming>| {
        let mut request = receiving.follow(request);
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(Arc::clone(&outgoing));
        request
    })
}
