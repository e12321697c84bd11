use super::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::Page;
use crate::write::html::HtmlDocument;

impl DocumentWriter for HtmlDocument<'_> {
    fn start(&mut self, head: &DocumentHead, out: &mut String) {
        self.head(&head.title);
        out.push_str(&self.take());
    }

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        Self::page(self, &page);
        out.push_str(&self.take());
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        self.tail();
        out.push_str(&self.take());
        Ok(())
    }
}
