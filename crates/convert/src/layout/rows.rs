use super::word::Word;

/// Overlap in height, as a share of the smaller of two, from which on two pieces of text stand in one row.
const SAME_ROW_SHARE: f32 = 0.5;

/// Height of letters without ascenders and descenders above and below the baseline, in multiples of the text size.
const ABOVE_EM: f32 = 0.7;
const BELOW_EM: f32 = 0.2;

/// Piece of text that can be put into rows.
pub(super) trait OnBaseline {
    fn baseline(&self) -> f32;
    fn size(&self) -> f32;
    fn left(&self) -> f32;
}

impl OnBaseline for Word {
    fn baseline(&self) -> f32 {
        self.baseline
    }

    fn size(&self) -> f32 {
        self.size
    }

    fn left(&self) -> f32 {
        self.left
    }
}

/// Puts pieces of text into rows from top to bottom, each from left to right. Raised and lowered letters belong to the
/// row of the letters beside them.
pub(super) fn rows<T: OnBaseline>(mut pieces: Vec<T>) -> Vec<Vec<T>> {
    pieces.sort_by(|a, b| b.baseline().total_cmp(&a.baseline()));
    let mut rows: Vec<Vec<T>> = Vec::new();
    // Baseline and size of the largest piece of the open row.
    let mut reference = (0.0, 0.0);
    for piece in pieces {
        let own = (piece.baseline(), piece.size());
        match rows.last_mut() {
            Some(row) if share_row(reference, own) => {
                if own.1 > reference.1 {
                    reference = own;
                }
                row.push(piece);
            }
            _ => {
                reference = own;
                rows.push(vec![piece]);
            }
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.left().total_cmp(&b.left()));
    }
    rows
}

fn share_row((a, a_size): (f32, f32), (b, b_size): (f32, f32)) -> bool {
    let top = (a + ABOVE_EM * a_size).min(b + ABOVE_EM * b_size);
    let bottom = (a - BELOW_EM * a_size).max(b - BELOW_EM * b_size);
    let smaller = (ABOVE_EM + BELOW_EM) * a_size.min(b_size);
    top - bottom >= SAME_ROW_SHARE * smaller
}
