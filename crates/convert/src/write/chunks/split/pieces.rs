use super::super::unit::Unit;
use super::piece_list::Pieces;
use super::sentences::sentence_ends;
use super::table::grid;
use crate::ir::{Block, BlockKind, Inline, Link, List, Run, inlines_text};
use crate::options::{TableChunks, WriteOptions};
use crate::write::markdown::write_part;

/// Pieces of the text of a unit.
pub(super) fn pieces(unit: &Unit, options: &WriteOptions) -> Pieces {
    let write_with = |kind: BlockKind, options: &WriteOptions| {
        let mut block = Block::new(unit.block.id, kind);
        write_part(std::slice::from_mut(&mut block), &unit.labels, options)
    };
    let write = |kind: BlockKind| write_with(kind, options);
    match &unit.block.kind {
        BlockKind::Paragraph(inlines) | BlockKind::Aside(inlines) | BlockKind::Reference(inlines) => {
            let sentences = sentences(inlines).into_iter();
            Pieces {
                items: sentences
                    .map(|inlines| write(BlockKind::Paragraph(inlines)))
                    .collect(),
                joint: " ",
                ..Pieces::default()
            }
        }
        BlockKind::LineBlock(inlines) => {
            let lines = inlines.split(|inline| matches!(inline, Inline::Break));
            Pieces {
                items: lines
                    .map(|line| write(BlockKind::Paragraph(line.to_vec())))
                    .collect(),
                joint: "\\\n",
                ..Pieces::default()
            }
        }
        BlockKind::List(list) => {
            let numbers = (list.start..=u32::MAX).chain(std::iter::repeat(u32::MAX));
            let items = numbers.zip(&list.items).map(|(start, item)| {
                write(BlockKind::List(List {
                    ordered: list.ordered,
                    style: list.style,
                    start,
                    items: vec![item.clone()],
                }))
            });
            Pieces {
                items: items.collect(),
                joint: "\n",
                ..Pieces::default()
            }
        }
        BlockKind::DefinitionList(items) => Pieces {
            items: items
                .iter()
                .map(|item| write(BlockKind::DefinitionList(vec![item.clone()])))
                .collect(),
            joint: "\n\n",
            ..Pieces::default()
        },
        BlockKind::Table(table) if options.chunks.tables == TableChunks::Rows => {
            grid(table, options, write_with)
        }
        BlockKind::Code { .. } => code(&unit.text),
        _ => Pieces::lines(&unit.text),
    }
}

/// Pieces of a block of code: its lines, within its fences.
fn code(markdown: &str) -> Pieces {
    let mut lines = markdown.lines();
    let (Some(head), Some(tail)) = (lines.next(), lines.next_back()) else {
        return Pieces::lines(markdown);
    };
    Pieces {
        head: format!("{head}\n"),
        items: lines.map(str::to_owned).collect(),
        joint: "\n",
        tail: format!("\n{tail}"),
        frames_parts: true,
        in_head: 0,
    }
}

/// Inlines of each sentence. Pictures, formulas and references are never cut.
fn sentences(inlines: &[Inline]) -> Vec<Vec<Inline>> {
    let mut ends = sentence_ends(&inlines_text(inlines)).into_iter().peekable();
    let mut sentences = Vec::new();
    let mut sentence = Vec::new();
    let mut at = 0;
    for inline in inlines {
        let end = at + inline.text().len();
        let mut start = at;
        while let Some(cut) = ends.next_if(|cut| *cut <= end) {
            if let Inline::Run(run) = inline
                && (can_be_cut(run) || cut == end)
            {
                sentence.push(slice(run, start - at, cut - at));
                start = cut;
                sentences.push(std::mem::take(&mut sentence));
            }
        }
        match inline {
            Inline::Run(run) if start < end || run.text.is_empty() => {
                sentence.push(slice(run, start - at, end - at));
            }
            Inline::Run(_) => {}
            Inline::Break => sentence.push(Inline::Break),
        }
        at = end;
    }
    sentences.push(sentence);
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn slice(run: &Run, start: usize, end: usize) -> Inline {
    // The whole text is not cloned, which would take time for each sentence.
    Inline::Run(Run {
        text: run.text.get(start..end).unwrap_or_default().to_owned(),
        style: run.style,
        link: run.link.clone(),
        marks: run.marks.clone(),
    })
}

/// Bytes of an address that may stand in several parts, at most.
const LONGEST_ADDRESS: usize = 256;

/// Returns true for a run that may be cut: text, if linked to a short address.
fn can_be_cut(run: &Run) -> bool {
    let short = match &run.link {
        Some(Link::Href(address) | Link::Path(address)) => address.len() <= LONGEST_ADDRESS,
        Some(Link::Block(_)) | None => true,
    };
    short && run.marks.is_none()
}
