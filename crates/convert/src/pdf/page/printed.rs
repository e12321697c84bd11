use rustc_hash::FxHashMap;

use super::content::Glyph;

/// Side of a cell that places are compared in, in points.
const CELL_POINTS: f32 = 16.0;
/// Distance of two prints of one letter across the line, at most, in multiples of the text size.
const ACROSS_EM: f32 = 0.3;
/// Glyphs of one text in one cell that are compared, at most.
const MAX_IN_CELL: usize = 64;
/// End of a chain.
const NONE: u32 = u32::MAX;

/// Glyphs that are printed on a page, by text and place: bold made by printing twice, shadows and copies are found by it.
pub(super) struct Printed {
    /// Last glyph of each text in each cell.
    last: FxHashMap<(u32, i32, i32), u32>,
    /// Place, size, and the glyph before it in its cell.
    glyphs: Vec<([f32; 3], u32)>,
}

impl Printed {
    pub(super) fn with_capacity(glyphs: usize) -> Self {
        Self {
            last: FxHashMap::with_capacity_and_hasher(glyphs, rustc_hash::FxBuildHasher),
            glyphs: Vec::with_capacity(glyphs),
        }
    }

    /// Returns true if the same glyph was printed here already; else notes it.
    pub(super) fn has(&mut self, glyph: &Glyph) -> bool {
        let [x, y] = glyph.origin;
        // Narrow letters stand close to each other: `ill`.
        let along = (0.4 * glyph.advance).min(0.3 * glyph.size).max(0.05 * glyph.size);
        let across = ACROSS_EM * glyph.size;
        let reach = along.max(across);
        let [first, last] = [cell([x - reach, y - reach]), cell([x + reach, y + reach])];
        // A letter that is larger than some cells is compared within its own.
        let near = last[0] - first[0] <= 2 && last[1] - first[1] <= 2;
        let own = cell([x, y]);
        let [first, last] = if near { [first, last] } else { [own, own] };
        for column in first[0]..=last[0] {
            for row in first[1]..=last[1] {
                if self.is_in(glyph, (glyph.text, column, row), [along, across]) {
                    return true;
                }
            }
        }
        let index = u32::try_from(self.glyphs.len()).unwrap_or(NONE);
        let before = self.last.insert((glyph.text, own[0], own[1]), index);
        self.glyphs.push(([x, y, glyph.size], before.unwrap_or(NONE)));
        false
    }

    fn is_in(&self, glyph: &Glyph, cell: (u32, i32, i32), [along, across]: [f32; 2]) -> bool {
        let ([x, y], [dx, dy]) = (glyph.origin, glyph.direction);
        let mut at = self.last.get(&cell).copied().unwrap_or(NONE);
        for _ in 0..MAX_IN_CELL {
            let Some(([other_x, other_y, size], before)) = self.glyphs.get(at as usize) else {
                return false;
            };
            let (x, y) = (other_x - x, other_y - y);
            if (x * dx + y * dy).abs() < along
                && (y * dx - x * dy).abs() < across
                && (size - glyph.size).abs() < 0.1 * glyph.size
            {
                return true;
            }
            at = *before;
        }
        false
    }
}

#[expect(clippy::cast_possible_truncation, reason = "cells of a page")]
fn cell([x, y]: [f32; 2]) -> [i32; 2] {
    [(x / CELL_POINTS).floor() as i32, (y / CELL_POINTS).floor() as i32]
}
