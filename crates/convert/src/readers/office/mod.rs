//! Office documents, through the anydoc library.

mod blocks;
mod grid;
mod inline;
mod package;
mod properties;
mod sheet;

use super::{Reading, invalid};
use crate::{ConvertError, Format, Limits};

pub(super) fn read(bytes: &[u8], format: Format, limits: &Limits) -> Result<Reading, ConvertError> {
    let Some(kind) = kind(format) else {
        return Err(ConvertError::UnsupportedType);
    };
    let metadata = if bytes.starts_with(b"PK") {
        let mut package = package::Package::open(bytes, limits)?;
        properties::read(&mut package, format)
    } else {
        crate::Metadata::default()
    };
    if let Some(count) = metadata.page_count {
        limits.check_pages(count as usize)?;
    }
    let document = anydoc::to_document(bytes, kind).map_err(error)?;
    let markdown = match format {
        Format::Xls | Format::Xlsx | Format::Ods => sheet::render(&document),
        _ => blocks::render(&document),
    };
    Ok(Reading {
        markdown,
        metadata,
        warnings: Vec::new(),
    })
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
