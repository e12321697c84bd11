use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use super::remote::RemoteError;
use super::{load_config, runtime, say};

/// Time that the server has for its answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Ask the server on this machine whether it lives; the status is 1 if it does not answer so. For health checks of
/// containers, which have no other program.
#[derive(Debug, Args)]
pub(super) struct HealthArguments {
    /// Ask whether it can do its work (`/readyz`), not only whether it lives (`/livez`).
    #[arg(long)]
    ready: bool,
}

pub(super) fn run(arguments: &HealthArguments) -> anyhow::Result<ExitCode> {
    let address = reachable(load_config()?.listen);
    let probe = if arguments.ready { "readyz" } else { "livez" };
    let url = format!("http://{address}/{probe}");
    runtime::runtime()?.block_on(async {
        let client = crate::tls::http_client().no_proxy().timeout(TIMEOUT).build()?;
        let answer = client.get(&url).send().await;
        let answer = answer.map_err(|error| RemoteError::away(&url, &error))?;
        let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
        if !status.is_success() {
            bail!("{url} answers {}: {text}", status.as_u16());
        }
        say(&text)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Address by which this machine reaches a server that listens at `listen`.
pub(super) fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
