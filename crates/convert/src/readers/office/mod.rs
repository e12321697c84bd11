//! Office documents: the `anydoc` library reads them; charts, metadata, sheets and whatever else it loses are read here.

mod blocks;
mod chart;
mod grid;
mod inline;
mod large_sheet;
mod odf_chart;
mod package;
mod properties;
mod relations;
mod sheet;
mod styles;
mod summary;
mod titles;
mod workbook;

use anydoc::model::{Block, Document, inlines_to_plain_text};

use super::{Reading, invalid};
use crate::{ConvertError, Format, Limits, Warning};

use package::Package;

pub(super) fn read(bytes: &[u8], format: Format, limits: &Limits) -> Result<Reading, ConvertError> {
    let Some(kind) = kind(format) else {
        return Err(ConvertError::UnsupportedType);
    };
    let mut package = match bytes.starts_with(b"PK") {
        true => Some(Package::open(bytes, limits)?),
        false => None,
    };
    if let Some(package) = package.as_mut().filter(|_| format != Format::Epub) {
        package.refuse_entities()?;
    }
    let metadata = match &mut package {
        Some(package) => properties::read(package, format),
        None => summary::read(bytes),
    };
    if let Some(count) = metadata.page_count {
        limits.check_pages(count as usize)?;
    }
    let mut warnings = Vec::new();
    let document = match document(bytes, kind, &mut warnings) {
        Ok(document) => document,
        // The library holds a sheet as a tree and a grid, and refuses what is too large for one.
        Err(anydoc::ConvertError::ResourceLimit {
            limit: "max_xml_nodes" | "max_grid_slots",
            ..
        }) if format == Format::Xlsx => {
            let (markdown, warning) = large_sheet::read(bytes)?;
            return Ok(Reading {
                markdown,
                metadata,
                warnings: vec![warning],
                ..Reading::default()
            });
        }
        Err(other) => return Err(error(other)),
    };
    let markdown = render(document, format, package.as_mut());
    Ok(Reading {
        markdown,
        metadata,
        warnings,
        ..Reading::default()
    })
}

fn document(
    bytes: &[u8],
    kind: anydoc::Format,
    warnings: &mut Vec<Warning>,
) -> Result<Document, anydoc::ConvertError> {
    match anydoc::to_document(bytes, kind) {
        Err(error) if styles::are_circular(&error) => {
            let Some(package) = styles::without_inheritance(bytes) else {
                return Err(error);
            };
            let warning = "its styles are based on each other in a circle: what they inherit is lost";
            warnings.push(Warning::document(warning));
            anydoc::to_document(&package, kind)
        }
        read => read,
    }
}

fn render(mut document: Document, format: Format, package: Option<&mut Package<'_>>) -> String {
    match (format, package) {
        (Format::Xlsx, Some(package)) => sheet::render(&document, &workbook::sheets(package)),
        (Format::Ods, Some(package)) => {
            let mut parts = odf_chart::render(package);
            parts.insert(0, sheet::render(&document, &[]));
            parts.retain(|part| !part.is_empty());
            parts.join("\n\n")
        }
        (Format::Xls | Format::Xlsx, _) => sheet::render(&document, &[]),
        (Format::Odt | Format::Odp, Some(package)) => {
            if let Some(content) = package.text("content.xml") {
                titles::promote(&mut document, &content);
                odf_chart::insert(&mut document, &content, package);
            }
            blocks::render(&document)
        }
        (Format::Epub, _) => {
            without_repeated_title(&mut document.blocks);
            blocks::render(&document)
        }
        _ => blocks::render(&document),
    }
}

/// Removes the first heading if the second repeats it, as the title page and the first chapter of a book do.
fn without_repeated_title(blocks: &mut Vec<Block>) {
    if let [
        Block::Heading { content: first, .. },
        Block::Heading { content: second, .. },
        ..,
    ] = blocks.as_slice()
        && inlines_to_plain_text(first).trim() == inlines_to_plain_text(second).trim()
    {
        blocks.remove(0);
    }
}

fn kind(format: Format) -> Option<anydoc::Format> {
    Some(match format {
        Format::Doc => anydoc::Format::Doc,
        Format::Docx => anydoc::Format::Docx,
        Format::Ppt => anydoc::Format::Ppt,
        Format::Pptx => anydoc::Format::Pptx,
        Format::Xls | Format::Xlsx => anydoc::Format::Excel,
        Format::Odt => anydoc::Format::Odt,
        Format::Ods => anydoc::Format::Ods,
        Format::Odp => anydoc::Format::Odp,
        Format::Rtf => anydoc::Format::Rtf,
        Format::Epub => anydoc::Format::Epub,
        _ => return None,
    })
}

fn error(error: anydoc::ConvertError) -> ConvertError {
    match error {
        anydoc::ConvertError::Encrypted => ConvertError::PasswordProtected,
        anydoc::ConvertError::ResourceLimit { detail, .. } => ConvertError::LimitExceeded { what: detail },
        other => invalid(other),
    }
}
