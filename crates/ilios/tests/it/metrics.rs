use crate::harness::TestServer;

/// The value of one line.
fn value(metrics: &str, name: &str) -> Option<u64> {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|value| value.trim().parse().ok())
}

#[tokio::test]
async fn metrics_tell_of_the_queue_and_of_what_became_of_documents() {
    let server = TestServer::working().await;
    let well = server.submitted("a.txt", "some text\n").await;
    let broken = server.submitted("b.pdf", "%PDF-1.7\nno more\n").await;
    assert_eq!(server.ended(&well).await["status"], "completed");
    assert_eq!(server.ended(&broken).await["status"], "failed");
    let answer = server.get("/metrics").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let metrics = answer.text().await.expect("a body");
    let expected = [
        ("ilios_attempts_total{outcome=\"completed\"}", 1),
        ("ilios_attempts_total{outcome=\"failed\"}", 1),
        ("ilios_queue_jobs{state=\"pending\"}", 0),
        ("ilios_queue_jobs{state=\"processing\"}", 0),
        ("ilios_conversions{state=\"running\"}", 0),
        ("ilios_database_up", 1),
    ];
    for (name, number) in expected {
        assert_eq!(value(&metrics, name), Some(number), "{name} in {metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
}
