use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{Reading, html, invalid, text};
use crate::write::markdown;
use crate::{ConvertError, Limits, Metadata, Warning};

/// Reads a message: its subject as the heading, its address fields, its body (HTML rather than plain text) and the list
/// of its attachments.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let bytes = after_mbox_line(bytes);
    let message = MessageParser::default()
        .parse(bytes)
        .filter(|message| !message.headers().is_empty())
        .ok_or_else(|| invalid("it has no header fields"))?;
    let mut blocks = Vec::new();
    let subject = message
        .subject()
        .map(str::trim)
        .filter(|subject| !subject.is_empty());
    if let Some(subject) = subject {
        blocks.push(markdown::heading(1, &markdown::escape(subject)));
    }
    blocks.push(fields(&message));
    let (body, warnings) = body(&message, limits);
    blocks.push(body);
    blocks.push(attachments(&message));
    blocks.retain(|block| !block.trim().is_empty());
    let metadata = Metadata {
        title: subject.map(str::to_owned),
        author: message.from().map(addresses).filter(|author| !author.is_empty()),
        created: message.date().map(mail_parser::DateTime::to_rfc3339),
        ..Metadata::default()
    };
    Ok(Reading {
        markdown: blocks.join("\n\n"),
        metadata,
        warnings,
        ..Reading::default()
    })
}

/// Skips the `From ` line that a message saved from an mbox file begins with.
fn after_mbox_line(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"From ") {
        return bytes;
    }
    bytes
        .iter()
        .position(|&byte| byte == b'\n')
        .and_then(|end| bytes.get(end + 1..))
        .unwrap_or(bytes)
}

fn fields(message: &Message<'_>) -> String {
    let lists = [
        ("From", message.from()),
        ("Reply-To", message.reply_to()),
        ("To", message.to()),
        ("Cc", message.cc()),
        ("Bcc", message.bcc()),
    ];
    let mut lines: Vec<String> = lists
        .into_iter()
        .filter_map(|(name, list)| Some((name, addresses(list?))))
        .filter(|(_, list)| !list.is_empty())
        .map(|(name, list)| format!("- **{name}:** {}", markdown::escape(&list)))
        .collect();
    lines.extend(
        message
            .date()
            .map(|date| format!("- **Date:** {}", date.to_rfc3339())),
    );
    lines.join("\n")
}

fn addresses(list: &Address<'_>) -> String {
    let all = list.iter().filter_map(|addr| {
        let name = addr.name().map(str::trim).filter(|name| !name.is_empty());
        match (name, addr.address()) {
            (Some(name), Some(address)) if name != address => Some(format!("{name} ({address})")),
            (_, Some(address)) => Some(address.to_owned()),
            (name, None) => name.map(str::to_owned),
        }
    });
    let all = all.collect::<Vec<_>>().join(", ");
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the body: its HTML part if that can be read, else the plain text.
fn body(message: &Message<'_>, limits: &Limits) -> (String, Vec<Warning>) {
    let mut warnings = Vec::new();
    for part in message.html_bodies() {
        let PartType::Html(page) = &part.body else {
            continue;
        };
        match html::read_text(page, limits) {
            Ok(page) if !page.markdown.trim().is_empty() => {
                return (page.markdown.trim().to_owned(), page.warnings);
            }
            Ok(_) => {}
            Err(error) => warnings.push(Warning::document(format!("the message's HTML text: {error}"))),
        }
    }
    let texts = message.text_bodies().filter_map(|part| match &part.body {
        PartType::Text(body) => Some(text::to_markdown(body)),
        _ => None,
    });
    (texts.collect::<Vec<_>>().join("\n\n"), warnings)
}

fn attachments(message: &Message<'_>) -> String {
    let lines: Vec<String> = message.attachments().map(attachment).collect();
    if lines.is_empty() {
        String::new()
    } else {
        format!("## Attachments\n\n{}", lines.join("\n"))
    }
}

fn attachment(part: &MessagePart<'_>) -> String {
    let nested = match &part.body {
        PartType::Message(message) => message.subject(),
        _ => None,
    };
    let name = part.attachment_name().or(nested).unwrap_or("without a name");
    let kind = part.content_type().map_or_else(
        || "application/octet-stream".to_owned(),
        |kind| match kind.subtype() {
            Some(subtype) => format!("{}/{subtype}", kind.ctype()),
            None => kind.ctype().to_owned(),
        },
    );
    format!(
        "- {} ({}, {})",
        markdown::escape(&name.split_whitespace().collect::<Vec<_>>().join(" ")),
        markdown::escape(&kind),
        size(part.len())
    )
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}
