use super::block::{PageWriter, head};
use super::items::{Kind, Reference};
use crate::ir::{Block, BlockKind, Definition, Item, List, ListStyle, inlines_text};

impl<'p> PageWriter<'p, '_> {
    pub(super) fn list(&mut self, list: &'p List, parent: Reference) -> Reference {
        let own = self.items.reserve(Kind::Group);
        let mut children = Vec::new();
        let mut number = list.start;
        for item in &list.items {
            let usual = match (list.ordered, list.style) {
                (false, _) => "-".to_owned(),
                (true, ListStyle::Decimal) => format!("{number}."),
                (true, style) => format!("{}.", numeral(style, number)),
            };
            let marker = item.marker.clone().unwrap_or(usual);
            children.push(self.item(item, list.ordered, &marker, own));
            // A document may begin a list at any number.
            number = number.saturating_add(1);
        }
        self.put_group(own, "list", "list", &children, parent);
        own
    }

    /// Writes an item: its first paragraph is its text, and the rest hangs below it.
    fn item(&mut self, item: &'p Item, enumerated: bool, marker: &str, parent: Reference) -> Reference {
        let own = self.items.reserve(Kind::Text);
        self.items.named.push((item.id, own));
        let first = item.blocks.first();
        let paragraph = first.and_then(|block| match &block.kind {
            BlockKind::Paragraph(inlines) => Some((block, inlines_text(inlines))),
            _ => None,
        });
        let rest = item
            .blocks
            .get(usize::from(paragraph.is_some())..)
            .unwrap_or_default();
        let children = self.blocks(rest, own);
        let fallback = Block::new(item.id, BlockKind::Rule);
        let (block, text) = paragraph.unwrap_or((first.unwrap_or(&fallback), String::new()));
        self.items.named.push((block.id, own));
        let text = match item.checked {
            Some(true) => format!("[x] {text}"),
            Some(false) => format!("[ ] {text}"),
            None => text,
        };
        let sizes = self.sizes;
        self.items.put(own, |json| {
            head(own, parent, &children, ("list_item", "body"), json);
            sizes.write(block, &text, json);
            json.text("orig", &text);
            json.text("text", &text);
            json.boolean("enumerated", enumerated);
            json.text("marker", marker);
        });
        own
    }

    /// Writes terms as items of a list, and their definitions below them.
    pub(super) fn definitions(
        &mut self,
        block: &'p Block,
        items: &'p [Definition],
        parent: Reference,
    ) -> Reference {
        let own = self.items.reserve(Kind::Group);
        let mut children = Vec::new();
        for item in items {
            let term = self.items.reserve(Kind::Text);
            let below = self.blocks(&item.blocks, term);
            let text = inlines_text(&item.term);
            let sizes = self.sizes;
            self.items.put(term, |json| {
                head(term, own, &below, ("list_item", "body"), json);
                sizes.write(block, &text, json);
                json.text("orig", &text);
                json.text("text", &text);
                json.boolean("enumerated", false);
                json.text("marker", "-");
            });
            children.push(term);
        }
        self.put_group(own, "list", "list", &children, parent);
        own
    }
}

/// The numeral of a counted item: letters, or Roman ones; digits for what these do not reach.
fn numeral(style: ListStyle, number: u32) -> String {
    const ROMAN: [(u32, &str); 13] = [
        (1_000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    match (style, number) {
        (ListStyle::Alpha, 1..=26) => char::from_digit(number + 9, 36)
            .map(String::from)
            .unwrap_or_default(),
        (ListStyle::Roman, 1..=3_999) => {
            let (mut left, mut out) = (number, String::new());
            for (value, sign) in ROMAN {
                while left >= value {
                    out.push_str(sign);
                    left -= value;
                }
            }
            out
        }
        _ => number.to_string(),
    }
}
