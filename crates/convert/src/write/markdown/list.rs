use super::Writer;
use super::escape::Place;
use crate::ir::{Block, BlockKind, ContentsEntry, Inline, Item, List};

/// Kind of a list; lists of one kind that follow each other would be read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Bullets,
    Numbers,
}

/// Numbers that CommonMark reads.
const LAST_NUMBER: u32 = 999_999_999;

/// Kind that a list is written as. Markers that are more than a number, such as `(a)`, are text behind a bullet.
pub(super) fn kind_of(list: &List) -> ListKind {
    let own = list.items.iter().any(|item| own_marker(item).is_some());
    if list.ordered && !own {
        ListKind::Numbers
    } else {
        ListKind::Bullets
    }
}

/// Marker that has to be written as text.
pub(super) fn own_marker(item: &Item) -> Option<&str> {
    let marker = item.marker.as_deref()?.trim();
    let number = marker.strip_suffix(['.', ')']).unwrap_or(marker);
    let counted = number.bytes().all(|byte| byte.is_ascii_digit());
    (!counted && marker.chars().any(char::is_alphanumeric)).then_some(marker)
}

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &mut List) {
        let kind = kind_of(list);
        for (index, item) in list.items.iter_mut().enumerate() {
            let marker = match kind {
                ListKind::Bullets => "- ".to_owned(),
                ListKind::Numbers => {
                    let index = u32::try_from(index).unwrap_or(u32::MAX);
                    format!("{}. ", list.start.saturating_add(index).min(LAST_NUMBER))
                }
            };
            self.out.line();
            self.item(item, &marker);
        }
    }

    fn item(&mut self, item: &mut Item, marker: &str) {
        let text = begins_with_text(item);
        let (first, lead) = opening(item, marker);
        let outer = self.previous.take();
        self.out.enter(first, " ".repeat(marker.len()));
        match lead {
            Some(lead) if text => self.lead = Some(lead),
            Some(lead) => {
                let lead = self.inlines(&[Inline::plain(lead)], Place::Lines);
                self.out.push(&lead);
            }
            None => {}
        }
        self.item_blocks(&mut item.blocks);
        self.out.leave(true);
        self.previous = outer;
    }

    /// Writes the blocks of an item. A list follows a paragraph without a blank line where it can interrupt it.
    fn item_blocks(&mut self, blocks: &mut [Block]) {
        let mut after_text = false;
        for block in blocks {
            if after_text && matches!(&block.kind, BlockKind::List(list) if interrupts(list)) {
                self.out.line();
                self.block_here(block);
            } else {
                self.block(block);
            }
            after_text = matches!(block.kind, BlockKind::Paragraph(_));
        }
    }
}

/// Returns true for a list that ends a paragraph right above it.
fn interrupts(list: &List) -> bool {
    let starts = list.start == 1 || kind_of(list) == ListKind::Bullets;
    starts && list.items.first().is_some_and(|item| !item.blocks.is_empty())
}

/// Beginning of the first line of an item, and the text that its first paragraph begins with, or that is a paragraph of
/// its own before other blocks. A check box needs text behind it.
pub(super) fn opening(item: &Item, marker: &str) -> (String, Option<String>) {
    let own = own_marker(item).map(str::to_owned);
    let text = own.is_some() || begins_with_text(item);
    match item.checked {
        Some(checked) if text => {
            let sign = if checked { "[x] " } else { "[ ] " };
            (format!("{marker}{sign}"), own)
        }
        Some(checked) => {
            let sign = if checked { "[x]" } else { "[ ]" };
            (marker.to_owned(), Some(sign.into()))
        }
        None => (marker.to_owned(), own),
    }
}

/// Returns true if the first block of an item is a paragraph.
pub(super) fn begins_with_text(item: &Item) -> bool {
    matches!(
        item.blocks.first().map(|block| &block.kind),
        Some(BlockKind::Paragraph(_))
    )
}

impl Writer<'_> {
    /// Writes a table of contents as a list, nested by the levels of its entries.
    pub(super) fn contents(&mut self, entries: &[ContentsEntry]) {
        let mut levels: Vec<u8> = Vec::new();
        for entry in entries {
            while levels.last().is_some_and(|&level| level >= entry.level) {
                levels.pop();
            }
            let mut inlines = entry.inlines.clone();
            if let Some(page) = &entry.page {
                inlines.push(Inline::plain(format!(" {page}")));
            }
            let text = self.inlines(&inlines, Place::Heading);
            self.out.line();
            let indent = "  ".repeat(levels.len());
            self.out.push(&format!("{indent}- "));
            self.out.push(&text);
            levels.push(entry.level);
        }
    }
}
