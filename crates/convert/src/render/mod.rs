//! Stored pages and stored Markdown as other things. Markdown is read into blocks, which are written and let go of one
//! by one, so that memory does not grow with its length beyond what is written.

mod pages;
mod places;

pub use pages::{document_writer, document_writer_with};
pub use places::{TextBox, place_blocks};

use crate::ir::{Block, Builder};
use crate::readers::markdown_text::read_each;
use crate::write::HtmlDocument;
use crate::write::text::TextWriter;
use crate::{ConvertError, Images, Limits, WriteOptions};

/// A whole HTML5 page of our Markdown. It runs no script and fetches nothing but pictures of its own.
///
/// # Errors
/// `LimitExceeded`: a table is too large.
pub fn to_html(markdown: &str, title: &str) -> Result<String, ConvertError> {
    let options = options();
    let mut document = HtmlDocument::of_markdown(title, &options, markdown.len() + markdown.len() / 4);
    for_each_block(markdown, |blocks| document.blocks(blocks))?;
    Ok(document.finish())
}

/// Our Markdown as plain text: links and pictures as their text, table cells separated by tabs, one row a line.
///
/// # Errors
/// `LimitExceeded`: a table is too large.
pub fn to_text(markdown: &str) -> Result<String, ConvertError> {
    let options = options();
    let mut writer = TextWriter::new(&options);
    for_each_block(markdown, |blocks| writer.blocks(blocks))?;
    Ok(writer.finish())
}

/// Pictures that the Markdown leads to were taken out of the document.
fn options() -> WriteOptions {
    WriteOptions {
        images: Images::Extract,
        ..WriteOptions::default()
    }
}

fn for_each_block(markdown: &str, mut write: impl FnMut(&[Block])) -> Result<(), ConvertError> {
    let limits = limits();
    let mut builder = Builder::new(&limits);
    read_each(markdown, &mut builder, &mut |builder| {
        write(&builder.take_finished());
    })?;
    write(&builder.finish_page()?.0);
    Ok(())
}

/// Limits of Markdown that is rendered: it was within those of its conversion, so that only what one block may hold is
/// limited.
fn limits() -> Limits {
    Limits {
        output_bytes: u64::MAX,
        blocks: u64::MAX,
        inlines: u64::MAX,
        document_cells: u64::MAX,
        ..Limits::default()
    }
}
