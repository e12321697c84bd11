//! Tenants and API keys.

mod audit;
mod commands;
mod credentials;
mod lifecycle;
mod nodes;
mod operators;
mod scopes;
mod test_data;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json as value};

use crate::harness::{Setup, TestServer, json, text};

pub(crate) const ADMIN: &str = "an-administrators-key";
const ENVIRONMENT: &str = "first-key";

/// A server with an administrator, and one key of the environment.
async fn administered() -> TestServer {
    TestServer::with(Setup {
        api_keys: ENVIRONMENT,
        admin_key: Some(ADMIN),
        workers: 1,
        ..Setup::default()
    })
    .await
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

/// An operation of the administrator.
async fn admin(server: &TestServer, path: &str, body: &Value) -> Response {
    send(
        server
            .post(&format!("/api/admin/{path}"))
            .bearer_auth(ADMIN)
            .json(body),
    )
    .await
}

/// Makes a key: its id and its text.
async fn create(server: &TestServer, body: &Value) -> (String, String) {
    let made = json(admin(server, "keys", body).await, 201).await;
    (text(&made["id"]), text(&made["key"]))
}

/// Lists with a key.
async fn get(server: &TestServer, path: &str, key: &str) -> Response {
    send(server.get(path).bearer_auth(key)).await
}

/// Converts a text with a key: the id of the document.
async fn converted(server: &TestServer, key: &str) -> String {
    let form = crate::harness::form("a.md", "# A\n", &[]);
    let answer = send(server.convert(form).bearer_auth(key)).await;
    assert_eq!(
        answer.status(),
        200,
        "{}",
        answer.text().await.unwrap_or_default()
    );
    let id = answer.headers()["x-document-id"].to_str();
    id.expect("text").to_owned()
}

/// The fingerprint of a key of the environment, as the log shows it.
fn short(key: &str) -> String {
    ilios::model::Tenant::of_key(key).short().to_owned()
}

fn named(name: &str) -> Value {
    value!({"name": name})
}
