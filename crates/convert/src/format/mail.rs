//! E-mail by its header block (RFC 5322, section 2.2).

/// Fields that no other text begins with.
const TRANSPORT: &[&str] = &[
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "delivered-to",
    "dkim-signature",
    "x-mailer",
    "authentication-results",
    "content-transfer-encoding",
    "list-id",
    "in-reply-to",
];
/// Fields that a memo or another text may begin with, too.
const WRITTEN: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "reply-to",
    "sender",
    "content-type",
];

/// Whether `text` begins with a header block: three fields of a message and one of its transport; two fields
/// when the name says so.
pub(super) fn is_message(text: &str, named: bool) -> bool {
    let (mut transport, mut written) = (0, 0);
    let mut lines = text.lines().peekable();
    lines.next_if(|line| line.starts_with("From "));
    for line in lines.take(400) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((field, _)) = line.split_once(':') else {
            break;
        };
        let field = field.trim_end().to_ascii_lowercase();
        if field.is_empty() || !field.bytes().all(|byte| byte.is_ascii_graphic()) {
            break;
        }
        transport += usize::from(TRANSPORT.contains(&field.as_str()));
        written += usize::from(WRITTEN.contains(&field.as_str()));
    }
    let fields = transport + written;
    if named {
        fields >= 2
    } else {
        fields >= 3 && transport >= 1 && written >= 1
    }
}
