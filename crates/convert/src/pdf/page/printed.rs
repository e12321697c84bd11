use super::content::Glyph;

/// Side of a cell that places are compared in, in points.
const CELL_POINTS: f32 = 32.0;
/// Distance of two prints of one letter across the line, at most, in multiples of the text size.
const ACROSS_EM: f32 = 0.3;
/// Glyphs that one is compared with in a cell, at most.
const MAX_IN_CELL: usize = 64;
/// End of a chain.
const NONE: u32 = u32::MAX;

/// Glyphs that are printed on a page, by text and place: bold made by printing twice, shadows and copies are found by it.
///
/// A table of chains of its own, since each letter of a document comes here: two numbers are read for most of them.
#[derive(Default)]
pub(super) struct Printed {
    /// Last glyph of each chain. As many as a power of two, at least two for each glyph.
    last: Vec<u32>,
    glyphs: Vec<Print>,
}

/// Glyph that was printed.
struct Print {
    cell: Cell,
    place: [f32; 2],
    size: f32,
    /// The glyph before it in its chain.
    before: u32,
}

/// Text, and column and row of a place.
type Cell = (u32, i32, i32);

impl Printed {
    /// Forgets what was printed, and makes room for the glyphs of the next page.
    pub(super) fn begin_page(&mut self, glyphs: usize) {
        self.glyphs.clear();
        self.glyphs.reserve(glyphs);
        self.last.clear();
        self.last
            .resize(glyphs.saturating_mul(2).next_power_of_two().max(64), NONE);
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
        let near = last[0].saturating_sub(first[0]) <= 2 && last[1].saturating_sub(first[1]) <= 2;
        let own = cell([x, y]);
        let [first, last] = if near { [first, last] } else { [own, own] };
        for column in first[0]..=last[0] {
            for row in first[1]..=last[1] {
                if self.is_in(glyph, (glyph.text, column, row), [along, across]) {
                    return true;
                }
            }
        }
        self.note((glyph.text, own[0], own[1]), glyph);
        false
    }

    fn note(&mut self, cell: Cell, glyph: &Glyph) {
        let chain = self.chain(cell);
        let Some(last) = self.last.get_mut(chain) else {
            return;
        };
        let index = u32::try_from(self.glyphs.len()).unwrap_or(NONE);
        self.glyphs.push(Print {
            cell,
            place: glyph.origin,
            size: glyph.size,
            before: std::mem::replace(last, index),
        });
    }

    fn is_in(&self, glyph: &Glyph, cell: Cell, [along, across]: [f32; 2]) -> bool {
        let ([x, y], [dx, dy]) = (glyph.origin, glyph.direction);
        let mut at = self.last.get(self.chain(cell)).copied().unwrap_or(NONE);
        for _ in 0..MAX_IN_CELL {
            let Some(other) = self.glyphs.get(at as usize) else {
                return false;
            };
            let (x, y) = (other.place[0] - x, other.place[1] - y);
            if other.cell == cell
                && (x * dx + y * dy).abs() < along
                && (y * dx - x * dy).abs() < across
                && (other.size - glyph.size).abs() < 0.1 * glyph.size
            {
                return true;
            }
            at = other.before;
        }
        false
    }

    /// Number of the chain of a cell.
    fn chain(&self, (text, column, row): Cell) -> usize {
        // A multiplication mixes upwards: the upper bits depend on all of them (Knuth, multiplicative hashing).
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        let place = u64::from(column.cast_unsigned()) << 32 | u64::from(row.cast_unsigned());
        let mixed = (u64::from(text).wrapping_mul(FACTOR) ^ place).wrapping_mul(FACTOR);
        let bits = self.last.len().checked_ilog2().unwrap_or(0);
        let upper = mixed.checked_shr(64 - bits).unwrap_or(0);
        usize::try_from(upper).unwrap_or(0)
    }
}

fn cell(place: [f32; 2]) -> [i32; 2] {
    place.map(|place| floor(place / CELL_POINTS))
}

/// The next integer below, without the call that `f32::floor` is where the processor is not known to have it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "cells of a page"
)]
fn floor(number: f32) -> i32 {
    let truncated = number as i32;
    truncated.saturating_sub(i32::from(number < truncated as f32))
}

#[cfg(test)]
mod tests {
    use super::Printed;
    use crate::pdf::page::content::{Flags, Glyph};

    fn glyph(text: u32, [x, y]: [f32; 2], size: f32) -> Glyph {
        Glyph {
            origin: [x, y],
            direction: [1.0, 0.0],
            advance: 0.5 * size,
            spacing: 0.0,
            size,
            ink: None,
            text,
            font: 0,
            order: 0,
            flags: Flags::default(),
        }
    }

    #[test]
    fn a_letter_is_found_again_wherever_the_cells_part() {
        let mut printed = Printed::default();
        for step in 0..400_u16 {
            printed.begin_page(8);
            let (x, y) = (1.37 * f32::from(step), 0.73 * f32::from(step));
            assert!(!printed.has(&glyph(7, [x, y], 10.0)));
            assert!(printed.has(&glyph(7, [x + 0.6, y - 0.6], 10.0)), "{x} {y}");
            assert!(printed.has(&glyph(7, [x - 0.6, y + 0.6], 10.0)), "{x} {y}");
            // Another letter, another size, the same letter beside it.
            assert!(!printed.has(&glyph(8, [x, y], 10.0)));
            assert!(!printed.has(&glyph(7, [x, y], 14.0)));
            assert!(!printed.has(&glyph(7, [x + 2.5, y], 10.0)));
        }
    }

    #[test]
    fn more_letters_than_there_was_room_for_are_told_apart() {
        let mut printed = Printed::default();
        printed.begin_page(0);
        for step in 0..2_000_u16 {
            assert!(!printed.has(&glyph(u32::from(step % 50), [f32::from(step), 9.0], 10.0)));
        }
        assert!(printed.has(&glyph(49, [1_999.0, 9.0], 10.0)));
    }
}
