use std::net::IpAddr;

use ilios::engine::reencoded_child_frame;
use ilios::http::{attachment_header, attachment_name, inline_header};
use ilios::model::{FileName, without_device};
use ilios::outbound::{AllowedHosts, check, is_public};
use ilios_sandbox::{FrameError, read_frame};

/// A file's name out of any header is safe, and our own header gives it back, unless it would be a device's.
pub fn content_disposition(data: &[u8]) {
    let name = FileName::clean(&attachment_name(data).unwrap_or_default());
    assert!((1..=255).contains(&name.as_str().len()));
    assert!(!name.as_str().contains(['/', '\\']) && !name.as_str().contains(char::is_control));
    for header in [inline_header(&name), attachment_header(&name)] {
        assert!(
            header.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
            "{header:?}"
        );
        assert_eq!(
            attachment_name(header.as_bytes()),
            Some(without_device(name.as_str()))
        );
    }
}

/// Whatever address is allowed is public, or a name that is looked at when it is dialled.
pub fn url_policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for text in [
        text.to_string(),
        format!("http://{text}"),
        format!("https://{text}/a"),
    ] {
        let Ok(url) = check(&text, &AllowedHosts::default()) else {
            continue;
        };
        assert!(
            matches!(url.scheme(), "http" | "https") && url.username().is_empty(),
            "{url}"
        );
        let host = url.host_str().expect("a host").trim_matches(['[', ']']);
        match host.parse::<IpAddr>() {
            Ok(address) => assert!(is_public(address), "{url}"),
            Err(_) => {
                let mut labels = host.trim_end_matches('.').rsplit('.');
                assert!(
                    labels.next() != Some("localhost") && labels.next().is_some(),
                    "{url}"
                );
            }
        }
    }
}

/// Reads the frames of a child: up to the limit, or an error, and never more memory than it sent. A message that the
/// parent makes of one is the same when it is sent again.
pub fn child_frames(data: &[u8]) {
    const LIMIT: usize = 4_096;
    let mut channel = data;
    loop {
        let before = channel.len();
        match read_frame(&mut channel, LIMIT) {
            Ok(frame) => {
                assert!(frame.len() <= LIMIT && frame.capacity() <= 2 * before + 64);
                if let Some(message) = reencoded_child_frame(&frame) {
                    assert_eq!(reencoded_child_frame(&message), Some(message.clone()));
                }
            }
            Err(FrameError::TooLarge { bytes, limit }) => {
                assert!(bytes > limit);
                return;
            }
            Err(_) => return,
        }
    }
}
