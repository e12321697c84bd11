//! Call of the library, and its errors as those of this crate.

use anydoc::model::Document;

use super::{invalid, styles};
use crate::{ConvertError, Format, Warning};

/// Reads a document by the library; `None` for a workbook that is too large for it.
pub(super) fn small_document(
    bytes: &[u8],
    kind: anydoc::Format,
    warnings: &mut Vec<Warning>,
) -> Result<Option<Document>, ConvertError> {
    match document(bytes, kind, warnings) {
        Ok(document) => Ok(Some(document)),
        // The library holds a sheet as a tree and a grid, and refuses what is too large for one.
        Err(anydoc::ConvertError::ResourceLimit {
            limit: "max_xml_nodes" | "max_grid_slots",
            ..
        }) if kind == anydoc::Format::Excel && bytes.starts_with(b"PK") => Ok(None),
        Err(other) => Err(error(other)),
    }
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

/// Name that the library has for a format.
pub(super) fn kind(format: Format) -> Option<anydoc::Format> {
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
