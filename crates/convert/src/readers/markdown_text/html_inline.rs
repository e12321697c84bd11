use super::comment::image_alt;
use super::inlines::Inlines;
use crate::markup::{Tag, Token, Tokens, decode};
use crate::readers::html::{HasAttributes, mark};

/// Reads HTML in a line of Markdown: styles, line breaks, pictures. Of other elements the text is enough.
pub(super) fn inline(html: &str, inlines: &mut Inlines) {
    for (range, token) in Tokens::of(html) {
        match token {
            Token::Text(text) => inlines.html_text(&decode(text)),
            Token::Start(tag) => inline_start(&tag, inlines),
            Token::End(name) => inline_end(&name.to_ascii_lowercase(), inlines),
            Token::Hidden => {
                if let Some(alt) = html.get(range).and_then(image_alt) {
                    inlines.picture("", alt);
                }
            }
            Token::RawText => {}
        }
    }
}

/// Reads the start of an element within a line.
pub(super) fn inline_start(tag: &Tag<'_>, inlines: &mut Inlines) {
    let name = tag.name.to_ascii_lowercase();
    match name.as_str() {
        "br" => inlines.line_break(),
        "a" => inlines.anchor(tag.attribute("href").as_deref()),
        "img" => {
            let address = tag.attribute("src").unwrap_or_default();
            let alt = tag.attribute("alt").unwrap_or_default();
            inlines.image(address.trim(), &alt);
        }
        "input"
            if tag
                .attribute("type")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) =>
        {
            let checked = tag.attribute("checked").is_some();
            inlines.text(if checked { "☑" } else { "☐" });
        }
        "script" | "style" => inlines.hide(true),
        name => {
            if let Some(mark) = mark(name) {
                inlines.tag(mark, true);
            }
        }
    }
}

/// Reads the end of an element within a line.
pub(super) fn inline_end(name: &str, inlines: &mut Inlines) {
    match name {
        "a" => inlines.anchor(None),
        "script" | "style" => inlines.hide(false),
        name => {
            if let Some(mark) = mark(name) {
                inlines.tag(mark, false);
            }
        }
    }
}
