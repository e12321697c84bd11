//! Properties of the Markdown of any document: it reads as the model that it was written from, and the ranges of
//! blocks cut it into their texts.

use std::collections::{BTreeSet, HashMap};

use ilios_convert::ir::{Block, BlockId, BlockKind, Inline};
use ilios_convert::{Conversion, Format, Limits, NoOcr, Options, Page, WriteOptions, convert_as, normalize};
use libtest_mimic::Failed;

pub(crate) fn check(conversion: &Conversion) -> Result<(), Failed> {
    let mut ids = BTreeSet::new();
    for page in &conversion.pages {
        let mut twice = None;
        for block in &page.blocks {
            block.visit(&mut |block| {
                let items = match &block.kind {
                    BlockKind::List(list) => list.items.as_slice(),
                    _ => &[],
                };
                for id in items.iter().map(|item| item.id).chain([block.id]) {
                    if !ids.insert((id.page, id.place)) {
                        twice = Some(id);
                    }
                }
            });
        }
        if let Some(id) = twice {
            return Err(format!("{id} is the id of two blocks").into());
        }
        check_whole(page)?;
        for block in &page.blocks {
            check_range(page, block)?;
        }
    }
    Ok(())
}

/// `parse(write(model)) = normalize(model)`.
fn check_whole(page: &Page) -> Result<(), Failed> {
    same(&page.markdown, &page.blocks, &page.markdown)
}

/// The range of a block cuts the Markdown of this block alone.
fn check_range(page: &Page, block: &Block) -> Result<(), Failed> {
    let Some((start, end)) = block.range else {
        let expected = normalize(std::slice::from_ref(block), &WriteOptions::default());
        return match expected.as_slice() {
            [] => Ok(()),
            _ => Err(format!("{} has text and no range", block.id).into()),
        };
    };
    // Footnotes get their labels from the whole page.
    if noted(block) {
        return Ok(());
    }
    let (start, end) = (usize::try_from(start)?, usize::try_from(end)?);
    let cut: String = page.markdown.chars().skip(start).take(end - start).collect();
    same(&cut, std::slice::from_ref(block), &page.markdown)
}

fn noted(block: &Block) -> bool {
    let mut noted = false;
    let mut block = block.clone();
    block.visit_mut(&mut |block| noted |= matches!(block.kind, BlockKind::Footnote(_)));
    block.visit_inlines_mut(&mut |inlines| {
        noted |= inlines
            .iter()
            .any(|inline| matches!(inline, Inline::Run(run) if run.marks.as_ref().is_some_and(|marks| marks.note.is_some())));
    });
    noted
}

fn same(markdown: &str, blocks: &[Block], whole: &str) -> Result<(), Failed> {
    let expected = counted(normalize(blocks, &WriteOptions::default()));
    let read = counted(read(markdown)?);
    if read == expected {
        return Ok(());
    }
    let (read, expected) = (format!("{read:#?}"), format!("{expected:#?}"));
    let lines = |text: &str| -> Vec<String> { text.lines().map(|line| line.trim().to_owned()).collect() };
    let (read, expected) = (lines(&read), lines(&expected));
    let at = (0..read.len().max(expected.len()))
        .find(|&at| read.get(at) != expected.get(at))
        .unwrap_or_default();
    let around = |lines: &[String]| {
        let from = at.saturating_sub(12).min(lines.len());
        lines[from..(at + 6).min(lines.len())].join(" ")
    };
    Err(format!(
        "the Markdown reads otherwise\n\nread:     {}\n\nexpected: {}\n\n{whole}",
        around(&read),
        around(&expected)
    )
    .into())
}

/// Blocks that are read from Markdown. The line in front keeps a rule from being the fence of metadata.
fn read(markdown: &str) -> Result<Vec<Block>, Failed> {
    let text = format!("\n{markdown}");
    let bytes = text.as_bytes();
    let conversion = convert_as(
        Format::Markdown,
        bytes,
        &Options::default(),
        &Limits::default(),
        &mut NoOcr,
    );
    match conversion {
        Ok(conversion) => Ok(conversion
            .pages
            .into_iter()
            .flat_map(|page| page.blocks)
            .collect()),
        Err(ilios_convert::ConvertError::EmptyDocument { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The blocks without what the Markdown does not say: ids are counted anew, places go.
fn counted(mut blocks: Vec<Block>) -> Vec<Block> {
    let (mut notes, mut place) = (HashMap::new(), 0);
    for block in &mut blocks {
        block.visit_mut(&mut |block| {
            place += 1;
            let id = BlockId { page: 1, place };
            match &mut block.kind {
                BlockKind::Footnote(_) => {
                    notes.insert((block.id.page, block.id.place), id);
                }
                BlockKind::List(list) => {
                    let none = BlockId { page: 1, place: 0 };
                    list.items.iter_mut().for_each(|item| item.id = none);
                }
                _ => {}
            }
            *block = Block::new(id, block.kind.clone());
        });
    }
    for block in &mut blocks {
        block.visit_inlines_mut(&mut |inlines| {
            for inline in inlines {
                if let Inline::Run(run) = inline
                    && let Some(note) = run.marks.as_mut().and_then(|marks| marks.note.as_mut())
                {
                    *note = notes.get(&(note.page, note.place)).copied().unwrap_or(*note);
                }
            }
        });
    }
    blocks
}
