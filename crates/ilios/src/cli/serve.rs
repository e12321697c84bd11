use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::node::Node;
use super::{allocator, instance_lock, load_environment, runtime, sandbox};
use crate::app::App;
use crate::config::{Config, Role};
use crate::http::{self, Edge, HttpState, Surfaces, router, worker_router};
use crate::model::{Action, Actor};
use crate::telemetry;

pub(super) const EXAMPLES: &str = "\
Examples:
  ilios serve
  PORT=8080 API_KEY=key1,key2 ilios serve
  DATABASE_URL=postgres://… S3_BUCKET=… ilios serve --role worker
  curl -F file=@report.pdf http://localhost:1337/v1/convert";

/// Time that requests in progress have after the signal to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// Run the HTTP server and the workers.
#[derive(Debug, clap::Args)]
pub(super) struct ServeArguments {
    /// Role of this node: all, api or worker; in place of ROLE.
    #[arg(long, value_parser = |text: &str| Role::parse(text).ok_or("takes all, api or worker"))]
    role: Option<Role>,
}

pub(super) fn run(arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    let environment = load_environment()?;
    allocator::configure(&environment);
    let mut config = Config::resolve(&environment)?;
    config.role = arguments.role.unwrap_or(config.role);
    instance_lock::require_shareable(&config)?;
    telemetry::start_log(config.log_format, &config.log_level)?;
    #[cfg(feature = "crash-points")]
    if let Some(point) = config.crash_point.clone() {
        crate::crash_point::arm(point);
    }
    let runtime = runtime::runtime()?;
    let outcome = runtime.block_on(serve(&config));
    // What is still running has had its time; its children die with their handles.
    runtime.shutdown_timeout(Duration::from_millis(100));
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    take_descriptors();
    let stop = stop_signal()?;
    // Before any work begins: a port that is taken is the likeliest fault of a start.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{}", config.listen))?;
    sandbox::require(config).await?;
    let node = Node::start(config).await?;
    let is_open = config.api_keys.is_open() && !node.app.store().has_tenants().await?;
    let address = listener.local_addr()?;
    announce(config, address, is_open);
    tokio::spawn(record_start(Arc::clone(&node.app), start_details(config)));
    let state = HttpState {
        app: Arc::clone(&node.app),
        api_keys: Arc::new(config.api_keys.clone()),
        edge: Arc::new(edge(config, is_open, address)),
    };
    let routes = match config.role {
        Role::Worker => worker_router(state),
        Role::All | Role::Api => router(state),
    };
    tokio::select! {
        () = answer(listener, routes, config.edge.answer_timeout, stop.clone()) => {}
        never = node.drain_when(stopped(stop.clone())) => match never {},
        never = allocator::give_back() => match never {},
    }
    // Requests and conversions in progress share one time of grace.
    let left = stop.borrow().map_or(SHUTDOWN_GRACE, |moment| {
        SHUTDOWN_GRACE.saturating_sub(moment.elapsed())
    });
    node.stop(left).await;
    tracing::info!("stopped");
    Ok(())
}

/// An open server answers the pages and hosts alone that its settings name; one with keys in its database needs not to.
/// Settings of the HTTP interface. A server that others reach serves those of other products only if they are named.
fn edge(config: &Config, is_open: bool, address: SocketAddr) -> Edge {
    let mut edge = config.edge.clone();
    edge.origins.only_these &= is_open;
    let default = if is_open && !address.ip().is_loopback() {
        Surfaces::NONE
    } else {
        Surfaces::ALL
    };
    edge.surfaces = config.surfaces.unwrap_or(default);
    edge
}

/// Many connections are many descriptors. Where the system lets this program have more of them, it takes them.
fn take_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the number of descriptors stays as it is");
    }
}

/// Writes the start of this node to the audit log, beside its work: a database that takes nothing now is no reason not
/// to serve what can be read of it.
async fn record_start(app: Arc<App>, details: String) {
    if let Err(error) = app.audit(Actor::Server, Action::Start, details).await {
        tracing::warn!(%error, "the audit log does not have this start");
    }
}

fn start_details(config: &Config) -> String {
    let (version, role) = (env!("CARGO_PKG_VERSION"), config.role.as_str());
    format!("version={version} role={role} {}", config.settings)
}

fn announce(config: &Config, address: SocketAddr, is_open: bool) {
    let why = match (config.host_is_set, config.api_keys.is_open()) {
        (true, _) => "as HOST says",
        (false, true) if is_open => "on this machine alone: no API_KEY is set, so the server is open",
        (false, true) => "on this machine alone: the keys are in the database, and HOST is not set",
        (false, false) => "on all interfaces: API keys are set",
    };
    config
        .warnings
        .iter()
        .for_each(|warning| tracing::warn!("{warning}"));
    let role = config.role.as_str();
    tracing::info!(%address, role, keys = config.api_keys.len(), "listening {why}");
    if config.host_is_set && is_open && !address.ip().is_loopback() {
        tracing::warn!(
            "the server is open to everybody who reaches {address}; set API_KEY, or make keys with `ilios keys create`, to close it"
        );
    }
}

/// Tells when the system asked the program to stop.
type Stop = watch::Receiver<Option<Instant>>;

fn stop_signal() -> anyhow::Result<Stop> {
    let (sender, receiver) = watch::channel(None);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!(
            "stopping: no new connections, {} s for what runs",
            SHUTDOWN_GRACE.as_secs()
        );
        sender.send_replace(Some(Instant::now()));
        // A second signal means now.
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(130);
    });
    Ok(receiver)
}

async fn answer(listener: TcpListener, routes: axum::Router, answer_timeout: Duration, stop: Stop) {
    let ending = CancellationToken::new();
    let serving = http::serve(listener, routes, answer_timeout, ending.clone());
    let overdue = async {
        stopped(stop).await;
        ending.cancel();
        tokio::time::sleep(SHUTDOWN_GRACE).await;
    };
    tokio::select! {
        () = serving => {}
        () = overdue => tracing::warn!("requests were cut off after {} s", SHUTDOWN_GRACE.as_secs()),
    }
}

async fn stopped(mut stop: Stop) {
    // An error means that the signal task is gone, which it never is before the signal.
    let _ = stop.wait_for(Option::is_some).await;
}
