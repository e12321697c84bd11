use std::borrow::Cow;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::list::add_heading;
use super::{calendar, charsets, report};
use crate::ir::Builder;
use crate::readers::decode::decode;
use crate::readers::html::{Attached, ParsedPage};
use crate::readers::text;
use crate::{ConvertError, Limits, Warning};

/// Adds the body: its parts in order, in HTML where that can be read, else the plain text.
pub(super) fn add_body(
    message: &Message<'_>,
    builder: &mut Builder<'_>,
    limits: &Limits,
) -> Result<Vec<Warning>, ConvertError> {
    let mut warnings = Vec::new();
    let mut pages = Vec::new();
    for part in message.html_bodies() {
        match &part.body {
            PartType::Html(_) => match ParsedPage::parse(&charsets::text(message, part), limits) {
                Ok(page) if !page.is_empty() => pages.push(Body::Html(Box::new(page))),
                Ok(_) => {}
                Err(error) => warnings.push(Warning::document(format!("the message's HTML text: {error}"))),
            },
            PartType::Text(_) => pages.push(Body::Text(charsets::text(message, part))),
            _ => {}
        }
    }
    if !pages.iter().any(|body| matches!(body, Body::Html(_))) {
        pages.clear();
        let texts = message.text_bodies().filter_map(|part| match &part.body {
            PartType::Text(_) => Some(Body::Text(charsets::text(message, part))),
            _ => None,
        });
        pages.extend(texts);
    }
    let attached = attached(message);
    for body in pages {
        match body {
            Body::Html(page) => warnings.extend(page.add_to(builder, &attached)?),
            Body::Text(text) => text::read_blocks(&text, builder)?,
        }
    }
    Ok(warnings)
}

/// Adds what the attached parts say that are made for programs, below headings of this level: calendars and reports
/// about the delivery.
pub(super) fn add_reports(
    message: &Message<'_>,
    level: u8,
    builder: &mut Builder<'_>,
) -> Result<(), ConvertError> {
    for part in message.attachments() {
        match media_type(part).as_str() {
            "text/calendar" | "application/ics" => calendar::add(&text_of(message, part), level, builder)?,
            "message/delivery-status" | "message/disposition-notification" | "text/rfc822-headers" => {
                let text = text_of(message, part);
                if !text.trim().is_empty() {
                    add_heading(level, "Delivery report", builder)?;
                    report::add(&text, builder)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn text_of<'p>(message: &Message<'_>, part: &'p MessagePart<'_>) -> Cow<'p, str> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Cow::Owned(decode(bytes, None)),
        _ => charsets::text(message, part),
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    let kind = part.content_type();
    let kind = kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    kind.unwrap_or_default().to_ascii_lowercase()
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
    Text(Cow<'m, str>),
}
