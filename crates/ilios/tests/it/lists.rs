//! Lists of documents and batches.

use serde_json::Value;

use crate::harness::{Setup, TestServer, files, json, problem, text};

fn ids(list: &Value, name: &str) -> Vec<String> {
    let rows = list.as_array().expect("a list");
    rows.iter().map(|row| text(&row[name])).collect()
}

/// All pages of a list, page by page.
async fn pages(server: &TestServer, path: &str, list: &str, id: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server.json(&format!("{path}&cursor={cursor}")).await;
        pages.push(ids(&page[list], id));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn documents_are_listed_newest_first_page_by_page() {
    let server = TestServer::start().await;
    let mut sent = Vec::new();
    for number in 0..5 {
        sent.insert(0, server.submitted(&format!("{number}.txt"), "text").await);
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let all = server.json("/api/documents").await;
    assert_eq!(ids(&all["documents"], "id"), sent);
    assert!(all["nextCursor"].is_null(), "{all}");
    let first = &all["documents"][0];
    assert_eq!(
        (first["fileName"].as_str(), first["status"].as_str()),
        (Some("4.txt"), Some("pending"))
    );
    assert!(
        first["createdAt"].is_string() && first["fileSize"].is_u64(),
        "{first}"
    );
    let pages = pages(&server, "/api/documents?limit=2", "documents", "id").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), sent);
}

#[tokio::test]
async fn documents_are_listed_by_status_and_batch() {
    let server = TestServer::working().await;
    let good = server.submitted("good.txt", "text").await;
    let bad = server.submitted("bad.txt", " \n").await;
    server.ended(&good).await;
    server.ended(&bad).await;
    let form = files(&[("one.txt", b"1"), ("two.txt", b"2"), ("none.txt", b"")]);
    let batch = server.post("/v1/batch/submit").multipart(form);
    let batch = json(batch.send().await.expect("an answer"), 202).await;
    let id = text(&batch["batchId"]);
    server.json(&format!("/v1/batch/status/{id}?wait=60")).await;

    let list = async |query: &str| {
        ids(
            &server.json(&format!("/api/documents?{query}")).await["documents"],
            "id",
        )
    };
    assert_eq!(list("status=failed").await.len(), 2);
    assert_eq!(list("status=completed").await.len(), 3);
    assert_eq!(list("status=pending").await.len(), 0);
    assert_eq!(list("status=archived").await.len(), 0);
    let mut in_batch = list(&format!("batchId={id}")).await;
    let mut sent = ids(&batch["documents"], "id");
    in_batch.sort();
    sent.sort();
    assert_eq!(in_batch, sent);
    assert_eq!(list(&format!("batchId={id}&status=failed")).await.len(), 1);
    assert_eq!(list("batchId=d12345678901234567890123").await.len(), 0);
    let failed = server
        .json(&format!("/api/documents?batchId={id}&status=failed"))
        .await;
    assert_eq!(failed["documents"][0]["errorCode"], "empty_file");
    assert_eq!(failed["documents"][0]["batchId"], id);
}

#[tokio::test]
async fn documents_are_found_by_a_part_of_their_name() {
    let server = TestServer::start().await;
    let names = [
        "Ärger.txt",
        "report-1.txt",
        "REPORT-2.txt",
        "x%y_z.txt",
        "other.txt",
    ];
    for name in names {
        server.submitted(name, "text").await;
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let found = async |query: &str| {
        let answer = server.json(&format!("/api/documents?{query}")).await;
        ids(&answer["documents"], "fileName")
    };
    assert_eq!(found("name=Report").await, ["REPORT-2.txt", "report-1.txt"]);
    // A letter beyond ASCII has two cases as well, and nothing of a pattern is one.
    assert_eq!(found("name=%C3%84RG").await, ["Ärger.txt"]);
    assert_eq!(found("name=%C3%A4rg").await, ["Ärger.txt"]);
    assert_eq!(found("name=%25").await, ["x%y_z.txt"]);
    assert_eq!(found("name=_").await, ["x%y_z.txt"]);
    assert_eq!(found("name=nothing").await, Vec::<String>::new());
    assert_eq!(found("name=report&status=pending").await.len(), 2);
    assert_eq!(found("name=report&status=failed").await.len(), 0);
    assert_eq!(
        found("name=").await.len(),
        names.len(),
        "an empty field is an absent one"
    );
    let pages = pages(&server, "/api/documents?name=t&limit=2", "documents", "fileName").await;
    assert_eq!(pages.concat().len(), 5);
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
}

#[tokio::test]
async fn documents_are_listed_by_the_time_they_came() {
    let server = TestServer::start().await;
    let mut moments = Vec::new();
    for number in 0..4 {
        let sent = server.submit(&format!("{number}.txt"), "text").await;
        let status = server
            .json(&format!("/api/documents/status/{}", text(&sent["id"])))
            .await;
        moments.push(text(&status["createdAt"]));
        server.pass(std::time::Duration::from_secs(60));
    }
    let list = async |query: &str| {
        let answer = server.json(&format!("/api/documents?{query}")).await;
        ids(&answer["documents"], "fileName")
    };
    let (from, to) = (&moments[1], &moments[2]);
    assert_eq!(
        list(&format!("startDate={from}")).await,
        ["3.txt", "2.txt", "1.txt"]
    );
    assert_eq!(list(&format!("endDate={to}")).await, ["2.txt", "1.txt", "0.txt"]);
    let both = format!("startDate={from}&endDate={to}");
    assert_eq!(list(&both).await, ["2.txt", "1.txt"], "both ends are within");
    assert_eq!(list(&format!("{both}&status=pending")).await.len(), 2);
    assert_eq!(list(&format!("{both}&name=1")).await, ["1.txt"]);
    let pages = pages(
        &server,
        &format!("/api/documents?{both}&limit=1"),
        "documents",
        "fileName",
    )
    .await;
    assert_eq!(pages, [["2.txt"], ["1.txt"]]);
    // A cursor behind the range begins with it.
    let first = server.json("/api/documents?limit=1").await;
    let cursor = text(&first["nextCursor"]);
    assert_eq!(
        list(&format!("endDate={from}&cursor={cursor}")).await,
        ["1.txt", "0.txt"]
    );
}

#[tokio::test]
async fn batches_are_listed_newest_first_page_by_page() {
    let server = TestServer::start().await;
    let mut sent = Vec::new();
    for _ in 0..3 {
        let form = files(&[("one.txt", b"1")]);
        let batch = server.post("/v1/batch/submit").multipart(form);
        let batch = json(batch.send().await.expect("an answer"), 202).await;
        sent.insert(0, text(&batch["batchId"]));
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let pages = pages(&server, "/v1/batch?limit=2", "batches", "batchId").await;
    assert_eq!(pages.concat(), sent);
    assert_eq!(pages.len(), 2);
    let cancel = server.post(&format!("/v1/batch/{}/cancel", sent[1]));
    json(cancel.send().await.expect("an answer"), 200).await;
    let failed = server.json("/v1/batch?status=failed").await;
    assert_eq!(ids(&failed["batches"], "batchId"), sent[1..2]);
    assert_eq!(failed["batches"][0]["progress"]["failed"], 1);
    assert!(failed["batches"][0]["documents"].is_null());
}

#[tokio::test]
async fn wrong_parameters_of_lists_are_named() {
    let server = TestServer::with(Setup::default()).await;
    for (path, field) in [
        ("/api/documents?limit=0", "limit"),
        ("/api/documents?limit=201", "limit"),
        ("/api/documents?limit=x", "limit"),
        ("/api/documents?cursor=x", "cursor"),
        ("/api/documents?cursor=1-x", "cursor"),
        ("/api/documents?cursor=x-d12345678901234567890123", "cursor"),
        ("/api/documents?status=done", "status"),
        ("/api/documents?batchId=x", "batchId"),
        ("/api/documents?startDate=yesterday", "startDate"),
        ("/api/documents?endDate=2026-13-01", "endDate"),
        (&format!("/api/documents?name={}", "x".repeat(256)), "name"),
        ("/v1/batch?limit=0", "limit"),
        ("/v1/batch?cursor=x", "cursor"),
        ("/v1/batch?status=done", "status"),
        ("/api/usage/records?limit=0", "limit"),
        ("/api/usage/records?cursor=x", "cursor"),
    ] {
        let response = server.get(path).send().await.expect("an answer");
        let body = problem(response, 400, "invalid_parameter").await;
        assert_eq!(body["field"], field, "{path}");
    }
}
