use std::fmt::Write;

use ilios_convert::render::TextBox;
use ilios_convert::{Page, PageKind, Warning};
use serde::{Deserialize, Serialize};

use super::ocr_response::{OcrImage, OcrPage, OcrResponse};
use crate::engine::{Artifacts, EngineError, ExtractedImage, HeaderFooter, StoredImage};

/// Pages that the service has read with one request: a whole document, or a part of one. Stored as JSON until the
/// document has ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::engine) struct OcrPart {
    pub(in crate::engine) model: String,
    pub(in crate::engine) billed_pages: u32,
    pub(in crate::engine) pages: Vec<OcrPartPage>,
    pub(in crate::engine) pictures: Vec<StoredImage>,
    pub(in crate::engine) warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::engine) struct OcrPartPage {
    pub(in crate::engine) page: Page,
    #[serde(rename = "beside")]
    pub(in crate::engine) header_footer: HeaderFooter,
}

/// Turns a response into pages.
pub(super) struct PartReader<'a> {
    /// The numbers that the pages have in the document, in the order of the answer; counted from 1 when absent.
    pub(super) numbers: Option<&'a [u32]>,
    /// True if sizes are in points.
    pub(super) points: bool,
    /// True if pictures are stored.
    pub(super) pictures: bool,
    pub(super) artifacts: &'a Artifacts,
}

impl PartReader<'_> {
    pub(super) async fn read(&self, answer: OcrResponse) -> Result<OcrPart, EngineError> {
        let mut part = OcrPart {
            model: answer.model,
            billed_pages: answer.usage_info.pages_processed,
            pages: Vec::with_capacity(answer.pages.len()),
            pictures: Vec::new(),
            warnings: Vec::new(),
        };
        for (place, mut page) in answer.pages.into_iter().enumerate() {
            let number = self.number(place);
            let mut text = page.text();
            let images = page.images.take().unwrap_or_default();
            for image in images {
                self.image(&image, number, &mut text, &mut part).await?;
            }
            part.pages.push(self.page(&page, number, &text));
        }
        Ok(part)
    }

    fn number(&self, place: usize) -> u32 {
        let known = self.numbers.and_then(|numbers| numbers.get(place).copied());
        known.unwrap_or_else(|| u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1))
    }

    fn page(&self, page: &OcrPage, number: u32, text: &str) -> OcrPartPage {
        let text = text.trim_end().to_owned();
        let size = page.dimensions.unwrap_or_default();
        let unit = match size.dpi {
            Some(dpi) if self.points && dpi > 0.0 => Some(72.0 / dpi),
            _ if self.points => None,
            _ => Some(1.0),
        };
        let scaled = |length: Option<f32>| Some(length.filter(|length| *length > 0.0)? * unit?);
        let boxes = page.parts().filter_map(|part| {
            let (bbox, unit) = (part.bbox()?, unit?);
            Some(TextBox {
                is_picture: part.image_id.is_some(),
                bbox: bbox.map(|edge| edge * unit),
                text: part.content,
            })
        });
        let boxes = boxes.collect();
        let kind = if text.is_empty() {
            PageKind::Empty
        } else {
            PageKind::Ocr
        };
        OcrPartPage {
            page: Page {
                width: scaled(size.width),
                height: scaled(size.height),
                markdown: text,
                ..Page::new(number, kind)
            },
            header_footer: HeaderFooter {
                header: page.header.clone().filter(|text| !text.is_empty()),
                footer: page.footer.clone().filter(|text| !text.is_empty()),
                boxes,
            },
        }
    }

    /// Keeps an image and links to it under its new name, or takes the link out.
    async fn image(
        &self,
        image: &OcrImage,
        number: u32,
        text: &mut String,
        part: &mut OcrPart,
    ) -> Result<(), EngineError> {
        let link = format!("![{0}]({0})", image.id);
        let kept = match self.artifacts.get().filter(|_| self.pictures) {
            None => None,
            Some(store) => match picture(image, number) {
                None => {
                    part.warnings.push(Warning::page(
                        number,
                        "a picture of the page came broken and is left out",
                    ));
                    None
                }
                Some(picture) => {
                    let (name, mime) = (picture.name.clone(), picture.mime_type);
                    let pixels = picture.pixels;
                    let size = picture.bytes.len() as u64;
                    let object_key = store.put_image(picture).await.map_err(|error| {
                        EngineError::Unavailable(format!("a picture cannot be kept: {error}"))
                    })?;
                    Some(StoredImage {
                        name,
                        mime_type: mime.to_owned(),
                        size,
                        object_key,
                        pixels,
                    })
                }
            },
        };
        match kept {
            Some(kept) => {
                let mut renamed = String::new();
                // Writing to a string cannot fail.
                let _ = write!(renamed, "![{0}]({0})", kept.name);
                *text = text.replace(&link, &renamed);
                part.pictures.push(kept);
            }
            None => *text = text.replace(&link, ""),
        }
        Ok(())
    }
}

/// The image under a name that is unique in the whole document and safe in an address.
fn picture(image: &OcrImage, number: u32) -> Option<ExtractedImage> {
    let bytes = image.bytes()?;
    let mime_type = mime_type(&bytes)?;
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '-'
        }
    };
    let id: String = image.id.chars().map(plain).take(64).collect();
    Some(ExtractedImage {
        name: format!("p{number}-{id}"),
        mime_type,
        bytes,
        pixels: None,
    })
}

/// The type of a picture, by its bytes. Only what a browser shows without running it is taken.
fn mime_type(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if starts(b"GIF8") {
        Some("image/gif")
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}
