use crate::network::Input;
use crate::picture::{Grid, Picture};
use crate::rect::Rect;

/// Height of a line as the recognizer takes it, in pixels.
pub(crate) const HEIGHT: usize = 48;
/// The width is a multiple of this.
const WIDTH_STEP: usize = 8;
/// Width, at least and at most.
const WIDTHS: (usize, usize) = (16, 4800);
/// Grey beside the line.
const PADDING: f32 = 127.5;

/// Line cut out of a picture, upright and of one height.
pub(crate) struct Crop {
    /// Width with the padding.
    pub(crate) width: usize,
    /// Columns that show the picture.
    pub(crate) filled: usize,
    /// Grey values, 0 to 255, row by row.
    pub(crate) gray: Vec<f32>,
}

impl Crop {
    /// Cuts out the rectangle, turned so that its axis points to the right.
    pub(crate) fn cut(picture: Picture<'_>, rect: &Rect) -> Self {
        let ratio = (HEIGHT as f32 * rect.width / rect.height.max(1.0)).min(WIDTHS.1 as f32);
        let width = (ratio / WIDTH_STEP as f32).ceil() as usize * WIDTH_STEP;
        let width = width.clamp(WIDTHS.0, WIDTHS.1);
        let filled = (ratio as usize).clamp(WIDTH_STEP, width);
        let grid = Grid::of(rect.width / filled as f32, rect.height / HEIGHT as f32);
        let mut gray = vec![PADDING; width * HEIGHT];
        for (y, row) in gray.chunks_exact_mut(width).enumerate() {
            for (x, pixel) in row.iter_mut().take(filled).enumerate() {
                *pixel = grid.mean(|part_x, part_y| {
                    let along = ((x as f32 + part_x) / filled as f32 - 0.5) * rect.width;
                    let across = ((y as f32 + part_y) / HEIGHT as f32 - 0.5) * rect.height;
                    let [x, y] = rect.place(along, across);
                    picture.at(x - 0.5, y - 0.5)
                });
            }
        }
        Self { width, filled, gray }
    }

    /// Rows of the part that shows the picture.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.gray
            .chunks_exact(self.width)
            .map(|row| row.get(..self.filled).unwrap_or(row))
    }

    /// The line as the recognizer takes it.
    pub(crate) fn into_input(self) -> Input {
        Input {
            width: self.width,
            height: HEIGHT,
            gray: self.gray,
            channels: [[1.0 / 127.5, -1.0]; 3],
        }
    }
}
