use mail_parser::{Message, MimeHeaders, PartType};

use crate::ir::Builder;
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
            Body::Html(page) => warnings.extend(page.add_to(builder, &attached)?),
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
