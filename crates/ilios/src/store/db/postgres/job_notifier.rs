use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::{Notify, watch};
use tokio_postgres::{AsyncMessage, Client, Error};
use tokio_util::sync::CancellationToken;

use super::connection::Connections;
use super::fault;

const CHANNEL: &str = "ilios_jobs";
/// Jobs that are queued within this time share a notification.
const COALESCE_DELAY: Duration = Duration::from_millis(10);
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Notifies the processes on one database of new jobs (LISTEN and NOTIFY), on a connection of its own: NOTIFY within
/// the transactions would make their commits wait for each other. A lost notification costs the time of a poll.
#[derive(Clone)]
pub(super) struct JobNotifier {
    announced: Arc<Notify>,
    notifications: watch::Receiver<u64>,
    stop: CancellationToken,
}

impl JobNotifier {
    pub(super) fn start(connections: Connections) -> Self {
        let (sender, notifications) = watch::channel(0);
        let notifier = Self {
            announced: Arc::new(Notify::new()),
            notifications,
            stop: CancellationToken::new(),
        };
        let (announced, stop) = (Arc::clone(&notifier.announced), notifier.stop.clone());
        tokio::spawn(async move {
            let listening = async {
                loop {
                    if let Err(error) = listen(&connections, &announced, &sender).await {
                        tracing::debug!(
                            error = fault::text(&error),
                            "nobody listens for new jobs for a moment"
                        );
                    }
                    tokio::time::sleep(RECONNECT_DELAY).await;
                }
            };
            tokio::select! {
                () = listening => {}
                () = stop.cancelled() => {}
            }
        });
        notifier
    }

    /// Tells the others that there is a job.
    pub(super) fn announce(&self) {
        self.announced.notify_one();
    }

    pub(super) fn job_notifications(&self) -> watch::Receiver<u64> {
        self.notifications.clone()
    }

    pub(super) fn stop(&self) {
        self.stop.cancel();
    }
}

async fn listen(
    connections: &Connections,
    announced: &Notify,
    notifications: &watch::Sender<u64>,
) -> Result<(), Error> {
    let (client, mut connection) = connections.connect().await?;
    let bump = || notifications.send_modify(|number| *number += 1);
    let mut messages = futures::stream::poll_fn(|context| connection.poll_message(context));
    let receiving = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(_) = message? {
                bump();
            }
        }
        Ok(())
    };
    let send_notifications = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        // What was said before is not heard.
        bump();
        send_notifications(&client, announced).await
    };
    tokio::select! {
        ended = receiving => ended,
        ended = send_notifications => ended,
    }
}

async fn send_notifications(client: &Client, announced: &Notify) -> Result<(), Error> {
    loop {
        announced.notified().await;
        client.batch_execute(&format!("NOTIFY {CHANNEL}")).await?;
        tokio::time::sleep(COALESCE_DELAY).await;
    }
}
