use std::time::Duration;

use clap::Args;
use reqwest::{Client, Response, Url};
use serde_json::Value;

use super::RemoteError;
use crate::cli::health::reachable;
use crate::cli::load_config;
use crate::config::server_url;
use crate::model::Secret;

/// Time that the server has for its answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Arguments of commands that ask a server.
#[derive(Debug, Args)]
pub(in crate::cli) struct RemoteArguments {
    /// The server; what ILIOS_URL says by default, else the one on this machine.
    #[arg(long, value_name = "URL", value_parser = parsed_url)]
    url: Option<Url>,
    /// Print JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

/// A server to ask.
pub(in crate::cli) struct Server {
    client: Client,
    url: Url,
    key: Option<Secret>,
}

fn parsed_url(text: &str) -> Result<Url, &'static str> {
    server_url(text)
        .ok_or("takes an http:// or https:// URL without a user and a query, such as http://localhost:1337")
}

impl Server {
    /// The server that the arguments and the configuration name.
    pub(in crate::cli) fn named(arguments: &RemoteArguments) -> anyhow::Result<Self> {
        let config = load_config()?;
        let client = crate::tls::http_client().timeout(TIMEOUT);
        let (client, url) = match arguments.url.clone().or(config.client.url) {
            Some(url) => (client, url),
            None => {
                let address = reachable(config.listen);
                (client.no_proxy(), Url::parse(&format!("http://{address}/"))?)
            }
        };
        Ok(Self {
            client: client.build()?,
            url,
            key: config.client.key,
        })
    }

    /// Its address, for people.
    pub(in crate::cli) fn shown(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// The JSON of a path that answers 200. A query may follow the path.
    pub(in crate::cli) async fn json(
        &self,
        path: &'static str,
        query: &[(&str, &str)],
    ) -> Result<Value, RemoteError> {
        let answer = self.ask(path, query).await?;
        let status = answer.status();
        let body = answer.json().await.map_err(|_| self.foreign());
        if status.is_success() {
            return body;
        }
        let body = body.unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Err(RemoteError::Refused {
            path,
            status: status.as_u16(),
            code: text("code"),
            error: Some(text("error"))
                .filter(|error| !error.is_empty())
                .unwrap_or_else(|| status.canonical_reason().unwrap_or("an error").to_owned()),
        })
    }

    /// Its health, which it says also when it is not well.
    pub(in crate::cli) async fn health(&self) -> Result<Value, RemoteError> {
        let answer = self.ask("/health", &[]).await?;
        let body: Value = answer.json().await.map_err(|_| self.foreign())?;
        if body["status"].is_string() && body["services"].is_object() {
            Ok(body)
        } else {
            Err(self.foreign())
        }
    }

    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, RemoteError> {
        let mut url = self
            .url
            .join(path.trim_start_matches('/'))
            .map_err(|_| self.foreign())?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.client.get(url);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.reveal());
        }
        let answer = request.send().await;
        answer.map_err(|error| RemoteError::away(self.shown(), &error))
    }

    fn foreign(&self) -> RemoteError {
        RemoteError::Foreign {
            url: self.shown().to_owned(),
        }
    }
}
