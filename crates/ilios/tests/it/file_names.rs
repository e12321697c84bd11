use ilios::http::{attachment_name, inline_header};
use ilios::model::{FileName, without_device};
use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{TestServer, form};

fn assert_safe(name: &str) {
    assert!((1..=255).contains(&name.len()), "{name:?}");
    assert!(
        !name.contains(['/', '\\']) && !name.chars().any(char::is_control),
        "{name:?}"
    );
    assert!(!name.trim_matches('.').is_empty(), "{name:?}");
}

proptest! {
    #[test]
    fn any_name_becomes_a_safe_one_and_stays_as_it_is_then(raw in any::<String>()) {
        let name = FileName::clean(&raw);
        assert_safe(name.as_str());
        prop_assert_eq!(FileName::clean(name.as_str()), name);
    }

    #[test]
    fn any_name_makes_a_header_of_plain_ascii(raw in any::<String>(), extension in "[a-z]{1,4}") {
        let name = FileName::clean(&raw).with_extension(&extension);
        assert_safe(name.as_str());
        let header = inline_header(&name);
        prop_assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{:?}", header);
    }

    #[test]
    fn a_header_of_ours_gives_the_name_back(raw in any::<String>()) {
        let name = FileName::clean(&raw);
        prop_assert_eq!(attachment_name(inline_header(&name).as_bytes()), Some(without_device(name.as_str())));
    }

    #[test]
    fn no_header_is_too_strange_to_be_read(header in any::<Vec<u8>>()) {
        let name = FileName::clean(&attachment_name(&header).unwrap_or_default());
        assert_safe(name.as_str());
    }
}

#[test]
fn what_browsers_and_other_clients_send_is_understood() {
    let cases = [
        (r#"form-data; name="file"; filename="a.pdf""#, Some("a.pdf")),
        (r#"form-data; name="file"; filename=a.pdf"#, Some("a.pdf")),
        (
            r#"form-data; name="file"; filename="a \"b\".pdf""#,
            Some(r#"a "b".pdf"#),
        ),
        (
            r#"form-data; name="file"; filename="a%22b.pdf""#,
            Some(r#"a"b.pdf"#),
        ),
        (
            r#"form-data; name="file"; filename="C:\dir\a.pdf""#,
            Some(r"C:\dir\a.pdf"),
        ),
        (
            r#"form-data; filename="x.pdf"; filename*=UTF-8''na%C3%AFve.pdf"#,
            Some("naïve.pdf"),
        ),
        (
            r#"form-data; filename*=UTF-8''%ff.pdf; filename="x.pdf""#,
            Some("x.pdf"),
        ),
        (
            r#"form-data; filename="a;b=c.pdf"; name="file""#,
            Some("a;b=c.pdf"),
        ),
        (r#"form-data; name="file""#, None),
    ];
    for (header, name) in cases {
        assert_eq!(attachment_name(header.as_bytes()).as_deref(), name, "{header}");
    }
}

#[test]
fn the_extension_survives_cutting_and_is_replaced() {
    let long = FileName::clean(&format!("{}.pdf", "ä".repeat(400)));
    assert!(long.as_str().len() <= 255 && long.as_str().ends_with(".pdf"));
    assert_eq!(
        FileName::clean("../../etc/report.final.pdf")
            .with_extension("md")
            .as_str(),
        "report.final.md"
    );
    assert_eq!(
        FileName::clean("C:\\x\\report").with_extension("md").as_str(),
        "report.md"
    );
    assert_eq!(FileName::clean("..").as_str(), "document");
}

#[tokio::test]
async fn hostile_names_come_back_safe() {
    let server = TestServer::start().await;
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("fixtures/file_names.json")).expect("the list of names");
    assert!(cases.len() > 10);
    for case in cases {
        let raw = case["name"].as_str().expect("a name");
        let response = server.convert(form(raw, "text", &[])).send().await;
        let Ok(response) = response else { continue };
        if response.status() == 400 {
            continue;
        }
        assert_eq!(response.status(), 200, "{case}");
        let headers: Vec<_> = response.headers().keys().map(ToString::to_string).collect();
        assert!(
            !headers
                .iter()
                .any(|name| name.contains("injected") || name.contains("cookie")),
            "{headers:?}"
        );
        let id = response.headers()["x-document-id"]
            .to_str()
            .expect("text")
            .to_owned();
        let status = server
            .get(&format!("/api/documents/status/{id}"))
            .send()
            .await
            .expect("an answer");
        let body: Value = status.json().await.expect("JSON");
        assert_safe(body["fileName"].as_str().expect("a name"));
    }
}
