use serde_json::Value;

use crate::harness::{TestServer, problem, repository};

#[test]
fn the_committed_description_is_what_the_routes_say() {
    let committed = std::fs::read_to_string(repository("openapi.json")).expect("openapi.json");
    let generated = ilios::http::openapi_document().to_pretty_json().expect("JSON") + "\n";
    assert!(
        committed == generated,
        "openapi.json is out of date: run `make docs` and read the difference"
    );
}

#[test]
fn every_operation_has_a_name_and_a_group_of_its_own() {
    let description = serde_json::to_value(ilios::http::openapi_document()).expect("JSON");
    let known = description["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .map(|tag| &tag["name"]);
    let known: Vec<&Value> = known.collect();
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for operation in item.as_object().expect("operations").values() {
            let name = operation["operationId"].as_str().expect("a name").to_owned();
            assert!(names.insert(name), "{path}: {}", operation["operationId"]);
            assert!(known.contains(&&operation["tags"][0]), "{path}");
            assert!(operation["summary"].is_string(), "{path}");
        }
    }
}

/// Pages made of a description offer a choice of files only where a field can be nothing else, `null` included.
#[test]
fn a_file_of_a_form_is_a_file_and_nothing_else() {
    let description = serde_json::to_value(ilios::http::openapi_document()).expect("JSON");
    for (operation, path) in [
        ("/v1/convert", "/properties/file"),
        ("/api/documents/submit", "/properties/file"),
        ("/v1/batch/submit", "/properties/files/items"),
    ] {
        let form = &description["paths"][operation]["post"]["requestBody"]["content"]["multipart/form-data"];
        let file = form["schema"].pointer(path).expect(operation);
        assert_eq!(
            (&file["type"], &file["format"]),
            (&"string".into(), &"binary".into()),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn every_wish_of_the_description_is_read() {
    let server = TestServer::start().await;
    let description: Value = server.json("/openapi.json").await;
    let form = &description["paths"]["/v1/convert"]["post"]["requestBody"]["content"]["multipart/form-data"];
    let fields = form["schema"]["properties"].as_object().expect("fields");
    let params: Vec<&String> = fields
        .keys()
        .filter(|name| !["file", "url"].contains(&name.as_str()))
        .collect();
    assert!(params.len() >= 11, "{params:?}");
    for name in params {
        let response = server.send("a.txt", "text", &[(name, "!")]).await;
        assert_eq!(problem(response, 400, "invalid_parameter").await["field"], *name);
    }
}

#[tokio::test]
async fn the_server_serves_its_description() {
    let server = TestServer::start().await;
    let served = server.json("/openapi.json").await;
    let committed: Value =
        serde_json::from_str(&std::fs::read_to_string(repository("openapi.json")).expect("openapi.json"))
            .expect("JSON");
    assert_eq!(served, committed);
}
