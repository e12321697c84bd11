//! Documents that are converted again while the server is killed: a reader sees the old result or the new one, with the
//! pictures of it, and each conversion is charged once.

use std::path::Path;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kills::{number, workers};
use crate::server::{Server, variable};
use crate::storage::Storage;
use crate::sweep::sweep;

/// Lives of the server in which a conversion is cut off.
const ROUNDS: u64 = 9;
/// Places at which a server dies by itself; without one it is killed at any moment.
const PLACES: [Option<&str>; 3] = [None, Some("after_claim:0"), Some("after_conversion:0")];
/// A picture of 20 by 20 pixels.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAABQAAAAUCAIAAAAC64paAAAAGklEQVR42mMImMBONmIY1TyqeVTzqOaB1QwAtRhpAIOkBhUAAAAASUVORK5CYII=";

/// Client of one document.
struct Reader {
    client: Client,
    address: String,
    id: String,
}

impl Reader {
    fn url(&self, path: &str) -> String {
        format!("{}/api/documents/{path}", self.address)
    }

    async fn status(&self) -> Value {
        let answer = self
            .client
            .get(self.url(&format!("status/{}?wait=60", self.id)))
            .send();
        answer.await.expect("an answer").json().await.expect("a status")
    }

    /// The Markdown, whose pictures are there, unless another result has taken its place since.
    async fn markdown(&self) -> String {
        let mut markdown = self.text().await;
        while let Some(missing) = self.missing_picture(&markdown).await {
            let now = self.text().await;
            assert_ne!(now, markdown, "{missing} is missing");
            markdown = now;
        }
        markdown
    }

    async fn text(&self) -> String {
        let answer = self.client.get(self.url(&self.id)).send().await;
        answer.expect("an answer").text().await.expect("a text")
    }

    /// Submits a page with a picture, and waits for its end.
    async fn submitted(client: Client, address: String) -> Self {
        let page = format!(
            "<h1>Title</h1><table><tr><th>a<th>b<tr><td>1<td>2</table><img alt=\"A tower\" src=\"data:image/png;base64,{PICTURE}\">"
        );
        let form = Form::new()
            .part("file", Part::text(page).file_name("a.html"))
            .text("images", "extract");
        let answer = client
            .post(format!("{address}/api/documents/submit"))
            .multipart(form)
            .send();
        let body: Value = answer.await.expect("an answer").json().await.expect("a body");
        let id = body["id"].as_str().expect("an id").to_owned();
        let reader = Self { client, address, id };
        assert_eq!(reader.status().await["status"], "completed");
        reader
    }

    /// Asks for another conversion; returns false if the answer was cut off.
    async fn reconvert(&self, options: &Value) -> bool {
        let path = format!("{}/reconvert", self.id);
        let asked = self.client.post(self.url(&path)).json(options).send();
        asked.await.is_ok_and(|answer| answer.status() == 202)
    }

    /// Waits until no conversion is under way.
    async fn settled(&self) {
        let since = Instant::now();
        let status = loop {
            let status = self.status().await;
            if status["reconversion"].is_null() || since.elapsed() > Duration::from_secs(60) {
                break status;
            }
        };
        assert_eq!(
            (&status["status"], &status["reconversion"]),
            (&json!("completed"), &Value::Null)
        );
    }

    /// Number of usage records.
    async fn charged(&self) -> usize {
        let records = self
            .client
            .get(format!("{}/api/usage/records", self.address))
            .send();
        let records: Value = records.await.expect("an answer").json().await.expect("records");
        records["records"].as_array().map_or(0, Vec::len)
    }

    /// Address of a picture to which the Markdown links and that is not there.
    async fn missing_picture(&self, markdown: &str) -> Option<String> {
        let links = markdown
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for link in links {
            let picture = self.client.get(format!("{}{link}", self.address)).send();
            let picture = picture.await.expect("an answer");
            if picture.status() != 200 {
                return Some(link.to_owned());
            }
            let bytes = picture.bytes().await.expect("a picture");
            assert!(bytes.starts_with(b"\x89PNG"), "{link}");
        }
        None
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_sees_the_old_result_or_the_new_one_and_each_is_charged_once() {
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path();
    let client = ilios::tls::http_client()
        .pool_max_idle_per_host(0)
        .build()
        .expect("a client");
    let mut server = Server::start(data, workers(1));
    let (address, _) = server.ready().await.expect("it starts");
    let mut reader = Reader::submitted(client, address).await;
    let mut before = reader.markdown().await;
    assert!(before.contains("](/api/documents/"), "{before}");
    let (mut conversions, mut died) = (1, 0);
    for round in 0..ROUNDS {
        let place = PLACES[usize::try_from(round).expect("a place") % PLACES.len()];
        server.terminate().await;
        let mut environment = workers(1);
        environment.extend(place.map(|place| variable("CRASH_POINT", place)));
        server = Server::start(data, environment);
        (reader.address, _) = server.ready().await.expect("it starts");
        let options = match round % 2 {
            0 => json!({"tables": "html"}),
            _ => json!({"images": "extract", "tables": "csv"}),
        };
        let answered = reader.reconvert(&options).await;
        assert!(answered || place.is_some(), "only a place cuts an answer off");
        let timeout = match place {
            Some(_) => Duration::from_secs(20),
            None => random.random_range(Duration::ZERO..Duration::from_millis(300)),
        };
        died += usize::from(server.end(timeout).await.is_some());
        server.kill().await;
        server = Server::start(data, workers(1));
        (reader.address, _) = server.ready().await.expect("it starts");
        let seen = reader.markdown().await;
        reader.settled().await;
        let after = reader.markdown().await;
        // What was not answered may have been accepted.
        conversions += usize::from(answered || after != before);
        let expected = if round % 2 == 0 { "<table>" } else { "```csv" };
        assert!(after.contains(expected) || !answered, "{after}");
        assert!(seen == before || seen == after, "half a result: {seen}");
        assert_eq!(reader.charged().await, conversions, "one a conversion");
        before = after;
    }
    assert!(died > 0, "no place was passed");
    server.terminate().await;
    Box::pin(check_pictures(data, i64::from(before.contains("](")))).await;
}

/// Asks for the pictures of the last result, and no others, in the database and the object store.
async fn check_pictures(data: &Path, expected: i64) {
    let storage = Storage::local();
    Box::pin(sweep(data, &storage)).await;
    let database = Box::pin(storage.database(data)).await;
    let pictures = "SELECT COUNT(*) FROM document_images";
    assert_eq!(
        database.number(pictures).await,
        expected,
        "those of the last result alone"
    );
    let folder = storage.originals.folder(data).join("images");
    let files = std::fs::read_dir(folder).map_or(0, Iterator::count);
    assert_eq!(
        i64::try_from(files).expect("a count"),
        expected,
        "their objects alone"
    );
}
