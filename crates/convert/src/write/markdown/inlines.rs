use super::Writer;
use super::escape::{Around, Facts, Place, destination, encoded, escape, image_comment};
use super::pieces::{Content, MARKS, Piece, folded};
use super::sides::{LINK, Side, closes, ends, has, opens_or_closes};
use super::syntax::code_span;
use crate::ir::Inline;

const STRIKE: usize = 2;

/// Markdown of each mark; none where HTML alone can say it.
const DELIMITERS: [Option<&str>; MARKS] = [Some("**"), Some("*"), Some("~~"), None, None];
const ELEMENTS: [&str; MARKS] = ["b", "i", "del", "sup", "sub"];

/// Picture; its alternative text is one line.
pub(super) fn image(folder: &str, name: &str, alt: &str) -> String {
    // What is around it may hold the other half of a pair.
    let facts = Facts::wary();
    let around = Around {
        // A bar may stand in a table.
        place: Place::Cell,
        facts,
        in_link: true,
        starts: false,
        ends: false,
        after_note: false,
        before_link: false,
    };
    let alt = folded(alt.trim());
    format!(
        "![{}]({}{})",
        escape(&alt, around),
        destination(&encoded(folder)),
        destination(&encoded(name))
    )
}

impl Writer<'_> {
    /// Markdown of inline text; its line ends are newlines.
    pub(super) fn inlines(&self, inlines: &[Inline], place: Place) -> String {
        let mut pieces = self.context.pieces(inlines);
        if place == Place::Heading {
            pieces = unbold(pieces);
        }
        Line::new(&pieces, place, self.context.options.image_folder()).write()
    }
}

/// Pieces of a heading, which is bold as a whole: without bold.
pub(super) fn unbold(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        if piece.content == Content::Break {
            piece.content = Content::Text(" ".into());
        }
        piece.look.marks[0] = false;
        match (out.last_mut(), &piece) {
            (
                Some(Piece {
                    content: Content::Text(last),
                    look,
                }),
                Piece {
                    content: Content::Text(text),
                    look: own,
                },
            ) if look == own => last.push_str(text),
            _ => out.push(piece),
        }
    }
    out
}

/// Inline text that is being written.
struct Line<'a> {
    pieces: &'a [Piece],
    place: Place,
    /// Begin of the addresses of pictures.
    image_folder: &'a str,
    facts: Facts,
    /// For each piece and mark, the end of the pieces from there on that have it.
    ends: Vec<[usize; MARKS + 1]>,
    open: Vec<Open>,
    out: String,
    /// True if the last thing written closes emphasis by asterisks.
    closed_star: bool,
}

/// Mark that is open.
struct Open {
    mark: usize,
    /// End of its pieces.
    until: usize,
    close: String,
}

impl<'a> Line<'a> {
    fn new(pieces: &'a [Piece], place: Place, image_folder: &'a str) -> Self {
        let mut facts = Facts::default();
        for piece in pieces {
            match &piece.content {
                Content::Text(_) if piece.look.code => facts.add_code(),
                Content::Text(text) | Content::Image(_, text) => facts.add(text),
                _ => {}
            }
            if piece.look.marks[STRIKE] {
                facts.add_strike();
            }
        }
        Self {
            pieces,
            place,
            image_folder,
            facts,
            ends: ends(pieces),
            open: Vec::new(),
            out: String::new(),
            closed_star: false,
        }
    }

    fn write(mut self) -> String {
        for (at, piece) in self.pieces.iter().enumerate() {
            self.close_until(at);
            self.open_marks(at);
            match &piece.content {
                Content::Text(text) if piece.look.code => self.push_code(text),
                Content::Text(text) => self.push_text(at, text),
                Content::Note(label, _) => self.out.push_str(&format!("[^{label}]")),
                Content::Image(name, alt) => self.out.push_str(&image(self.image_folder, name, alt)),
                Content::Placeholder(alt) => self.push_comment(&image_comment(alt)),
                Content::Tex(tex) if self.place == Place::Cell => {
                    self.out.push_str(&format!("${}$", tex.replace('|', "\\|")));
                }
                Content::Tex(tex) => self.out.push_str(&format!("${tex}$")),
                Content::Break => self.out.push_str(match self.place {
                    Place::Lines => "\\\n",
                    Place::Heading => " ",
                    Place::Cell => "<br>",
                }),
            }
            self.closed_star = false;
        }
        self.close_until(self.pieces.len());
        self.out
    }

    fn close_until(&mut self, at: usize) {
        while let Some(open) = self.open.pop_if(|open| open.until <= at) {
            self.out.push_str(&open.close);
            self.closed_star = open.close.starts_with('*');
        }
    }

    /// Opens the marks that begin at a piece, the longest first.
    fn open_marks(&mut self, at: usize) {
        let Some(piece) = self.pieces.get(at) else {
            return;
        };
        let around = self.open.last().map_or(self.pieces.len(), |open| open.until);
        let mut marks: Vec<(usize, usize)> = (0..=LINK)
            .filter(|&mark| has(&piece.look, mark) && self.open.iter().all(|open| open.mark != mark))
            .map(|mark| (mark, self.ends[at][mark].min(around)))
            .collect();
        marks.sort_by_key(|&(mark, until)| (std::cmp::Reverse(until), mark != LINK, mark));
        let plain = self.plain_marks(at, &marks);
        let bracket = marks.first().is_some_and(|&(mark, _)| mark == LINK)
            || matches!(&piece.content, Content::Note(..))
            || matches!(&piece.content, Content::Text(text) if text.starts_with('['));
        if bracket && self.is_behind_note(at) {
            // Two pairs of brackets would be a link.
            self.out.push_str("<!-- -->");
        }
        for ((mark, until), plain) in marks.into_iter().zip(plain) {
            let (open, close) = self.delimiters(at, mark, plain);
            self.out.push_str(&open);
            self.open.push(Open { mark, until, close });
        }
    }

    fn delimiters(&self, at: usize, mark: usize, plain: bool) -> (String, String) {
        if mark == LINK {
            let address = self.pieces[at].look.link.as_deref().unwrap_or_default();
            return ("[".into(), format!("]({})", destination(address)));
        }
        match DELIMITERS[mark].filter(|_| plain) {
            Some(delimiter) => (delimiter.into(), delimiter.into()),
            None => (format!("<{}>", ELEMENTS[mark]), format!("</{}>", ELEMENTS[mark])),
        }
    }

    /// For each of the marks that open at a piece, outer ones first, whether CommonMark would see its delimiters: by the
    /// rules on flanking, the characters at both sides of each decide.
    fn plain_marks(&self, at: usize, marks: &[(usize, usize)]) -> Vec<bool> {
        let before = if self.closed_star {
            Side::Mark
        } else {
            self.before()
        };
        let nested = self.open.iter().any(|open| open.close.starts_with('*'));
        let mut plain = vec![false; marks.len()];
        // From the inside to the outside; what stands inside of the delimiters, `None` for a letter.
        let mut hidden = self.is_marked(at);
        for (index, &(mark, until)) in marks.iter().enumerate().rev() {
            if mark >= DELIMITERS.len() || DELIMITERS[mark].is_none() {
                hidden = true;
                continue;
            }
            let first = if hidden { Side::Mark } else { self.first(at) };
            let last = self.last(until, marks, index, &plain);
            let after = self.first_behind(until, marks.get(..index).unwrap_or_default());
            let word = before == Side::Letter || after == Side::Letter;
            let seen = opens_or_closes(before, first) && opens_or_closes(after, last);
            let clear = if mark == STRIKE {
                !word
            } else {
                !self.closed_star && (!nested || !closes(if index == 0 { before } else { Side::Mark }, first))
            };
            plain[index] = seen && clear;
            hidden |= !plain[index] || mark == STRIKE;
        }
        plain
    }

    /// Returns true if a piece of this place begins and ends with syntax, whatever its marks.
    fn is_marked(&self, at: usize) -> bool {
        self.pieces
            .get(at)
            .is_none_or(|piece| piece.look.code || !matches!(piece.content, Content::Text(_)))
    }

    fn is_behind_note(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.pieces.get(before));
        before.is_some_and(|before| matches!(before.content, Content::Note(..)))
    }

    fn before(&self) -> Side {
        // A delimiter that was opened before has its own character in front.
        self.out.chars().next_back().map_or(Side::Space, Side::of)
    }

    fn first(&self, at: usize) -> Side {
        match self.pieces.get(at).map(|piece| &piece.content) {
            Some(Content::Text(text)) => text.chars().next().map_or(Side::Mark, Side::of),
            _ => Side::Mark,
        }
    }

    /// The last character within a mark, one of those that open together; `plain` says which of the inner ones have
    /// delimiters.
    fn last(&self, until: usize, marks: &[(usize, usize)], index: usize, plain: &[bool]) -> Side {
        let Some(piece) = until.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return Side::Mark;
        };
        // Asterisks that end together are one delimiter; every other mark ends with punctuation.
        let joined = |mark: usize| {
            let found = marks.iter().position(|other| other.0 == mark);
            found.is_some_and(|at| {
                let together = marks.get(at).is_some_and(|&(_, end)| end == until);
                at <= index || mark != STRIKE && together && plain.get(at) == Some(&true)
            })
        };
        let inner = (0..=LINK).any(|mark| {
            has(&piece.look, mark) && self.open.iter().all(|open| open.mark != mark) && !joined(mark)
        });
        match &piece.content {
            Content::Text(text) if !inner && !piece.look.code => {
                text.chars().next_back().map_or(Side::Mark, Side::of)
            }
            _ => Side::Mark,
        }
    }

    /// The first character behind a mark that opens within `outer`.
    fn first_behind(&self, at: usize, outer: &[(usize, usize)]) -> Side {
        let Some(piece) = self.pieces.get(at) else {
            return Side::Space;
        };
        let open = self.open.iter().map(|open| (open.mark, open.until));
        let open: Vec<usize> = open
            .chain(outer.iter().copied())
            .filter(|(_, until)| *until > at)
            .map(|(mark, _)| mark)
            .collect();
        let begins = (0..=LINK).any(|mark| has(&piece.look, mark) && !open.contains(&mark));
        match &piece.content {
            Content::Text(text) if !begins && !piece.look.code => {
                text.chars().next().map_or(Side::Mark, Side::of)
            }
            _ => Side::Mark,
        }
    }

    fn push_code(&mut self, text: &str) {
        let span = code_span(text);
        let span = match self.place {
            // There a backslash and a bar cannot be told from an escaped bar.
            Place::Cell if text.contains("\\|") => {
                let around = self.around(usize::MAX);
                format!("<code>{}</code>", escape(text, around))
            }
            Place::Cell => span.replace('|', "\\|"),
            _ => span,
        };
        self.out.push_str(&span);
    }

    fn push_text(&mut self, at: usize, text: &str) {
        let escaped = escape(text, self.around(at));
        self.out.push_str(&escaped);
    }

    fn push_comment(&mut self, comment: &str) {
        let starts = self.place == Place::Lines && (self.out.is_empty() || self.out.ends_with('\n'));
        self.out.push_str(comment);
        if starts {
            // At the start of a line, all of the line would belong to it.
            self.out.push('\n');
        }
    }

    fn around(&self, at: usize) -> Around {
        let starts = self.out.is_empty() || self.out.ends_with('\n') || at == 0 && self.open.is_empty();
        let next = at.checked_add(1).and_then(|next| self.pieces.get(next));
        Around {
            place: self.place,
            facts: self.facts,
            in_link: self.open.iter().any(|open| open.mark == LINK),
            starts,
            ends: at != usize::MAX
                && match next {
                    None => self.open.is_empty(),
                    Some(_) => false,
                },
            after_note: self.is_behind_note(at),
            before_link: next.is_some_and(|next| {
                next.look.link.is_some() || matches!(next.content, Content::Note(..) | Content::Image(..))
            }),
        }
    }
}
