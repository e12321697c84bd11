//! Blocks of the layout to those of the document model.

use std::borrow::Cow;

use super::block::{Block, BlockKind, PlacedFigure};
use super::characters::Characters;
use super::code::code_text;
use super::extent::Viewport;
use super::hyphenation::Vocabulary;
use super::inlines::{Styling, joined};
use super::line::LEFT_TO_RIGHT;
use super::model_lists::Lists;
use super::notes::Notes;
use super::text_cues::starts_caption;
use crate::ConvertError;
use crate::ir::{self, BlockId, Builder, Caption, Field, Figure, Inline, Origin, Region, Style};

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
    let mut figure = None;
    let notes = Notes::find(blocks, builder);
    for (index, block) in blocks.iter().enumerate() {
        let origin = || Origin {
            regions: viewport.map_or_else(Vec::new, |viewport| viewport.regions(&block.lines)),
            ..Origin::default()
        };
        let mut text = |skip, styling| joined(block, skip, styling, vocabulary, &mut characters);
        if let BlockKind::ListItem(item) = &block.kind {
            let label = lists.begin_item(item, &blocks[index..], builder)?;
            let mut inlines = text(label, Styling::Full);
            notes.link(&mut inlines, builder);
            builder.add_from(item_kind(block, inlines), origin())?;
            continue;
        }
        lists.close(builder)?;
        let target = figure.take();
        if let Some(number) = notes.number(index) {
            let label = indent_of(block) + number.len();
            let inlines = text(label, Styling::Full);
            notes.add(number, inlines, origin(), builder)?;
            continue;
        }
        let mut kind = match &block.kind {
            BlockKind::Code => ir::BlockKind::Code {
                language: None,
                text: characters.normalized(&code(block)).into_owned(),
            },
            BlockKind::Table(table) => {
                table.add_to(builder, viewport, &mut characters)?;
                continue;
            }
            BlockKind::Figure(picture) => {
                figure = builder.add_from(figure_of(picture), place_of(picture, viewport))?;
                continue;
            }
            BlockKind::Field(field) => ir::BlockKind::Field(normalized(field, &mut characters)),
            _ => text_kind(block, target, text),
        };
        if let ir::BlockKind::Paragraph(inlines) | ir::BlockKind::Heading { inlines, .. } = &mut kind {
            notes.link(inlines, builder);
        }
        builder.add_from(kind, origin())?;
    }
    lists.close(builder)?;
    Ok(characters)
}

/// Block of text; the one behind a figure may be its caption.
fn text_kind(
    block: &Block,
    target: Option<BlockId>,
    mut text: impl FnMut(usize, Styling) -> Vec<Inline>,
) -> ir::BlockKind {
    match &block.kind {
        BlockKind::Heading(level) => ir::BlockKind::Heading {
            level: *level,
            number: None,
            inlines: text(0, Styling::LinksOnly),
        },
        BlockKind::Paragraph if target.is_some() && is_caption(block) => ir::BlockKind::Caption(Caption {
            inlines: text(0, Styling::Full),
            target,
        }),
        BlockKind::Header => ir::BlockKind::Header(text(0, Styling::LinksOnly)),
        BlockKind::Footer => ir::BlockKind::Footer(text(0, Styling::LinksOnly)),
        BlockKind::PageNumber => ir::BlockKind::PageNumber(text(0, Styling::LinksOnly)),
        BlockKind::Watermark => ir::BlockKind::Watermark(text(0, Styling::LinksOnly)),
        _ => ir::BlockKind::Paragraph(text(0, Styling::Full)),
    }
}

/// Text of an item: the field of its box with it as the label, if it has one.
fn item_kind(block: &Block, inlines: Vec<Inline>) -> ir::BlockKind {
    match block.field.as_ref().filter(|_| inlines.iter().all(is_plain)) {
        Some(field) => ir::BlockKind::Field(Field {
            label: Some(ir::inlines_text(&inlines)),
            ..field.clone()
        }),
        None => ir::BlockKind::Paragraph(inlines),
    }
}

/// Bytes of white space that a block begins with.
fn indent_of(block: &Block) -> usize {
    let text = block.lines.first().map_or("", |line| line.text.as_str());
    text.len() - text.trim_start().len()
}

/// Returns true for text without a style or link.
fn is_plain(inline: &Inline) -> bool {
    match inline {
        Inline::Run(run) => run.style == Style::default() && run.link.is_none(),
        Inline::Break => false,
    }
}

/// Field with its texts in their normal form.
fn normalized(field: &Field, characters: &mut Characters) -> Field {
    let mut normal = |text: &str| characters.normalized(text).into_owned();
    Field {
        label: field.label.as_deref().map(&mut normal),
        value: normal(&field.value),
        ..field.clone()
    }
}

fn figure_of(picture: &PlacedFigure) -> ir::BlockKind {
    ir::BlockKind::Figure(Figure {
        image: Some(picture.name.clone()),
        ..Figure::default()
    })
}

fn place_of(picture: &PlacedFigure, viewport: Option<&Viewport>) -> Origin {
    let region = viewport.and_then(|viewport| viewport.region(picture.extent, LEFT_TO_RIGHT));
    let upright = region.map(|region| Region {
        angle: None,
        ..region
    });
    Origin {
        regions: upright.into_iter().collect(),
        ..Origin::default()
    }
}

/// Returns true for a paragraph behind a picture that begins as a caption does: `Figure 3.`
fn is_caption(block: &Block) -> bool {
    block.lines.first().is_some_and(|line| starts_caption(&line.text))
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
