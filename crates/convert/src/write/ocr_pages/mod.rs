//! Pages as Mistral's OCR answers them, a JSON object on each line.
//!
//! ```text
//!   Page ──> furniture ──> tables, pictures ──> Markdown ──> blocks, scores
//!            taken out     replaced by names     of the rest   with their parts of it
//! ```
//!
//! Names of tables and pictures are counted through the whole document.

mod blocks;
mod furniture;
mod pictures;
mod scale;
mod scores;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use self::blocks::write_blocks;
use self::furniture::{Extracted, extract};
use self::pictures::{Pictures, write_pictures};
use self::scale::Scale;
use self::scores::write_scores;
use self::tables::{Tables, write_tables};
use super::json::{array, object, string};
use super::markdown::{labels, write_page};
use super::page_break::is_left_out;
use super::writer::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::{Inline, Link, Page};
use crate::options::{Furniture, Images, OcrPageOptions, WriteOptions};

/// Writer of pages as Mistral's OCR answers them.
pub(crate) struct OcrPages {
    wanted: OcrPageOptions,
    options: WriteOptions,
    tables: u64,
    pictures: u64,
}

/// Page whose parts have been told apart.
struct Parted {
    page: Page,
    scale: Option<Scale>,
    extracted: Extracted,
    tables: Tables,
    pictures: Pictures,
}

impl OcrPages {
    pub(crate) fn new(wanted: OcrPageOptions, options: &WriteOptions) -> Self {
        let options = WriteOptions {
            tables: crate::options::Tables::Markdown,
            images: Images::Extract,
            image_folder: WriteOptions::NO_FOLDER.into(),
            furniture: Furniture::Keep,
            ..options.clone()
        };
        Self {
            wanted,
            options,
            tables: 0,
            pictures: 0,
        }
    }

    fn parted(&mut self, mut page: Page) -> Parted {
        let scale = Scale::of(&page);
        let extracted = extract(&mut page, &self.wanted);
        let labels = labels(&page.blocks);
        let tables = Tables::take(
            &mut page,
            self.wanted.tables,
            &labels,
            &self.options,
            &mut self.tables,
        );
        let pictures = Pictures::name(&mut page, &self.wanted, scale, &mut self.pictures);
        write_page(&mut page, &self.options);
        Parted {
            page,
            scale,
            extracted,
            tables,
            pictures,
        }
    }
}

impl DocumentWriter for OcrPages {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        if is_left_out(&page, &self.options) {
            return Ok(());
        }
        let parted = self.parted(page);
        let wanted = &self.wanted;
        object(out, |json| {
            json.integer("index", parted.page.number.saturating_sub(1));
            json.text("markdown", &parted.page.markdown);
            write_pictures(&parted, wanted, json.key("images"));
            write_tables(&parted, json.key("tables"));
            array(json.key("hyperlinks"), hyperlinks(&parted.page), |link, out| {
                string(&link, out);
            });
            nullable(parted.extracted.header(), json.key("header"));
            nullable(parted.extracted.footer(), json.key("footer"));
            match parted.scale {
                Some(scale) => scale.write(json.key("dimensions")),
                None => json.key("dimensions").push_str("null"),
            }
            write_scores(&parted, wanted.scores, json.key("confidence_scores"));
            if wanted.blocks {
                write_blocks(&parted, wanted.scores, json.key("blocks"));
            } else {
                json.key("blocks").push_str("null");
            }
        });
        out.push('\n');
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, _out: &mut String) -> Result<(), ConvertError> {
        Ok(())
    }
}

/// Writes a text, or that there is none.
fn nullable(text: Option<&str>, out: &mut String) {
    match text {
        Some(text) => string(text, out),
        None => out.push_str("null"),
    }
}

/// Addresses that the page links to, each once.
fn hyperlinks(page: &Page) -> Vec<String> {
    let (mut links, mut known) = (Vec::new(), HashSet::new());
    for block in &page.blocks {
        block.visit(&mut |block| {
            for inline in block.kind.inlines().unwrap_or_default() {
                if let Inline::Run(run) = inline
                    && let Some(Link::Href(address)) = &run.link
                    && !address.starts_with('#')
                    && known.insert(address.clone())
                {
                    links.push(address.clone());
                }
            }
        });
    }
    links
}
