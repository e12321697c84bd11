//! Office documents: the `anydoc` library reads them; charts, metadata, sheets and whatever else it loses are read here.

mod annotations;
mod areas;
mod book_notes;
mod book_pages;
mod cell_facts;
mod cell_lines;
mod cell_links;
mod cell_names;
mod chart;
mod chart_cells;
mod charts;
mod chunks;
mod comments;
mod controls;
mod deck;
mod deleted;
mod drawings;
mod drop_capitals;
mod formulas;
mod hidden_slides;
mod hidden_words;
mod large_sheet;
mod legacy_document;
mod legacy_hidden;
mod legacy_objects;
mod legacy_running;
mod legacy_strings;
mod legacy_text;
mod legacy_workbook;
mod library;
mod mapping;
mod masters;
mod odf_chart;
mod open_sheets;
mod package;
mod pages;
mod prepare;
mod properties;
mod raised;
mod relations;
mod row_gaps;
mod rtf;
mod rtf_running;
mod rtf_words;
mod ruby;
mod running;
mod sheet;
mod signs;
mod slide_order;
mod slides;
mod spreadsheet;
mod styles;
mod summary;
mod symbols;
mod titles;
mod unhidden;
mod workbook;

use std::collections::HashMap;

use anydoc::model::Document;

use super::ledger::Ledger;
use super::{Reading, invalid};
use crate::ir::{Annotation, Builder, Page};
use crate::options::{Comments, Revisions};
use crate::{ConvertError, Format, Limits, Metadata, Options, Warning};

use legacy_workbook::LegacySheet;
use library::{kind, small_document};
use mapping::Mapper;
use package::Package;
use pages::{PageFacts, Pages};
use prepare::Prepared;
use rtf_running::Beside;

/// Size of the part of a sheet from which on the library is not asked: it would refuse the sheet, after it has filled
/// memory with a part of it.
const MAX_SHEET_BYTES: u64 = 10 << 20;
const LARGE_SHEET: &str = "a sheet is very large: its numbers are written without their formats, merged cells once, \
                           hidden rows and columns unmarked, cells without their links";

/// Reads a document. The documents within it are left out if it stands in another one itself.
pub(super) fn read(
    bytes: &[u8],
    format: Format,
    is_within: bool,
    options: &Options,
    limits: &Limits,
) -> Result<Reading, ConvertError> {
    let Some(kind) = kind(format) else {
        return Err(ConvertError::UnsupportedType);
    };
    if format == Format::Doc && legacy_document::is_before_97(bytes) {
        return Err(ConvertError::UnsupportedType);
    }
    let renamed = package::with_slashes(bytes);
    let bytes = renamed.as_deref().unwrap_or(bytes);
    let mut package = open_package(bytes, format, limits)?;
    let mut metadata = metadata(bytes, format, package.as_mut(), limits)?;
    let mut warnings = Vec::new();
    let sheets = match &mut package {
        Some(package) if format == Format::Xlsx => workbook::sheets(package, bytes),
        _ => Vec::new(),
    };
    let Prepared {
        bytes: prepared,
        legacy,
        hidden,
    } = prepare::prepared(bytes, format, package.as_mut(), &sheets, options.output.hidden);
    let document = match has_large_sheet(format, package.as_mut()) {
        true => None,
        false => small_document(&prepared, kind, &mut warnings)?,
    };
    drop(prepared);
    let mut source = Source {
        bytes,
        format,
        package,
        sheets,
        legacy,
        hidden,
        is_within,
        limits,
        warnings: Vec::new(),
    };
    let mut builder = Builder::with_pictures(limits, options.output.images);
    let mut ledger = Ledger::default();
    let (pages, count) = match document {
        Some(document) => source.read(document, options, &mut builder, &mut ledger)?,
        None => {
            warnings.push(Warning::document(LARGE_SHEET));
            source.read_large(options, &mut builder, &mut ledger)?
        }
    };
    metadata.page_count = count.or(metadata.page_count);
    if ledger.is_empty() && builder.pictures().is_empty() {
        return Err(ConvertError::EmptyDocument {
            reason: "it holds no text".into(),
        });
    }
    warnings.append(&mut source.warnings);
    warnings.extend(ledger.warnings());
    let reading = Reading {
        pages,
        metadata,
        warnings,
        ..Reading::default()
    };
    Ok(reading.with_pictures(builder.into_pictures()))
}

/// Reads what the document says of itself.
fn metadata(
    bytes: &[u8],
    format: Format,
    package: Option<&mut Package<'_>>,
    limits: &Limits,
) -> Result<Metadata, ConvertError> {
    let metadata = match package {
        Some(package) => properties::read(package, format),
        None => summary::read(bytes),
    };
    if let Some(count) = metadata.page_count {
        limits.check_pages(count as usize)?;
    }
    Ok(metadata)
}

fn has_large_sheet(format: Format, package: Option<&mut Package>) -> bool {
    format == Format::Xlsx
        && package.is_some_and(|package| package.has_larger("xl/worksheets/", MAX_SHEET_BYTES))
}

/// Opens a document that is a package; others are read as they are.
fn open_package<'a>(
    bytes: &'a [u8],
    format: Format,
    limits: &Limits,
) -> Result<Option<Package<'a>>, ConvertError> {
    if !bytes.starts_with(b"PK") {
        return Ok(None);
    }
    let mut package = Package::open(bytes, limits)?;
    if format != Format::Epub {
        package.refuse_entities()?;
    }
    if format == Format::Pptx && slides::are_none(&mut package) {
        return Err(ConvertError::EmptyDocument {
            reason: "the presentation has no slides".into(),
        });
    }
    Ok(Some(package))
}

/// Document beside what the library makes of it.
struct Source<'a> {
    bytes: &'a [u8],
    format: Format,
    package: Option<Package<'a>>,
    sheets: Vec<workbook::Sheet>,
    /// Sheets of a binary workbook.
    legacy: Vec<LegacySheet>,
    /// Pieces of hidden text that the library does not see.
    hidden: u64,
    /// The document stands in another one.
    is_within: bool,
    limits: &'a Limits,
    /// Warnings about documents within it.
    warnings: Vec<Warning>,
}

impl Source<'_> {
    /// Reads the pages and their number, which is `None` if the document has nothing to select.
    fn read(
        &mut self,
        mut document: Document,
        options: &Options,
        builder: &mut Builder<'_>,
        ledger: &mut Ledger,
    ) -> Result<(Vec<Page>, Option<u32>), ConvertError> {
        self.amend(&mut document);
        let notes = std::mem::take(&mut document.notes);
        let assets = std::mem::take(&mut document.assets);
        let mapper = Mapper::new(builder, ledger, &notes)
            .with_assets(&assets)
            .with_hidden(options.output.hidden);
        let mut pages = Pages::new(mapper, options.pages.as_ref());
        pages.mapper.hide(self.hidden);
        let count = self.add(&document, &notes, options, &mut pages)?;
        if self.format == Format::Ppt {
            // The library does not know their slides.
            let count = u32::try_from(assets.len()).unwrap_or(u32::MAX);
            pages.mapper.builder.pictures().note_without_place(count);
        }
        Ok((pages.into_pages(count.unwrap_or(1))?, count))
    }

    /// Reads the sheets of a workbook that is too large for the library.
    fn read_large(
        &mut self,
        options: &Options,
        builder: &mut Builder<'_>,
        ledger: &mut Ledger,
    ) -> Result<(Vec<Page>, Option<u32>), ConvertError> {
        let mapper = Mapper::new(builder, ledger, &[]);
        let mut pages = Pages::new(mapper, options.pages.as_ref());
        let count = match &mut self.package {
            Some(package) => spreadsheet::add_large(self.bytes, &self.sheets, package, &mut pages)?,
            None => 0,
        };
        Ok((pages.into_pages(count)?, Some(count)))
    }

    /// Puts what the library loses into its document.
    fn amend(&mut self, document: &mut Document) {
        if self.format == Format::Epub {
            book_notes::take(document);
        }
        if self.format == Format::Xls {
            cell_lines::mark(&mut document.blocks);
        }
        if let (Format::Odt | Format::Odp, Some(package)) = (self.format, &mut self.package)
            && let Some(content) = package.text("content.xml")
        {
            titles::promote(document, &content);
            odf_chart::insert(document, &content, package);
        }
    }

    /// Adds the pages of the document and returns their number; `None` if it has nothing to select.
    fn add(
        &mut self,
        document: &Document,
        notes: &[anydoc::model::Note],
        options: &Options,
        pages: &mut Pages<'_, '_>,
    ) -> Result<Option<u32>, ConvertError> {
        let count = match (self.format, &mut self.package) {
            (Format::Xlsx | Format::Xls | Format::Ods, package) => {
                let listed = spreadsheet::Listed {
                    sheets: std::mem::take(&mut self.sheets),
                    legacy: std::mem::take(&mut self.legacy),
                };
                let package = package.as_mut();
                Some(spreadsheet::add(
                    document,
                    self.bytes,
                    self.format,
                    package,
                    listed,
                    pages,
                )?)
            }
            (Format::Pptx | Format::Odp, Some(package)) => {
                deck::add_slides(document, self.format, package, pages)?
            }
            (Format::Epub, _) => Some(deck::add_chapters(document, notes, pages)?),
            _ => None,
        };
        if count.is_none() {
            if options.pages.is_some() {
                return Err(ConvertError::PagesNotSupported { format: self.format });
            }
            self.add_whole(document, notes, options, pages)?;
        }
        if options.output.comments == Comments::Drop {
            let comments = std::mem::take(&mut pages.mapper.comments);
            pages
                .mapper
                .ledger
                .note("comments left out of the text", comments);
        }
        if options.output.revisions == Revisions::Final {
            let deletions = std::mem::take(&mut pages.mapper.deletions);
            pages
                .mapper
                .ledger
                .note("deletions left out of the text", deletions);
        }
        Ok(count)
    }

    /// Adds a document without pages as one page.
    fn add_whole(
        &mut self,
        document: &Document,
        notes: &[anydoc::model::Note],
        options: &Options,
        pages: &mut Pages<'_, '_>,
    ) -> Result<(), ConvertError> {
        pages.begin(1);
        let Beside {
            mut running,
            mut comments,
        } = self.beside();
        running.add_above(&mut pages.mapper)?;
        let package = self.package.as_mut().filter(|_| !self.is_within);
        let warnings = chunks::add_blocks(&document.blocks, package, options, self.limits, pages)?;
        self.warnings.extend(warnings);
        pages.mapper.notes(notes, |_| true)?;
        running.add_below(&mut pages.mapper)?;
        comments.extend(self.comments());
        comments::add(comments, &mut pages.mapper)?;
        pages.finish(PageFacts::default())
    }

    /// Texts beside the body of a document without pages.
    fn beside(&mut self) -> Beside {
        match (&mut self.package, self.format) {
            (Some(package), format) => Beside {
                running: running::of(package, format),
                ..Beside::default()
            },
            (None, Format::Rtf) => rtf_running::of(self.bytes),
            (None, Format::Doc) => Beside {
                running: legacy_running::of(self.bytes),
                ..Beside::default()
            },
            (None, _) => Beside::default(),
        }
    }

    fn comments(&mut self) -> Vec<Annotation> {
        let Some(package) = &mut self.package else {
            return Vec::new();
        };
        let authors = HashMap::new();
        match self.format {
            Format::Docx => comments::of_part(package, "word/document.xml", &authors),
            Format::Odt | Format::Odp => {
                let content = package.text("content.xml").unwrap_or_default();
                comments::read(&content, &authors)
            }
            _ => Vec::new(),
        }
    }
}
