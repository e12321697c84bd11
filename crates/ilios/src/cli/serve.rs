use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use rand::SeedableRng;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{load_config, logging, runtime};
use crate::app::{Admission, App};
use crate::config::Config;
use crate::http::{HttpState, router};
use crate::model::{Clock, Ids, SystemClock};
use crate::spool::Spool;
use crate::store::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  ilios serve
  PORT=8080 API_KEY=key1,key2 ilios serve
  curl -F file=@report.pdf http://localhost:1337/v1/convert";

/// How long requests in progress may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

pub(super) fn run() -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    config.require_built()?;
    logging::start(&config)?;
    let runtime = runtime::runtime()?;
    let outcome = runtime.block_on(serve(&config));
    // What is still running has had its time; its children die with their handles.
    runtime.shutdown_timeout(Duration::from_millis(100));
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let store = open_store(config).await?;
    let app = App {
        store: store.clone(),
        spool: Spool::new(&config.spool, config.max_file_size)
            .with_context(|| format!("spool {}", config.spool.display()))?,
        engine: Arc::new(runtime::local_engine(config)?),
        admission: Admission::new(
            config.convert_concurrency,
            config.convert_queue,
            config.convert_queue_timeout,
        ),
        clock: Arc::new(SystemClock),
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    };
    let state = HttpState {
        app: Arc::new(app),
        api_keys: Arc::new(config.api_keys.clone()),
    };
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{}", config.listen))?;
    announce(config, listener.local_addr()?);
    answer(listener, state, stop).await?;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let context = || format!("database {}", config.database.display());
    let store = Store::open_local(&config.database).await.with_context(context)?;
    let migrated = store.migrate(SystemClock.now()).await.with_context(context)?;
    if migrated.from != migrated.to {
        tracing::info!(from = migrated.from, to = migrated.to, "migrated the database");
    }
    Ok(store)
}

fn announce(config: &Config, address: SocketAddr) {
    let why = match (config.host_is_set, config.api_keys.is_open()) {
        (true, _) => "as HOST says",
        (false, true) => "on this machine alone: no API_KEY is set, so the server is open",
        (false, false) => "on all interfaces: API keys are set",
    };
    tracing::info!(%address, keys = config.api_keys.len(), "listening {why}");
    if config.host_is_set && config.api_keys.is_open() && !address.ip().is_loopback() {
        tracing::warn!("the server is open to everybody who reaches {address}; set API_KEY to close it");
    }
}

/// Turns true when the system asks the program to stop.
fn stop_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let (sender, receiver) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!(
            "stopping: no new connections, {} s for what runs",
            GRACE.as_secs()
        );
        sender.send_replace(true);
        // A second signal means now.
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(130);
    });
    Ok(receiver)
}

async fn answer(listener: TcpListener, state: HttpState, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Without it small answers may wait for an acknowledgement; nothing is lost when it fails.
        let _ = stream.set_nodelay(true);
    });
    let serving = axum::serve(listener, router(state)).with_graceful_shutdown(stopped(stop.clone()));
    let overdue = async {
        stopped(stop).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        outcome = serving => outcome?,
        () = overdue => tracing::warn!("requests were cut off after {} s", GRACE.as_secs()),
    }
    Ok(())
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the signal task is gone, which it never is before the signal.
    let _ = stop.wait_for(|stopped| *stopped).await;
}
