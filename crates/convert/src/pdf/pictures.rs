//! Pictures that a page draws: one pass of the interpreter of the rendering library over the page, with a device that
//! takes images and nothing else.

use std::collections::{HashMap, HashSet};

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, LumaData, RasterImage, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::ObjectIdentifier;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect};

use super::picture_stream::{PictureStream, is_taken_as_it_is};
use super::source::catch_panics;
use crate::layout::Extent;
use crate::pictures::{Channels, Pictures, Pixels, Taken, is_on_most};

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
    /// Its place on the page as a viewer shows it.
    pub(super) extent: Extent,
}

/// Image objects that most of the pages draw themselves.
pub(super) fn repeated(pdf: &Pdf, numbers: &[u32]) -> HashSet<ObjectIdentifier> {
    let mut counts: HashMap<ObjectIdentifier, usize> = HashMap::new();
    for page in numbers.iter().filter_map(|number| page(pdf, *number)) {
        let drawn = catch_panics(|| {
            let mut drawn = HashSet::new();
            let mut operations = page.typed_operations();
            while let Some(operation) = operations.next() {
                if let TypedInstruction::XObject(name) = operation
                    && let Some(object) = page.resources().x_objects.get_ref(name.0)
                {
                    drawn.insert(ObjectIdentifier::from(object));
                }
            }
            drawn
        });
        for object in drawn.unwrap_or_default() {
            *counts.entry(object).or_default() += 1;
        }
    }
    counts.retain(|_, count| is_on_most(*count, numbers.len()));
    counts.into_keys().collect()
}

/// Takes the pictures of the 1-based page `number`, in the order in which they are drawn, without those of `repeated`.
pub(super) fn page_pictures(
    pdf: &Pdf,
    number: u32,
    repeated: &HashSet<ObjectIdentifier>,
    pictures: &mut Pictures<'_>,
) -> Vec<PagePicture> {
    let Some(page) = page(pdf, number) else {
        return Vec::new();
    };
    let found = catch_panics(|| {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
        let shown = Affine::new(page.initial_transform(false).as_coeffs());
        let cache = InterpreterCache::new();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(shown, bounds, &cache, page.xref(), settings);
        let mut device = PictureDevice {
            number,
            bounds,
            repeated,
            pictures,
            looked_at: HashMap::new(),
            count: 0,
            found: Vec::new(),
        };
        interpret_page(page, &mut context, &mut device);
        device.found
    });
    found.unwrap_or_default()
}

fn page<'a>(pdf: &'a Pdf, number: u32) -> Option<&'a Page<'a>> {
    let index = usize::try_from(number.checked_sub(1)?).ok()?;
    pdf.pages().get(index)
}

/// Device that takes the images of a page.
struct PictureDevice<'a, 'b> {
    number: u32,
    bounds: Rect,
    repeated: &'a HashSet<ObjectIdentifier>,
    pictures: &'a mut Pictures<'b>,
    /// Outcome for each object that was drawn.
    looked_at: HashMap<ObjectIdentifier, Taken>,
    count: usize,
    found: Vec<PagePicture>,
}

impl PictureDevice<'_, '_> {
    fn take(&mut self, image: &RasterImage<'_>, transform: Affine) {
        let id = image.stream().obj_id();
        // An image within the content has no number of its own.
        let is_object = image.stream().dict().contains_key(b"Subtype");
        if is_object && self.looked_at.contains_key(&id) {
            return;
        }
        let extent = self.extent(image, transform);
        let taken = match extent {
            None => self.decoration(),
            Some(_) if is_object && self.repeated.contains(&id) => self.decoration(),
            Some(_) if self.count >= MAX_PICTURES => {
                self.pictures.note_beyond(1);
                Taken::LeftOut
            }
            Some(_) => {
                self.count += 1;
                self.taken(image)
            }
        };
        if is_object {
            self.looked_at.insert(id, taken.clone());
        }
        if let (Some(name), Some(extent)) = (taken.name(), extent) {
            self.found.push(PagePicture { name, extent });
        }
    }

    fn decoration(&mut self) -> Taken {
        self.pictures.note_decoration(1);
        Taken::Decoration
    }

    /// Place of the image on the page; `None` if it is too small to be seen, or as large as the page.
    fn extent(&self, image: &RasterImage<'_>, transform: Affine) -> Option<Extent> {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let shown = transform
            .transform_rect_bbox(Rect::from_points(Point::ORIGIN, Point::new(width, height)))
            .intersect(self.bounds);
        let tiny = shown.width() < MIN_SIDE_POINTS || shown.height() < MIN_SIDE_POINTS;
        if tiny || !shown.is_finite() || shown.area() > MAX_PAGE_SHARE * self.bounds.area() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "points of a page")]
        Some(Extent {
            left: shown.x0 as f32,
            bottom: shown.y0 as f32,
            right: shown.x1 as f32,
            top: shown.y1 as f32,
        })
    }

    /// Takes the JPEG that is embedded, if it is one that other programs show as the page does, else the pixels.
    fn taken(&mut self, image: &RasterImage<'_>) -> Taken {
        let raw = image.stream().raw_data();
        let stream = PictureStream::of(image.stream(), &raw);
        if is_taken_as_it_is(image.stream(), &stream, &raw) {
            return self.pictures.add_file(self.number, &raw);
        }
        let size = stream.size_with(image.width(), image.height());
        let key = [&raw[..], &size.0.to_be_bytes(), &size.1.to_be_bytes()].concat();
        self.pictures.add_pixels(self.number, &key, size, || {
            let mut pixels = None;
            image.with_rgba(|data, alpha| pixels = Some(joined(data, alpha)), None);
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

/// Pixels with their alpha channel, if it has the same size.
fn joined(data: ImageData, alpha: Option<LumaData>) -> Pixels {
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
    Pixels {
        width,
        height,
        channels,
        data,
    }
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
