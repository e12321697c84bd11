use serde_json::{Value, json as value};

use super::{ADMIN, admin, administered, converted, create, get, named, send, short};
use crate::command_line::ilios;
use crate::harness::{TestServer, json, text};
use crate::nodes::Node;

async fn entries(server: &TestServer) -> Vec<Value> {
    let log = json(get(server, "/api/admin/audit?limit=200", ADMIN).await, 200).await;
    log["entries"].as_array().expect("entries").clone()
}

#[tokio::test]
async fn the_audit_log_says_who_did_what() {
    let server = administered().await;
    let (id, key) = create(&server, &named("acme")).await;
    let rotated = json(
        admin(&server, &format!("keys/{id}/rotate"), &value!({})).await,
        201,
    )
    .await;
    let second = text(&rotated["id"]);
    let document = converted(&server, &key).await;
    let path = format!("/api/documents/{document}");
    send(server.request("DELETE", &path).bearer_auth(&key)).await;
    let environment = converted(&server, super::ENVIRONMENT).await;
    let path = format!("/api/documents/{environment}");
    send(server.request("DELETE", &path).bearer_auth(super::ENVIRONMENT)).await;
    // What is not there is not deleted.
    send(server.request("DELETE", &path).bearer_auth(super::ENVIRONMENT)).await;
    get(&server, "/api/usage/records?format=csv", &key).await;
    admin(&server, &format!("keys/{second}/revoke"), &value!({})).await;
    json(admin(&server, "tenants/acme/rename", &named("globex")).await, 200).await;

    let mut log = entries(&server).await;
    log.reverse();
    let facts: Vec<(String, String, String)> = log
        .iter()
        .map(|entry| {
            (
                text(&entry["actor"]),
                text(&entry["action"]),
                text(&entry["subject"]),
            )
        })
        .collect();
    let by_key = format!("key:{id}");
    let by_environment = format!("tenant:{}", short(super::ENVIRONMENT));
    let expected = [
        ("admin-key", "key.create", id.as_str()),
        ("admin-key", "key.rotate", &id),
        (&by_key, "document.delete", &document),
        (&by_environment, "document.delete", &environment),
        (&by_key, "export", ""),
        ("admin-key", "key.revoke", &second),
    ];
    for (found, (actor, action, subject)) in facts.iter().zip(expected) {
        assert_eq!(
            (found.0.as_str(), found.1.as_str(), found.2.as_str()),
            (actor, action, subject)
        );
    }
    assert_eq!(facts.len(), expected.len() + 1);
    assert_eq!(log.last().expect("an entry")["details"], "name=globex");
    let all = format!("{log:?}");
    assert!(
        !all.contains(&key) && !all.contains(&text(&rotated["key"])),
        "no key is in it"
    );
}

#[tokio::test]
async fn the_audit_log_is_read_in_parts_and_as_csv() {
    let server = administered().await;
    for number in 0..5 {
        create(&server, &named(&format!("tenant {number}"))).await;
    }
    let first = json(get(&server, "/api/admin/audit?limit=3", ADMIN).await, 200).await;
    assert_eq!(first["entries"].as_array().expect("entries").len(), 3);
    let next = format!("/api/admin/audit?limit=3&cursor={}", text(&first["nextCursor"]));
    let next = json(get(&server, &next, ADMIN).await, 200).await;
    assert_eq!(next["entries"].as_array().expect("entries").len(), 2);
    let csv = get(&server, "/api/admin/audit?format=csv", ADMIN).await;
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = csv.text().await.expect("a body");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("id,createdAt,actor,action,subject,details"));
    let actions: Vec<&str> = lines.filter_map(|line| line.split(',').nth(3)).collect();
    assert_eq!(
        actions,
        [
            "export",
            "key.create",
            "key.create",
            "key.create",
            "key.create",
            "key.create"
        ]
    );
}

#[tokio::test]
async fn a_start_is_recorded_with_its_settings_and_a_backup_too_and_no_secret() {
    let node = Node::start(&[
        ("ADMIN_KEY", ADMIN.to_owned()),
        ("API_KEY", "a-key-of-the-environment".to_owned()),
        ("WORKER_COUNT", "1".to_owned()),
    ]);
    let client = ilios::tls::http_client().build().expect("a client");
    let log = async || {
        let request = client.get(format!("{}/api/admin/audit", node.address));
        let answer = request.bearer_auth(ADMIN).send().await.expect("an answer");
        json(answer, 200).await["entries"]
            .as_array()
            .expect("entries")
            .clone()
    };
    // It is written beside the server's work.
    while log().await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let backup = ilios(node.data().parent().expect("a folder"))
        .args(["db", "backup", "copy.db"])
        .output()
        .expect("it runs");
    assert!(backup.status.success());
    let log = log().await;
    let facts: Vec<_> = log
        .iter()
        .map(|entry| (text(&entry["actor"]), text(&entry["action"])))
        .collect();
    let expected = [("command-line", "export"), ("server", "server.start")];
    assert_eq!(
        facts,
        expected.map(|(actor, action)| (actor.to_owned(), action.to_owned()))
    );
    let settings = text(&log[1]["details"]);
    for shown in ["role=all", "WORKER_COUNT=1", "API_KEY=***"] {
        assert!(settings.contains(shown), "{settings}");
    }
}
