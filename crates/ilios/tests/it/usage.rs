//! Usage reports.

use std::time::Duration;

use ilios::billing::Prices;
use ilios::model::MicroCents;
use serde_json::{Value, json as value};

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, problem, text};

async fn priced(model: &'static str) -> TestServer {
    TestServer::with(Setup {
        workers: 2,
        engine: Some(Gate::open(model)),
        prices: Prices {
            local: MicroCents::new(100_000),
            mistral: None,
            margin_basis_points: 3_000,
        },
        ..Setup::default()
    })
    .await
}

async fn records(server: &TestServer, query: &str) -> Vec<Value> {
    let body = server.json(&format!("/api/usage/records?{query}")).await;
    body["records"].as_array().expect("records").clone()
}

#[tokio::test]
async fn sums_are_those_of_the_records_and_exact() {
    let server = priced("gate").await;
    // Three pages at once, twice two through the queue.
    server.send("a.txt", "1\n2\n3", &[]).await;
    for name in ["b.txt", "c.txt"] {
        let id = server.submitted(name, "1\n2").await;
        assert_eq!(server.ended(&id).await["status"], "completed");
    }
    let summary = server.json("/api/usage/summary").await;
    assert_eq!(summary["filters"], value!({}));
    let sums = &summary["summary"];
    assert_eq!(sums["totalDocuments"], 3);
    assert_eq!(sums["totalOperations"], 3);
    assert_eq!(sums["totalPages"], 7);
    // 7 pages at 0.1 cents and 30 %: 0.91 cents.
    assert_eq!(sums["totalCostMicroCents"], 910_000);
    assert_eq!(sums["totalCostCents"], 1);
    assert_eq!(sums["totalCostUSD"], "0.01");

    let records = records(&server, "").await;
    assert_eq!(records.len(), 3);
    let sum = |name: &str| {
        records
            .iter()
            .map(|record| record[name].as_u64().expect("a number"))
            .sum::<u64>()
    };
    assert_eq!(sums["totalCostMicroCents"], sum("totalMicroCents"));
    assert_eq!(sums["totalPages"], sum("pages"));
    assert_eq!(sums["totalInputTokens"], sum("inputTokens"));
    assert_eq!(sums["totalOutputTokens"], sum("outputTokens"));
    let at_once = records.last().expect("a record");
    assert_eq!(at_once["operation"], "convert-immediate");
    assert_eq!(at_once["unitPriceMicroCents"], 100_000);
    assert_eq!(at_once["marginBasisPoints"], 3_000);
    assert_eq!(at_once["baseMicroCents"], 300_000);
    assert_eq!(at_once["totalMicroCents"], 390_000);
    assert!(
        at_once["documentId"].is_string() && at_once["createdAt"].is_string(),
        "{at_once}"
    );

    let breakdown = server.json("/api/usage/breakdown").await;
    let groups = breakdown["breakdown"].as_array().expect("groups");
    let group = |operation: &str| {
        groups
            .iter()
            .find(|group| group["operation"] == operation)
            .expect("a group")
    };
    assert_eq!(groups.len(), 2);
    assert_eq!(group("convert")["count"], 2);
    assert_eq!(group("convert")["totalCostMicroCents"], 520_000);
    assert_eq!(group("convert-immediate")["totalCostMicroCents"], 390_000);
    assert_eq!(group("convert-immediate")["totalCostCents"], 0);
    assert_eq!(group("convert-immediate")["totalCostUSD"], "0.00");
}

#[tokio::test]
async fn nothing_used_is_zero() {
    let server = TestServer::start().await;
    let summary = server.json("/api/usage/summary").await;
    assert_eq!(summary["summary"]["totalCostUSD"], "0.00");
    assert_eq!(summary["summary"]["totalDocuments"], 0);
    assert_eq!(server.json("/api/usage/breakdown").await["breakdown"], value!([]));
    assert_eq!(server.json("/api/usage/records").await["records"], value!([]));
    let csv = server
        .get("/api/usage/records?format=csv")
        .send()
        .await
        .expect("an answer");
    assert_eq!(csv.text().await.expect("a body").lines().count(), 1);
}

#[tokio::test]
async fn records_stay_when_their_documents_are_deleted() {
    let server = priced("gate").await;
    let response = server.send("a.txt", "1", &[]).await;
    let id = response.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let delete = server
        .request("DELETE", &format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(delete.status(), 204);
    assert_eq!(records(&server, "").await[0]["documentId"], id);
}

#[tokio::test]
async fn reports_can_be_limited_to_a_time() {
    let server = priced("gate").await;
    server.send("a.txt", "1", &[]).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    server.send("b.txt", "1\n2", &[]).await;
    let records = records(&server, "").await;
    let (late, early) = (text(&records[0]["createdAt"]), text(&records[1]["createdAt"]));
    let pages = async |query: &str| {
        let body = server.json(&format!("/api/usage/summary?{query}")).await;
        body["summary"]["totalPages"].as_u64().expect("a number")
    };
    assert_eq!(
        pages(&format!("startDate={late}")).await,
        2,
        "the moment itself counts"
    );
    assert_eq!(pages(&format!("endDate={early}")).await, 1);
    assert_eq!(pages(&format!("startDate={early}&endDate={late}")).await, 3);
    let day = &early[..10];
    assert_eq!(
        pages(&format!("startDate={day}")).await,
        3,
        "a day begins at midnight"
    );
    assert_eq!(
        pages(&format!("endDate={}", &late[..10])).await,
        3,
        "and counts to its end"
    );
    assert_eq!(pages("endDate=2020-01-01").await, 0);
    assert_eq!(pages("startDate=2999-01-01T00:00:00%2B02:00").await, 0);
    assert_eq!(
        pages("startDate=2020-01-01T00:00:00+02:00").await,
        3,
        "a + that was not encoded"
    );
    assert_eq!(pages("startDate=&endDate=").await, 3);
    let echo = server.json("/api/usage/summary?startDate=2020-01-01").await;
    assert_eq!(echo["filters"], value!({"startDate": "2020-01-01"}));
    for path in ["summary", "breakdown", "records"] {
        for field in ["startDate", "endDate"] {
            for wrong in [
                "yesterday",
                "2026-02-30",
                "2026-1-1",
                "20260101",
                "2026-01-01T25:00:00Z",
                "1767225600",
            ] {
                let response = server.get(&format!("/api/usage/{path}?{field}={wrong}"));
                let response = response.send().await.expect("an answer");
                let body = problem(response, 400, "invalid_parameter").await;
                assert_eq!(body["field"], field, "{wrong}");
            }
        }
    }
}

#[tokio::test]
async fn records_are_listed_page_by_page() {
    let server = priced("gate").await;
    for _ in 0..5 {
        server.send("a.txt", "1", &[]).await;
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server
            .json(&format!("/api/usage/records?limit=2&cursor={cursor}"))
            .await;
        let rows = page["records"].as_array().expect("records");
        seen.extend(rows.iter().map(|row| text(&row["id"])));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let all: Vec<String> = records(&server, "")
        .await
        .iter()
        .map(|row| text(&row["id"]))
        .collect();
    assert_eq!(seen, all);
    assert_eq!(all.len(), 5);
}

#[tokio::test]
async fn records_come_as_a_table_that_no_spreadsheet_executes() {
    let server = priced("=HYPERLINK(\"x\"),1").await;
    for _ in 0..3 {
        server.send("a.txt", "1", &[]).await;
    }
    let response = server
        .get("/api/usage/records?format=csv")
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"usage-records.csv\""
    );
    let body = response.text().await.expect("a body");
    let lines: Vec<&str> = body.lines().collect();
    assert_eq!(lines.len(), 4, "{body}");
    assert!(lines[0].starts_with("id,documentId,operation,"), "{body}");
    assert!(lines[1].contains(",\"'=HYPERLINK(\"\"x\"\"),1\",1,"), "{body}");
    let response = server
        .get("/api/usage/records?format=xlsx")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        problem(response, 400, "invalid_parameter").await["field"],
        "format"
    );
}
