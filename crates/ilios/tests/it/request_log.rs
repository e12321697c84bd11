//! Log lines of requests and of jobs: their fields, and that no key and no content is in them.

use serde_json::Value;

use crate::serve::Server;

const KEY: &str = "0123456789abcdef0123456789abcdef";
/// The beginning of its SHA-256.
const TENANT: &str = "3eb1bd43";

fn entries(server: Server) -> Vec<Value> {
    server.signal("-TERM");
    let (code, log) = server.end();
    assert_eq!(code, Some(0));
    let all = log.join("\n");
    assert!(!all.contains(KEY) && !all.contains("confidential"), "{all}");
    log.iter()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect()
}

fn of<'a>(entries: &'a [Value], message: &str) -> Vec<&'a Value> {
    entries
        .iter()
        .filter(|entry| entry["message"] == message)
        .collect()
}

async fn convert(server: &Server, path: &str, forwarded: &[&str]) -> Vec<u8> {
    let file = reqwest::multipart::Part::text("confidential words").file_name("private.txt");
    let form = reqwest::multipart::Form::new().part("file", file);
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("http://{}{path}", server.address));
    let request = forwarded.iter().fold(request, |request, value| {
        request.header("x-forwarded-for", *value)
    });
    let response = request
        .bearer_auth(KEY)
        .multipart(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
    response.bytes().await.expect("a body").to_vec()
}

#[tokio::test]
async fn a_request_is_logged_with_its_tenant_its_bytes_and_its_client() {
    let server = Server::start(&[
        ("API_KEY", KEY),
        ("HOST", "127.0.0.1"),
        ("TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8"),
    ]);
    let answer = convert(&server, "/v1/convert", &["203.0.113.9", "198.51.100.7, 10.0.0.3"]).await;
    let refused = ilios::tls::http_client()
        .build()
        .expect("a client")
        .get(format!("http://{}/api/documents", server.address))
        .send()
        .await;
    assert_eq!(refused.expect("an answer").status(), 401);
    let entries = entries(server);
    let answered = of(&entries, "answered");
    assert_eq!(answered.len(), 2, "{answered:?}");
    assert_eq!(answered[0]["tenant"], TENANT);
    assert_eq!(answered[0]["client"], "198.51.100.7");
    assert_eq!(answered[0]["bytes_out"], answer.len());
    assert!(
        answered[0]["bytes_in"]
            .as_u64()
            .is_some_and(|bytes| (150..1_000).contains(&bytes)),
        "{answered:?}"
    );
    assert_eq!(
        (&answered[1]["tenant"], &answered[1]["client"]),
        (&Value::Null, &"127.0.0.1".into())
    );
    assert_eq!(answered[1]["bytes_in"], 0);
    let converted = of(&entries, "converted");
    assert_eq!(converted.len(), 1);
    assert_eq!(
        (&converted[0]["format"], &converted[0]["engine"]),
        (&"txt".into(), &"local".into())
    );
    assert_eq!(
        converted[0]["span"]["request_id"],
        answered[0]["span"]["request_id"]
    );
}

#[tokio::test]
async fn nobody_is_believed_who_he_is_unless_the_operator_says_so() {
    let server = Server::start(&[("API_KEY", KEY), ("HOST", "127.0.0.1")]);
    convert(&server, "/v1/convert", &["198.51.100.7"]).await;
    let entries = entries(server);
    assert_eq!(of(&entries, "answered")[0]["client"], "127.0.0.1");
}

#[tokio::test]
async fn a_job_is_logged_with_type_pages_engine_and_time() {
    let server = Server::start(&[]);
    let body = convert(&server, "/api/documents/submit", &[]).await;
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let id = body["id"].as_str().expect("an id");
    let status = format!("http://{}/api/documents/status/{id}?wait=60", server.address);
    assert!(
        ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(status)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a body")
            .contains("completed")
    );
    let entries = entries(server);
    let converted = of(&entries, "converted");
    assert_eq!(converted.len(), 1);
    assert_eq!(converted[0]["span"]["document"], id);
    assert_eq!(
        (&converted[0]["format"], &converted[0]["engine"]),
        (&"txt".into(), &"local".into())
    );
    assert_eq!(converted[0]["pages"], 1);
    assert!(converted[0]["milliseconds"].is_u64(), "{converted:?}");
    let submitted = of(&entries, "answered");
    assert_eq!(submitted[0]["tenant"], "anonymous");
}

#[tokio::test]
async fn probes_are_logged_for_those_who_look_closely() {
    for (level, lines) in [("info", 0), ("info,ilios=debug", 2)] {
        let server = Server::start(&[("LOG_LEVEL", level)]);
        for path in ["/health", "/metrics"] {
            let response = ilios::tls::http_client()
                .build()
                .expect("a client")
                .get(format!("http://{}{path}", server.address))
                .send()
                .await
                .expect("an answer");
            response.bytes().await.expect("a body");
        }
        let entries = entries(server);
        assert_eq!(of(&entries, "answered").len(), lines, "{level}");
    }
}
