//! Blocks of the layout to those of the document model.

use std::borrow::Cow;

use super::block::{Block, BlockKind};
use super::characters::Characters;
use super::code::code_text;
use super::extent::Viewport;
use super::hyphenation::Vocabulary;
use super::inlines::{Styling, joined};
use super::model_lists::Lists;
use crate::ConvertError;
use crate::ir::{self, Builder, Origin, Region};

/// Adds the blocks of a page to the model, and returns its characters. `viewport` tells their places, where they have
/// any.
///
/// # Errors
/// `LimitExceeded`.
pub(crate) fn add_blocks(
    blocks: &[Block],
    vocabulary: &Vocabulary,
    viewport: Option<&Viewport>,
    builder: &mut Builder<'_>,
) -> Result<Characters, ConvertError> {
    let mut characters = Characters::default();
    let mut lists = Lists::new(builder.depth());
    for (index, block) in blocks.iter().enumerate() {
        let origin = || Origin {
            regions: viewport.map_or_else(Vec::new, |viewport| viewport.regions(&block.lines)),
            ..Origin::default()
        };
        let mut text = |skip, styling| joined(block, skip, styling, vocabulary, &mut characters);
        if let BlockKind::ListItem(item) = &block.kind {
            let label = lists.begin_item(item, &blocks[index..], builder)?;
            let inlines = text(label, Styling::Full);
            builder.add_from(ir::BlockKind::Paragraph(inlines), origin())?;
            continue;
        }
        lists.close(builder)?;
        let kind = match &block.kind {
            BlockKind::Heading(level) => ir::BlockKind::Heading {
                level: *level,
                number: None,
                inlines: text(0, Styling::LinksOnly),
            },
            BlockKind::Code => ir::BlockKind::Code {
                language: None,
                text: characters.normalized(&code(block)).into_owned(),
            },
            BlockKind::Table(table) => {
                table.add_to(builder, viewport, &mut characters)?;
                continue;
            }
            BlockKind::Paragraph | BlockKind::ListItem(_) => ir::BlockKind::Paragraph(text(0, Styling::Full)),
        };
        builder.add_from(kind, origin())?;
    }
    lists.close(builder)?;
    Ok(characters)
}

fn code(block: &Block) -> Cow<'_, str> {
    match &block.joined_text {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(code_text(&block.lines)),
    }
}

/// Gives each list the regions of its items.
pub(crate) fn place_lists(blocks: &mut [ir::Block]) {
    for block in blocks {
        let ir::BlockKind::List(list) = &mut block.kind else {
            continue;
        };
        for item in &mut list.items {
            place_lists(&mut item.blocks);
            for region in item.blocks.iter().flat_map(|block| &block.regions) {
                extend(&mut block.regions, *region);
            }
        }
    }
}

/// Adds a region to the last one, or to the end where it is beside that.
fn extend(regions: &mut Vec<Region>, region: Region) {
    let Some(last) = regions.last_mut() else {
        regions.push(region);
        return;
    };
    let ([left, top, right, bottom], own) = (last.bbox, region.bbox);
    let beside = own[0] >= right || own[2] <= left;
    // A nested item may be all to the right of a short outer one, but it is below that.
    let above = own[3] <= bottom;
    if beside && above || last.angle != region.angle || last.page != region.page {
        regions.push(region);
    } else {
        last.bbox = [
            left.min(own[0]),
            top.min(own[1]),
            right.max(own[2]),
            bottom.max(own[3]),
        ];
    }
}
