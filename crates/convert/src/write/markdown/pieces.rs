use super::escape::encoded;
use super::notes::{Labels, is_sign};
use crate::ir::{BlockId, Inline, Link, Run};
use crate::options::{Images, Revisions, WriteOptions};

/// Piece of inline text of one look.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) content: Content,
    pub(super) look: Look,
}

/// Content of a piece.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Text.
    Text(String),
    /// Reference to a footnote of the page, by its label.
    Note(String, BlockId),
    /// Picture with its name and alternative text.
    Image(String, String),
    /// Comment in the place of a picture, with its alternative text. It may not begin a line of text.
    Placeholder(String),
    /// Formula as TeX.
    Tex(String),
    /// Line break.
    Break,
}

/// Part of a style that Markdown can show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) marks: [bool; MARKS],
    pub(super) code: bool,
    pub(super) link: Option<String>,
}

/// Number of the marks of a [`Look`]: bold, italic, struck, superscript, subscript.
pub(super) const MARKS: usize = 5;

impl Look {
    fn of(run: &Run, options: &WriteOptions) -> Self {
        let style = run.style;
        let deleted = options.revisions == Revisions::All && is_deleted(run);
        let link = match &run.link {
            // Whatever has made the address, a link never runs a script.
            Some(Link::Href(address) | Link::Path(address)) => match Link::of_page(address) {
                Some(Link::Href(address) | Link::Path(address)) => Some(encoded(&address)),
                _ => None,
            },
            _ => None,
        };
        Self {
            marks: [
                style.bold,
                style.italic,
                style.strike || deleted,
                style.superscript,
                style.subscript && !style.superscript,
            ],
            code: style.code,
            link,
        }
    }

    /// The look of white space between pieces of these looks.
    fn common(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let mut marks = self.marks;
        marks
            .iter_mut()
            .zip(other.marks)
            .for_each(|(mark, other)| *mark &= other);
        Self {
            marks,
            code: false,
            link: self.link.clone().filter(|_| self.link == other.link),
        }
    }
}

fn is_deleted(run: &Run) -> bool {
    run.marks.as_deref().is_some_and(|marks| marks.deleted.is_some())
}

/// Facts about the page and the options, which decide on what is shown of inline text.
pub(super) struct Context<'a> {
    pub(super) options: &'a WriteOptions,
    /// Labels of the page's footnotes.
    pub(super) labels: &'a Labels,
}

impl Context<'_> {
    /// Pieces of inline text: no two neighbours look alike, and none but code begins or ends with white space that is
    /// not shared by its neighbour. Without white space at the ends of lines.
    pub(super) fn pieces(&self, inlines: &[Inline]) -> Vec<Piece> {
        let mut parts = Parts::default();
        for inline in inlines {
            match inline {
                Inline::Break => parts.line_break(),
                Inline::Run(run) => self.add_run(run, &mut parts),
            }
        }
        parts.finish()
    }

    fn add_run(&self, run: &Run, parts: &mut Parts) {
        if self.options.revisions == Revisions::Final && is_deleted(run) {
            return;
        }
        let look = Look::of(run, self.options);
        let Some(marks) = run.marks.as_deref() else {
            return parts.text(&run.text, look);
        };
        if let Some(name) = &marks.image {
            return self.add_image(name, &run.text, look, parts);
        }
        if let Some(tex) = marks.formula.as_ref().and_then(|formula| formula.tex.as_deref()) {
            return parts.push(Content::Tex(safe_tex(tex)), look);
        }
        let note = marks.note.and_then(|note| Some((note, self.labels.get(&note)?)));
        if !note.is_some_and(|(_, label)| is_sign(&run.text, label)) {
            parts.text(&run.text, look.clone());
        }
        if let Some(reading) = &marks.ruby {
            parts.text(&format!("({reading})"), look);
        }
        if let Some((note, label)) = note {
            parts.push(Content::Note(label.clone(), note), Look::default());
        }
    }

    fn add_image(&self, name: &str, alt: &str, look: Look, parts: &mut Parts) {
        let alt = folded(alt.trim());
        match self.options.images {
            Images::Extract if !name.is_empty() => {
                let look = Look { code: false, ..look };
                parts.push(Content::Image(name.to_owned(), alt), look);
            }
            Images::Extract | Images::Placeholder => parts.push(Content::Placeholder(alt), Look::default()),
            Images::None => {}
        }
    }
}

/// TeX on one line, in which nothing ends the formula or begins an element of HTML.
pub(super) fn safe_tex(tex: &str) -> String {
    let words: Vec<&str> = tex.split_whitespace().collect();
    words.join(" ").replace('$', "").replace('<', "< ")
}

/// Pieces that are being collected.
#[derive(Default)]
struct Parts {
    done: Vec<Piece>,
    /// White space that waits for what follows, which decides on its look.
    space: String,
}

impl Parts {
    fn text(&mut self, text: &str, look: Look) {
        let core = text.trim();
        let front = text.len() - text.trim_start().len();
        self.space(text.get(..front).unwrap_or_default());
        if core.is_empty() {
            return;
        }
        let content = if look.code { core.to_owned() } else { folded(core) };
        self.push(Content::Text(content), look);
        self.space(text.get(front + core.len()..).unwrap_or_default());
    }

    /// Takes white space; that of ASCII is one space, however much there is.
    fn space(&mut self, space: &str) {
        for c in space.chars() {
            let c = if c.is_ascii() { ' ' } else { c };
            if c != ' ' || !self.space.ends_with(' ') {
                self.space.push(c);
            }
        }
    }

    fn push(&mut self, content: Content, look: Look) {
        let space = std::mem::take(&mut self.space);
        match self.done.last() {
            None
            | Some(Piece {
                content: Content::Break,
                ..
            }) => {}
            Some(_) if space.is_empty() => {}
            Some(last) => {
                let between = last.look.common(&look);
                self.join(Content::Text(space), between);
            }
        }
        self.join(content, look);
    }

    fn join(&mut self, content: Content, look: Look) {
        if matches!(content, Content::Note(..))
            && self.done.last().is_some_and(|last| last.content == content)
        {
            return;
        }
        if let Content::Text(text) = &content
            && let Some(Piece {
                content: Content::Text(last),
                look: last_look,
            }) = self.done.last_mut()
            && *last_look == look
        {
            last.push_str(text);
            return;
        }
        self.done.push(Piece { content, look });
    }

    fn line_break(&mut self) {
        self.space.clear();
        self.done.push(Piece {
            content: Content::Break,
            look: Look::default(),
        });
    }

    /// Returns the pieces without the breaks at both ends; one break between lines, and comments before breaks.
    fn finish(self) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::with_capacity(self.done.len());
        for piece in self.done {
            let after_break = matches!(
                out.last(),
                Some(Piece {
                    content: Content::Break,
                    ..
                })
            );
            match piece.content {
                Content::Break if after_break || out.is_empty() => {}
                Content::Placeholder(_) if after_break => out.insert(out.len() - 1, piece),
                _ => out.push(piece),
            }
        }
        while matches!(
            out.last(),
            Some(Piece {
                content: Content::Break,
                ..
            })
        ) {
            out.pop();
        }
        for at in 1..out.len().saturating_sub(1) {
            if let [before, middle, after] = &mut out[at - 1..=at + 1]
                && middle.content == Content::Break
            {
                middle.look = before.look.common(&after.look);
                middle.look.code = false;
            }
        }
        out
    }
}

/// Text in which each run of ASCII white space is one space.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let space = c == ' ' || c.is_ascii_whitespace();
        if !space {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}
