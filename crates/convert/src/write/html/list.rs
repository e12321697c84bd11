use super::{Scope, Writer};
use crate::ir::{Block, BlockKind, Definition, Item, List, ListStyle};

impl Writer<'_> {
    pub(super) fn list(&mut self, attributes: &str, list: &List) {
        let name = if list.ordered { "ol" } else { "ul" };
        let mut own = attributes.to_owned();
        if list.ordered && list.start != 1 {
            own.push_str(&format!(" start=\"{}\"", list.start));
        }
        match list.style {
            ListStyle::Alpha if list.ordered => own.push_str(" type=\"a\""),
            ListStyle::Roman if list.ordered => own.push_str(" type=\"i\""),
            _ => {}
        }
        self.open(name, &own);
        self.line();
        for item in &list.items {
            self.item(item);
        }
        self.close(name);
    }

    fn item(&mut self, item: &Item) {
        let mut own = match self.scope {
            Scope::Document => format!(" id=\"{}\"", item.id),
            Scope::Rendered | Scope::Markdown => String::new(),
        };
        if item.marker.is_some() || item.checked.is_some() {
            own.push_str(" class=\"marked\"");
        }
        self.open("li", &own);
        if let Some(checked) = item.checked {
            // XML knows no attribute without a value.
            self.push(match (checked, self.scope) {
                (true, _) if self.is_xml => "☑ ",
                (false, _) if self.is_xml => "☐ ",
                (true, Scope::Markdown) => "☑ ",
                (false, Scope::Markdown) => "☐ ",
                (true, _) => "<input type=\"checkbox\" disabled checked> ",
                (false, _) => "<input type=\"checkbox\" disabled> ",
            });
        }
        if let Some(marker) = &item.marker {
            self.text(marker);
            self.push(" ");
        }
        self.tight(&item.shown_blocks());
        self.close("li");
    }

    pub(super) fn definitions(&mut self, attributes: &str, items: &[Definition]) {
        self.open("dl", attributes);
        for item in items {
            self.simple("dt", "", &item.term);
            self.open("dd", "");
            self.tight(&item.blocks);
            self.close("dd");
        }
        self.close("dl");
    }

    /// Writes the content of an item or a cell: its first paragraph needs no element, if no other one follows.
    pub(super) fn tight(&mut self, blocks: &[Block]) {
        if let Some((first, rest)) = blocks.split_first()
            && let BlockKind::Paragraph(inlines) = &first.kind
            && rest.iter().all(|block| matches!(block.kind, BlockKind::List(_)))
        {
            self.inlines(inlines);
            self.blocks(rest);
        } else {
            self.blocks(blocks);
        }
    }
}
