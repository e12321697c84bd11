use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;

use super::{administered, create, named, send};
use crate::harness::problem;

fn basic(text: &str) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

#[tokio::test]
async fn a_key_comes_in_one_of_three_headers() {
    let server = administered().await;
    let (_, key) = create(&server, &named("acme")).await;
    let accepted: [&[(&str, String)]; 6] = [
        &[("authorization", format!("Bearer {key}"))],
        &[("authorization", format!("bearer  {key} "))],
        &[("x-api-key", key.clone())],
        &[("authorization", basic(&format!("anybody:{key}")))],
        &[("authorization", basic(&format!("{key}:")))],
        &[
            ("authorization", format!("Bearer {key}")),
            ("x-api-key", key.clone()),
        ],
    ];
    for headers in accepted {
        assert_eq!(ask(&server, headers).await.status(), 200, "{headers:?}");
    }
    let unauthorized: [&[(&str, String)]; 6] = [
        &[],
        &[("x-api-key", "wrong".into())],
        &[("authorization", format!("Token {key}"))],
        &[("authorization", basic(&key))],
        &[("authorization", "Basic %%%".into())],
        // A letter of the checksum is wrong.
        &[("x-api-key", format!("{}_", &key[..key.len() - 1]))],
    ];
    for headers in unauthorized {
        problem(ask(&server, headers).await, 401, "unauthorized").await;
    }
    let two: &[(&str, String)] = &[
        ("authorization", format!("Bearer {key}")),
        ("x-api-key", "other".into()),
    ];
    problem(ask(&server, two).await, 400, "invalid_parameter").await;
}

#[tokio::test]
async fn a_password_that_the_browser_keeps_is_not_taken_from_other_pages() {
    let server = administered().await;
    let (_, key) = create(&server, &named("acme")).await;
    let password = ("authorization", basic(&format!(":{key}")));
    let from = |site: &str| [password.clone(), ("sec-fetch-site", site.to_owned())];
    for site in ["cross-site", "same-site", "anything"] {
        problem(ask(&server, &from(site)).await, 403, "origin_not_allowed").await;
    }
    for site in ["same-origin", "none"] {
        assert_eq!(ask(&server, &from(site)).await.status(), 200, "{site}");
    }
}

async fn ask(server: &crate::harness::TestServer, headers: &[(&str, String)]) -> reqwest::Response {
    let headers = headers.iter().map(|(name, value)| {
        let name = name.parse::<reqwest::header::HeaderName>().expect("a name");
        (name, value.parse().expect("a value"))
    });
    send(
        server
            .get("/api/documents")
            .headers(headers.collect::<HeaderMap>()),
    )
    .await
}
