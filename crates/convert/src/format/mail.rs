//! E-mail detection by the header block (RFC 5322, section 2.2).

/// Lines of a header block that are examined.
const MAX_HEADER_LINES: usize = 400;
/// Header fields that only messages have.
const TRANSPORT_FIELDS: &[&str] = &[
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
/// Header fields that a memo or another text may begin with as well.
const WRITTEN_FIELDS: &[&str] = &[
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

/// Returns true if `text` begins with a header block: three fields, one of them a transport field, or two fields if the
/// file name says so.
pub(super) fn is_message(text: &str, named: bool) -> bool {
    let (mut transport, mut written) = (0, 0);
    let mut lines = text.lines().peekable();
    // The line that separates the messages of a file of several says so like the name.
    let named = lines.next_if(|line| line.starts_with("From ")).is_some() || named;
    for line in lines.take(MAX_HEADER_LINES) {
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
        transport += usize::from(TRANSPORT_FIELDS.contains(&field.as_str()));
        written += usize::from(WRITTEN_FIELDS.contains(&field.as_str()));
    }
    let fields = transport + written;
    if named {
        fields >= 2
    } else {
        fields >= 3 && transport >= 1 && written >= 1
    }
}
