use std::time::Duration;

use serde_json::{Value, json as value};

use super::{ADMIN, ENVIRONMENT, admin, administered, converted, create, get, named, short};
use crate::harness::{json, problem, text};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn keys_of_a_tenant_share_its_documents_and_no_others() {
    let server = administered().await;
    let (_, one) = create(&server, &named("acme")).await;
    let (_, other) = create(&server, &value!({"name": "second", "tenant": "acme"})).await;
    let (_, stranger) = create(&server, &named("globex")).await;
    let path = format!("/api/documents/{}", converted(&server, &one).await);
    assert_eq!(get(&server, &path, &other).await.status(), 200);
    problem(get(&server, &path, &stranger).await, 404, "not_found").await;
    problem(get(&server, &path, ENVIRONMENT).await, 404, "not_found").await;
}

#[tokio::test]
async fn a_key_is_told_once_and_listed_without_its_text() {
    let server = administered().await;
    let asked = value!({"name": "acme", "scopes": ["read"], "expiresInDays": 90});
    let answer = admin(&server, "keys", &asked).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let made = json(answer, 201).await;
    let key = text(&made["key"]);
    let (prefix, rest) = key.split_at("ilios_live_".len());
    assert_eq!((prefix, rest.len()), ("ilios_live_", 38));
    assert!(rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let list = get(&server, "/api/admin/keys", ADMIN).await;
    let list = list.text().await.expect("a body");
    assert!(!list.contains(rest), "{list}");
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let listed = &list["keys"][0];
    assert_eq!(listed["scopes"], value!(["read"]));
    assert_eq!(
        (&listed["state"], &listed["kind"]),
        (&value!("active"), &value!("live"))
    );
    assert_eq!(listed["id"], made["id"]);
    assert!(listed["expiresAt"].is_string() && listed["lastUsedAt"].is_null());
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_and_its_tenant_goes_on() {
    let server = administered().await;
    let (id, key) = create(&server, &named("acme")).await;
    let (_, second) = create(&server, &value!({"name": "second", "tenant": "acme"})).await;
    let document = converted(&server, &key).await;
    let revoked = json(
        admin(&server, &format!("keys/{id}/revoke"), &value!({})).await,
        200,
    )
    .await;
    assert_eq!(revoked["state"], "revoked");
    let refusal = problem(get(&server, "/api/documents", &key).await, 401, "unauthorized").await;
    assert_eq!(refusal["error"], "the API key was revoked");
    let read = get(&server, &format!("/api/documents/{document}"), &second).await;
    assert_eq!(read.status(), 200);
    // Once more changes nothing.
    let again = json(
        admin(&server, &format!("keys/{id}/revoke"), &value!({})).await,
        200,
    )
    .await;
    assert_eq!(again["revokedAt"], revoked["revokedAt"]);
}

#[tokio::test]
async fn a_rotated_key_is_good_for_the_time_of_grace_and_the_new_one_has_all_it_had() {
    let server = administered().await;
    let asked = value!({"name": "acme", "scopes": ["convert", "read"]});
    let (id, old) = create(&server, &asked).await;
    let document = format!("/api/documents/{}", converted(&server, &old).await);
    let rotated = admin(
        &server,
        &format!("keys/{id}/rotate"),
        &value!({"graceSeconds": 3600}),
    )
    .await;
    let rotated = json(rotated, 201).await;
    let new = text(&rotated["key"]);
    assert_eq!(rotated["scopes"], asked["scopes"]);
    for key in [&old, &new] {
        assert_eq!(get(&server, &document, key).await.status(), 200);
    }
    problem(
        admin(&server, &format!("keys/{id}/rotate"), &value!({})).await,
        409,
        "key_ended",
    )
    .await;
    server.pass(Duration::from_secs(3_601));
    problem(get(&server, &document, &old).await, 401, "unauthorized").await;
    assert_eq!(get(&server, &document, &new).await.status(), 200);
}

#[tokio::test]
async fn a_key_expires() {
    let server = administered().await;
    let (_, key) = create(&server, &value!({"name": "acme", "expiresInDays": 2})).await;
    assert_eq!(get(&server, "/api/documents", &key).await.status(), 200);
    server.pass(2 * DAY);
    let refusal = problem(get(&server, "/api/documents", &key).await, 401, "unauthorized").await;
    assert_eq!(refusal["error"], "the API key has expired");
}

#[tokio::test]
async fn the_tenant_of_an_environment_key_is_adopted_and_gets_further_keys() {
    let server = administered().await;
    let document = format!("/api/documents/{}", converted(&server, ENVIRONMENT).await);
    let adopt = value!({"fingerprint": short(ENVIRONMENT), "name": "acme"});
    let tenant = json(admin(&server, "keys/adopt", &adopt).await, 201).await;
    assert_eq!(tenant["name"], "acme");
    problem(
        admin(&server, "keys/adopt", &adopt).await,
        409,
        "tenant_name_taken",
    )
    .await;
    let (_, second) = create(&server, &value!({"name": "second", "tenant": "acme"})).await;
    for key in [ENVIRONMENT, &second] {
        assert_eq!(get(&server, &document, key).await.status(), 200, "{key}");
    }
    // The leaked one is revoked, although it is still in the environment.
    let keys = json(get(&server, "/api/admin/keys?tenant=acme", ADMIN).await, 200).await;
    let keys = keys["keys"].as_array().expect("keys").clone();
    let own = keys
        .iter()
        .find(|key| key["kind"] == "environment")
        .expect("a row");
    let revoke = format!("keys/{}/revoke", text(&own["id"]));
    json(admin(&server, &revoke, &value!({})).await, 200).await;
    problem(get(&server, &document, ENVIRONMENT).await, 401, "unauthorized").await;
    assert_eq!(get(&server, &document, &second).await.status(), 200);
}

#[tokio::test]
async fn tenants_have_names_of_their_own() {
    let server = administered().await;
    create(&server, &named("acme")).await;
    create(&server, &named("globex")).await;
    let taken = admin(&server, "keys", &named("acme")).await;
    problem(taken, 409, "tenant_name_taken").await;
    let rename = admin(&server, "tenants/acme/rename", &named("globex")).await;
    problem(rename, 409, "tenant_name_taken").await;
    json(
        admin(&server, "tenants/acme/rename", &named("initech")).await,
        200,
    )
    .await;
    let tenants = json(get(&server, "/api/admin/tenants", ADMIN).await, 200).await;
    let names: Vec<&Value> = tenants["tenants"]
        .as_array()
        .expect("tenants")
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["globex", "initech"]);
}

#[tokio::test]
async fn what_is_not_understood_is_refused() {
    let server = administered().await;
    let refused = [
        (value!({}), "invalid_body"),
        (value!({"name": "a", "scope": "read"}), "invalid_body"),
        (value!({"name": ""}), "invalid_parameter"),
        (value!({"name": "a:test"}), "invalid_parameter"),
        (value!({"name": "a\u{202e}b"}), "invalid_parameter"),
        (value!({"name": "a", "scopes": []}), "invalid_parameter"),
        (
            value!({"name": "a", "scopes": ["everything"]}),
            "invalid_parameter",
        ),
        (value!({"name": "a", "expiresInDays": 0}), "invalid_parameter"),
    ];
    for (body, code) in refused {
        problem(admin(&server, "keys", &body).await, 400, code).await;
    }
    let unknown = value!({"name": "a", "tenant": "nobody"});
    problem(admin(&server, "keys", &unknown).await, 404, "not_found").await;
    let missing = "keys/d12345678901234567890123";
    for operation in ["revoke", "rotate"] {
        let path = format!("{missing}/{operation}");
        problem(admin(&server, &path, &value!({})).await, 404, "not_found").await;
    }
    problem(
        admin(&server, "keys/X/revoke", &value!({})).await,
        400,
        "invalid_id",
    )
    .await;
    for fingerprint in ["", "1a2b", "ffffffffff"] {
        let adopt = value!({"fingerprint": fingerprint, "name": "a"});
        problem(
            admin(&server, "keys/adopt", &adopt).await,
            400,
            "invalid_parameter",
        )
        .await;
    }
}

#[tokio::test]
async fn a_key_is_noted_as_used_once_a_minute_at_most() {
    let server = administered().await;
    let (id, key) = create(&server, &named("acme")).await;
    let last_use = async || {
        let id = id.parse().expect("an id");
        let key = server.store.key(&id).await.expect("an answer").expect("a key");
        key.last_used_at
    };
    let noted_after = async |before: Option<ilios::model::Timestamp>| loop {
        let now = last_use().await;
        if now != before {
            break now;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(last_use().await, None);
    get(&server, "/api/documents", &key).await;
    let first = noted_after(None).await;
    server.pass(Duration::from_secs(30));
    get(&server, "/api/documents", &key).await;
    assert_eq!(last_use().await, first);
    server.pass(Duration::from_secs(31));
    get(&server, "/api/documents", &key).await;
    assert!(noted_after(first).await > first);
}
