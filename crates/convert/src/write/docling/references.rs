use super::block::PageWriter;
use super::items::Items;
use super::place::Sizes;
use crate::ConvertError;
use crate::ir::Page;
use crate::options::WriteOptions;
use crate::write::page_break::is_left_out;
use crate::write::writer::{DocumentHead, DocumentTail, DocumentWriter};

/// The reference that each block has in the `DoclingDocument`: a line with both, for each.
pub(crate) struct References<'o> {
    options: &'o WriteOptions,
    items: Items,
    sizes: Sizes,
}

impl<'o> References<'o> {
    pub(crate) fn new(options: &'o WriteOptions) -> Self {
        Self {
            options,
            items: Items::default(),
            sizes: Sizes::default(),
        }
    }
}

impl DocumentWriter for References<'_> {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        if is_left_out(&page, self.options) {
            return Ok(());
        }
        PageWriter::new(&page, &mut self.items, &self.sizes, self.options).page();
        for (id, reference) in self.items.named.drain(..) {
            out.push_str(&format!("{id} {reference}\n"));
        }
        let items = &mut self.items;
        for list in [
            &mut items.texts,
            &mut items.tables,
            &mut items.pictures,
            &mut items.groups,
        ] {
            list.take();
        }
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, _out: &mut String) -> Result<(), ConvertError> {
        Ok(())
    }
}
