use mail_parser::{MessagePart, MimeHeaders, PartType};

use crate::ConvertError;
use crate::ir::{BlockKind, Builder, Inline, ItemStart, List, ListStyle, Run, Style};

/// Adds a heading.
pub(super) fn add_heading(level: u8, text: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let kind = BlockKind::Heading {
        level: level.min(6),
        number: None,
        inlines: vec![Inline::plain(text)],
    };
    builder.add(kind).map(drop)
}

/// Opens a list of bullets.
pub(super) fn open_list(builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let list = List {
        ordered: false,
        style: ListStyle::Decimal,
        start: 1,
        items: Vec::new(),
    };
    builder.open(BlockKind::List(list)).map(drop)
}

/// Adds an item with the name of a field and its value to the list that is open.
pub(super) fn add_field(name: &str, value: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let bold = Style {
        bold: true,
        ..Style::default()
    };
    builder.open_item(ItemStart::default())?;
    builder.add(BlockKind::Paragraph(vec![
        Inline::Run(Run::styled(format!("{name}:"), bold)),
        Inline::plain(format!(" {value}")),
    ]))?;
    builder.close()
}

/// Adds a list of files below a heading, if there are any.
pub(super) fn add_list(
    blocks: Vec<BlockKind>,
    level: u8,
    builder: &mut Builder<'_>,
) -> Result<(), ConvertError> {
    let mut attachments = blocks.into_iter().peekable();
    if attachments.peek().is_none() {
        return Ok(());
    }
    add_heading(level, "Attachments", builder)?;
    open_list(builder)?;
    for attachment in attachments {
        builder.open_item(ItemStart::default())?;
        builder.add(attachment)?;
        builder.close()?;
    }
    builder.close()
}

/// An attached file as an entry of the list.
pub(super) fn attachment(part: &MessagePart<'_>) -> BlockKind {
    // The parts of a digest are messages without saying so (RFC 2046, section 5.1.5).
    let unnamed = match &part.body {
        PartType::Message(_) => "message/rfc822",
        _ => "application/octet-stream",
    };
    let kind = part.content_type().map_or_else(
        || unnamed.to_owned(),
        |kind| match kind.subtype() {
            Some(subtype) => format!("{}/{subtype}", kind.ctype()),
            None => kind.ctype().to_owned(),
        },
    );
    BlockKind::Attachment {
        name: name(part),
        mime_type: Some(kind),
        size: u64::try_from(part.len()).ok(),
    }
}

/// Name of an attached file, or the subject of an attached message.
pub(super) fn name(part: &MessagePart<'_>) -> String {
    let nested = match &part.body {
        PartType::Message(message) => message.subject(),
        _ => None,
    };
    shown_name(part.attachment_name().or(nested).unwrap_or_default())
}

/// Name of a file as a line shows it.
pub(super) fn shown_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.is_empty() {
        true => "without a name".to_owned(),
        false => name,
    }
}
