use std::time::{Duration, Instant};

use ilios::http::error_documentation;
use reqwest::Client;
use serde_json::Value;

/// Longer than any time that the server allows a document.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(400);
const BOUNDARY: &str = "b0c9a1d8e2f7-hostile";

/// What the server answered to a document.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    /// The stable name of the fault; empty for a good answer.
    pub(crate) code: String,
    pub(crate) took: Duration,
}

/// Sends a document; an error is a connection that gave no answer.
pub(crate) async fn convert(
    client: &Client,
    server: &str,
    name: &[u8],
    bytes: &[u8],
) -> Result<Answer, String> {
    post(client, &format!("http://{server}/v1/convert"), name, bytes).await
}

/// Queues a document and waits for its end; the body is its status.
pub(crate) async fn queue(
    client: &Client,
    server: &str,
    name: &[u8],
    bytes: &[u8],
) -> Result<Answer, String> {
    let accepted = post(
        client,
        &format!("http://{server}/api/documents/submit"),
        name,
        bytes,
    )
    .await?;
    if accepted.status != 200 {
        return Ok(accepted);
    }
    let body: Value = serde_json::from_str(&accepted.text).map_err(|error| error.to_string())?;
    let id = body["id"].as_str().unwrap_or_default();
    let request = client
        .get(format!("http://{server}/api/documents/status/{id}?wait=60"))
        .timeout(RESPONSE_TIMEOUT);
    let response = request.send().await.map_err(|error| format!("{error:?}"))?;
    let text = response.text().await.map_err(|error| format!("{error:?}"))?;
    let body: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    match body["status"].as_str() {
        Some("completed" | "failed") => {}
        other => return Err(format!("it has not ended but is {other:?}")),
    }
    let code = body["errorCode"].as_str().unwrap_or_default().to_owned();
    Ok(Answer {
        text,
        code,
        ..accepted
    })
}

async fn post(client: &Client, url: &str, name: &[u8], bytes: &[u8]) -> Result<Answer, String> {
    let started = Instant::now();
    let request = client
        .post(url)
        .timeout(RESPONSE_TIMEOUT)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(form(name, bytes));
    let response = request.send().await.map_err(|error| format!("{error:?}"))?;
    let status = response.status().as_u16();
    let bytes = response.bytes().await.map_err(|error| format!("{error:?}"))?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| "the answer is no UTF-8".to_owned())?;
    let code = if status == 200 {
        String::new()
    } else {
        let body: Value =
            serde_json::from_str(&text).map_err(|error| format!("{status}: {error}: {text}"))?;
        body["code"].as_str().unwrap_or_default().to_owned()
    };
    Ok(Answer {
        status,
        text,
        code,
        took: started.elapsed(),
    })
}

/// The form as browsers send it: in a name, quotes and line ends are percent-encoded. A header takes no other control
/// characters, so that a name with some is sent in the other way that there is, too (RFC 5987).
fn form(name: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut body =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"").into_bytes();
    for &byte in name {
        match byte {
            b'"' => body.extend(b"%22"),
            0..0x20 | 0x7f => body.extend(format!("%{byte:02X}").bytes()),
            other => body.push(other),
        }
    }
    body.push(b'"');
    if name.iter().any(u8::is_ascii_control) {
        body.extend(b"; filename*=UTF-8''");
        body.extend(name.iter().flat_map(|byte| format!("%{byte:02X}").into_bytes()));
    }
    body.extend(b"\r\n\r\n");
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// What is wrong with an answer, whatever the document was.
pub(crate) fn faults(answer: &Answer) -> Vec<String> {
    let mut faults = Vec::new();
    if answer.status >= 500 {
        faults.push(format!("{} {}", answer.status, answer.text));
    }
    if answer.status != 200 || !answer.code.is_empty() {
        let known = error_documentation().contains(&format!("| `{}` |", answer.code));
        if !known {
            faults.push(format!("the unknown code `{}`", answer.code));
        }
    }
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    if answer.text.contains(hidden) {
        faults.push("control characters in the answer".to_owned());
    }
    faults
}
