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

/// Kind of the list that a block is written as.
pub(super) fn list_kind(kind: &BlockKind) -> Option<ListKind> {
    match kind {
        BlockKind::List(list) => Some(kind_of(list)),
        BlockKind::Toc(_) => Some(ListKind::Bullets),
        _ => None,
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
        let mut number = list.start;
        for item in &mut list.items {
            let marker = match kind {
                ListKind::Bullets => "- ".to_owned(),
                ListKind::Numbers => format!("{}. ", number.min(LAST_NUMBER)),
            };
            self.out.line();
            self.out.open();
            self.item(item, &marker);
            if self.out.close().is_some() {
                number = number.saturating_add(1);
            }
        }
    }

    /// Writes an item; the field of its box as the label, since the item has the state.
    fn item(&mut self, item: &mut Item, marker: &str) {
        let (Some(text), Some(first)) = (item.box_text(), item.blocks.first_mut()) else {
            return self.item_here(item, marker);
        };
        let field = std::mem::replace(&mut first.kind, text);
        self.item_here(item, marker);
        if let Some(first) = item.blocks.first_mut() {
            first.kind = field;
        }
    }

    fn item_here(&mut self, item: &mut Item, marker: &str) {
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
        self.out.leave();
        self.previous = outer;
    }

    /// Writes the blocks of an item. A list follows a paragraph without a blank line where it can interrupt it.
    fn item_blocks(&mut self, blocks: &mut [Block]) {
        let mut after_text = false;
        for block in blocks {
            if after_text && matches!(&block.kind, BlockKind::List(list) if self.interrupts(list)) {
                self.out.line();
                self.block_here(block);
            } else {
                self.block(block);
            }
            after_text = matches!(block.kind, BlockKind::Paragraph(_));
        }
    }

    /// Returns true for a list that ends a paragraph right above it: it begins with text, and with 1 if it is counted.
    fn interrupts(&self, list: &List) -> bool {
        let starts = list.start == 1 || kind_of(list) == ListKind::Bullets;
        let first = list.items.first().and_then(|item| item.blocks.first());
        let text = match first.map(|block| &block.kind) {
            Some(BlockKind::Paragraph(inlines)) => !self.context.pieces(inlines).is_empty(),
            _ => false,
        };
        starts && text
    }
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
    /// Writes a table of contents as a list: each entry holds the deeper ones behind it.
    pub(super) fn contents(&mut self, mut entries: &[ContentsEntry]) {
        while let Some((entry, inside, rest)) = next_entry(entries) {
            self.out.line();
            self.out.enter("- ".into(), "  ".into());
            self.paragraph(&entry_inlines(entry));
            self.contents(inside);
            self.out.leave();
            entries = rest;
        }
    }
}

/// The first entry, the deeper ones behind it, and the rest.
pub(super) fn next_entry(
    entries: &[ContentsEntry],
) -> Option<(&ContentsEntry, &[ContentsEntry], &[ContentsEntry])> {
    let (entry, others) = entries.split_first()?;
    let deeper = others
        .iter()
        .take_while(|other| other.level > entry.level)
        .count();
    let (inside, rest) = others.split_at_checked(deeper)?;
    Some((entry, inside, rest))
}

/// Inlines of an entry with its page.
pub(super) fn entry_inlines(entry: &ContentsEntry) -> Vec<Inline> {
    let page = entry.page.iter().map(|page| Inline::plain(format!(" {page}")));
    entry.inlines.iter().cloned().chain(page).collect()
}
