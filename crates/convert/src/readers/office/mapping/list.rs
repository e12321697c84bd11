use anydoc::model::{Block, List, ListItem, MarkerKind};

use super::Mapper;
use crate::ConvertError;
use crate::ir::{self, BlockKind, ItemStart, ListStyle};
use crate::readers::office::signs;

/// Longest number of an item: CommonMark reads no longer ones.
const MAX_DIGITS: usize = 9;

/// Item with the marker that the document shows.
struct Shown<'a> {
    marker: Marker,
    blocks: Vec<&'a Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Marker {
    Bullet,
    Number(u32),
    /// Anything else: `(a)`, `iv.`, `1.2`.
    Text(String),
}

impl Mapper<'_, '_> {
    /// Adds a list and the lists that continue it.
    pub(super) fn lists(&mut self, lists: &[&List]) -> Result<(), ConvertError> {
        let mut items = Vec::new();
        collect(lists, &mut items);
        let Some(first) = items.first() else {
            return Ok(());
        };
        let marker = &lists.first().map_or(MarkerKind::Bullet, |list| list.marker);
        let start = match first.marker {
            Marker::Number(number) => number,
            Marker::Bullet | Marker::Text(_) => 1,
        };
        self.builder.open(BlockKind::List(ir::List {
            ordered: items.iter().any(|item| item.marker != Marker::Bullet),
            style: style(*marker),
            start,
            items: Vec::new(),
        }))?;
        for (index, item) in items.iter().enumerate() {
            self.item(
                item,
                start.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
            )?;
        }
        self.builder.close()
    }

    fn item(&mut self, item: &Shown<'_>, usual: u32) -> Result<(), ConvertError> {
        let marker = match &item.marker {
            Marker::Text(label) => Some(label.clone()),
            Marker::Number(number) if *number != usual => Some(format!("{number}.")),
            Marker::Bullet | Marker::Number(_) => None,
        };
        let (first, rest) = match item.blocks.split_first() {
            Some((Block::Paragraph(content), rest)) => (Some(self.line(content)), rest),
            _ => (None, item.blocks.as_slice()),
        };
        let mut first = first;
        let checked = first.as_mut().and_then(super::Line::take_check_box);
        let depth = self.builder.depth();
        self.builder.open_item(ItemStart { marker, checked })?;
        if let Some(line) = first {
            self.text_block(line)?;
        }
        self.block_row(rest)?;
        self.builder.close_to(depth)
    }
}

/// Returns the list if it continues the one before it: it begins below the level of its own items.
pub(super) fn continuation(block: &Block) -> Option<&List> {
    match block {
        Block::List(list) if list.items.first().is_some_and(is_continued) => Some(list),
        _ => None,
    }
}

/// Collects the items. Items without text of their own go into the item above: some programs write the second half of an
/// item that way. An item that is a list and nothing else is its items.
fn collect<'a>(lists: &[&'a List], items: &mut Vec<Shown<'a>>) {
    let Some(first) = lists.first() else { return };
    let begin = items.len();
    for item in lists.iter().flat_map(|list| &list.items) {
        let blocks: Vec<&Block> = item.blocks.iter().filter(|block| !is_blank(block)).collect();
        if items.len() > begin && is_continued(item) {
            if let Some(above) = items.last_mut() {
                above.blocks.extend(blocks);
            }
        } else if let [Block::List(only)] = blocks.as_slice() {
            collect(&[only], items);
        } else {
            let marker = marker(first, item, items.len() - begin);
            items.push(Shown { marker, blocks });
        }
    }
}

fn is_continued(item: &ListItem) -> bool {
    matches!(
        item.blocks.iter().find(|block| !is_blank(block)),
        Some(Block::List(_))
    )
}

fn is_blank(block: &Block) -> bool {
    matches!(block, Block::Paragraph(inlines) if anydoc::model::inlines_are_empty(inlines))
}

/// Marker of an item. Letters and Roman numbers are kept as they are shown, since text refers to them.
fn marker(list: &List, item: &ListItem, index: usize) -> Marker {
    let label = match (&item.marker_label, list.marker) {
        (Some(label), _) => signs::plain(label).trim().to_owned(),
        (None, MarkerKind::Bullet) => return Marker::Bullet,
        (None, kind) => format!("{}.", kind.ordinal(list.start.saturating_add(index as u64))),
    };
    let number = label.trim_end_matches(['.', ')']);
    let counted = number.len() <= MAX_DIGITS && number.bytes().all(|byte| byte.is_ascii_digit());
    match number.parse() {
        Ok(number) if counted => Marker::Number(number),
        _ if label.chars().any(char::is_alphanumeric) => Marker::Text(label),
        _ => Marker::Bullet,
    }
}

fn style(kind: MarkerKind) -> ListStyle {
    match kind {
        MarkerKind::Bullet | MarkerKind::Decimal => ListStyle::Decimal,
        MarkerKind::LowerAlpha | MarkerKind::UpperAlpha => ListStyle::Alpha,
        MarkerKind::LowerRoman | MarkerKind::UpperRoman => ListStyle::Roman,
    }
}
