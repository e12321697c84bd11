use super::block::Block;
use super::characters::Characters;
use super::hyphenation::{LineJoin, SOFT_HYPHEN, Vocabulary};
use super::line::{Line, Raise, Run};
use crate::ir::{self, Inline, Link, Style};

/// Styles of a block that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Styling {
    Full,
    /// Links, but no emphasis: for headings, which are bold anyway.
    LinksOnly,
}

/// Piece: text of one style.
#[derive(Debug, Clone, PartialEq)]
struct Piece<'a> {
    text: String,
    look: Look<'a>,
}

/// Style and link of a piece.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Look<'a> {
    style: Style,
    link: Option<&'a str>,
}

/// Joins the lines of a block, without the first `skip` bytes of the first line, to running text.
pub(super) fn joined(
    block: &Block,
    skip: usize,
    styling: Styling,
    vocabulary: &Vocabulary,
    characters: &mut Characters,
) -> Vec<Inline> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    if let Some(joined) = &block.joined_text {
        pieces.push(plain(joined.clone()));
        drop_front(&mut pieces, skip);
    } else {
        pieces = pieces_of_lines(&block.lines, skip, vocabulary);
    }
    // A word that goes on elsewhere.
    if let Some(last) = pieces.last_mut()
        && last.text.trim_end().ends_with(SOFT_HYPHEN)
    {
        last.text = format!("{}-", last.text.trim_end().trim_end_matches(SOFT_HYPHEN));
    }
    if styling == Styling::LinksOnly {
        for piece in &mut pieces {
            piece.look.style = Style::default();
        }
    }
    let inlines = merged(pieces).into_iter().map(|piece| {
        let text = characters.normalized(&piece.text).into_owned();
        inline(piece.look, text)
    });
    inlines.collect()
}

/// Joins the lines of a paragraph to running text, whose characters are not yet normalized.
pub(super) fn joined_lines(lines: &[Line], vocabulary: &Vocabulary) -> Vec<Inline> {
    let pieces = merged(pieces_of_lines(lines, 0, vocabulary)).into_iter();
    pieces.map(|piece| inline(piece.look, piece.text)).collect()
}

fn inline(look: Look<'_>, text: String) -> Inline {
    Inline::Run(ir::Run {
        text,
        style: look.style,
        link: look.link.and_then(Link::to),
        marks: None,
    })
}

fn pieces_of_lines<'a>(lines: &'a [Line], skip: usize, vocabulary: &Vocabulary) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut own = pieces_of(line);
        drop_front(&mut own, if index == 0 { skip } else { 0 });
        match pieces.last_mut() {
            Some(last) => {
                last.text.truncate(last.text.trim_end().len());
                let next = own.first().map(|piece| (piece.text.as_str(), piece.look));
                join(&mut pieces, next, vocabulary);
                pieces.append(&mut own);
            }
            None => pieces = own,
        }
    }
    pieces
}

/// Prepares the end of the pieces for the next line, which begins with `next`: adds a space or removes a hyphen.
fn join<'a>(pieces: &mut Vec<Piece<'a>>, next: Option<(&str, Look<'a>)>, vocabulary: &Vocabulary) {
    let (Some(last), Some((next, look))) = (pieces.last_mut(), next) else {
        return;
    };
    match vocabulary.join(&last.text, next) {
        LineJoin::Dehyphenate => {
            last.text.pop();
        }
        LineJoin::Nothing => {}
        LineJoin::Space if last.look == look => last.text.push(' '),
        LineJoin::Space => pieces.push(plain(" ".to_owned())),
    }
}

fn plain<'a>(text: String) -> Piece<'a> {
    Piece {
        text,
        look: Look::default(),
    }
}

/// Splits a line into its runs and the spaces between them. The text of a right-to-left line is in logical order and
/// its runs are not, so they do not match and the line becomes one plain piece.
fn pieces_of(line: &Line) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest = line.text.as_str();
    for run in &line.runs {
        if let Some(after) = rest.strip_prefix(run.text.as_str()) {
            rest = after;
        } else if let Some(after) = rest
            .strip_prefix(' ')
            .and_then(|rest| rest.strip_prefix(run.text.as_str()))
        {
            rest = after;
            match pieces.last_mut() {
                Some(last) if last.look == look_of(run) => last.text.push(' '),
                _ => pieces.push(plain(" ".to_owned())),
            }
        } else {
            return vec![plain(line.text.trim().to_owned())];
        }
        push_run(&mut pieces, run);
    }
    let front = line.text.len() - line.text.trim_start().len();
    drop_front(&mut pieces, front);
    pieces
}

fn look_of(run: &Run) -> Look<'_> {
    Look {
        style: Style {
            bold: run.bold,
            italic: run.italic,
            strike: run.struck,
            superscript: run.raise == Raise::Superscript,
            subscript: run.raise == Raise::Subscript,
            ..Style::default()
        },
        link: match run.links.as_slice() {
            [link] if link.range == (0..run.text.len()) => Some(link.uri.as_str()),
            _ => None,
        },
    }
}

/// Adds a run, divided into its links and the text between them.
fn push_run<'a>(pieces: &mut Vec<Piece<'a>>, run: &'a Run) {
    let unlinked = Look {
        link: None,
        ..look_of(run)
    };
    let mut at = 0;
    let mut push = |range: std::ops::Range<usize>, look| {
        if let Some(text) = run.text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece {
                text: text.to_owned(),
                look,
            });
        }
    };
    for link in &run.links {
        push(at..link.range.start, unlinked);
        let look = Look {
            link: Some(link.uri.as_str()),
            ..unlinked
        };
        push(link.range.clone(), look);
        at = link.range.end;
    }
    push(at..run.text.len(), unlinked);
}

/// Removes bytes from the front: the label of a list item, which its marker replaces.
fn drop_front(pieces: &mut Vec<Piece<'_>>, mut bytes: usize) {
    while let Some(first) = pieces.first_mut().filter(|_| bytes > 0) {
        if first.text.len() <= bytes {
            bytes -= first.text.len();
            pieces.remove(0);
        } else {
            first.text = first
                .text
                .get(bytes..)
                .unwrap_or_default()
                .trim_start()
                .to_owned();
            bytes = 0;
        }
    }
}

/// Merges neighbouring pieces of one look; white space between two of one look belongs to them.
fn merged(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut out: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if let [.., before, blank] = out.as_mut_slice()
            && blank.text.trim().is_empty()
            && before.look == piece.look
        {
            before.text.push_str(&blank.text);
            before.text.push_str(&piece.text);
            out.pop();
            continue;
        }
        match out.last_mut() {
            Some(last) if last.look == piece.look => last.text.push_str(&piece.text),
            _ => out.push(piece),
        }
    }
    out
}
