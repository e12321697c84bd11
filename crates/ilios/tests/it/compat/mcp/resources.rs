use std::collections::BTreeSet;

use serde_json::{Value, json as value};

use super::{asked, data, id, message, modern, posted, send, used};
use crate::compat::{HTML, guarded};
use crate::harness::json;

const KEY: &str = "first-key";

#[tokio::test]
async fn a_document_is_a_resource_in_both_eras() {
    let server = guarded().await;
    let id = id(&used(
        &server,
        KEY,
        "convert_to_markdown",
        value!({"uri": data("text/html", HTML)}),
    )
    .await);
    let templates = asked(&server, KEY, "resources/templates/list", value!({})).await;
    assert_eq!(
        templates["resourceTemplates"][0]["uriTemplate"],
        "ilios://documents/{id}"
    );
    let uri = format!("ilios://documents/{id}");
    let read = asked(&server, KEY, "resources/read", value!({"uri": uri})).await;
    let contents = &read["contents"][0];
    assert_eq!(
        (&contents["uri"], &contents["mimeType"]),
        (&value!(uri), &value!("text/markdown"))
    );
    assert!(
        contents["text"]
            .as_str()
            .is_some_and(|text| text.starts_with("# Report"))
    );
    let request = modern(&server, KEY, "resources/read", Some(&uri), value!({"uri": uri}));
    let read = json(send(request).await, 200).await;
    assert_eq!(
        (&read["result"]["cacheScope"], &read["result"]["ttlMs"]),
        (&value!("private"), &value!(0))
    );
    for uri in [
        "ilios://documents/d12345678901234567890123",
        "ilios://documents/..",
        "file:///etc/passwd",
        "",
    ] {
        let old = posted(&server, KEY, &message("resources/read", &value!({"uri": uri})));
        assert_eq!(
            json(send(old).await, 200).await["error"]["code"],
            -32_002,
            "{uri}"
        );
        let new = modern(&server, KEY, "resources/read", Some(uri), value!({"uri": uri}));
        let answer: Value = send(new).await.json().await.expect("JSON");
        let codes: BTreeSet<i64> = [-32_602, -32_020].into();
        assert!(
            answer["error"]["code"]
                .as_i64()
                .is_some_and(|code| codes.contains(&code)),
            "{uri}: {answer}"
        );
    }
}
