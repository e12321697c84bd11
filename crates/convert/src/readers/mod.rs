//! Readers: one for each format. Each takes the whole file and returns Markdown, metadata and warnings.

mod csv;
mod csv_dialect;
mod decode;
mod email;
mod guard;
mod html;
mod json;
mod leaf;
mod ledger;
mod little_endian;
pub(crate) mod markdown_text;
mod notebook;
mod office;
mod text;
mod text_code;
mod xml;

pub(crate) use self::email::ConvertFile;
use crate::ir::{Builder, Image};
use crate::pictures::{Pictures, without_repeated};
use crate::write::write_page;
use crate::{Conversion, ConvertError, Format, Host, Limits, Metadata, Options, Page, PageKind, Warning};

/// Containers that are made within each other; what is nested deeper stands in the innermost one, so that no text is
/// lost.
const MAX_DEPTH: usize = 64;

/// Result of a reader.
#[derive(Debug, Default)]
struct Reading {
    /// Pages of blocks.
    pages: Vec<Page>,
    images: Vec<Image>,
    metadata: Metadata,
    warnings: Vec<Warning>,
}

impl Reading {
    /// Finishes the page on which `builder` stands, as the only one of the document.
    fn of_one_page(builder: &mut Builder<'_>) -> Result<Self, ConvertError> {
        let mut page = Page::new(1, PageKind::Structure);
        (page.blocks, page.doubts) = builder.finish_page()?;
        Ok(Self {
            pages: vec![page],
            ..Self::default()
        })
    }

    /// Adds the pictures that were taken out of the document, without those that are on most pages.
    fn with_pictures(mut self, mut pictures: Pictures<'_>) -> Self {
        without_repeated(&mut self.pages, &mut pictures);
        let (images, warnings) = pictures.finish();
        self.images = images;
        self.warnings.extend(warnings);
        self
    }
}

/// Converts a document that is neither PDF nor image. Sheets, slides and chapters are pages,
/// and can be selected. `convert_file` converts the files within it that are to be.
pub(crate) fn convert(
    convert_file: ConvertFile,
    bytes: &[u8],
    format: Format,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let reading = guard::catch_panics(|| read(convert_file, bytes, format, options, limits, host))?;
    let mut pages = reading.pages;
    for page in &mut pages {
        write_page(page, &options.output);
    }
    if pages.iter().all(|page| page.markdown.is_empty()) {
        return Err(ConvertError::EmptyDocument {
            reason: "it holds no text".into(),
        });
    }
    let mut images = reading.images;
    for image in &mut images {
        host.on_picture(image);
        if !host.keeps_blocks() {
            image.bytes = Vec::new();
        }
    }
    for (index, page) in pages.iter().enumerate() {
        let warnings = if index + 1 == pages.len() {
            reading.warnings.as_slice()
        } else {
            &[]
        };
        host.on_page_done(page, warnings);
    }
    Ok(Conversion {
        format,
        metadata: reading.metadata,
        pages,
        images,
        warnings: reading.warnings,
        partial: None,
    })
}

fn read(
    convert_file: ConvertFile,
    bytes: &[u8],
    format: Format,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Reading, ConvertError> {
    if options.pages.is_some() && !has_pages(format) {
        return Err(ConvertError::PagesNotSupported { format });
    }
    match format {
        Format::Html => html::read(bytes, options, limits),
        Format::Csv | Format::Tsv => csv::read(bytes, limits),
        Format::Eml => email::read(convert_file, bytes, options, limits, host),
        Format::Text => text::read(bytes, limits),
        Format::Markdown => markdown_text::read(bytes, limits),
        Format::Json => json::read(bytes, limits),
        Format::Xml => xml::read(bytes, limits),
        Format::Ipynb => notebook::read(bytes, options, limits),
        _ => office::read(bytes, format, false, options, limits),
    }
}

/// Returns true for a format whose documents have sheets, slides or chapters to select.
fn has_pages(format: Format) -> bool {
    matches!(
        format,
        Format::Xlsx | Format::Xls | Format::Ods | Format::Pptx | Format::Odp | Format::Epub
    )
}

/// Error: the document cannot be read, with the reason.
fn invalid(reason: impl std::fmt::Display) -> ConvertError {
    ConvertError::InvalidDocument {
        reason: reason.to_string(),
    }
}

/// Error: the document nests deeper than allowed.
fn too_deep(limits: &Limits) -> ConvertError {
    ConvertError::LimitExceeded {
        what: format!("nesting deeper than {} levels", limits.depth),
    }
}
