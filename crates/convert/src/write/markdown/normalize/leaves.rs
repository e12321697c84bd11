use super::add;
use crate::ir::{Block, BlockKind, Figure, Inline, Link, Marks, Run, Style};
use crate::write::markdown::blocks::known_language;
use crate::write::markdown::escape::comment_text as safe_comment;
use crate::write::markdown::pieces::{Content, Look, Piece};

/// Adds a paragraph; one that is a picture alone is a figure.
pub(super) fn add_paragraph(inlines: Vec<Inline>, out: &mut Vec<Block>) {
    match inlines.as_slice() {
        [] => {}
        [Inline::Run(run)] if run.link.is_none() && run.image().is_some() => {
            let figure = picture(run.image().unwrap_or_default(), &run.text);
            add(BlockKind::Figure(figure), out);
        }
        _ => add(BlockKind::Paragraph(inlines), out),
    }
}

pub(super) fn trimmed_start(mut inlines: Vec<Inline>) -> Vec<Inline> {
    while let Some(first) = inlines.first_mut() {
        match first {
            Inline::Run(run) if run.image().is_none() => {
                run.text = run.text.trim_start().to_owned();
                if !run.text.is_empty() {
                    break;
                }
            }
            Inline::Run(_) => break,
            Inline::Break => {}
        }
        inlines.remove(0);
    }
    inlines
}

pub(super) fn quote(blocks: Vec<Block>, out: &mut Vec<Block>) {
    if !blocks.is_empty() {
        add(BlockKind::Quote(blocks), out);
    }
}

pub(super) fn code(language: Option<&str>, text: &str, out: &mut Vec<Block>) {
    let language = known_language(language.unwrap_or_default());
    let kind = BlockKind::Code {
        language: Some(language).filter(|language| !language.is_empty()),
        text: text.trim_end_matches(['\n', '\r']).to_owned(),
    };
    add(kind, out);
}

pub(super) fn picture(name: &str, alt: &str) -> Figure {
    Figure {
        image: Some(name.to_owned()),
        alt: Some(alt.to_owned()).filter(|alt| !alt.is_empty()),
        ..Figure::default()
    }
}

pub(super) fn placeholder(alt: &str) -> Figure {
    Figure {
        alt: Some(safe_comment(alt)),
        ..Figure::default()
    }
}

/// The inline that is read from a piece.
pub(super) fn inline(piece: Piece) -> Inline {
    let marks = |marks: Marks| Some(Box::new(marks));
    let (text, marks) = match piece.content {
        Content::Break => return Inline::Break,
        Content::Text(text) => (text, None),
        Content::Tex(tex) => (format!("${tex}$"), None),
        Content::Note(label, note) => {
            let note = Some(note);
            (
                label,
                marks(Marks {
                    note,
                    ..Marks::default()
                }),
            )
        }
        Content::Image(name, alt) => {
            let image = Some(name);
            (
                alt,
                marks(Marks {
                    image,
                    ..Marks::default()
                }),
            )
        }
        Content::Placeholder(alt) => {
            let image = Some(String::new());
            (
                safe_comment(&alt),
                marks(Marks {
                    image,
                    ..Marks::default()
                }),
            )
        }
    };
    Inline::Run(Run {
        text,
        style: style(&piece.look),
        link: piece.look.link.as_deref().and_then(Link::of_page),
        marks,
    })
}

fn style(look: &Look) -> Style {
    let [bold, italic, strike, superscript, subscript] = look.marks;
    Style {
        bold,
        italic,
        strike,
        superscript,
        subscript,
        code: look.code,
        ..Style::default()
    }
}
