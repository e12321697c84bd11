use super::{NO_ID, Normal, add};
use crate::ir::{Block, BlockKind, ContentsEntry, Inline, Item, List, ListStyle};
use crate::write::markdown::list::{ListKind, begins_with_text, entry_inlines, kind_of, next_entry, opening};

impl Normal<'_> {
    pub(super) fn list(&self, list: &List, out: &mut Vec<Block>) {
        let numbers = kind_of(list) == ListKind::Numbers;
        let items = list.items.iter().map(|item| self.item(item));
        let items: Vec<Item> = items
            .filter(|item| !item.blocks.is_empty() || item.checked.is_some())
            .collect();
        if !items.is_empty() {
            let list = List {
                ordered: numbers,
                style: ListStyle::Decimal,
                start: if numbers { list.start.min(999_999_999) } else { 1 },
                items,
            };
            add(BlockKind::List(list), out);
        }
    }

    fn item(&self, item: &Item) -> Item {
        let shown = Item {
            blocks: item.shown_blocks().into_owned(),
            ..item.clone()
        };
        let item = &shown;
        let (first, lead) = opening(item, "");
        let mut blocks = Vec::new();
        let mut rest = item.blocks.as_slice();
        if let Some(lead) = lead {
            let mut inlines = vec![Inline::plain(format!("{lead} "))];
            if begins_with_text(item)
                && let [text, others @ ..] = rest
            {
                inlines.extend_from_slice(text.kind.inlines().unwrap_or_default());
                rest = others;
            }
            self.paragraph(&inlines, &mut blocks);
        }
        self.blocks(rest, &mut blocks);
        Item {
            id: NO_ID,
            marker: None,
            checked: item.checked.filter(|_| !first.is_empty()),
            blocks,
        }
    }

    /// The list that the entries are written as: each holds the deeper ones behind it.
    pub(super) fn contents(&self, entries: &[ContentsEntry], out: &mut Vec<Block>) {
        let mut rest = entries;
        let mut items = Vec::new();
        while let Some((entry, inside, others)) = next_entry(rest) {
            let mut blocks = Vec::new();
            self.paragraph(&entry_inlines(entry), &mut blocks);
            self.contents(inside, &mut blocks);
            if !blocks.is_empty() {
                items.push(Item {
                    id: NO_ID,
                    marker: None,
                    checked: None,
                    blocks,
                });
            }
            rest = others;
        }
        if !items.is_empty() {
            let list = List {
                ordered: false,
                style: ListStyle::Decimal,
                start: 1,
                items,
            };
            add(BlockKind::List(list), out);
        }
    }
}
