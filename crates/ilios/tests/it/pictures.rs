//! Pictures that the local engine takes out of documents.

use crate::command_line::{folder_with, run};
use crate::harness::{TestServer, form, json, problem, text};

/// A PNG of 16 x 16 white pixels, as base64.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFElEQVR42mP4TyJgGNUwqmH4agAAr639H23ooMoAAAAASUVORK5CYII=";

fn page() -> String {
    format!("<p>Before.</p><p><img alt=\"A tower\" src=\"data:image/png;base64,{PICTURE}\"></p>")
}

#[tokio::test]
async fn a_picture_of_a_document_can_be_had_and_goes_with_it() {
    let server = TestServer::working().await;
    for options in [[("images", "extract")], [("includeImages", "true")]] {
        let at_once = server.send("a.html", page(), &options).await;
        let at_once = at_once.headers()["x-document-id"]
            .to_str()
            .expect("text")
            .to_owned();
        let submit = server
            .post("/api/documents/submit")
            .multipart(form("a.html", page(), &options));
        let queued = text(&json(submit.send().await.expect("an answer"), 200).await["id"]);
        assert_eq!(server.ended(&queued).await["status"], "completed");
        for id in [at_once, queued] {
            check_picture(&server, &id).await;
        }
    }
    let left = std::fs::read_dir(server.folder().join("objects/images")).expect("a folder");
    assert_eq!(left.count(), 0, "pictures are gone with their documents");
}

/// Asks for a document's picture in all ways, and for none after the document was deleted.
async fn check_picture(server: &TestServer, id: &str) {
    let address = format!("/api/documents/{id}/images/p1-1.png");
    let link = format!("![A tower]({address})");
    let get = async |path: String| {
        let answer = server.get(&path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer
    };
    let document = format!("/api/documents/{id}");
    assert!(
        get(document.clone())
            .await
            .text()
            .await
            .expect("text")
            .contains(&link)
    );
    let html = get(format!("{document}?format=html"))
        .await
        .text()
        .await
        .expect("text");
    assert!(html.contains(&format!("src=\"{address}\"")), "{html}");
    let json = server.json(&format!("{document}?format=json")).await;
    assert_eq!(
        json["images"],
        serde_json::json!([{"name": "p1-1.png", "mimeType": "image/png", "width": 16, "height": 16}])
    );
    let without = get(format!("{document}?images=placeholder")).await;
    assert!(
        without
            .text()
            .await
            .expect("text")
            .contains("<!-- image: A tower -->")
    );
    let picture = get(address.clone()).await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    let bytes = picture.bytes().await.expect("bytes");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.ends_with(b"IEND\xaeB`\x82"));
    let deleted = server.request("DELETE", &document).send().await;
    assert!(deleted.expect("an answer").status().is_success());
    problem(
        server.get(&address).send().await.expect("an answer"),
        404,
        "not_found",
    )
    .await;
}

#[test]
fn the_command_line_writes_pictures_beside_the_result() {
    let folder = folder_with(&[("a b.html", &page())]);
    let (output, _, err) = run(
        folder.path(),
        &["convert", "a b.html", "--images", "extract", "-o", "out"],
    );
    assert!(output.status.success(), "{err}");
    let markdown = std::fs::read_to_string(folder.path().join("out/a b.md")).expect("a result");
    assert!(
        markdown.contains("![A tower](a%20b.images/p1-1.png)"),
        "{markdown}"
    );
    let picture = std::fs::read(folder.path().join("out/a b.images/p1-1.png")).expect("a picture");
    assert!(picture.starts_with(b"\x89PNG"));
}

#[test]
fn without_a_folder_the_command_line_says_that_pictures_need_one() {
    let folder = folder_with(&[("a.html", &page())]);
    let (output, out, err) = run(folder.path(), &["convert", "a.html", "--images", "extract"]);
    assert!(!output.status.success() && out.is_empty());
    assert!(err.contains("-o DIR"), "{err}");
}
