//! What a document is, by its bytes, and how many pages it has.

use crate::refusal::Refusal;

/// The kinds that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Pdf,
    /// With the name of its MIME type.
    Image(&'static str),
    /// A ZIP that is an Office, OpenDocument or EPUB file.
    Package,
    /// An Office file of the old kind.
    Compound,
    Text,
}

/// The kind of some bytes; none when they are of no kind that is read.
pub(crate) fn detect(bytes: &[u8]) -> Option<Content> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let at = |place: usize, magic: &[u8]| bytes.get(place..place + magic.len()) == Some(magic);
    // Some bytes may stand before the header.
    let head = bytes.get(..1024).unwrap_or(bytes);
    if contains(head, b"%PDF-") {
        return Some(Content::Pdf);
    }
    let image = [
        (starts(b"\x89PNG\r\n\x1a\n"), "image/png"),
        (starts(b"\xff\xd8\xff"), "image/jpeg"),
        (starts(b"GIF8"), "image/gif"),
        (starts(b"II*\0") || starts(b"MM\0*"), "image/tiff"),
        (starts(b"BM") && bytes.len() > 54, "image/bmp"),
        (starts(b"RIFF") && at(8, b"WEBP"), "image/webp"),
        (at(4, b"ftypavif"), "image/avif"),
        (at(4, b"ftyphei") || at(4, b"ftypmif1"), "image/heic"),
    ];
    if let Some((_, name)) = image.iter().find(|(is, _)| *is) {
        return Some(Content::Image(name));
    }
    if starts(b"PK\x03\x04") {
        let known = contains(bytes, b"[Content_Types].xml") || at(30, b"mimetype");
        return known.then_some(Content::Package);
    }
    if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(Content::Compound);
    }
    let text = !bytes.is_empty() && !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok();
    text.then_some(Content::Text)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

impl Content {
    /// The content of a document that calls itself by a MIME type, which has to be the right one.
    pub(crate) fn declared(mime: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        let found = detect(bytes);
        let fits = match mime {
            "application/pdf" => {
                return match found {
                    Some(Self::Pdf) => Ok(Self::Pdf),
                    _ => Err(not_a_pdf()),
                };
            }
            "application/msword" | "application/vnd.ms-powerpoint" => matches!(found, Some(Self::Compound)),
            "application/epub+zip" => matches!(found, Some(Self::Package)),
            _ if mime.starts_with("application/vnd.openxmlformats-officedocument.")
                || mime.starts_with("application/vnd.oasis.opendocument.") =>
            {
                matches!(found, Some(Self::Package))
            }
            _ if mime.starts_with("image/") => matches!(found, Some(Self::Image(_))),
            "application/rtf"
            | "application/json"
            | "application/xml"
            | "application/x-ipynb+json"
            | "application/x-tex" => matches!(found, Some(Self::Text)),
            _ => false,
        };
        found.filter(|_| fits).ok_or_else(corrupted)
    }

    /// The number of pages. Only PDFs are counted: of the others nothing but "one page" is known.
    pub(crate) fn pages(self, bytes: &[u8]) -> Result<usize, Refusal> {
        if self != Self::Pdf {
            return Ok(1);
        }
        let document = lopdf::Document::load_mem(bytes).map_err(|_| not_a_pdf())?;
        match document.get_pages().len() {
            0 => Err(corrupted()),
            pages => Ok(pages),
        }
    }

    /// Whether it has no pages of its own.
    pub(crate) fn flows(self) -> bool {
        matches!(self, Self::Package | Self::Compound | Self::Text)
    }

    /// The MIME type, as exactly as the bytes tell.
    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Image(name) => name,
            Self::Package => "application/zip",
            Self::Compound => "application/x-ole-storage",
            Self::Text => "text/plain",
        }
    }
}

fn not_a_pdf() -> Refusal {
    Refusal::Error {
        status: 400,
        kind: "document_parser_invalid_file",
        code: Some("3740"),
        message: "Document is not a valid PDF.".to_owned(),
    }
}

fn corrupted() -> Refusal {
    Refusal::unreadable("File is corrupted and cannot be parsed.")
}

/// What OCR says of a file that is of no kind it reads.
pub(crate) fn known(bytes: &[u8]) -> Result<Content, Refusal> {
    detect(bytes).ok_or_else(corrupted)
}
