use ilios::http::{COMPAT_PATHS, PROTECTED_PATHS};
use reqwest::Method;

use crate::harness::{Setup, TestServer, problem};

const MISSING: &str = "d12345678901234567890123";

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
    for (method, path, _) in PROTECTED_PATHS {
        let url = format!(
            "{}{}",
            server.address,
            path.replace("{id}", MISSING).replace("{batchId}", MISSING)
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

#[test]
fn every_described_operation_but_the_public_ones_is_protected() {
    let described = serde_json::to_value(ilios::http::openapi_document()).expect("JSON");
    let public = ["/health", "/livez", "/readyz", "/objects/{area}/{id}"];
    let mut operations = Vec::new();
    for (path, item) in described["paths"].as_object().expect("paths") {
        let methods = item.as_object().expect("operations").keys();
        let methods = methods.filter(|_| !public.contains(&path.as_str()));
        operations.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    let protected = PROTECTED_PATHS.iter().chain(COMPAT_PATHS);
    let mut protected: Vec<_> = protected
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    operations.sort_unstable();
    protected.sort_unstable();
    assert_eq!(operations, protected);
}

#[tokio::test]
async fn public_paths_need_no_key() {
    let server = guarded().await;
    for path in ["/", "/health", "/livez", "/readyz", "/docs/", "/openapi.json"] {
        assert_eq!(
            server.get(path).send().await.expect("an answer").status(),
            200,
            "{path}"
        );
    }
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
