//! Runs the stand-in alone: `mistral-standin [ADDRESS]`, by default a free port of the loopback interface.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};

use mistral_standin::{Faults, Standin};

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = match std::env::args().nth(1) {
        Some(text) => text.parse().map_err(|_| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "usage: mistral-standin [ADDRESS:PORT]",
            )
        })?,
        None => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    };
    let standin = Standin::start_at(address, Faults::default()).await?;
    writeln!(io::stdout(), "{}", standin.url())?;
    tokio::signal::ctrl_c().await
}
