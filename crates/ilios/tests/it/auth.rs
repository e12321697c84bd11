use ilios::http::PROTECTED_PATHS;
use reqwest::{Method, Response};

use crate::harness::{Setup, TestServer, form, problem};

async fn guarded() -> TestServer {
    TestServer::with(Setup {
        api_keys: " first-key , second-key,, ",
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn every_protected_path_refuses_anonymous_callers_and_wrong_keys() {
    let server = guarded().await;
    for (method, path) in PROTECTED_PATHS {
        let url = format!(
            "{}{}",
            server.address,
            path.replace("{id}", "d12345678901234567890123")
        );
        let request = || {
            server
                .client
                .request(method.parse::<Method>().expect("a method"), &url)
        };
        let attempts = [
            request(),
            request().header("authorization", "Bearer wrong"),
            request().header("authorization", "Bearer "),
            request().header("authorization", "first-key"),
            request().header("authorization", "Basic first-key"),
            request().header("authorization", "Bearer first-key,second-key"),
        ];
        for attempt in attempts {
            let response = attempt.send().await.expect("an answer");
            assert_eq!(response.headers()["www-authenticate"], "Bearer", "{path}");
            problem(response, 401, "unauthorized").await;
        }
    }
}

#[tokio::test]
async fn every_described_path_but_the_public_ones_is_protected() {
    let described = ilios::http::openapi_document();
    let public = ["/health"];
    let mut paths: Vec<&str> = described
        .paths
        .paths
        .keys()
        .map(String::as_str)
        .filter(|path| !public.contains(path))
        .collect();
    let mut protected: Vec<&str> = PROTECTED_PATHS.iter().map(|(_, path)| *path).collect();
    paths.sort_unstable();
    protected.sort_unstable();
    assert_eq!(paths, protected);
}

#[tokio::test]
async fn public_paths_need_no_key() {
    let server = guarded().await;
    for path in ["/", "/health", "/docs/", "/openapi.json"] {
        assert_eq!(
            server.get(path).send().await.expect("an answer").status(),
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn keys_are_trimmed_and_each_is_a_tenant_of_its_own() {
    let server = guarded().await;
    let request = server
        .convert(form("secret.md", "# Secret\n", &[]))
        .bearer_auth("first-key");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    let id = response.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    for prefix in ["/api/documents/", "/api/documents/status/"] {
        let get = async |id: &str, key: &str| {
            let request = server
                .get(&format!("{prefix}{id}"))
                .bearer_auth(key)
                .header("x-request-id", "same");
            request.send().await.expect("an answer")
        };
        assert_eq!(get(&id, "first-key").await.status(), 200);
        let foreign = shape(get(&id, "second-key").await).await;
        let missing = shape(get("d12345678901234567890123", "second-key").await).await;
        assert_eq!(foreign.0, 404);
        assert_eq!(
            foreign, missing,
            "a foreign document answers exactly like a missing one"
        );
    }
}

/// Everything a client can see of an answer but the time.
async fn shape(response: Response) -> (u16, Vec<(String, Vec<u8>)>, String) {
    let status = response.status().as_u16();
    let headers = response.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    (status, headers, response.text().await.expect("a body"))
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let server = guarded().await;
    let request = server.get("/api/documents/d12345678901234567890123");
    let request = request
        .header("authorization", "Bearer first-key")
        .header("authorization", "Bearer other");
    let body = problem(request.send().await.expect("an answer"), 400, "invalid_parameter").await;
    assert_eq!(body["field"], "authorization");
}
