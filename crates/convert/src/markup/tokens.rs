use std::ops::Range;

use super::Attributes;

/// Elements whose content is no markup, up to their end tag.
const RAW_TEXT: &[&str] = &["script", "style"];

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Text, with its character references as written.
    Text(&'a str),
    /// The content of a script or a style sheet.
    RawText,
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by its name as written.
    End(&'a str),
    /// A comment, a document type or a processing instruction.
    Hidden,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// The name as written.
    pub(crate) name: &'a str,
    /// All between the name and the end of the tag.
    rest: &'a str,
}

impl<'a> Tag<'a> {
    /// Its attributes.
    pub(crate) fn attributes(&self) -> Attributes<'a> {
        Attributes::of(self.rest)
    }
}

/// The tokens of a page with the bytes that each takes up. Each byte is looked at a bounded number of times: what has
/// no end reaches to the end of the page, so that no search is made twice.
pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The raw text element that has just begun.
    raw: Option<&'a str>,
}

impl<'a> Tokens<'a> {
    pub(crate) fn of(html: &'a str) -> Self {
        Self {
            html,
            at: 0,
            raw: None,
        }
    }

    fn take(&mut self, length: usize, token: Token<'a>) -> (Range<usize>, Token<'a>) {
        let start = self.at;
        self.at = self.html.len().min(start + length);
        (start..self.at, token)
    }

    fn markup(&mut self, rest: &'a str) -> (Range<usize>, Token<'a>) {
        if rest.starts_with("<!--") {
            return self.take(comment_end(rest), Token::Hidden);
        }
        let after = rest.get(1..).unwrap_or_default();
        match after.bytes().next() {
            Some(b'!' | b'?') => {
                let end = rest.find('>').map_or(rest.len(), |end| end + 1);
                self.take(end, Token::Hidden)
            }
            Some(b'/') if after.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
                let name = name(after.get(1..).unwrap_or_default());
                match tag_end(rest) {
                    Some(end) => self.take(end, Token::End(name)),
                    None => self.take(rest.len(), Token::Text(rest)),
                }
            }
            Some(first) if first.is_ascii_alphabetic() => self.start_tag(rest, name(after)),
            _ => self.text(rest),
        }
    }

    fn start_tag(&mut self, rest: &'a str, name: &'a str) -> (Range<usize>, Token<'a>) {
        let Some(end) = tag_end(rest) else {
            return self.take(rest.len(), Token::Text(rest));
        };
        if RAW_TEXT.iter().any(|raw| raw.eq_ignore_ascii_case(name)) {
            self.raw = Some(name);
        }
        let attributes = rest.get(1 + name.len()..end - 1).unwrap_or_default();
        let tag = Tag {
            name,
            rest: attributes,
        };
        self.take(end, Token::Start(tag))
    }

    /// Text up to the next `<` behind the first byte.
    fn text(&mut self, rest: &'a str) -> (Range<usize>, Token<'a>) {
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest
            .get(first..)
            .and_then(|more| more.find('<'))
            .map_or(rest.len(), |more| first + more);
        self.take(length, Token::Text(rest.get(..length).unwrap_or_default()))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Range<usize>, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.html.get(self.at..).filter(|rest| !rest.is_empty())?;
        if let Some(name) = self.raw.take() {
            let length = raw_length(rest, name);
            if length > 0 {
                return Some(self.take(length, Token::RawText));
            }
        }
        Some(if rest.starts_with('<') {
            self.markup(rest)
        } else {
            self.text(rest)
        })
    }
}

/// Bytes up to the end tag of the raw text element `name`, or to the end.
fn raw_length(rest: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        rest.get(at + 2..at + 2 + name.len())
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    };
    rest.match_indices("</")
        .map(|(at, _)| at)
        .find(is_end)
        .unwrap_or(rest.len())
}

/// The name that `text` begins with.
fn name(text: &str) -> &str {
    let end = text
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// State of the tokenizer within a tag (WHATWG HTML, sections 13.2.5.8 and 13.2.5.32 to 13.2.5.39).
#[derive(Clone, Copy)]
enum Within {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Quoted(u8),
    Unquoted,
}

impl Within {
    fn after(self, byte: u8) -> Self {
        let blank = byte.is_ascii_whitespace();
        match (self, byte) {
            (Self::Quoted(open), _) if open == byte => Self::BeforeName,
            (Self::Quoted(_), _) => self,
            (Self::BeforeValue, b'"' | b'\'') => Self::Quoted(byte),
            (Self::BeforeValue, _) if blank => self,
            (Self::BeforeValue | Self::Unquoted, _) if !blank => Self::Unquoted,
            (Self::Name | Self::AfterName, b'=') => Self::BeforeValue,
            (_, b'/') => Self::BeforeName,
            (Self::Name | Self::AfterName, _) if blank => Self::AfterName,
            (_, _) if blank => Self::BeforeName,
            (Self::TagName, _) => self,
            _ => Self::Name,
        }
    }
}

/// End offset of the tag that `rest` begins with, its `>` included, in bytes; a `>` in a quoted value does not count.
/// `None` when the tag is not closed.
fn tag_end(rest: &str) -> Option<usize> {
    let mut within = Within::TagName;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        if byte == b'>' && !matches!(within, Within::Quoted(_)) {
            return Some(at + 1);
        }
        // The slash of an end tag belongs to its beginning.
        if at > 1 {
            within = within.after(byte);
        }
    }
    None
}

/// End offset of the comment that `rest` begins with, in bytes; the end of `rest` when it is not closed.
fn comment_end(rest: &str) -> usize {
    if let Some(short) = ["<!-->", "<!--->"].iter().find(|short| rest.starts_with(**short)) {
        return short.len();
    }
    let body = rest.get(4..).unwrap_or_default();
    let ends = body.match_indices("--").find_map(|(at, _)| {
        let after = body.get(at + 2..)?;
        let mark = [">", "!>"].iter().find(|mark| after.starts_with(**mark))?;
        Some(4 + at + 2 + mark.len())
    });
    // Three dashes may end one as well.
    let odd = body.find("-->").map(|at| 4 + at + 3);
    ends.into_iter().chain(odd).min().unwrap_or(rest.len())
}
