//! A stand-in, and a client that is no SDK.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mistral_standin::{Answers, Faults, KEY, Standin};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) const OCR: &str = "/v1/ocr";
pub(crate) const MODEL: &str = "mistral-ocr-latest";

pub(crate) struct Test {
    pub(crate) standin: Standin,
    http: reqwest::Client,
}

/// A client. It panics without a provider of cryptography, although nothing is encrypted here.
#[expect(clippy::disallowed_methods, reason = "the provider is there")]
fn client() -> reqwest::Client {
    // Refused where another test was first.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}

impl Test {
    pub(crate) async fn new() -> Self {
        Self::with(Faults::default()).await
    }

    pub(crate) async fn with(faults: Faults) -> Self {
        Self {
            standin: Standin::start(faults).await.expect("a stand-in"),
            http: client(),
        }
    }

    pub(crate) async fn answering(answers: Answers) -> Self {
        let faults = Faults {
            answers,
            ..Faults::default()
        };
        Self::with(faults).await
    }

    /// A request with no key.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.standin.url()))
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(KEY)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.send(path, body).await).await
    }

    pub(crate) async fn send(&self, path: &str, body: &Value) -> Response {
        let request = self.request(Method::POST, path).json(body);
        request.send().await.expect("an answer")
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::GET, path).send().await.expect("an answer")).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        answer(
            self.request(Method::DELETE, path)
                .send()
                .await
                .expect("an answer"),
        )
        .await
    }

    /// OCR of a PDF inside the request, with more fields.
    pub(crate) async fn ocr(&self, pages: usize, more: Value) -> (u16, Value) {
        self.post(OCR, &request(pages, more)).await
    }

    pub(crate) async fn form(&self, form: Form) -> (u16, Value) {
        let request = self.request(Method::POST, "/v1/files").multipart(form);
        answer(request.send().await.expect("an answer")).await
    }

    /// Uploads, and gives the id.
    pub(crate) async fn upload(&self, name: &str, purpose: &'static str, bytes: Vec<u8>) -> String {
        let file = Part::bytes(bytes).file_name(name.to_owned());
        let (status, file) = self
            .form(Form::new().part("file", file).text("purpose", purpose))
            .await;
        assert_eq!(status, 200, "{file}");
        file["id"].as_str().expect("an id").to_owned()
    }
}

pub(crate) async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A PDF of so many empty pages.
pub(crate) fn pdf(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>";
    objects.extend(std::iter::repeat_n(page.to_owned(), pages));
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = text.len();
    let size = objects.len() + 1;
    text += &format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

pub(crate) fn data_uri(mime: &str, bytes: &[u8]) -> String {
    format!("data:{mime};base64,{}", STANDARD.encode(bytes))
}

pub(crate) fn document(pages: usize) -> Value {
    json!({"type": "document_url", "document_url": data_uri("application/pdf", &pdf(pages))})
}

/// A request for OCR of a PDF of so many pages, with the members of `more`.
pub(crate) fn request(pages: usize, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "document": document(pages)});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

/// The only flaw of a 422: its type and its place.
pub(crate) fn flaw((status, body): (u16, Value)) -> (String, Value) {
    assert_eq!(status, 422, "{body}");
    let flaws = body["detail"].as_array().expect("a list of flaws");
    assert_eq!(flaws.len(), 1, "{body}");
    assert!(flaws[0]["msg"].is_string(), "{body}");
    (
        flaws[0]["type"].as_str().expect("a type").to_owned(),
        flaws[0]["loc"].clone(),
    )
}
