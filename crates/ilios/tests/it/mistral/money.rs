//! What a conversion costs, told before and held to.

use ilios::billing::Prices;
use ilios::model::MicroCents;
use mistral_standin::Faults;
use serde_json::{Value, json as value};

use super::setup::{Pair, Sheet, pdf, sheets};
use crate::harness::{TestServer, form, json, problem, text};

async fn estimate(server: &TestServer, name: &str, file: Vec<u8>, options: &[(&str, &str)]) -> Value {
    let request = server.post("/v1/estimate").multipart(form(name, file, options));
    json(request.send().await.expect("an answer"), 200).await
}

fn mixed() -> Vec<u8> {
    sheets(&[Sheet::Text(20), Sheet::Scan(10_000), Sheet::Text(20)])
}

#[tokio::test]
async fn an_estimate_names_each_page_its_engine_and_the_price_and_sends_nothing() {
    let pair = Pair::start().await;
    let auto = estimate(&pair.server, "a.pdf", mixed(), &[("engine", "auto")]).await;
    assert_eq!(
        auto,
        value!({
            "pages": [
                {"number": 1, "engine": "local"},
                {"number": 2, "engine": "mistral"},
                {"number": 3, "engine": "local"},
            ],
            "model": "mistral-ocr-latest",
            "billedPages": 1,
            "baseMicroCents": 400_000,
            "totalMicroCents": 520_000,
            "totalUSD": "0.01",
        })
    );
    let all = estimate(&pair.server, "a.pdf", mixed(), &[]).await;
    assert_eq!(
        (&all["billedPages"], &all["totalMicroCents"]),
        (&3.into(), &1_560_000.into())
    );
    let here = estimate(&pair.server, "a.pdf", mixed(), &[("engine", "local")]).await;
    assert_eq!(
        (&here["billedPages"], &here["totalMicroCents"]),
        (&0.into(), &0.into())
    );
    let office = estimate(&pair.server, "a.rtf", b"{\\rtf1 text}".to_vec(), &[]).await;
    assert_eq!(
        (&office["engine"], &office["billedPages"]),
        (&"mistral".into(), &Value::Null)
    );
    assert_eq!(pair.standin.counts().requests.len(), 0);
    let list = pair.server.json("/api/documents").await;
    assert_eq!(list["documents"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn what_would_cost_more_than_allowed_is_refused_before_anything_is_spent() {
    let pair = Pair::start().await;
    // Three pages at 0.52 cents.
    let answer = pair
        .server
        .send("a.pdf", pdf(3, "a", 0), &[("maxCostCents", "1.5")])
        .await;
    let body = problem(answer, 422, "cost_limit_exceeded").await;
    assert_eq!(body["field"], "maxCostCents");
    assert!(
        body["error"].as_str().expect("words").contains("1.56 cents"),
        "{body}"
    );
    let submit = pair.server.post("/api/documents/submit").multipart(form(
        "a.pdf",
        pdf(3, "a", 0),
        &[("maxCostCents", "1.5")],
    ));
    let id = text(&json(submit.send().await.expect("an answer"), 200).await["id"]);
    let ended = pair.server.ended(&id).await;
    assert_eq!(
        (&ended["status"], &ended["errorCode"]),
        (&"failed".into(), &"cost_limit_exceeded".into())
    );
    // What cannot be told before is not tried.
    let answer = pair
        .server
        .send("a.rtf", "{\\rtf1 text}", &[("maxCostCents", "100")])
        .await;
    problem(answer, 422, "cost_limit_exceeded").await;
    assert_eq!(pair.standin.counts().requests.len(), 0);
    let answer = pair
        .server
        .send("a.pdf", pdf(3, "a", 0), &[("maxCostCents", "1.56")])
        .await;
    assert_eq!(answer.status(), 200);
    let options = [("maxCostCents", "0"), ("engine", "local")];
    let answer = pair.server.send("a.rtf", "{\\rtf1 text}", &options).await;
    assert_eq!(answer.status(), 200, "the local engine is free");
}

#[tokio::test]
async fn a_price_of_the_operators_own_replaces_the_list() {
    let pair = Pair::with(Faults::default(), |setup, _| {
        setup.prices = Prices {
            // 3.50 dollars for 1000 pages.
            mistral: Some(MicroCents::new(350_000)),
            margin_basis_points: 0,
            ..Prices::default()
        };
    })
    .await;
    pair.server.send("a.pdf", pdf(2, "a", 0), &[]).await;
    let records = pair.server.json("/api/usage/records").await;
    let record = &records["records"][0];
    assert_eq!(
        (&record["baseMicroCents"], &record["totalMicroCents"]),
        (&700_000.into(), &700_000.into())
    );
}

#[tokio::test]
async fn days_and_models_are_summed_to_lay_beside_the_bill() {
    let pair = Pair::start().await;
    for pages in [2, 3] {
        pair.server.send("a.pdf", pdf(pages, "a", 0), &[]).await;
    }
    pair.server.send("a.txt", "text", &[]).await;
    let days = pair.server.store.service_usage_by_day().await.expect("an answer");
    assert_eq!(days.len(), 1, "{days:?}");
    assert_eq!((days[0].model.as_str(), days[0].pages), ("mistral-ocr-4-1", 5));
    assert_eq!(days[0].base, MicroCents::new(2_000_000));
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_ilios"))
        .args(["usage", "--reconcile"])
        .env("DATA_DIR", pair.server.folder())
        .current_dir(pair.server.folder())
        .output()
        .expect("it runs");
    let table = String::from_utf8(printed.stdout).expect("text");
    let day = &days[0].day;
    assert!(
        table.contains(&format!("{day}\tmistral-ocr-4-1\t5\t0.020000\n")),
        "{table}"
    );
    assert!(table.contains("total\t\t5\t0.020000\n"), "{table}");
}
