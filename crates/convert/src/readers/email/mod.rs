use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::html::{Attached, ParsedPage};
use super::{Reading, invalid, text};
use crate::ir::{BlockKind, Builder, Inline, ItemStart, List, ListStyle, Run, Style};
use crate::{ConvertError, Limits, Metadata, Options, Warning};

/// Reads a message: its subject as the heading, its address fields, its body (HTML rather than plain text) and the list
/// of its attachments.
pub(super) fn read(bytes: &[u8], options: &Options, limits: &Limits) -> Result<Reading, ConvertError> {
    let bytes = after_mbox_line(bytes);
    let message = MessageParser::default()
        .parse(bytes)
        .filter(|message| !message.headers().is_empty())
        .ok_or_else(|| invalid("it has no header fields"))?;
    let mut builder = Builder::with_pictures(limits, options.output.images);
    let subject = message
        .subject()
        .map(str::trim)
        .filter(|subject| !subject.is_empty());
    if let Some(subject) = subject {
        add_heading(1, subject, &mut builder)?;
    }
    add_fields(&message, &mut builder)?;
    let warnings = add_body(&message, &mut builder, limits)?;
    add_attachments(&message, &mut builder)?;
    let metadata = Metadata {
        title: subject.map(str::to_owned),
        author: message.from().map(addresses).filter(|author| !author.is_empty()),
        created: message.date().map(mail_parser::DateTime::to_rfc3339),
        ..Metadata::default()
    };
    let reading = Reading {
        metadata,
        warnings,
        ..Reading::of_one_page(&mut builder)?
    };
    Ok(reading.with_pictures(builder.into_pictures()))
}

fn add_heading(level: u8, text: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let kind = BlockKind::Heading {
        level,
        number: None,
        inlines: vec![Inline::plain(text)],
    };
    builder.add(kind).map(drop)
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

fn add_fields(message: &Message<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let lists = [
        ("From", message.from()),
        ("Reply-To", message.reply_to()),
        ("To", message.to()),
        ("Cc", message.cc()),
        ("Bcc", message.bcc()),
    ];
    let mut fields: Vec<(&str, String)> = lists
        .into_iter()
        .filter_map(|(name, list)| Some((name, addresses(list?))))
        .filter(|(_, list)| !list.is_empty())
        .collect();
    fields.extend(message.date().map(|date| ("Date", date.to_rfc3339())));
    open_list(builder)?;
    for (name, value) in fields {
        builder.open_item(ItemStart::default())?;
        let bold = Style {
            bold: true,
            ..Style::default()
        };
        builder.add(BlockKind::Paragraph(vec![
            Inline::Run(Run::styled(format!("{name}:"), bold)),
            Inline::plain(format!(" {value}")),
        ]))?;
        builder.close()?;
    }
    builder.close()
}

fn open_list(builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let list = List {
        ordered: false,
        style: ListStyle::Decimal,
        start: 1,
        items: Vec::new(),
    };
    builder.open(BlockKind::List(list)).map(drop)
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

/// Adds the body: its parts in order, in HTML where that can be read, else the plain text.
fn add_body(
    message: &Message<'_>,
    builder: &mut Builder<'_>,
    limits: &Limits,
) -> Result<Vec<Warning>, ConvertError> {
    let mut warnings = Vec::new();
    let mut pages = Vec::new();
    for part in message.html_bodies() {
        match &part.body {
            PartType::Html(page) => match ParsedPage::parse(page, limits) {
                Ok(page) if !page.is_empty() => pages.push(Body::Html(Box::new(page))),
                Ok(_) => {}
                Err(error) => warnings.push(Warning::document(format!("the message's HTML text: {error}"))),
            },
            PartType::Text(text) => pages.push(Body::Text(text)),
            _ => {}
        }
    }
    if !pages.iter().any(|body| matches!(body, Body::Html(_))) {
        pages.clear();
        let texts = message.text_bodies().filter_map(|part| match &part.body {
            PartType::Text(text) => Some(Body::Text(text)),
            _ => None,
        });
        pages.extend(texts);
    }
    let attached = attached(message);
    for body in pages {
        match body {
            Body::Html(page) => warnings.extend(page.add_to(builder, &attached)?.warnings),
            Body::Text(text) => text::read_blocks(text, builder)?,
        }
    }
    Ok(warnings)
}

/// Files of the message by their `Content-ID`, to which the text refers.
fn attached<'m>(message: &'m Message<'_>) -> Attached<'m> {
    let named = message.parts.iter().filter_map(|part| {
        let id = part.content_id()?;
        let id = id.trim().trim_start_matches('<').trim_end_matches('>');
        match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some((id, &**bytes)),
            _ => None,
        }
    });
    named.collect()
}

/// Part of the body.
enum Body<'m> {
    Html(Box<ParsedPage>),
    Text(&'m str),
}

fn add_attachments(message: &Message<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let mut attachments = message.attachments().map(attachment).peekable();
    if attachments.peek().is_none() {
        return Ok(());
    }
    add_heading(2, "Attachments", builder)?;
    open_list(builder)?;
    for attachment in attachments {
        builder.open_item(ItemStart::default())?;
        builder.add(attachment)?;
        builder.close()?;
    }
    builder.close()
}

fn attachment(part: &MessagePart<'_>) -> BlockKind {
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
    BlockKind::Attachment {
        name: name.split_whitespace().collect::<Vec<_>>().join(" "),
        mime_type: Some(kind),
        size: u64::try_from(part.len()).ok(),
    }
}
