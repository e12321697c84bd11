//! Glyphs that a reader does not see, and those that are printed twice.

use super::content::{Flags, Glyph, PageContent};
use super::printed::Printed;

/// Component of a colour from which on it is as good as white.
const WHITE: u8 = 250;
/// Difference of two components up to which they look the same.
const SAME_COMPONENT: u8 = 6;
/// Size in points below which text cannot be seen.
const MIN_SIZE_POINTS: f32 = 0.4;
/// Areas that are looked through for the background of one glyph, at most.
const MAX_AREAS: usize = 4_000;

/// Reason why a glyph is no text of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unseen {
    /// Outside the page.
    Outside,
    /// Without ink, in the colour of its background, of no size, or clipped away.
    Hidden,
    /// Printed at the same place before.
    Twice,
}

/// Judges the glyphs of a page, in the order of their painting.
pub(super) struct Judge<'p> {
    page: &'p PageContent,
    printed: &'p mut Printed,
    /// Background that the last near-white glyph stood on: neighbours share it.
    last: Option<(u32, bool)>,
}

impl<'p> Judge<'p> {
    pub(super) fn new(page: &'p PageContent, printed: &'p mut Printed) -> Self {
        printed.begin_page(page.glyphs.len());
        Self {
            page,
            printed,
            last: None,
        }
    }

    /// Returns the reason why the glyph is no text; `None` if it is. `blank`: it has no ink of its own.
    pub(super) fn unseen(&mut self, glyph: &Glyph, blank: bool) -> Option<Unseen> {
        let [x, y] = glyph.origin;
        let reach = glyph.advance + glyph.size;
        let (page, margin) = (self.page, 0.0);
        let outside =
            x + reach < margin || y + reach < margin || x - reach > page.width || y - reach > page.height;
        let end = [
            x + glyph.direction[0] * glyph.advance,
            y + glyph.direction[1] * glyph.advance,
        ];
        let within = |[x, y]: [f32; 2]| {
            (-1.0..=page.width + 1.0).contains(&x) && (-1.0..=page.height + 1.0).contains(&y)
        };
        if outside || !within([x, y]) && !within(end) {
            return Some(Unseen::Outside);
        }
        if blank {
            return None;
        }
        if self.printed.has(glyph) {
            return Some(Unseen::Twice);
        }
        let hidden = glyph.size < MIN_SIZE_POINTS
            || glyph.flags.contains(Flags::CLIPPED)
            || glyph.flags.contains(Flags::INVISIBLE) && !self.is_on_image(glyph)
            || self.is_in_background_color(glyph);
        hidden.then_some(Unseen::Hidden)
    }

    /// Returns true for text over an image, as the recognized text of a scan is.
    fn is_on_image(&self, glyph: &Glyph) -> bool {
        let [x, y] = glyph.origin;
        let mut images = self.page.images.iter();
        images.any(|image| {
            let extent = image.extent;
            (extent.left..=extent.right).contains(&x)
                && (extent.bottom - glyph.size..=extent.top).contains(&y)
        })
    }

    fn is_in_background_color(&mut self, glyph: &Glyph) -> bool {
        let Some(ink) = glyph.ink.filter(|ink| ink.iter().all(|part| *part >= WHITE)) else {
            return false;
        };
        if let Some((order, same)) = self.last.filter(|(order, _)| *order == glyph.order) {
            return same && order == glyph.order;
        }
        let middle = [
            glyph.origin[0] + glyph.direction[0] * glyph.advance / 2.0
                - glyph.direction[1] * glyph.size * 0.3,
            glyph.origin[1]
                + glyph.direction[1] * glyph.advance / 2.0
                + glyph.direction[0] * glyph.size * 0.3,
        ];
        let same = self.background(middle, glyph.order).is_some_and(|color| {
            color
                .iter()
                .zip(ink)
                .all(|(a, b)| a.abs_diff(b) <= SAME_COMPONENT)
        });
        self.last = Some((glyph.order, same));
        same
    }

    /// Colour at a place below what is painted as number `order`; `None` where it is not known.
    fn background(&self, [x, y]: [f32; 2], order: u32) -> Option<[u8; 3]> {
        let holds = |extent: &crate::layout::Extent| {
            (extent.left..=extent.right).contains(&x) && (extent.bottom..=extent.top).contains(&y)
        };
        let page = self.page;
        let image = page
            .images
            .iter()
            .filter(|image| image.order < order && holds(&image.extent));
        let image = image.map(|image| image.order).max().unwrap_or(0);
        let areas = page.drawing.areas.iter().take(MAX_AREAS);
        // An edge without a filling covers nothing; a filling of unknown colour may be any.
        let area = areas
            .filter(|area| area.order < order && (area.fill.is_some() || !area.edged) && holds(&area.extent))
            .max_by_key(|area| area.order);
        match area {
            Some(area) if area.order > image => area.fill,
            _ if image > 0 => None,
            // Fillings of other shapes than rectangles are not known.
            _ if page.facts.filled_shapes > 0 => None,
            _ => Some([255; 3]),
        }
    }
}
