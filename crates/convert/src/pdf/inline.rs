use unpdf::parser::{BlockType, TextBlock, TextSpan};

use super::emphasis::{Piece, Style, markdown};
use super::hyphen::{Join, Words};
use super::line::Line;

/// What of its setting a block's Markdown shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Emphasis,
    /// A heading is emphasis by itself.
    Links,
}

/// The lines of one block, without the first `skip` bytes of the first, as one line of Markdown.
pub(super) fn write(lines: &[Line], skip: usize, show: Show, words: &Words) -> String {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    if lines.len() > 1 && lines.iter().any(|line| line.text.contains(is_hangul)) {
        pieces.push(plain(hangul(lines)));
        drop_front(&mut pieces, skip);
    } else {
        for (index, line) in lines.iter().enumerate() {
            let mut own = pieces_of(line);
            drop_front(&mut own, if index == 0 { skip } else { 0 });
            match pieces.last_mut() {
                Some(last) => {
                    let text = last.text.trim_end().len();
                    last.text.truncate(text);
                    join(
                        &mut pieces,
                        own.first().map(|piece| (piece.text.as_str(), piece.style)),
                        words,
                    );
                    pieces.append(&mut own);
                }
                None => pieces = own,
            }
        }
    }
    if show == Show::Links {
        for piece in &mut pieces {
            piece.style = Style {
                link: piece.style.link,
                ..Style::default()
            };
        }
    }
    markdown(&merged(pieces)).trim().to_owned()
}

/// Ends the pieces so that the text `next` can follow as the next line.
fn join<'a>(pieces: &mut Vec<Piece<'a>>, next: Option<(&str, Style<'a>)>, words: &Words) {
    let (Some(last), Some((next, style))) = (pieces.last_mut(), next) else {
        return;
    };
    match words.join(&last.text, next) {
        Join::Word => {
            last.text.pop();
        }
        Join::Nothing => {}
        Join::Space if last.style == style => last.text.push(' '),
        Join::Space => pieces.push(plain(" ".to_owned())),
    }
}

fn plain<'a>(text: String) -> Piece<'a> {
    Piece {
        text,
        style: Style::default(),
    }
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}')
}

/// Korean breaks its lines also within words; the library knows by the room that a line leaves.
fn hangul(lines: &[Line]) -> String {
    let lines = lines.iter().map(|line| line.source.clone()).collect();
    TextBlock::new(lines, BlockType::Paragraph).text()
}

/// The runs of a line with the spaces that stand between them. A line from right to left is put into its
/// order as a whole and has no runs.
fn pieces_of(line: &Line) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest = line.text.as_str();
    for span in &line.source.spans {
        if let Some(after) = rest.strip_prefix(span.text.as_str()) {
            rest = after;
        } else if let Some(after) = rest
            .strip_prefix(' ')
            .and_then(|rest| rest.strip_prefix(span.text.as_str()))
        {
            rest = after;
            match pieces.last_mut() {
                Some(last) if last.style == style_of(span) => last.text.push(' '),
                _ => pieces.push(plain(" ".to_owned())),
            }
        } else {
            return vec![plain(line.text.trim().to_owned())];
        }
        push_span(&mut pieces, span);
    }
    let front = line.text.len() - line.text.trim_start().len();
    drop_front(&mut pieces, front);
    pieces
}

fn style_of(span: &TextSpan) -> Style<'_> {
    Style {
        bold: span.is_bold,
        italic: span.is_italic,
        struck: span.is_struck,
        link: match span.links.as_slice() {
            [link] if link.range == (0..span.text.len()) => Some(link.value.target.uri()),
            _ => None,
        },
    }
}

/// The parts of a run that are links and those between them.
fn push_span<'a>(pieces: &mut Vec<Piece<'a>>, span: &'a TextSpan) {
    let unlinked = Style {
        link: None,
        ..style_of(span)
    };
    let mut at = 0;
    let mut push = |range: std::ops::Range<usize>, style| {
        if let Some(text) = span.text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece {
                text: text.to_owned(),
                style,
            });
        }
    };
    for link in &span.links {
        push(at..link.range.start, unlinked);
        let style = Style {
            link: Some(link.value.target.uri()),
            ..unlinked
        };
        push(link.range.clone(), style);
        at = link.range.end;
    }
    push(at..span.text.len(), unlinked);
}

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

/// Pieces of one style as one; white space between two of one style belongs to them.
fn merged(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut out: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if let [.., before, blank] = out.as_mut_slice()
            && blank.text.trim().is_empty()
            && before.style == piece.style
        {
            before.text.push_str(&blank.text);
            before.text.push_str(&piece.text);
            out.pop();
            continue;
        }
        match out.last_mut() {
            Some(last) if last.style == piece.style => last.text.push_str(&piece.text),
            _ => out.push(piece),
        }
    }
    out
}
