mod formatting;
mod names;

use std::collections::HashMap;

use formatting::Formatting;
use names::Kind;

use crate::markup::{IMPLIED_ENDS, Tag, Token, Tokens};

/// Copies of formatting elements that every page may cause: the parser opens formatting whose end tag is missing again
/// in the next block.
const FREE_COPIES: usize = 50_000;
/// Further copies for each token of the page, be it a tag, a text or a comment.
const COPIES_PER_TAG: usize = 4;
/// The number of the name `p`, the first that is given.
const PARAGRAPH: usize = 0;

/// Limit that a page would make the parser exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// Its elements nest too deep.
    Depth,
    /// Its formatting goes on in too many blocks.
    Copies,
}

/// Checks that the parser would nest at most `limit` elements of a page, and add a bounded number of copies to it.
/// Follows the parser's rules for open elements; where it deviates from them, it takes an element for open rather than
/// for closed. The time for each tag depends on `limit` alone.
pub(super) fn check(html: &str, limit: u32) -> Result<(), Excess> {
    let mut parser = Parser {
        limit: limit as usize,
        ..Parser::default()
    };
    parser.name("p");
    for (_, token) in Tokens::of(html) {
        parser.tags += 1;
        match token {
            Token::Text(text) if text.trim().is_empty() => {}
            Token::Text(_) => parser.resume(),
            Token::Start(tag) => parser.start(&tag),
            Token::End(name) => parser.end(name),
            Token::RawText | Token::Hidden => {}
        }
        if parser.open.len() > parser.limit {
            return Err(Excess::Depth);
        }
        if parser.copies > FREE_COPIES + COPIES_PER_TAG * parser.tags {
            return Err(Excess::Copies);
        }
    }
    Ok(())
}

/// An element's name, and its kind.
#[derive(Clone, Copy)]
struct Name<'a> {
    text: &'a str,
    number: usize,
    kind: Kind,
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Open<'a> {
    name: Name<'a>,
    /// Of a drawing or a formula.
    foreign: bool,
    /// Its place in the list of formatting, plus one.
    formatting: Option<usize>,
}

#[derive(Default)]
struct Parser<'a> {
    limit: usize,
    tags: usize,
    copies: usize,
    names: HashMap<String, (usize, Kind)>,
    /// Number of open elements by the number of their name, which saves most searches of `open`.
    counts: Vec<usize>,
    scratch: String,
    open: Vec<Open<'a>>,
    /// The formatting that goes on; none is a mark that it does not go on beyond.
    formatting: Vec<Option<Formatting<'a>>>,
    ids: usize,
}

impl<'a> Parser<'a> {
    fn name(&mut self, text: &'a str) -> Name<'a> {
        self.scratch.clear();
        self.scratch.push_str(text);
        self.scratch.make_ascii_lowercase();
        let next = self.names.len();
        let (number, kind) = match self.names.get(&self.scratch) {
            Some(known) => *known,
            None => {
                let new = (next, Kind::of(&self.scratch));
                self.names.insert(self.scratch.clone(), new);
                self.counts.push(0);
                new
            }
        };
        Name { text, number, kind }
    }

    fn is(name: Name<'_>, other: &str) -> bool {
        name.text.eq_ignore_ascii_case(other)
    }

    fn is_one_of(name: Name<'_>, others: &[&str]) -> bool {
        others.iter().any(|other| Self::is(name, other))
    }

    fn start(&mut self, tag: &Tag<'a>) {
        let name = self.name(tag.name);
        let foreign = self.is_foreign(name);
        if foreign {
            if !tag.closes_itself() {
                self.push(name, true, None);
            }
            return;
        }
        if name.kind.not_foreign {
            while self
                .open
                .last()
                .is_some_and(|open| open.foreign && !open.name.kind.holds_html)
            {
                self.pop();
            }
        }
        self.end_before(name);
        if !name.kind.special || name.kind.void {
            self.resume();
        }
        let again = name.kind.once && self.open.iter().any(|open| open.name.number == name.number);
        if name.kind.void || again {
            return;
        }
        let id = name.kind.formatting.then(|| self.note(name, tag.source()));
        self.push(name, Self::is_one_of(name, &["svg", "math"]), id);
        if name.kind.marker {
            self.formatting.push(None);
        }
    }

    /// Returns true if an element that begins now belongs to a drawing or a formula (SVG, MathML).
    fn is_foreign(&self, name: Name<'_>) -> bool {
        let within = |open: &Open<'_>| open.foreign && !open.name.kind.holds_html;
        self.open.last().is_some_and(within) && !name.kind.not_foreign
    }

    /// Ends what ends by itself before an element of this name.
    fn end_before(&mut self, name: Name<'a>) {
        if name.kind.block && self.is_open(PARAGRAPH) {
            let button = |open: &Open<'_>| open.name.kind.scope || Self::is(open.name, "button");
            self.close_within(|open| Self::is(open.name, "p"), button);
        }
        if name.kind.heading && self.open.last().is_some_and(|open| open.name.kind.heading) {
            self.pop();
        }
        if Self::is_one_of(name, &["option", "optgroup"]) && self.is_current(&["option"]) {
            self.pop();
        }
        if Self::is_one_of(name, &["rt", "rp", "rb", "rtc"])
            && self.open.iter().any(|o| Self::is(o.name, "ruby"))
        {
            while self.is_current(&["rt", "rp", "rb", "rtc", "p", "option"]) {
                self.pop();
            }
        }
        for implied in IMPLIED_ENDS {
            if Self::is_one_of(name, implied.by) {
                let of_lists = Self::is_one_of(name, &["li", "dt", "dd"]);
                let boundary = |open: &Open<'_>| {
                    let transparent = Self::is_one_of(open.name, &["address", "div", "p"]);
                    open.foreign
                        || if of_lists {
                            open.name.kind.special && !transparent
                        } else {
                            Self::is_one_of(open.name, implied.within) || Self::is(open.name, "template")
                        }
                };
                // What is of the table ends one within the other.
                while self.close_within(|open| Self::is_one_of(open.name, implied.of), boundary) {}
            }
        }
    }

    fn is_current(&self, names: &[&str]) -> bool {
        self.open
            .last()
            .is_some_and(|open| Self::is_one_of(open.name, names))
    }

    /// Closes the innermost element that is looked for, with all within, if no `boundary` is before it.
    fn close_within(
        &mut self,
        wanted: impl Fn(&Open<'_>) -> bool,
        boundary: impl Fn(&Open<'_>) -> bool,
    ) -> bool {
        for at in (0..self.open.len()).rev() {
            let Some(open) = self.open.get(at) else { break };
            if wanted(open) {
                self.close_from(at);
                return true;
            }
            if boundary(open) {
                break;
            }
        }
        false
    }

    fn end(&mut self, text: &'a str) {
        let name = self.name(text);
        let kind = name.kind;
        if kind.void || kind.once || !kind.formatting && !kind.heading && !self.is_open(name.number) {
            return;
        }
        let same = |open: &Open<'_>| {
            open.name.number == name.number || kind.heading && open.name.kind.heading && !open.foreign
        };
        if kind.formatting {
            self.end_formatting(name);
        } else if kind.special {
            let of_tables = Self::is_one_of(
                name,
                &["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"],
            );
            let boundary = |open: &Open<'_>| {
                if of_tables {
                    return Self::is_one_of(open.name, &["html", "table", "template"]);
                }
                open.name.kind.scope
                    || Self::is(name, "p") && Self::is(open.name, "button")
                    || Self::is(name, "li") && Self::is_one_of(open.name, &["ul", "ol"])
            };
            self.close_within(same, boundary);
        } else {
            self.close_within(same, |open| open.name.kind.special && !open.foreign);
        }
    }

    fn is_open(&self, number: usize) -> bool {
        self.counts.get(number).is_some_and(|count| *count > 0)
    }

    fn push(&mut self, name: Name<'a>, foreign: bool, formatting: Option<usize>) {
        if let Some(count) = self.counts.get_mut(name.number) {
            *count += 1;
        }
        self.open.push(Open {
            name,
            foreign,
            formatting,
        });
    }

    fn close_from(&mut self, at: usize) {
        while self.open.len() > at {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if let Some(count) = self.counts.get_mut(open.name.number) {
            *count -= 1;
        }
        if let Some(id) = open.formatting {
            let entries = self.formatting.iter_mut().rev().flatten();
            if let Some(entry) = entries.into_iter().find(|entry| entry.id == id) {
                entry.open = false;
            }
        }
        if open.name.kind.marker && !open.foreign {
            let mark = self.formatting.iter().rposition(Option::is_none);
            self.formatting.truncate(mark.unwrap_or(0));
        }
    }
}
