use crate::harness::TestServer;

#[tokio::test]
async fn a_request_keeps_a_sound_id_of_its_own_and_gets_one_otherwise() {
    let server = TestServer::start().await;
    let id = async |sent: Option<&str>| {
        let mut request = server.get("/health");
        if let Some(sent) = sent {
            request = request.header("x-request-id", sent);
        }
        let response = request.send().await.expect("an answer");
        response.headers()["x-request-id"]
            .to_str()
            .expect("text")
            .to_owned()
    };
    assert_eq!(id(Some("trace-1_a.b")).await, "trace-1_a.b");
    let long = "a".repeat(65);
    for unsound in [None, Some("a b"), Some("<script>"), Some(long.as_str())] {
        let given = id(unsound).await;
        assert_eq!(given.len(), 24, "{given}");
    }
    assert_ne!(id(None).await, id(None).await);
}
