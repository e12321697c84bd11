use super::{Scope, Writer, escape};
use crate::ConvertError;
use crate::ir::{Page, PageKind};
use crate::options::WriteOptions;
use crate::write::page_break::is_left_out;
use crate::write::writer::{DocumentHead, DocumentTail, DocumentWriter};

/// XHTML of a document, well-formed XML without styles and ids: each page of paper is a `div` of the class `page`, on which
/// its readers part it.
pub(crate) struct XhtmlDocument<'o> {
    writer: Writer<'o>,
}

impl<'o> XhtmlDocument<'o> {
    pub(crate) fn new(options: &'o WriteOptions) -> Self {
        let mut writer = Writer::new(options, Scope::Rendered);
        writer.is_xml = true;
        Self { writer }
    }

    fn hand_over(&mut self, out: &mut String) {
        out.push_str(&std::mem::take(&mut self.writer.out));
    }
}

impl DocumentWriter for XhtmlDocument<'_> {
    fn start(&mut self, head: &DocumentHead, out: &mut String) {
        self.writer
            .push("<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title>");
        escape::push_value(&mut self.writer.out, &head.title);
        self.writer.push("</title>\n</head>\n<body>\n");
        self.hand_over(out);
    }

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        if is_left_out(&page, self.writer.options) {
            return Ok(());
        }
        let is_paper = page.width.is_some() || matches!(page.kind, PageKind::TextLayer | PageKind::Ocr);
        if is_paper {
            self.writer.push("<div class=\"page\">\n");
        }
        self.writer.blocks(&page.blocks);
        self.writer.line();
        if is_paper {
            self.writer.push("</div>\n");
        }
        self.hand_over(out);
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        out.push_str("</body>\n</html>\n");
        Ok(())
    }
}
