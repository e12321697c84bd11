use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::{Notify, watch};
use tokio_postgres::{AsyncMessage, Client, Error};
use tokio_util::sync::CancellationToken;

use super::connection::Connections;
use super::fault;

const CHANNEL: &str = "ilios_jobs";
/// Jobs that are queued within this time are told of together.
const TOGETHER: Duration = Duration::from_millis(10);
const RECONNECT: Duration = Duration::from_secs(1);

/// Tells the processes on one database of new jobs, on a connection of its own: NOTIFY within the transactions
/// would make their commits wait for each other. A word that is lost costs the time of a poll.
#[derive(Clone)]
pub(super) struct Wake {
    announced: Arc<Notify>,
    news: watch::Receiver<u64>,
    stop: CancellationToken,
}

impl Wake {
    pub(super) fn start(connections: Connections) -> Self {
        let (sender, news) = watch::channel(0);
        let wake = Self {
            announced: Arc::new(Notify::new()),
            news,
            stop: CancellationToken::new(),
        };
        let (announced, stop) = (Arc::clone(&wake.announced), wake.stop.clone());
        tokio::spawn(async move {
            let listening = async {
                loop {
                    if let Err(error) = listen(&connections, &announced, &sender).await {
                        tracing::debug!(
                            error = fault::text(&error),
                            "nobody listens for new jobs for a moment"
                        );
                    }
                    tokio::time::sleep(RECONNECT).await;
                }
            };
            tokio::select! {
                () = listening => {}
                () = stop.cancelled() => {}
            }
        });
        wake
    }

    /// Tells the others that there is a job.
    pub(super) fn announce(&self) {
        self.announced.notify_one();
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.clone()
    }

    pub(super) fn stop(&self) {
        self.stop.cancel();
    }
}

async fn listen(
    connections: &Connections,
    announced: &Notify,
    news: &watch::Sender<u64>,
) -> Result<(), Error> {
    let (client, mut connection) = connections.connect().await?;
    let tell = || news.send_modify(|number| *number += 1);
    let mut messages = futures::stream::poll_fn(|context| connection.poll_message(context));
    let hear = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(_) = message? {
                tell();
            }
        }
        Ok(())
    };
    let speak = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        // What was said before is not heard.
        tell();
        speak(&client, announced).await
    };
    tokio::select! {
        ended = hear => ended,
        ended = speak => ended,
    }
}

async fn speak(client: &Client, announced: &Notify) -> Result<(), Error> {
    loop {
        announced.notified().await;
        client.batch_execute(&format!("NOTIFY {CHANNEL}")).await?;
        tokio::time::sleep(TOGETHER).await;
    }
}
