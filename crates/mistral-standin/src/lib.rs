//! A stand-in of the Mistral OCR API on loopback, for tests only.
//!
//! It refuses whatever the real service is known to refuse, so that a client which works here has kept the rules; it
//! fails on request in the ways the real one was seen to fail; and it counts what it was sent, so that a test can
//! compare pages with a bill. Where nothing is known of the real service it takes the stricter choice and says so in
//! a comment. Everything is kept in memory.
//!
//! [`Standin::start`] is the entrance for tests in Rust; the program of the same name and the addresses below
//! `/control` are the one for everybody else.

mod auth;
mod batch;
mod body;
mod control;
mod counts;
mod faults;
mod files;
mod ocr;
mod outages;
mod refusal;
mod router;
mod schema;
mod world;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use counts::{Counts, Document, Refused};
pub use faults::{Answers, Batches, ErrorBody, Failure, Faults, Limits, Outage, PageCount};

use world::World;

/// The one key that is let in; every other hears 401.
pub const KEY: &str = "test-key";

/// A running stand-in. It stops taking connections when it is dropped.
#[derive(Debug)]
pub struct Standin {
    address: SocketAddr,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
}

impl Standin {
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(faults: Faults) -> io::Result<Self> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), faults).await
    }

    /// Starts one at an address.
    ///
    /// # Errors
    /// When the address is taken, or is not a loopback address: the key is no secret.
    pub async fn start_at(address: SocketAddr, faults: Faults) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a loopback address",
            ));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let world = Arc::new(World::new(format!("http://{address}"), faults));
        let (stop, stopped) = oneshot::channel::<()>();
        let router = router::router(Arc::clone(&world));
        // Nobody waits for the task: it ends with the sender, or with the runtime.
        tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(async move {
                // An error says that the sender is gone, which is the signal too.
                let _ = stopped.await;
            });
            let _ = served.await;
        });
        Ok(Self {
            address,
            world,
            stop: Some(stop),
        })
    }

    /// Its root, without `/v1` and without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Replaces all faults; requests that are under way keep the former ones.
    pub fn set_faults(&self, faults: Faults) {
        self.world.state().faults = faults;
    }

    /// Adds one outage behind those that are waiting.
    pub fn fail(&self, outage: Outage) {
        self.world.state().faults.outages.push(outage);
    }

    /// What it has been sent so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.world.state().counts.clone()
    }

    /// Starts counting anew.
    pub fn forget_counts(&self) {
        self.world.state().counts = Counts::default();
    }

    /// Moves its clock forward, past the expiry of files, addresses and jobs.
    pub fn advance(&self, hours: u64) {
        self.world.state().advance(hours);
    }

    /// Makes bytes known under an `https` address, from where a document may then be fetched. Nothing else is
    /// fetched: the stand-in makes no connections.
    pub fn publish(&self, url: &str, bytes: impl Into<bytes::Bytes>) {
        self.world.state().web.insert(url.to_owned(), bytes.into());
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server may have ended already.
            let _ = stop.send(());
        }
    }
}
