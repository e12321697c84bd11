use super::{Scope, Writer, escape};
use crate::ir::Block;
use crate::options::PageBreaks;
use crate::{Page, WriteOptions};

const STYLE: &str = "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;\
color:#1a1a1a;background:#fff}table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.25rem .5rem;\
text-align:left;vertical-align:top}[align=right]{text-align:right}[align=center]{text-align:center}\
pre{overflow-x:auto;padding:.75rem;background:#f4f4f4}figure{margin:1rem 0}.marked{list-style:none}\
.small-caps{font-variant:small-caps}.footnote,figcaption,caption,.caption{font-size:.9rem}\
blockquote{margin-left:0;padding-left:1rem;border-left:.25rem solid #ccc}img{max-width:100%}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}pre{background:#242424}a{color:#8ab4f8}}";

/// HTML5 document that is written page by page. It runs no script and fetches nothing but pictures of its own.
pub struct HtmlDocument<'o> {
    writer: Writer<'o>,
    started: bool,
}

impl<'o> HtmlDocument<'o> {
    /// Begins a document. Blocks have their ids.
    #[must_use]
    pub fn new(title: &str, options: &'o WriteOptions) -> Self {
        Self::begin(title, options, Scope::Document)
    }

    /// Begins the document that Markdown is rendered to, of about `length` bytes.
    pub(crate) fn of_markdown(title: &str, options: &'o WriteOptions, length: usize) -> Self {
        let mut document = Self::begin(title, options, Scope::Rendered);
        document.writer.out.reserve(length);
        document
    }

    /// A document whose [`Self::head`] is not written yet.
    pub(crate) fn untitled(options: &'o WriteOptions) -> Self {
        Self {
            writer: Writer::new(options, Scope::Document),
            started: false,
        }
    }

    fn begin(title: &str, options: &'o WriteOptions, scope: Scope) -> Self {
        let mut document = Self {
            writer: Writer::new(options, scope),
            started: false,
        };
        document.head(title);
        document
    }

    /// Writes what stands before the first page.
    pub(crate) fn head(&mut self, title: &str) {
        let writer = &mut self.writer;
        writer.push(
            "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        );
        escape::push_value(&mut writer.out, title);
        writer.push("</title>\n<style>");
        writer.push(STYLE);
        writer.push("</style>\n</head>\n<body>\n");
    }

    /// Writes a page, and what stands between it and the one before.
    pub fn page(&mut self, page: &Page) {
        match self.writer.options.page_breaks {
            PageBreaks::Rule if self.started => self.writer.push("<hr>\n"),
            PageBreaks::Anchor => self.writer.push(&format!("<!-- page {} -->\n", page.number)),
            PageBreaks::Rule | PageBreaks::None => {}
        }
        self.started = true;
        self.blocks(&page.blocks);
    }

    /// Writes blocks.
    pub(crate) fn blocks(&mut self, blocks: &[Block]) {
        self.writer.blocks(blocks);
        self.writer.line();
    }

    /// Takes what has been written since the last call.
    #[must_use]
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.writer.out)
    }

    /// Ends the document, and returns what has been written since [`Self::take`].
    #[must_use]
    pub fn finish(mut self) -> String {
        self.tail();
        self.writer.out
    }

    /// Writes what stands behind the last page.
    pub(crate) fn tail(&mut self) {
        self.writer.push("</body>\n</html>\n");
    }
}
