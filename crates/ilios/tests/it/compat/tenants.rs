//! Things of another tenant: each interface says in its words that they are missing.

use ilios::http::COMPAT_PATHS;
use reqwest::multipart::Form;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json as value};

use super::guarded;
use crate::harness::{TestServer, json, part, text};

/// Placeholders of paths that name no thing of a tenant.
const FORMS: [&str; 3] = ["{form}", "{field}", "{chunker}"];
const OWNER: &str = "first-key";
const STRANGER: &str = "second-key";

/// A placeholder with the id of a thing that the owner has, and of one that nobody has.
struct Ids {
    placeholder: &'static str,
    own: String,
    missing: String,
}

async fn owned(request: RequestBuilder) -> Value {
    json(request.bearer_auth(OWNER).send().await.expect("an answer"), 200).await
}

/// Makes one of everything that has an id in an interface of another product.
async fn made(server: &TestServer) -> [Ids; 4] {
    let form = Form::new().part("files", part("a.html", "<p>text</p>"));
    let task = owned(server.post("/v1/convert/file/async").multipart(form)).await;
    let form = Form::new()
        .text("purpose", "ocr")
        .part("file", part("a.pdf", "%PDF-1.4"));
    let file = owned(server.post("/v1/files").multipart(form)).await;
    let job = value!({
        "endpoint": "/v1/ocr", "model": "mistral-ocr-latest",
        "requests": [{"custom_id": "1", "body": {
            "document": {"type": "document_url", "document_url": "data:text/plain;base64,dGV4dA=="},
        }}],
    });
    let job = text(&owned(server.post("/v1/batch/jobs").json(&job)).await["id"]);
    owned(server.get(&format!("/v1/batch/status/{job}?wait=60"))).await;
    let job = owned(server.get(&format!("/v1/batch/jobs/{job}"))).await;
    let (results, sent) = (text(&job["output_file"]), text(&file["id"]));
    [
        Ids {
            placeholder: "{task}",
            own: text(&task["task_id"]),
            missing: "00000000-0000-4000-8000-00000000dead".to_owned(),
        },
        Ids {
            placeholder: "{file_id}",
            missing: missing_like(&results),
            own: results,
        },
        Ids {
            placeholder: "{file_id}",
            missing: missing_like(&sent),
            own: sent,
        },
        Ids {
            placeholder: "{job_id}",
            missing: missing_like(&text(&job["id"])),
            own: text(&job["id"]),
        },
    ]
}

/// An id that nobody has, of the form of one that there is: one sign of it is another.
fn missing_like(known: &str) -> String {
    let mut signs: Vec<char> = known.chars().collect();
    let sign = signs.iter_mut().rev().nth(4).expect("a longer id");
    *sign = if *sign == 'a' { 'b' } else { 'a' };
    signs.into_iter().collect()
}

/// Everything that a client sees but the time, without the id that it has asked for.
async fn shape(response: Response, id: &str) -> (u16, Vec<String>, String) {
    let status = response.status().as_u16();
    let headers = response.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}"));
    let headers = headers.collect();
    let body = response.text().await.expect("a body");
    (status, headers, body.replace(id, "ID"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_belongs_to_another_tenant_answers_exactly_like_what_is_missing() {
    let server = guarded().await;
    let made = made(&server).await;
    let mut asked = Vec::new();
    for (method, path, _) in COMPAT_PATHS.iter().filter(|(_, path, _)| path.contains('{')) {
        if FORMS.iter().any(|form| path.contains(form)) {
            continue;
        }
        let named: Vec<&Ids> = made.iter().filter(|ids| path.contains(ids.placeholder)).collect();
        assert!(!named.is_empty(), "no thing of a tenant is made for {path}");
        for ids in named {
            let ask = async |id: &str| {
                let request = server.request(method, &path.replace(ids.placeholder, id));
                let request = request.bearer_auth(STRANGER).header("x-request-id", "same");
                shape(request.send().await.expect("an answer"), id).await
            };
            let (foreign, missing) = (ask(&ids.own).await, ask(&ids.missing).await);
            assert_eq!(foreign, missing, "{method} {path}");
            // A file that is gone already is deleted: its client asks again after an answer that was lost.
            let is_told_gone = (*method, *path) == ("DELETE", "/v1/files/{file_id}");
            assert!(
                (400..500).contains(&foreign.0) || is_told_gone,
                "{method} {path}: {foreign:?}"
            );
            asked.push(*path);
        }
    }
    assert!(asked.len() >= 16, "{asked:?}");
    // Nothing of it had an effect.
    let [task, _, sent, job] = &made;
    owned(server.get(&format!("/v1/status/poll/{}", task.own))).await;
    owned(server.get(&format!("/v1/files/{}", sent.own))).await;
    let job = owned(server.get(&format!("/v1/batch/jobs/{}", job.own))).await;
    assert_eq!(job["status"], "SUCCESS");
    // The list of each is empty to others.
    for (path, list) in [("/v1/files", "data"), ("/v1/batch/jobs", "data")] {
        let request = server.get(path).bearer_auth(STRANGER);
        let listed = json(request.send().await.expect("an answer"), 200).await;
        assert_eq!(listed[list].as_array().map(Vec::len), Some(0), "{path}: {listed}");
    }
}
