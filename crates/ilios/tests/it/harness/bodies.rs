use std::path::PathBuf;

use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// A file as a part of a form.
pub(crate) fn part(name: &str, bytes: impl Into<Vec<u8>>) -> Part {
    Part::bytes(bytes.into()).file_name(name.to_owned())
}

/// A form with a file and options after it.
pub(crate) fn form(name: &str, bytes: impl Into<Vec<u8>>, options: &[(&str, &str)]) -> Form {
    options.iter().fold(
        Form::new().part("file", part(name, bytes)),
        |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()),
    )
}

/// A form with files under the name `files`.
pub(crate) fn files(files: &[(&str, &[u8])]) -> Form {
    files.iter().fold(Form::new(), |form, (name, bytes)| {
        form.part("files", part(name, *bytes))
    })
}

/// The JSON body of an answer; fails when it has another status.
pub(crate) async fn json(response: Response, status: u16) -> Value {
    let got = response.status().as_u16();
    let text = response.text().await.expect("a body");
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).expect("a JSON body")
}

/// A JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// The body of a problem; fails when the answer is none with this status and code.
pub(crate) async fn problem(response: Response, status: u16, code: &str) -> Value {
    let id = response
        .headers()
        .get("x-request-id")
        .map(|id| id.to_str().expect("text").to_owned());
    let got = response.status().as_u16();
    let text = response.text().await.expect("a body");
    assert_eq!(got, status, "{text}");
    let body: Value = serde_json::from_str(&text).expect("a JSON body");
    assert_eq!(body["code"], code, "{body}");
    assert!(
        body["error"].as_str().is_some_and(|error| !error.is_empty()),
        "{body}"
    );
    assert_eq!(
        body["requestId"].as_str().map(str::to_owned),
        id,
        "the id of the header"
    );
    body
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    std::path::absolute(".")
        .expect("the folder of the crate")
        .join("../..")
        .join(path)
}

/// The bytes of a file of the repository.
pub(crate) fn sample(path: &str) -> Vec<u8> {
    let path = repository(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
