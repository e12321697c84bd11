use crate::ir::{Block, Page, Unit};
use crate::write::json::object;

/// Pixels per inch by which pages in points are measured.
const DPI: u16 = 200;
/// Pixels per inch that are told of a picture, whose pixels are what they are.
const DPI_OF_PICTURES: u16 = 72;
const POINTS_PER_INCH: f32 = 72.0;
/// Pixels of an edge, at most.
const MAX_PIXELS: f32 = 10_000_000.0;

/// Pixels of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    page: u32,
    dpi: u16,
    factor: f32,
    width: u32,
    height: u32,
}

/// Box in pixels: left, top, right and bottom edge.
pub(super) type PixelBox = [u32; 4];

impl Scale {
    /// `None` for a page without a size.
    pub(super) fn of(page: &Page) -> Option<Self> {
        let (width, height) = (page.width?, page.height?);
        let (dpi, factor) = match page.unit {
            Unit::Pt => (DPI, f32::from(DPI) / POINTS_PER_INCH),
            Unit::Px => (DPI_OF_PICTURES, 1.0),
        };
        Some(Self {
            page: page.number,
            dpi,
            factor,
            width: whole((width * factor).ceil()),
            height: whole((height * factor).ceil()),
        })
    }

    pub(super) fn write(self, out: &mut String) {
        object(out, |json| {
            json.integer("dpi", self.dpi);
            json.integer("height", self.height);
            json.integer("width", self.width);
        });
    }

    /// The box of a block: around all of its regions on this page.
    pub(super) fn pixels_of(self, block: &Block) -> Option<PixelBox> {
        let own = block.regions.iter().filter(|region| region.page == self.page);
        let boxes = own.map(|region| region.bbox);
        let around = boxes.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
        let [left, top, right, bottom] = around.map(|edge| edge * self.factor);
        Some([
            whole(left.floor()).min(self.width),
            whole(top.floor()).min(self.height),
            whole(right.ceil()).min(self.width),
            whole(bottom.ceil()).min(self.height),
        ])
    }

    /// The whole page.
    pub(super) fn whole(self) -> PixelBox {
        [0, 0, self.width, self.height]
    }
}

/// A whole number of pixels; zero for what is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is within the bounds of the type"
)]
fn whole(pixels: f32) -> u32 {
    pixels.clamp(0.0, MAX_PIXELS) as u32
}
