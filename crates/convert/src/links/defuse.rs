use std::ops::Range;

use pulldown_cmark::{Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::address::runs_script;
use super::signs::{Signs, may_mislead};
use crate::markup::{Attribute, Token, Tokens, decode};
use crate::write::markdown;

/// Maximum number of passes over a text: cutting a link can turn the text around it into another one. What is left
/// after the last pass is broken by [`broken`].
const ROUNDS: usize = 4;

/// Bytes of an address with white space that are looked at.
const LONGEST_APART: usize = 256;

/// Attributes whose value is text for people.
const TEXTS: &[&str] = &[
    "abbr",
    "alt",
    "class",
    "id",
    "label",
    "lang",
    "name",
    "placeholder",
    "summary",
    "title",
    "value",
];
/// Attributes that hold an address somewhere in their value.
const HOLDING: &[&str] = &["content", "srcdoc", "srcset", "style"];

/// A place of a text and what stands there instead.
type Cut = (Range<usize>, String);

/// `markdown` with the links that run a script turned into their text, however they are written: links, pictures,
/// references, autolinks and attributes of raw HTML. Everything else stays as it is.
#[must_use]
pub fn defused(markdown: String) -> String {
    if !may_mislead(markdown.as_bytes()) {
        return markdown;
    }
    let mut text = markdown;
    for _ in 0..ROUNDS {
        let mut found = false;
        for reading in [
            Reading::Ours,
            Reading::Plain,
            Reading::WithoutHtml,
            Reading::Lenient,
        ] {
            let cuts = reading.cuts(&text);
            if !cuts.is_empty() {
                text = cut(&text, cuts);
                found = true;
            }
        }
        if !found {
            return text;
        }
    }
    broken(&text)
}

/// Ways to read Markdown that programs have. What is a link in one of them may be none in another.
#[derive(Debug, Clone, Copy)]
enum Reading {
    /// With our extensions.
    Ours,
    /// Without extensions: where we see the cells of a table there may be a link.
    Plain,
    /// With raw HTML as text, in which there may be a link.
    WithoutHtml,
    /// With white space in an address, which browsers take out of its scheme.
    Lenient,
}

impl Reading {
    fn cuts(self, text: &str) -> Vec<Cut> {
        match self {
            Self::Ours => cuts(text, markdown::EXTENSIONS),
            Self::Plain => cuts(text, Options::empty()),
            Self::WithoutHtml => cuts(&without_html(text), markdown::EXTENSIONS),
            Self::Lenient => text
                .match_indices("](")
                .filter_map(|(at, _)| apart(text, at + 1))
                .collect(),
        }
    }
}

/// The address in parentheses that stands here, if white space within its scheme keeps it from being one.
fn apart(text: &str, at: usize) -> Option<Cut> {
    let inner = text.get(at + 1..)?;
    let near = inner
        .get(..inner.floor_char_boundary(LONGEST_APART))
        .unwrap_or(inner);
    let end = near.find([')', '\n']).unwrap_or(near.len());
    let address = near
        .get(..end)?
        .trim_matches(|c: char| c.is_whitespace() || c == '<');
    let (scheme, _) = address.split_once(':')?;
    let is_apart = scheme.contains(|c: char| c.is_whitespace() || c.is_control());
    let closed = usize::from(near.get(end..).is_some_and(|after| after.starts_with(')')));
    (is_apart && leads_astray(address)).then(|| (at..at + 1 + end + closed, String::new()))
}

/// The text, every byte in its place, with another character where an HTML tag would begin.
fn without_html(text: &str) -> String {
    let (mut last, mut rest) = (' ', text);
    let mut out = String::with_capacity(text.len());
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        // A destination may stand in angle brackets, too.
        let tag = c == '<' && !matches!(last, '(' | ':') && !begins_address(rest);
        out.push(if tag { '-' } else { c });
        if !c.is_whitespace() {
            last = c;
        }
    }
    out
}

/// Returns true if `text` begins as an autolink does: with a scheme of at least two characters and a colon.
fn begins_address(text: &str) -> bool {
    let scheme = text
        .bytes()
        .take(33)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(byte));
    let length = scheme.count();
    length > 1 && text.as_bytes().get(length) == Some(&b':')
}

fn cut(text: &str, mut cuts: Vec<Cut>) -> String {
    cuts.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, instead) in cuts {
        if let Some(before) = text.get(at..range.start) {
            out.push_str(before);
            out.push_str(&instead);
            at = range.end;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn cuts(text: &str, extensions: Options) -> Vec<Cut> {
    let events = Parser::new_ext(text, extensions).into_offset_iter();
    let mut cuts = definitions(&events);
    let mut links: Vec<Option<Link>> = Vec::new();
    let mut block = Pieces::default();
    let mut last = 0;
    for (event, range) in events {
        match event {
            Event::Start(
                Tag::Link {
                    link_type, dest_url, ..
                }
                | Tag::Image {
                    link_type, dest_url, ..
                },
            ) => {
                let footnote = text.get(range.start..).is_some_and(|link| link.starts_with("[^"));
                let bad = leads_astray(&dest_url) && !(footnote && link_type == LinkType::Shortcut);
                links.push(bad.then(|| Link::of(text, &range, link_type)));
                last = range.start;
                continue;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(link) = links.pop().flatten() {
                    link.cut(text, range.end, last, &mut cuts);
                }
            }
            Event::Html(html) => block.push(&html, range.start),
            Event::End(TagEnd::HtmlBlock) => std::mem::take(&mut block).cut(&mut cuts),
            Event::InlineHtml(html) => {
                let mut tag = Pieces::default();
                tag.push(&html, range.start);
                tag.cut(&mut cuts);
            }
            _ => {}
        }
        last = range.end;
    }
    block.cut(&mut cuts);
    cuts
}

fn definitions(events: &OffsetIter<'_>) -> Vec<Cut> {
    let bad = events
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| leads_astray(&definition.dest));
    bad.map(|(label, definition)| {
        // Without extensions a footnote looks like one, and its text is to stay.
        let instead = if label.starts_with('^') {
            format!("[{label}]: {}", markdown::code_span(&definition.dest))
        } else {
            String::new()
        };
        (definition.span.clone(), instead)
    })
    .collect()
}

/// Returns true if `url` runs a script, either as it is or with its character references decoded once more: a browser
/// decodes them in what Markdown has already decoded.
fn leads_astray(url: &str) -> bool {
    runs_script(url) || runs_script(&decode(url))
}

/// A link to a script.
struct Link {
    start: usize,
    /// Start offset of its text, in bytes.
    text: usize,
    is_address: bool,
    /// Its mark, `[]`, is not always a part of it.
    is_collapsed: bool,
}

impl Link {
    fn of(text: &str, range: &Range<usize>, kind: LinkType) -> Self {
        let marks = if text.get(range.start..).is_some_and(|link| link.starts_with('!')) {
            2
        } else {
            1
        };
        Self {
            start: range.start,
            text: range.start + marks,
            is_address: matches!(kind, LinkType::Autolink | LinkType::Email),
            is_collapsed: kind == LinkType::Collapsed,
        }
    }

    /// Keeps the text, which ends at `text_end`.
    fn cut(self, text: &str, end: usize, text_end: usize, cuts: &mut Vec<Cut>) {
        let text_end = text_end.clamp(self.text, end);
        let mark = text.get(end..).is_some_and(|after| after.starts_with("[]"));
        let end = end + if self.is_collapsed && mark { 2 } else { 0 };
        let inner = text.get(self.text..text_end).unwrap_or_default();
        if self.is_address {
            cuts.push((self.start..end, markdown::escape(inner)));
            return;
        }
        let at_line = text
            .get(..self.start)
            .is_none_or(|before| before.is_empty() || before.ends_with('\n'));
        // It must not become a heading or a list.
        let guard = at_line && markdown::guard_line(inner).starts_with('\\') && !inner.starts_with('\\');
        let instead = if guard { "\\" } else { "" };
        cuts.push((self.start..self.text, instead.to_owned()));
        cuts.push((text_end..end, String::new()));
    }
}

/// Raw HTML, which may stand in the text in pieces, behind the marks of a quote or a list.
#[derive(Default)]
struct Pieces {
    html: String,
    /// Start offsets of each piece, in bytes: in `html`, and in the text.
    starts: Vec<(usize, usize)>,
}

impl Pieces {
    fn push(&mut self, html: &str, start: usize) {
        self.starts.push((self.html.len(), start));
        self.html.push_str(html);
    }

    /// Offset in the text of the byte at `at` in `html`.
    fn place(&self, at: usize) -> usize {
        let index = self.starts.partition_point(|(start, _)| *start <= at);
        let piece = index.checked_sub(1).and_then(|index| self.starts.get(index));
        piece.map_or(0, |(start, place)| place + (at - start))
    }

    fn cut(self, cuts: &mut Vec<Cut>) {
        for (range, token) in Tokens::of(&self.html) {
            let Token::Start(tag) = token else { continue };
            for attribute in tag.attributes().filter(leads_to_script) {
                // It is a part of the tag, which is a part of `html`.
                let start = attribute.source.as_ptr().addr() - self.html.as_ptr().addr();
                let last = (start + attribute.source.len()).clamp(start + 1, range.end) - 1;
                cuts.push((self.place(start)..self.place(last) + 1, String::new()));
            }
        }
    }
}

fn leads_to_script(attribute: &Attribute<'_>) -> bool {
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(attribute.name));
    let value = decode(attribute.value);
    if is(HOLDING) {
        may_mislead(value.as_bytes())
    } else {
        !is(TEXTS) && runs_script(&value)
    }
}

/// The text with every address of a script broken, also where it is no link: for a text that has one within the other
/// without end.
fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut signs = Signs::default();
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let rest = text.as_bytes().get(at + 1..).unwrap_or_default();
        if signs.is_at(byte, rest) {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(if byte == b'&' { "&amp;" } else { "%3A" });
            from = at + 1;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}
