use super::allowed::{self, Takes};
use super::escape::{push_markup_text, push_text};
use super::page::Page;
use crate::links;
use crate::markup::{Attribute, Tag, Token, Tokens, decode};

/// Elements whose content is no text.
const HIDING: &[&str] = &["script", "style"];
/// Digits of a number.
const DIGITS: usize = 6;
/// Bytes of a word.
const WORD: usize = 16;

/// Writes raw HTML with the elements and attributes that a page may have.
pub(super) fn push(page: &mut Page, html: &str) {
    for (_, token) in Tokens::of(html) {
        match token {
            Token::Text(text) => page.markup_text(text),
            Token::Start(tag) if is_hiding(tag.name) => page.open.hide(),
            Token::End(name) if is_hiding(name) => page.open.show(),
            Token::Start(tag) => start(page, &tag),
            Token::End(name) => {
                if let Some(element) = allowed::element(name) {
                    page.open.end_raw(element, &mut page.out);
                }
            }
            Token::RawText | Token::Hidden => {}
        }
    }
}

fn is_hiding(name: &str) -> bool {
    HIDING.iter().any(|hiding| hiding.eq_ignore_ascii_case(name))
}

fn start(page: &mut Page, tag: &Tag<'_>) {
    let Some(element) = allowed::element(tag.name) else {
        return;
    };
    if allowed::is_void(element) || page.open.begin_raw(element, &mut page.out) {
        let markup = start_tag(element, tag);
        page.mark(&markup);
    }
}

fn start_tag(element: &'static str, tag: &Tag<'_>) -> String {
    let mut markup = format!("<{element}");
    let mut seen = Vec::new();
    for attribute in tag.attributes() {
        if let Some((name, takes)) = allowed::attribute(element, attribute.name)
            && !seen.contains(&name)
            && let Some(value) = value(takes, &attribute)
        {
            seen.push(name);
            markup.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    if seen.contains(&"href") {
        markup.push_str(" rel=\"noopener noreferrer\"");
    }
    markup.push('>');
    markup
}

/// The value as it is written into the page, if it is what the attribute takes.
fn value(takes: Takes, attribute: &Attribute<'_>) -> Option<String> {
    let value = attribute.value;
    let mut out = String::with_capacity(value.len());
    match takes {
        Takes::Text => push_markup_text(&mut out, value),
        Takes::Anchor => push_markup_text(&mut out, value.trim()),
        Takes::Number => {
            let digits = value.trim();
            let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            out.push_str(Some(digits).filter(|_| sound && digits.len() <= DIGITS)?);
        }
        Takes::Word => {
            let sound = value.len() <= WORD && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            out.push_str(Some(value).filter(|_| sound)?);
        }
        Takes::Link | Takes::Picture => {
            let url = decode(value);
            let fits = if takes == Takes::Link {
                links::is_for_pages(&url)
            } else {
                links::is_relative(&url)
            };
            push_text(&mut out, Some(url.trim()).filter(|_| fits)?);
        }
    }
    Some(out)
}
