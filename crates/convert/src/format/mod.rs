//! Document formats: names, media types, extensions, and detection by content.

mod bytes;
mod container;
mod mail;
mod markup;
mod sniff;
mod table;
#[cfg(test)]
mod tests;
mod text;

use serde::{Deserialize, Serialize};

pub(crate) use text::utf16;

/// Format of a document.
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
    /// E-mail message (RFC 5322).
    Eml,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// Jupyter notebook.
    Ipynb,
    /// PNG image.
    Png,
    /// JPEG image.
    Jpeg,
    /// TIFF image of one or more pages.
    Tiff,
    /// WebP image.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// GIF image.
    Gif,
}

/// Constants of a format: format, name for people, media type, usual extension, other extensions.
type Facts = (
    Format,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

#[rustfmt::skip]
const FACTS: &[Facts] = &[
    (Format::Pdf, "PDF", "application/pdf", "pdf", &[]),
    (Format::Doc, "Word 97-2003 document", "application/msword", "doc", &["dot"]),
    (Format::Docx, "Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", &["docm", "dotx", "dotm"]),
    (Format::Ppt, "PowerPoint 97-2003 presentation", "application/vnd.ms-powerpoint", "ppt", &["pps", "pot"]),
    (Format::Pptx, "PowerPoint presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", &["pptm", "ppsx", "ppsm", "potx", "potm"]),
    (Format::Xls, "Excel 97-2003 workbook", "application/vnd.ms-excel", "xls", &["xlt"]),
    (Format::Xlsx, "Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", &["xlsm", "xlsb", "xltx", "xltm"]),
    (Format::Odt, "OpenDocument text", "application/vnd.oasis.opendocument.text", "odt", &["ott"]),
    (Format::Ods, "OpenDocument spreadsheet", "application/vnd.oasis.opendocument.spreadsheet", "ods", &["ots"]),
    (Format::Odp, "OpenDocument presentation", "application/vnd.oasis.opendocument.presentation", "odp", &["otp"]),
    (Format::Rtf, "Rich Text", "application/rtf", "rtf", &[]),
    (Format::Epub, "EPUB", "application/epub+zip", "epub", &[]),
    (Format::Html, "HTML", "text/html", "html", &["htm", "xhtml", "xht"]),
    (Format::Csv, "CSV", "text/csv", "csv", &[]),
    (Format::Tsv, "TSV", "text/tab-separated-values", "tsv", &["tab"]),
    (Format::Eml, "e-mail", "message/rfc822", "eml", &["mht", "mhtml"]),
    (Format::Text, "plain text", "text/plain", "txt", &["text", "log"]),
    (Format::Markdown, "Markdown", "text/markdown", "md", &["markdown", "mdown", "mkd", "mkdn", "mdwn"]),
    (Format::Json, "JSON", "application/json", "json", &["jsonl", "ndjson", "geojson"]),
    (Format::Xml, "XML", "application/xml", "xml", &["xsd", "xsl", "xslt", "svg", "rss", "atom"]),
    (Format::Ipynb, "Jupyter notebook", "application/x-ipynb+json", "ipynb", &[]),
    (Format::Png, "PNG image", "image/png", "png", &[]),
    (Format::Jpeg, "JPEG image", "image/jpeg", "jpg", &["jpeg", "jpe", "jfif"]),
    (Format::Tiff, "TIFF image", "image/tiff", "tiff", &["tif"]),
    (Format::WebP, "WebP image", "image/webp", "webp", &[]),
    (Format::Bmp, "BMP image", "image/bmp", "bmp", &["dib"]),
    (Format::Gif, "GIF image", "image/gif", "gif", &[]),
];

impl Format {
    /// Detects the format by content first and by name second: a wrong extension does no harm, and where the content
    /// decides nothing (plain text, for example), the extension does.
    ///
    /// `bytes` may be a whole file or its beginning. 64 KiB are enough for every format except the containers, ZIP and
    /// OLE, where the name decides if they are not.
    #[must_use]
    pub fn detect(bytes: &[u8], name: &str) -> Option<Self> {
        sniff::detect(bytes, Self::from_name(name))
    }

    /// Format of the extension of a file name, in upper or lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        let is = |facts: &&Facts| facts.3 == extension || facts.4.contains(&extension.as_str());
        FACTS.iter().find(is).map(|facts| facts.0)
    }

    /// Iterates over all formats in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| facts.0)
    }

    /// Registered media type; for notebooks the customary one.
    #[must_use]
    pub fn mime_type(self) -> &'static str {
        self.facts().map_or("application/octet-stream", |facts| facts.2)
    }

    /// Usual extension, without a dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.facts().map_or("bin", |facts| facts.3)
    }

    /// Name for people, such as `Word document`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().map_or("document", |facts| facts.1)
    }

    /// Returns true for a format of pages that can be drawn: PDF and images.
    #[must_use]
    pub fn is_drawable(self) -> bool {
        matches!(
            self,
            Self::Pdf | Self::Png | Self::Jpeg | Self::Tiff | Self::WebP | Self::Bmp | Self::Gif
        )
    }

    fn facts(self) -> Option<&'static Facts> {
        FACTS.iter().find(|facts| facts.0 == self)
    }
}
