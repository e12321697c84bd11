use crate::ConvertError;
use crate::ir::{BlockKind, Builder, CellStart, Figure, Inline, Run, inlines_text};

/// Adds a paragraph; one that is a picture alone is a figure.
pub(super) fn add_paragraph(inlines: Vec<Inline>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    if inlines.is_empty() {
        return Ok(());
    }
    if let Some(figure) = figure(&inlines) {
        return add_figure(figure, builder);
    }
    builder.add(BlockKind::Paragraph(inlines)).map(drop)
}

pub(super) fn add_figure(figure: Figure, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    builder.open(BlockKind::Figure(figure))?;
    builder.close()
}

/// Adds a cell. Text without style is its text alone, whatever line breaks it has.
pub(super) fn add_cell(
    start: CellStart,
    inlines: Vec<Inline>,
    builder: &mut Builder<'_>,
) -> Result<(), ConvertError> {
    if is_plain(&inlines) {
        return builder.cell(start, &inlines_text(&inlines));
    }
    builder.open_cell(start)?;
    add_paragraph(inlines, builder)?;
    builder.close()
}

fn is_plain(inlines: &[Inline]) -> bool {
    let plain = Run::default();
    inlines.iter().all(|inline| match inline {
        Inline::Run(run) => run.looks_like(&plain),
        Inline::Break => true,
    })
}

/// The figure that a paragraph is which holds one picture and nothing else.
pub(super) fn figure(inlines: &[Inline]) -> Option<Figure> {
    let filled = |inline: &&Inline| match inline {
        Inline::Run(run) => run.image().is_some() || !run.text.trim().is_empty(),
        Inline::Break => false,
    };
    let mut found = inlines.iter().filter(filled);
    let Inline::Run(run) = found.next()? else {
        return None;
    };
    let name = run.image().filter(|_| run.link.is_none())?;
    let alone = found.next().is_none();
    alone.then(|| picture(name, &run.text))
}

/// Figure of a picture. Without a name, the picture was not taken out; then its alternative text says that it is there.
pub(super) fn picture(name: &str, alt: &str) -> Figure {
    Figure {
        image: Some(name.to_owned()).filter(|name| !name.is_empty()),
        alt: Some(alt.to_owned()).filter(|alt| name.is_empty() || !alt.is_empty()),
        ..Figure::default()
    }
}
