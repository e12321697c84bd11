//! Pictures: decoded within limits, turned upright, recognized.

mod decode;
mod png_chunks;
mod tiff;

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder, ImageFormat};

use crate::{Conversion, ConvertError, Format, Host, Limits, Metadata, OcrError, OcrMode};
use crate::{Options, Outset, Page, PageKind, Warning, markdown, ocr};

/// Assumed of pictures, whose own word is too often a default of the program that wrote them.
const DPI: u32 = 200;

pub(crate) fn convert(
    bytes: &[u8],
    format: Format,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let mut pictures = Pictures::open(bytes, format, limits)?;
    let count = pictures.count();
    if options.ocr == OcrMode::Off {
        return Err(ConvertError::OcrUnavailable {
            reason: "it is a picture and OCR is switched off".into(),
        });
    }
    let chosen: Vec<u32> = match &options.pages {
        Some(ranges) if format == Format::Tiff => ranges.pages(count).collect(),
        _ => (1..=count).collect(),
    };
    if chosen.is_empty() {
        let reason = format!("none of the pages asked for exists; the document has {count}");
        return Err(ConvertError::EmptyDocument { reason });
    }
    let metadata = Metadata {
        page_count: (format == Format::Tiff).then_some(count),
        ..Metadata::default()
    };
    host.begun(&Outset {
        format,
        metadata: metadata.clone(),
        pages: u32::try_from(chosen.len()).unwrap_or(u32::MAX),
    });
    let (mut pages, mut warnings, mut told) = (Vec::new(), Vec::new(), 0);
    for number in chosen {
        let page = pictures.page(number, options, limits, host);
        match page {
            Ok(page) => {
                host.page_done(&page, warnings.get(told..).unwrap_or_default());
                told = warnings.len();
                pages.push(page);
            }
            Err(error @ ConvertError::OcrUnavailable { .. }) => return Err(error),
            Err(error) if count == 1 => return Err(error),
            Err(error) => warnings.push(Warning::page(
                number,
                format!("page {number} is missing: {error}"),
            )),
        }
    }
    if pages.is_empty() {
        return Err(ConvertError::InvalidDocument {
            reason: "none of its pages can be read".into(),
        });
    }
    if pages.iter().all(|page| page.markdown.is_empty()) {
        return Err(ConvertError::EmptyDocument {
            reason: "no text was recognized in the picture".into(),
        });
    }
    Ok(Conversion {
        format,
        metadata,
        pages,
        warnings,
        partial: None,
    })
}

/// The picture or pictures of one file.
enum Pictures<'a> {
    One(&'a [u8], ImageFormat),
    Tiff(tiff::Pages),
}

impl<'a> Pictures<'a> {
    fn open(bytes: &'a [u8], format: Format, limits: &Limits) -> Result<Self, ConvertError> {
        Ok(match format {
            Format::Tiff => Self::Tiff(tiff::Pages::open(bytes, limits)?),
            Format::Jpeg => Self::One(bytes, ImageFormat::Jpeg),
            Format::WebP => Self::One(bytes, ImageFormat::WebP),
            Format::Bmp => Self::One(bytes, ImageFormat::Bmp),
            Format::Gif => Self::One(bytes, ImageFormat::Gif),
            _ => Self::One(bytes, ImageFormat::Png),
        })
    }

    fn count(&self) -> u32 {
        match self {
            Self::One(..) => 1,
            Self::Tiff(pages) => pages.count(),
        }
    }

    fn page(
        &mut self,
        number: u32,
        options: &Options,
        limits: &Limits,
        host: &mut dyn Host,
    ) -> Result<Page, ConvertError> {
        let picture = match self {
            Self::One(bytes, ImageFormat::Png) => {
                decode::gray(&png_chunks::painted(bytes), ImageFormat::Png, limits)?
            }
            Self::One(bytes, format) => decode::gray(bytes, *format, limits)?,
            Self::Tiff(pages) => decode::gray(pages.only(number)?, ImageFormat::Tiff, limits)?,
        };
        recognized(number, &picture, options, host)
    }
}

fn recognized(
    number: u32,
    picture: &GrayImage,
    options: &Options,
    host: &mut dyn Host,
) -> Result<Page, ConvertError> {
    let invalid = |reason| ConvertError::InvalidDocument { reason };
    let png = png(picture).map_err(invalid)?;
    let markdown = ocr::recognize(host, &png, DPI, &options.ocr_languages).map_err(|error| match error {
        OcrError::Unavailable(reason) => ConvertError::OcrUnavailable { reason },
        OcrError::Failed(reason) => invalid(format!("its text cannot be recognized: {reason}")),
    })?;
    let kind = if markdown.is_empty() {
        PageKind::Empty
    } else {
        PageKind::Ocr
    };
    #[expect(clippy::cast_precision_loss, reason = "sides of a picture are far below 2^24")]
    let (width, height) = (Some(picture.width() as f32), Some(picture.height() as f32));
    Ok(Page {
        number,
        kind,
        markdown: markdown::finished(markdown),
        width,
        height,
    })
}

/// The picture as PNG, quickly rather than small: it lives only until it is recognized.
pub(crate) fn png(picture: &GrayImage) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up)
        .write_image(picture, picture.width(), picture.height(), ExtendedColorType::L8)
        .map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
