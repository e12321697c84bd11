//! Pictures that a page draws: one pass of the interpreter of the rendering library over the page, with a device that
//! takes images and nothing else.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, LumaData, RasterImage, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::{Affine, BezPath, Point, Rect};

use super::source::catch_panics;
use crate::ir::Region;
use crate::pictures::{Channels, Pictures, Pixels};

/// Pictures of a page that are looked at, at most: some pages draw a photograph in thousands of strips.
const MAX_PICTURES: usize = 200;
/// Part of the page that a picture covers, at most: a larger one is its background, or the scan that the page is.
const MAX_PAGE_SHARE: f64 = 0.9;
/// Side of a picture on the page in points, at least.
const MIN_SIDE_POINTS: f64 = 12.0;

/// Picture of a page.
pub(super) struct PagePicture {
    /// Name among the pictures of the document.
    pub(super) name: String,
    /// Region of the page.
    pub(super) region: Region,
}

/// Takes the pictures of the 1-based page `number`, in the order in which they are drawn.
pub(super) fn page_pictures(pdf: &Pdf, number: u32, pictures: &mut Pictures<'_>) -> Vec<PagePicture> {
    let Some(page) = usize::try_from(number.saturating_sub(1))
        .ok()
        .and_then(|index| pdf.pages().get(index))
    else {
        return Vec::new();
    };
    let found = catch_panics(|| {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let cache = InterpreterCache::new();
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(
            transform,
            bounds,
            &cache,
            page.xref(),
            InterpreterSettings::default(),
        );
        let mut device = PictureDevice {
            number,
            bounds,
            pictures,
            found: Vec::new(),
        };
        interpret_page(page, &mut context, &mut device);
        device.found
    });
    found.unwrap_or_default()
}

/// Device that takes the images of a page.
struct PictureDevice<'a, 'b> {
    number: u32,
    bounds: Rect,
    pictures: &'a mut Pictures<'b>,
    found: Vec<PagePicture>,
}

impl PictureDevice<'_, '_> {
    fn take(&mut self, image: &RasterImage<'_>, transform: Affine) {
        if self.found.len() >= MAX_PICTURES {
            return;
        }
        let Some(bbox) = self.bbox(image, transform) else {
            return;
        };
        if let Some(name) = self.name(image) {
            self.found.push(PagePicture {
                name,
                region: Region::new(self.number, bbox),
            });
        }
    }

    /// Box of the image on the page; `None` if it is too small to be seen, or as large as the page.
    fn bbox(&self, image: &RasterImage<'_>, transform: Affine) -> Option<[f32; 4]> {
        let corners = [
            (0, 0),
            (image.width(), 0),
            (0, image.height()),
            (image.width(), image.height()),
        ];
        let points = corners.map(|(x, y)| transform * Point::new(f64::from(x), f64::from(y)));
        let shown = points
            .iter()
            .skip(1)
            .fold(Rect::from_points(points[0], points[0]), |rect, point| {
                rect.union_pt(*point)
            })
            .intersect(self.bounds);
        let tiny = shown.width() < MIN_SIDE_POINTS || shown.height() < MIN_SIDE_POINTS;
        if tiny || !shown.is_finite() || shown.area() > MAX_PAGE_SHARE * self.bounds.area() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "points of a page")]
        Some([shown.x0 as f32, shown.y0 as f32, shown.x1 as f32, shown.y1 as f32])
    }

    /// Name of the image: the JPEG that is embedded, if it is one that other programs show as the page does, else its
    /// pixels.
    fn name(&mut self, image: &RasterImage<'_>) -> Option<String> {
        let stream = image.stream();
        let raw = stream.raw_data();
        if stream.filters().as_slice() == [Filter::DctDecode] && is_plain_jpeg(&raw) && !has_mask(image) {
            return self.pictures.add_file(self.number, &raw);
        }
        let key = [
            &raw[..],
            &image.width().to_be_bytes(),
            &image.height().to_be_bytes(),
        ]
        .concat();
        self.pictures.add_pixels(self.number, &key, || {
            let mut pixels = None;
            image.with_rgba(|data, alpha| pixels = joined(data, alpha), None);
            pixels
        })
    }
}

impl<'a> Device<'a> for PictureDevice<'_, '_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        // A stencil is a shape in one colour: a glyph, a pattern, a scan in black.
        if let Image::Raster(image) = image {
            self.take(&image, props.transform);
        }
    }
}

fn has_mask(image: &RasterImage<'_>) -> bool {
    let dict = image.stream().dict();
    ["SMask", "Mask", "Decode"]
        .iter()
        .any(|key| dict.contains_key(key.as_bytes()))
}

/// Returns true for a JPEG of one or three channels. Of four, other programs show the wrong colours.
fn is_plain_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if matches!(marker, 0xc0..=0xc2) {
            return bytes
                .get(at + 9)
                .is_some_and(|channels| matches!(channels, 1 | 3));
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2);
    }
    false
}

/// Pixels with their alpha channel, if it has the same size.
fn joined(data: ImageData, alpha: Option<LumaData>) -> Option<Pixels> {
    let (width, height) = (data.width(), data.height());
    let alpha = alpha.filter(|alpha| (alpha.width, alpha.height) == (width, height));
    let (channels, data) = match (data, alpha) {
        (ImageData::Rgb(rgb), None) => (Channels::Rgb, rgb.data),
        (ImageData::Luma(luma), None) => (Channels::Gray, luma.data),
        (ImageData::Rgb(rgb), Some(alpha)) => (Channels::Rgba, interleaved::<3>(&rgb.data, &alpha.data)),
        (ImageData::Luma(luma), Some(alpha)) => {
            (Channels::GrayAlpha, interleaved::<1>(&luma.data, &alpha.data))
        }
    };
    Some(Pixels {
        width,
        height,
        channels,
        data,
    })
}

fn interleaved<const N: usize>(color: &[u8], alpha: &[u8]) -> Vec<u8> {
    let (pixels, _) = color.as_chunks::<N>();
    let mut out = Vec::with_capacity(color.len() + alpha.len());
    for (pixel, alpha) in pixels.iter().zip(alpha) {
        out.extend_from_slice(pixel);
        out.push(*alpha);
    }
    out
}
