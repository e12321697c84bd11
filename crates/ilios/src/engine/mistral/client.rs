use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;

use super::body::{self, Streamed};
use super::fault::Fault;
use super::ocr_response::{Expected, OcrResponse};
use crate::model::{Clock, Secret};
use crate::spool::Spooled;

/// Bytes of an answer to anything but OCR.
pub(super) const MAX_SMALL: usize = 1 << 20;
/// Timeout of connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Hours for which the address of an uploaded file is good.
const URL_HOURS: u8 = 1;

/// One request to the service each, one attempt each.
pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    authorization: HeaderValue,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

#[derive(Deserialize)]
struct Address {
    url: String,
}

impl Client {
    /// A client of the service at `base`, without `/v1`.
    ///
    /// # Errors
    /// The key is no header's value, or TLS cannot be set up: says which.
    pub(super) fn new(
        base: &str,
        key: &Secret,
        timeout: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.reveal()))
            .map_err(|_| "MISTRAL_API_KEY has characters that no key has".to_owned())?;
        authorization.set_sensitive(true);
        let http = crate::tls::http_client()
            .connect_timeout(CONNECT_TIMEOUT)
            // The key goes where the configuration says and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("ilios/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            http,
            base: base.to_owned(),
            authorization,
            timeout,
            clock,
        })
    }

    /// OCR of a body that is the whole request.
    pub(super) async fn ocr(
        &self,
        body: Streamed,
        expected: Expected,
        most: usize,
    ) -> Result<OcrResponse, Fault> {
        let request = self
            .request(Method::POST, "/v1/ocr")
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_LENGTH, body.length)
            .body(body.body);
        let answer = self.send(request, most).await?;
        let read = move || OcrResponse::read(&answer, expected);
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| Fault::passing("the server is stopping"))?
    }

    /// Uploads a file for OCR; its id.
    pub(super) async fn upload(&self, file: &Arc<Spooled>, name: &str, mime: &str) -> Result<String, Fault> {
        self.upload_for("ocr", file, name, mime).await
    }

    /// Uploads a file for some purpose; its id.
    pub(super) async fn upload_for(
        &self,
        purpose: &'static str,
        file: &Arc<Spooled>,
        name: &str,
        mime: &str,
    ) -> Result<String, Fault> {
        let Streamed { body, length } = body::plain(file);
        let part = Part::stream_with_length(body, length)
            .file_name(name.to_owned())
            .mime_str(mime)
            .map_err(|_| Fault::passing("the media type cannot be sent"))?;
        let form = Form::new().text("purpose", purpose).part("file", part);
        let request = self
            .request(Method::POST, "/v1/files")
            .timeout(self.timeout_of(file.size()))
            .multipart(form);
        let answer = self.send(request, MAX_SMALL).await?;
        let uploaded: Uploaded = parse(&answer)?;
        // It becomes a part of paths.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if uploaded.id.is_empty() || !uploaded.id.bytes().all(plain) {
            return Err(Fault::Unusable("an uploaded file got an odd id".into()));
        }
        Ok(uploaded.id)
    }

    /// An address under which the service itself finds an uploaded file.
    pub(super) async fn address(&self, id: &str) -> Result<String, Fault> {
        let path = format!("/v1/files/{id}/url?expiry={URL_HOURS}");
        let answer = self.of_file(self.request(Method::GET, &path)).await?;
        let address: Address = parse(&answer)?;
        Ok(address.url)
    }

    /// Returns true if an uploaded file is there.
    pub(super) async fn exists(&self, id: &str) -> Result<bool, Fault> {
        let request = self.request(Method::GET, &format!("/v1/files/{id}"));
        match self.of_file(request).await {
            Ok(_) => Ok(true),
            Err(Fault::Missing) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Deletes an uploaded file; one that is gone is as good.
    pub(super) async fn delete(&self, id: &str) -> Result<(), Fault> {
        let request = self.request(Method::DELETE, &format!("/v1/files/{id}"));
        match self.of_file(request).await {
            Ok(_) | Err(Fault::Missing) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// Asks for something that costs nothing, to see whether the key is accepted.
    pub(super) async fn health_check(&self) -> Result<(), Fault> {
        let request = self.request(Method::GET, "/v1/files?page=0&page_size=1");
        self.send(request, MAX_SMALL).await.map(drop)
    }

    /// A second more for each megabyte that travels.
    fn timeout_of(&self, bytes: u64) -> Duration {
        self.timeout + Duration::from_secs(bytes >> 20)
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .timeout(self.timeout)
    }

    /// Sends a request whose path names an uploaded file: 404 says that it is not there, in whatever words.
    async fn of_file(&self, request: RequestBuilder) -> Result<Vec<u8>, Fault> {
        match self.send(request, MAX_SMALL).await {
            Err(Fault::NotFound(_)) => Err(Fault::Missing),
            answer => answer,
        }
    }

    /// Sends a request; the body of a 200 that is JSON, of at most `most` bytes.
    pub(super) async fn send(&self, request: RequestBuilder, most: usize) -> Result<Vec<u8>, Fault> {
        let response = request
            .send()
            .await
            .map_err(|error| Fault::of_transport(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status != StatusCode::OK {
            // What a refusal says is read as far as it goes.
            let body = receive(response, MAX_SMALL).await.unwrap_or_default();
            return Err(Fault::of_status(status, &headers, &body, self.clock.now()));
        }
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
            return Err(Fault::passing("HTTP 200 without JSON, as of a gateway"));
        }
        receive(response, most).await
    }
}

/// The body, of at most `most` bytes.
async fn receive(response: Response, most: usize) -> Result<Vec<u8>, Fault> {
    let announced = response.content_length().unwrap_or(0);
    if announced > most as u64 {
        return Err(Fault::TooLarge);
    }
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| Fault::of_body(&error))?;
        if body.len() + chunk.len() > most {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|_| Fault::passing("an answer is cut off or is none of the service"))
}
