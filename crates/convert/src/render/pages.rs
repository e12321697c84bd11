use super::limits;
use crate::ConvertError;
use crate::ir::{Builder, Page};
use crate::options::{OutputForm, OutputFormat, WriteOptions};
use crate::readers::markdown_text::read_blocks;
use crate::write::{self, DocumentHead, DocumentTail, DocumentWriter, TokenizerFile};

/// Creates the writer of a document in `form`, to which pages are given one by one. Pages that were stored without
/// blocks are read from their Markdown where the form needs blocks; JSON says that they have none.
#[must_use]
pub fn document_writer(form: impl Into<OutputForm>, options: &WriteOptions) -> Box<dyn DocumentWriter + '_> {
    document_writer_with(form, options, None)
}

/// [`document_writer`], which measures chunks by `tokenizer` where the options name one of the installation.
#[must_use]
pub fn document_writer_with(
    form: impl Into<OutputForm>,
    options: &WriteOptions,
    tokenizer: Option<TokenizerFile>,
) -> Box<dyn DocumentWriter + '_> {
    let form = form.into();
    let writer = write::document_writer(form, options, tokenizer);
    match form {
        OutputForm::Own(OutputFormat::Markdown | OutputFormat::Json) => writer,
        OutputForm::Own(OutputFormat::Text | OutputFormat::Html | OutputFormat::Chunks)
        | OutputForm::Foreign(_) => Box::new(WithBlocks(writer)),
    }
}

/// Writer that is given pages with blocks.
struct WithBlocks<'o>(Box<dyn DocumentWriter + 'o>);

impl DocumentWriter for WithBlocks<'_> {
    fn start(&mut self, head: &DocumentHead, out: &mut String) {
        self.0.start(head, out);
    }

    fn page(&mut self, mut page: Page, out: &mut String) -> Result<(), ConvertError> {
        if page.blocks.is_empty() && !page.markdown.is_empty() {
            let limits = limits();
            let mut builder = Builder::new(&limits);
            builder.begin_page(page.number);
            read_blocks(&page.markdown, &mut builder)?;
            page.blocks = builder.finish_page()?.0;
        }
        self.0.page(page, out)
    }

    fn finish(&mut self, tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        self.0.finish(tail, out)
    }
}
