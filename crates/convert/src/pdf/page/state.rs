use std::rc::Rc;

use hayro::kurbo::{Affine, Rect};

use super::colors::Space;
use super::fonts::LoadedFont;

/// Graphics state, as far as text, lines and places need it.
#[derive(Clone)]
pub(super) struct State<'a> {
    /// User space to the shown page, y downwards.
    pub(super) ctm: Affine,
    pub(super) text: TextState<'a>,
    /// Box of the clip on the shown page.
    pub(super) clip: Rect,
    pub(super) fill_space: Space,
    /// Colour of fillings, where it is known.
    pub(super) fill: Option<[u8; 3]>,
    /// Width of lines in user space.
    pub(super) line_width: f64,
}

/// Text state.
#[derive(Clone)]
pub(super) struct TextState<'a> {
    pub(super) font: Option<Rc<LoadedFont<'a>>>,
    pub(super) size: f64,
    pub(super) character_spacing: f64,
    pub(super) word_spacing: f64,
    /// Horizontal scaling; 1 is none.
    pub(super) scaling: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: i64,
    pub(super) matrix: Affine,
    pub(super) line_matrix: Affine,
}

impl State<'_> {
    pub(super) fn new(ctm: Affine, clip: Rect) -> Self {
        Self {
            ctm,
            text: TextState {
                font: None,
                size: 1.0,
                character_spacing: 0.0,
                word_spacing: 0.0,
                scaling: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
                matrix: Affine::IDENTITY,
                line_matrix: Affine::IDENTITY,
            },
            clip,
            fill_space: Space::Gray,
            fill: Some([0; 3]),
            line_width: 1.0,
        }
    }
}

impl TextState<'_> {
    /// Begins a text object.
    pub(super) fn begin(&mut self) {
        self.set_matrix(Affine::IDENTITY);
    }

    pub(super) fn set_matrix(&mut self, matrix: Affine) {
        self.matrix = matrix;
        self.line_matrix = matrix;
    }

    /// Moves to the start of another line.
    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.set_matrix(self.line_matrix * Affine::translate((x, y)));
    }

    pub(super) fn next_line_by_leading(&mut self) {
        self.next_line(0.0, -self.leading);
    }

    /// Moves by a number of a `TJ` array, in thousandths of the em against the direction of writing.
    pub(super) fn adjust(&mut self, amount: f64) {
        let move_by = -amount / 1000.0 * self.size;
        let horizontal = self.font.as_ref().is_none_or(|font| font.horizontal);
        self.matrix *= Affine::translate(if horizontal {
            (move_by * self.scaling, 0.0)
        } else {
            (0.0, move_by)
        });
    }
}

/// Place or length on a page in points.
#[expect(clippy::cast_possible_truncation, reason = "places on a page")]
pub(super) fn narrow(value: f64) -> f32 {
    value as f32
}
