use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::status::status;
use super::task::{Task, missing};
use crate::http::HttpState;
use crate::http::extract::auth::X_API_KEY;
use crate::http::respond::codes::Code;
use crate::http::respond::content_disposition::percent_decoded;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Bytes of a message of a client, at most: they are asked for nothing but more.
const MAX_MESSAGE: usize = 4 * 1024;
/// Interval between looks at a task that nobody asks for.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);
/// Time in which a task may change before a client that asks for more gets the same again. docling's own client asks
/// again as soon as it has an answer.
const ASKED_WAIT: Duration = Duration::from_secs(1);
/// Sockets that are open at the same time.
const MAX_SOCKETS: usize = 512;
const RETRY_AFTER: u64 = 5;

static SOCKETS: Semaphore = Semaphore::const_new(MAX_SOCKETS);

/// Takes the key of the query, the only place that the WebSocket of a browser has for it.
pub(in crate::http::compat) async fn key_of_query(mut request: Request) -> Request {
    let key = request.uri().query().and_then(|query| {
        let mut values = query.split('&').filter_map(|pair| pair.strip_prefix("api_key="));
        values.next_back().and_then(percent_decoded)
    });
    let key = key.and_then(|key| HeaderValue::from_str(&key).ok());
    if let Some(key) = key.filter(|_| !request.headers().contains_key(X_API_KEY)) {
        request.headers_mut().insert(X_API_KEY, key);
    }
    request
}

/// Tells over a WebSocket where a task stands, until it has ended.
pub(super) async fn watch(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Problem::invalid("upgrade", "takes a WebSocket"))?;
    let place = SOCKETS.try_acquire().map_err(|_| {
        let error = format!("{MAX_SOCKETS} sockets are open");
        Problem::new(Code::BUSY, error).retry_after(RETRY_AFTER)
    })?;
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    Ok(upgrade.on_upgrade(move |mut socket| async move {
        let watch = Watch {
            state,
            tenant,
            _place: place,
        };
        // A socket that fails has no client any more.
        let _gone = watch.run(&mut socket, &id).await;
    }))
}

/// Somebody who watches a task.
struct Watch {
    state: HttpState,
    tenant: Tenant,
    _place: SemaphorePermit<'static>,
}

impl Watch {
    async fn run(&self, socket: &mut WebSocket, id: &str) -> Result<(), axum::Error> {
        if let Err(problem) = self.follow(socket, id).await? {
            let error = json!({"message": "error", "task": null, "error": problem.error()});
            socket.send(text(&error)).await?;
        }
        let frame = CloseFrame {
            code: close_code::NORMAL,
            reason: Utf8Bytes::from_static(""),
        };
        socket.send(Message::Close(Some(frame))).await
    }

    /// Sends what becomes of the task until it has ended.
    async fn follow(&self, socket: &mut WebSocket, id: &str) -> Result<Result<(), Problem>, axum::Error> {
        let task = match Task::named(id) {
            Ok(task) => task,
            Err(problem) => return Ok(Err(problem)),
        };
        let mut told = match self.status(&task).await {
            Ok(status) => status,
            Err(problem) => return Ok(Err(problem)),
        };
        socket.send(update("connection", &told)).await?;
        socket.send(update("update", &told)).await?;
        while told["task_status"] != "success" {
            let asked = tokio::select! {
                asked = asked(socket) => asked?,
                () = self.ended(&task, LOOK_INTERVAL) => false,
            };
            if asked {
                self.ended(&task, ASKED_WAIT).await;
            }
            let now = match self.status(&task).await {
                Ok(status) => status,
                Err(problem) => return Ok(Err(problem)),
            };
            if asked || now != told {
                socket.send(update("update", &now)).await?;
            }
            told = now;
        }
        Ok(Ok(()))
    }

    async fn status(&self, task: &Task) -> Result<Value, Problem> {
        status(&self.state, &self.tenant, task).await
    }

    /// Waits until a document of the task that is open has ended, but no longer than `wait`.
    async fn ended(&self, task: &Task, wait: Duration) {
        let waited = async {
            let documents = task.documents(&self.state, &self.tenant).await?;
            if let Some(open) = documents.iter().find(|document| !document.status.is_final()) {
                let app = &self.state.app;
                let ended = app.wait_for_document(&self.tenant, &open.id, wait).await;
                ended.map_err(|error| missing(error.into()))?;
            }
            Ok::<(), Problem>(())
        };
        if waited.await.is_err() {
            // The next look tells what is the matter.
            tokio::time::sleep(ASKED_WAIT).await;
        }
    }
}

/// Waits for a message of the client: any text asks for the status.
async fn asked(socket: &mut WebSocket) -> Result<bool, axum::Error> {
    match socket.recv().await {
        Some(Ok(Message::Text(_) | Message::Binary(_))) => Ok(true),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(false),
        Some(Ok(Message::Close(_))) | None => Err(axum::Error::new(std::io::Error::from(
            std::io::ErrorKind::ConnectionAborted,
        ))),
        Some(Err(error)) => Err(error),
    }
}

fn update(message: &str, status: &Value) -> Message {
    text(&json!({"message": message, "task": status, "error": null}))
}

fn text(value: &Value) -> Message {
    Message::Text(value.to_string().into())
}
