use hayro::hayro_syntax::object::Rect;
use hayro::hayro_syntax::page::Page;

use crate::layout::Extent;

/// Frame of a page as a viewer shows it: points from its lower left corner, upwards, after the turn of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageFrame([f64; 6]);

impl PageFrame {
    pub(super) fn of(page: &Page<'_>) -> Self {
        Self(page.initial_transform(false).as_coeffs())
    }

    /// Point of the page's own coordinates.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a place on a page needs no more digits"
    )]
    pub(super) fn point(self, x: f64, y: f64) -> [f32; 2] {
        let [a, b, c, d, e, f] = self.0;
        [(a * x + c * y + e) as f32, (b * x + d * y + f) as f32]
    }

    /// Box of a rectangle in the page's own coordinates; `None` if it is not finite.
    pub(super) fn extent(self, rect: Rect) -> Option<Extent> {
        self.around(&[[rect.x0, rect.y0], [rect.x1, rect.y1]])
    }

    /// Smallest box around points in the page's own coordinates.
    pub(super) fn around(self, points: &[[f64; 2]]) -> Option<Extent> {
        let points = points.iter().map(|[x, y]| self.point(*x, *y));
        let boxes = points.map(|[x, y]| Extent {
            left: x,
            bottom: y,
            right: x,
            top: y,
        });
        let extent = boxes.reduce(Extent::with)?;
        let edges = [extent.left, extent.bottom, extent.right, extent.top];
        edges.iter().all(|edge| edge.is_finite()).then_some(extent)
    }
}

#[cfg(test)]
mod tests {
    use hayro::hayro_syntax::object::Rect;

    use super::PageFrame;
    use crate::layout::Extent;
    use crate::pdf::test_documents::open;

    #[test]
    fn places_are_those_that_a_viewer_shows() {
        for (entries, expected) in [
            ("", [10.0, 20.0, 30.0, 60.0]),
            ("/CropBox[5 5 100 200]", [5.0, 15.0, 25.0, 55.0]),
            ("/Rotate 90", [20.0, 70.0, 60.0, 90.0]),
            ("/Rotate 180", [70.0, 140.0, 90.0, 180.0]),
            ("/Rotate 270", [140.0, 10.0, 180.0, 30.0]),
        ] {
            let pdf = open(&[
                "<</Type/Catalog/Pages 2 0 R>>".into(),
                "<</Type/Pages/Count 1/Kids[3 0 R]>>".into(),
                format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]{entries}>>"),
            ]);
            let frame = PageFrame::of(&pdf.pages()[0]);
            let [left, bottom, right, top] = expected;
            let expected = Extent {
                left,
                bottom,
                right,
                top,
            };
            let extent = frame.extent(Rect::new(10.0, 20.0, 30.0, 60.0));
            assert_eq!(extent, Some(expected), "{entries}");
        }
    }
}
