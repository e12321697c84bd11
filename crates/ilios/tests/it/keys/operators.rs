use serde_json::json as value;

use super::{ADMIN, ENVIRONMENT, admin, administered, create, get, named, send};
use crate::harness::{Setup, TestServer, json, problem};

#[tokio::test]
async fn the_administrators_key_opens_the_administration_and_the_metrics_alone() {
    let server = administered().await;
    assert_eq!(get(&server, "/api/admin/keys", ADMIN).await.status(), 200);
    assert_eq!(get(&server, "/metrics", ADMIN).await.status(), 200);
    for path in ["/api/documents", "/api/usage/summary", "/v1/batch"] {
        problem(get(&server, path, ADMIN).await, 403, "missing_scope").await;
    }
    problem(
        get(&server, "/api/admin/keys", ENVIRONMENT).await,
        403,
        "missing_scope",
    )
    .await;
    let (_, key) = create(&server, &value!({"name": "operator", "scopes": ["admin"]})).await;
    assert_eq!(get(&server, "/api/admin/tenants", &key).await.status(), 200);
}

#[tokio::test]
async fn an_open_server_has_no_administration_and_is_closed_by_the_first_tenant() {
    let server = TestServer::start().await;
    assert_eq!(send(server.get("/api/documents")).await.status(), 200);
    let body = named("acme");
    let create = send(server.post("/api/admin/keys").json(&body)).await;
    problem(create, 403, "missing_scope").await;
    // Whoever has the machine makes one.
    let maker = server.app.key_admin(ilios::model::Actor::CommandLine);
    let made = maker.create(ilios::app::CreateKey {
        name: "acme".to_owned(),
        tenant: None,
        scopes: ilios::model::Scopes::DEFAULT,
        test: false,
        lifetime: None,
    });
    let made = made.await.expect("it is made");
    server.app.keys_changed();
    problem(send(server.get("/api/documents")).await, 401, "unauthorized").await;
    let list = get(&server, "/api/documents", made.text.reveal()).await;
    assert_eq!(json(list, 200).await["documents"], value!([]));
}

#[tokio::test]
async fn what_an_open_server_has_taken_is_adopted() {
    let server = TestServer::with(Setup {
        admin_key: None,
        ..Setup::default()
    })
    .await;
    let id = crate::harness::text(&server.submit("a.md", "# A\n").await["id"]);
    let maker = server.app.key_admin(ilios::model::Actor::CommandLine);
    let keys = ilios::model::ApiKeys::default();
    maker
        .adopt(&keys, "anonymous", "acme")
        .await
        .expect("it is named");
    let made = maker.create(ilios::app::CreateKey {
        name: "first".to_owned(),
        tenant: Some("acme".to_owned()),
        scopes: ilios::model::Scopes::DEFAULT,
        test: false,
        lifetime: None,
    });
    let made = made.await.expect("it is made");
    server.app.keys_changed();
    let path = format!("/api/documents/status/{id}");
    problem(send(server.get(&path)).await, 401, "unauthorized").await;
    assert_eq!(get(&server, &path, made.text.reveal()).await.status(), 200);
}

#[tokio::test]
async fn the_metrics_have_a_key_of_their_own() {
    const METRICS: &str = "the-key-of-prometheus";
    for api_keys in ["", ENVIRONMENT] {
        let server = TestServer::with(Setup {
            api_keys,
            metrics_key: Some(METRICS),
            ..Setup::default()
        })
        .await;
        assert_eq!(get(&server, "/metrics", METRICS).await.status(), 200);
        let other = get(&server, "/metrics", ENVIRONMENT).await;
        problem(other, 403, "missing_scope").await;
        problem(
            get(&server, "/api/documents", METRICS).await,
            403,
            "missing_scope",
        )
        .await;
        assert_eq!(get(&server, "/api/documents", ENVIRONMENT).await.status(), 200);
    }
}

#[tokio::test]
async fn nobody_else_learns_what_an_administrator_asks() {
    let server = administered().await;
    for path in ["keys", "keys/adopt", "tenants/acme/rename"] {
        let anonymous = send(server.post(&format!("/api/admin/{path}")).json(&named("x"))).await;
        problem(anonymous, 401, "unauthorized").await;
    }
    json(admin(&server, "keys", &named("acme")).await, 201).await;
}
