use std::time::Duration;

use ilios::objects::{Access, DownloadAnswer, ObjectKey, Objects, SignatureError, SignedQuery, SigningKey};
use reqwest::Url;

use crate::objects::{Files, NOW, id};

/// The key and the query of an address on our own server, as a server receives them.
fn received(address: &str) -> (String, SignedQuery) {
    let url = Url::parse(&format!("http://server{address}")).expect("an address");
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    let query = SignedQuery {
        expires: value("expires").expect("a time").parse().expect("a number"),
        signature: value("signature").expect("a signature"),
        content_disposition: value("response-content-disposition"),
        content_type: value("response-content-type"),
    };
    let key = url.path().strip_prefix("/objects/").expect("our path").to_owned();
    (key, query)
}

#[tokio::test]
async fn a_signed_address_is_good_for_one_purpose_and_some_time() {
    let files = Files::new();
    let objects = files.local().await;
    let key = ObjectKey::original(&id());
    let hour = Duration::from_secs(3600);
    let address = objects.upload_url(&key, 1, hour, NOW).await.expect("an address");
    let (text, query) = received(&address);
    let verify = |access, text: &str, query: &SignedQuery, now| objects.verify(access, text, query, now);
    assert_eq!(verify(Access::Upload, &text, &query, NOW), Ok(key.clone()));
    assert_eq!(
        verify(Access::Upload, &text, &query, NOW.plus(hour)),
        Ok(key.clone())
    );
    let late = NOW.plus(hour + Duration::from_secs(1));
    let expired = Err(SignatureError::Expired);
    assert_eq!(verify(Access::Upload, &text, &query, late), expired);

    let forged = Err(SignatureError::Forged);
    assert_eq!(verify(Access::Download, &text, &query, NOW), forged);
    let other = ObjectKey::original(&id());
    assert_eq!(verify(Access::Upload, other.as_str(), &query, NOW), forged);
    let archived = ObjectKey::archived(key.id());
    assert_eq!(verify(Access::Upload, archived.as_str(), &query, NOW), forged);
    let longer = SignedQuery {
        expires: query.expires + 1,
        ..query.clone()
    };
    assert_eq!(verify(Access::Upload, &text, &longer, late), forged);
    for signature in ["", "00", &"0".repeat(64), &query.signature.to_uppercase(), "é"] {
        let query = SignedQuery {
            signature: signature.to_owned(),
            ..query.clone()
        };
        assert_eq!(verify(Access::Upload, &text, &query, NOW), forged, "{signature}");
    }
    let stranger = Objects::open_local(&files.objects_folder(), SigningKey::new([8; 32]))
        .await
        .expect("a folder");
    assert_eq!(stranger.verify(Access::Upload, &text, &query, NOW), forged);
    assert_eq!(format!("{:?}", SigningKey::new([7; 32])), "***");
}

#[tokio::test]
async fn a_download_address_fixes_the_headers_of_its_answer() {
    let files = Files::new();
    let objects = files.local().await;
    let key = ObjectKey::original(&id());
    let answer = DownloadAnswer {
        content_disposition: "attachment; filename=\"a & b.pdf\"; filename*=UTF-8''%C3%A4%20b.pdf",
        content_type: "application/pdf",
    };
    let address = objects
        .download_url(&key, &answer, Duration::from_secs(300), NOW)
        .await
        .expect("an address");
    let (text, query) = received(&address);
    assert_eq!(
        query.content_disposition.as_deref(),
        Some(answer.content_disposition)
    );
    assert_eq!(query.content_type.as_deref(), Some(answer.content_type));
    assert_eq!(objects.verify(Access::Download, &text, &query, NOW), Ok(key));
    let changes = [
        (Some("inline".to_owned()), query.content_type.clone()),
        (query.content_disposition.clone(), Some("text/html".to_owned())),
        (query.content_disposition.clone(), None),
        (query.content_type.clone(), query.content_disposition.clone()),
    ];
    for (content_disposition, content_type) in changes {
        let query = SignedQuery {
            content_disposition,
            content_type,
            ..query.clone()
        };
        let verified = objects.verify(Access::Download, &text, &query, NOW);
        assert_eq!(verified, Err(SignatureError::Forged), "{query:?}");
    }
}
