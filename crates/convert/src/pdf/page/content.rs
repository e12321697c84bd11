use std::ops::Range;
use std::rc::Rc;

use super::open_marks::MarkedContent;
use crate::layout::drawing::Drawing;
use crate::layout::extent::Extent;
use crate::pdf::fields::Widget;

/// Content of a page in the frame that a viewer shows: points from its lower left corner.
#[derive(Debug, Default)]
pub(in crate::pdf) struct PageContent {
    pub(in crate::pdf) width: f32,
    pub(in crate::pdf) height: f32,
    /// Clockwise turn that /Rotate asks for; everything here is turned already.
    pub(in crate::pdf) rotation: u16,
    pub(super) glyphs: Vec<Glyph>,
    pub(in crate::pdf) drawing: Drawing,
    /// Places of images, as far as they are visible.
    pub(in crate::pdf) images: Vec<Image>,
    pub(super) links: Vec<LinkArea>,
    /// Fields of the form that it shows, in the order of painting.
    pub(in crate::pdf) widgets: Vec<PaintedWidget>,
    /// Parts of the content by its marks, in the order of painting.
    pub(in crate::pdf) parts: Vec<ContentPart>,
    /// Positions in the order of painting of what stamps show, and their boxes.
    pub(super) stamps: Vec<(Range<u32>, Extent)>,
    pub(in crate::pdf) facts: Facts,
}

/// Widget with the positions in the order of painting of what it shows.
#[derive(Debug)]
pub(in crate::pdf) struct PaintedWidget {
    pub(super) orders: Range<u32>,
    pub(super) widget: Widget,
}

/// Part of the content with one mark: what is painted after a position in the order of painting, up to the next part.
#[derive(Debug, Clone, Copy)]
pub(in crate::pdf) struct ContentPart {
    pub(in crate::pdf) order: u32,
    /// Running header, page number, ornament.
    pub(in crate::pdf) artifact: bool,
    pub(in crate::pdf) content: Option<MarkedContent>,
}

/// Area of a link.
#[derive(Debug, Clone)]
pub(super) struct LinkArea {
    pub(super) extent: Extent,
    pub(super) uri: Rc<str>,
}

/// Place of an image.
#[derive(Debug, Clone, Copy)]
pub(in crate::pdf) struct Image {
    pub(in crate::pdf) extent: Extent,
    pub(in crate::pdf) order: u32,
}

/// Facts about the content beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::pdf) struct Facts {
    /// Paths that are filled with something else than a rectangle.
    pub(in crate::pdf) filled_shapes: u32,
    /// Glyphs that are painted, blank ones aside.
    pub(in crate::pdf) glyphs: u32,
    /// Those of them without a text.
    pub(in crate::pdf) unknown: u32,
    /// Glyphs of fonts that the document lacks, whose texts are guesses.
    pub(in crate::pdf) guessed: u32,
    /// Glyphs on layers that are off.
    pub(in crate::pdf) switched_off: u32,
    /// Set if a stream was damaged: it was read up to the damage.
    pub(in crate::pdf) damaged: bool,
    /// Set if a limit on work cut the content off.
    pub(in crate::pdf) cut_off: bool,
    /// Set if the page has images and most of its text no ink.
    pub(in crate::pdf) recognized: bool,
}

/// Glyph that is painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    /// Place of its origin.
    pub(super) origin: [f32; 2],
    /// Direction of its line, of length 1.
    pub(super) direction: [f32; 2],
    /// Advance along the line in points, without the space that the text state adds.
    pub(super) advance: f32,
    /// Letter spacing of the text state in points.
    pub(super) spacing: f32,
    /// Em in points.
    pub(super) size: f32,
    /// Colour, where it is known.
    pub(super) ink: Option<[u8; 3]>,
    /// Number of its text among those of [`super::fonts::Fonts`].
    pub(super) text: u32,
    /// Number of its font.
    pub(super) font: u32,
    /// Position in the order of painting.
    pub(super) order: u32,
    pub(super) flags: Flags,
}

/// Properties of a glyph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flags(u8);

impl Flags {
    /// Painted without ink.
    pub(super) const INVISIBLE: Self = Self(1);
    /// Part of an artifact: running header, page number, ornament.
    pub(super) const ARTIFACT: Self = Self(2);
    /// Part of the appearance of an annotation or form field.
    pub(super) const ANNOTATION: Self = Self(4);
    /// Without a text.
    pub(super) const UNKNOWN: Self = Self(8);
    /// Written downwards.
    pub(super) const VERTICAL: Self = Self(16);
    /// Wholly outside the clip.
    pub(super) const CLIPPED: Self = Self(32);

    pub(super) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) const fn with(self, other: Self, set: bool) -> Self {
        if set { Self(self.0 | other.0) } else { self }
    }
}

impl PageContent {
    /// Returns true if most of the text is painted without ink, as the text that a program has recognized in a scan is.
    pub(super) fn is_mostly_invisible(&self) -> bool {
        let invisible = |glyph: &&Glyph| glyph.flags.contains(Flags::INVISIBLE);
        2 * self.glyphs.iter().filter(invisible).count() > self.glyphs.len()
    }

    /// Share of the page that images cover, overlaps counted once where one image is within another.
    pub(in crate::pdf) fn image_coverage(&self) -> f32 {
        let page = (self.width * self.height).max(1.0);
        let area =
            |extent: &Extent| (extent.right - extent.left).max(0.0) * (extent.top - extent.bottom).max(0.0);
        // Scans are often cut into strips, which add up; a picture is often drawn with its mask, which must not.
        let mut seen: Vec<Extent> = Vec::new();
        let mut sum = 0.0;
        for image in &self.images {
            let extent = image.extent;
            let inside = |other: &Extent| {
                extent.left >= other.left - 1.0
                    && extent.right <= other.right + 1.0
                    && extent.bottom >= other.bottom - 1.0
                    && extent.top <= other.top + 1.0
            };
            if seen.iter().take(MAX_COMPARED).any(inside) {
                continue;
            }
            sum += area(&extent);
            seen.push(extent);
        }
        (sum / page).min(1.0)
    }
}

/// Images that others are compared with, at most.
const MAX_COMPARED: usize = 64;
