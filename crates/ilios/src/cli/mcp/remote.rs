use std::time::Duration;

use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, Url};
use rmcp::model::{CallToolResult, JsonObject};
use serde_json::{Value, json};

use super::sse::Events;
use crate::engine::Progress;
use crate::http::{McpTools, OpenFile, ToolAnswer, ToolFault};
use crate::model::{FileName, Secret};

/// Time in which a connection must be there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Revision of the protocol in which the server is asked: each request stands for itself.
const REVISION: &str = "2025-11-25";
/// Code of an error about a resource that is not there, in that revision.
const NOT_FOUND: i32 = -32_002;
/// Bytes of an answer that is no stream, at most.
const MAX_ANSWER: usize = 64 << 20;

/// The tools of another server.
pub(super) struct RemoteTools {
    client: Client,
    url: String,
    key: Option<Secret>,
    files: Option<OpenFile>,
}

impl RemoteTools {
    pub(super) fn new(url: &Url, key: Option<Secret>, files: Option<OpenFile>) -> anyhow::Result<Self> {
        // The key goes to no other address than the user has named.
        let client = crate::tls::http_client()
            .connect_timeout(CONNECT_TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            url: url.as_str().trim_end_matches('/').to_owned(),
            key,
            files,
        })
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.url));
        match &self.key {
            Some(key) => request.bearer_auth(key.reveal()),
            None => request,
        }
    }

    async fn sent(&self, request: RequestBuilder) -> Result<Response, ToolFault> {
        let response = request.send().await.map_err(|error| self.unreachable(error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(response).await)
    }

    fn unreachable(&self, error: reqwest::Error) -> ToolFault {
        tracing::warn!(error = %error.without_url(), "the server cannot be asked");
        ToolFault::new(
            "unavailable",
            format!("the server at {} does not answer", self.url),
        )
    }

    /// Asks the server by a method of the protocol; notes meanwhile how far it says that it has come.
    async fn ask(&self, method: &str, params: Value, progress: &Progress) -> Result<Value, ToolFault> {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let request = self
            .post("/mcp")
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", REVISION)
            .json(&message);
        let mut response = self.sent(request).await?;
        let media_type = response.headers().get("content-type");
        let is_stream = media_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
        let mut whole = Vec::new();
        let mut events = Events::default();
        while let Some(bytes) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if !is_stream {
                whole.extend_from_slice(&bytes);
                if whole.len() > MAX_ANSWER {
                    return Err(senseless());
                }
                continue;
            }
            for message in events.take(&bytes).map_err(|_| senseless())? {
                if message.get("id").is_some() {
                    return result(message);
                }
                note(&message["params"], progress);
            }
        }
        result(serde_json::from_slice(&whole).map_err(|_| senseless())?)
    }

    async fn use_tool(
        &self,
        name: &str,
        arguments: JsonObject,
        progress: &Progress,
    ) -> Result<ToolAnswer, ToolFault> {
        let params = json!({"name": name, "arguments": arguments, "_meta": {"progressToken": 1}});
        let result = self.ask("tools/call", params, progress).await?;
        let result: CallToolResult = serde_json::from_value(result).map_err(|_| senseless())?;
        let texts = result.content.iter().filter_map(|content| content.as_text());
        let texts: Vec<&str> = texts.map(|content| content.text.as_str()).collect();
        let text = texts.join("\n");
        if result.is_error == Some(true) {
            return Err(worded(&text));
        }
        Ok(ToolAnswer {
            text,
            structured: result.structured_content.unwrap_or(Value::Null),
        })
    }

    /// Sends a file of this machine to the server, then reads it there.
    async fn send_file(
        &self,
        open: OpenFile,
        address: String,
        mut arguments: JsonObject,
        progress: &Progress,
    ) -> Result<ToolAnswer, ToolFault> {
        let opened = tokio::task::spawn_blocking(move || open(&address)).await;
        let (name, file) =
            opened.map_err(|_| ToolFault::new("internal", "the file could not be opened"))??;
        let form = form(&name, file, &mut arguments)?;
        let response = self.sent(self.post("/v1/convert").multipart(form)).await?;
        let id = response.headers().get("x-document-id");
        let id = id.and_then(|id| id.to_str().ok()).ok_or_else(senseless)?;
        arguments.insert("document_id".into(), id.into());
        self.use_tool("get_document", arguments, progress).await
    }
}

/// A form with the file, and the options among the arguments, which are taken out of them.
fn form(name: &FileName, file: std::fs::File, arguments: &mut JsonObject) -> Result<Form, ToolFault> {
    let size = file
        .metadata()
        .map_err(|_| ToolFault::new("not_found", "the file cannot be read"))?
        .len();
    let file = Part::stream_with_length(tokio::fs::File::from_std(file), size);
    let mut form = Form::new();
    for option in ["pages", "ocr"] {
        match arguments.remove(option) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => form = form.text(option, text),
            Some(other) => form = form.text(option, other.to_string()),
        }
    }
    Ok(form.part("file", file.file_name(name.as_str().to_owned())))
}

/// Notes how far the server has come.
fn note(params: &Value, progress: &Progress) {
    let number = |name: &str| {
        let number = params.get(name)?.as_f64()?;
        // Pages are few enough.
        format!("{:.0}", number.floor()).parse::<u32>().ok()
    };
    let (Some(done), Some(total)) = (number("progress"), number("total")) else {
        return;
    };
    if progress.pages().is_none_or(|(_, known)| known != total) {
        progress.begin(total);
    }
    let before = progress.pages().map_or(0, |(before, _)| before);
    for _ in before..done.min(total) {
        progress.page();
    }
}

fn result(mut message: Value) -> Result<Value, ToolFault> {
    if let Some(error) = message.get("error") {
        let words = error["message"].as_str().unwrap_or("the server refuses");
        let code = if error["code"] == NOT_FOUND {
            "not_found"
        } else {
            "refused"
        };
        return Err(ToolFault::new(code, words));
    }
    message.get_mut("result").map(Value::take).ok_or_else(senseless)
}

/// The fault that the server has put in words: `there is no such document (not_found)`.
fn worded(text: &str) -> ToolFault {
    let parts = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    match parts {
        Some((message, code)) if code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
            ToolFault::new(code, message)
        }
        _ => ToolFault::new("refused", text),
    }
}

/// The words in which the server refuses a request: a problem, or an error of the protocol.
async fn refusal(response: Response) -> ToolFault {
    let status = response.status();
    let body: Value = response.json().await.unwrap_or_default();
    let error = body["error"]["message"].as_str().or(body["error"].as_str());
    let code = body["error"]["data"]["code"].as_str().or(body["code"].as_str());
    match (error, code) {
        (Some(error), Some(code)) => ToolFault::new(code, error),
        _ if status == 404 => ToolFault::new(
            "not_found",
            "the server does not serve the Model Context Protocol: its operator can name mcp in COMPAT",
        ),
        _ => ToolFault::new("refused", format!("the server answers {}", status.as_u16())),
    }
}

fn senseless() -> ToolFault {
    ToolFault::new(
        "unavailable",
        "the server answers with what is no message of the protocol",
    )
}

impl McpTools for RemoteTools {
    fn takes_files(&self) -> bool {
        self.files.is_some()
    }

    async fn call(
        &self,
        name: &str,
        arguments: JsonObject,
        progress: &Progress,
    ) -> Result<ToolAnswer, ToolFault> {
        let uri = arguments
            .get("uri")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim();
        let is_file = uri
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"));
        if name != "convert_to_markdown" || !is_file {
            return self.use_tool(name, arguments, progress).await;
        }
        let Some(open) = self.files.clone() else {
            return Err(ToolFault::argument(
                "uri",
                "takes file: only within folders that --root has opened",
            ));
        };
        let (address, mut arguments) = (uri.to_owned(), arguments);
        arguments.remove("uri");
        self.send_file(open, address, arguments, progress).await
    }

    async fn read(&self, id: &str) -> Result<String, ToolFault> {
        let params = json!({"uri": format!("ilios://documents/{id}")});
        let mut result = self.ask("resources/read", params, &Progress::default()).await?;
        match result["contents"][0]["text"].take() {
            Value::String(text) => Ok(text),
            _ => Err(senseless()),
        }
    }
}
