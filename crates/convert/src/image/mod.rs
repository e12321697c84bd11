//! Images: decoded within limits, turned upright, recognized by OCR.

mod decode;
mod png_chunks;
mod tiff;

use image::{GrayImage, ImageFormat, RgbImage};

use crate::ir::{Builder, Unit};
use crate::ocr::Picture;
use crate::write::write_page;
use crate::{Conversion, ConvertError, Format, Host, Limits, Metadata, OcrError, OcrMode};
use crate::{DocumentInfo, Options, Page, PageKind, Warning, ocr};

/// Resolution assumed for images in pixels per inch: the one in the file is too often a default of the program that
/// wrote it.
const ASSUMED_DPI: u32 = 200;

/// Pages that are read before their turn, at most: their pictures are in memory together.
const MAX_AHEAD: usize = 8;

/// Converts an image; a TIFF may have several pages.
pub(crate) fn convert(
    bytes: &[u8],
    format: Format,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let mut file = ImageFile::open(bytes, format, limits)?;
    let count = file.count();
    if options.ocr == OcrMode::Off {
        return Err(ConvertError::OcrUnavailable {
            reason: "it is an image and OCR is switched off".into(),
        });
    }
    let chosen = chosen(count, format, options)?;
    let metadata = Metadata {
        page_count: (format == Format::Tiff).then_some(count),
        ..Metadata::default()
    };
    host.on_start(&DocumentInfo {
        format,
        metadata: metadata.clone(),
        pages: u32::try_from(chosen.len()).unwrap_or(u32::MAX),
    });
    let mut recognition = ocr::Recognition::of(chosen.len(), limits);
    let mut builder = Builder::new(limits).with_places(options.output.places);
    let (mut pages, mut warnings, mut reported) = (Vec::new(), Vec::new(), 0);
    let mut ahead = ocr::Ahead::default();
    for (index, &number) in chosen.iter().enumerate() {
        let coming = chosen.get(index + 1..).unwrap_or_default();
        let coming = coming.get(..MAX_AHEAD).unwrap_or(coming);
        let decode = |page| file.decoded(page, limits, decode::gray);
        let (image, known) = ahead.take((number, coming), host, options, decode);
        let page = image.and_then(|image| {
            let picture = Picture {
                image: &image,
                dpi: ASSUMED_DPI,
            };
            let text = recognition.recognize(host, picture, known, options);
            page(number, &image, text, options, &mut builder)
        });
        match page {
            Ok(page) => {
                host.on_page_done(&page, warnings.get(reported..).unwrap_or_default());
                reported = warnings.len();
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
    check_any_text(&pages)?;
    Ok(Conversion {
        format,
        metadata,
        pages,
        images: Vec::new(),
        warnings,
        partial: None,
    })
}

/// Numbers of the pages to convert.
fn chosen(count: u32, format: Format, options: &Options) -> Result<Vec<u32>, ConvertError> {
    let chosen: Vec<u32> = match &options.pages {
        Some(ranges) if format == Format::Tiff => ranges.pages(count).collect(),
        _ => (1..=count).collect(),
    };
    if chosen.is_empty() {
        let reason = format!("none of the pages asked for exists; the document has {count}");
        return Err(ConvertError::EmptyDocument { reason });
    }
    Ok(chosen)
}

/// Decodes a page of an image in colour.
///
/// # Errors
/// `InvalidDocument` if it is broken or has no such page, `LimitExceeded`.
pub(crate) fn in_colour(
    bytes: &[u8],
    format: Format,
    number: u32,
    limits: &Limits,
) -> Result<RgbImage, ConvertError> {
    let mut file = ImageFile::open(bytes, format, limits)?;
    if number == 0 || number > file.count() {
        return Err(ConvertError::InvalidDocument {
            reason: format!("page {number} is missing"),
        });
    }
    file.decoded(number, limits, decode::colour)
}

fn check_any_text(pages: &[Page]) -> Result<(), ConvertError> {
    if pages.is_empty() {
        return Err(ConvertError::InvalidDocument {
            reason: "none of its pages can be read".into(),
        });
    }
    if pages.iter().all(|page| page.markdown.is_empty()) {
        return Err(ConvertError::EmptyDocument {
            reason: "no text was recognized in the image".into(),
        });
    }
    Ok(())
}

/// Images of one file.
enum ImageFile<'a> {
    One(&'a [u8], ImageFormat),
    Tiff(tiff::Pages),
}

impl<'a> ImageFile<'a> {
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

    /// Decodes the 1-based page.
    fn decoded<T>(
        &mut self,
        number: u32,
        limits: &Limits,
        decode: fn(&[u8], ImageFormat, &Limits) -> Result<T, ConvertError>,
    ) -> Result<T, ConvertError> {
        match self {
            Self::One(bytes, ImageFormat::Png) => {
                let bytes = png_chunks::without_ancillary_chunks(bytes);
                decode(&bytes, ImageFormat::Png, limits)
            }
            Self::One(bytes, format) => decode(bytes, *format, limits),
            Self::Tiff(pages) => decode(pages.only(number)?, ImageFormat::Tiff, limits),
        }
    }
}

fn page(
    number: u32,
    image: &GrayImage,
    text: Result<ocr::Recognized, OcrError>,
    options: &Options,
    builder: &mut Builder<'_>,
) -> Result<Page, ConvertError> {
    let text = text.map_err(|error| match error {
        OcrError::Unavailable(reason) => ConvertError::OcrUnavailable { reason },
        OcrError::Failed(reason) => ConvertError::InvalidDocument {
            reason: format!("its text cannot be recognized: {reason}"),
        },
    })?;
    let (blocks, doubts) = text.blocks(builder, number, 1.0)?;
    let kind = if blocks.is_empty() {
        PageKind::Empty
    } else {
        PageKind::Ocr
    };
    #[expect(clippy::cast_precision_loss, reason = "sides of an image are far below 2^24")]
    let (width, height) = (Some(image.width() as f32), Some(image.height() as f32));
    let mut page = Page {
        width,
        height,
        unit: Unit::Px,
        confidence: text.confidence(),
        engine: Some(text.engine().into()),
        blocks,
        doubts,
        ..Page::new(number, kind)
    };
    write_page(&mut page, &options.output);
    Ok(page)
}
