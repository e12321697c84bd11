use hayro::hayro_syntax::object::{Array, Object};
use hayro::hayro_syntax::xref::XRef;

use crate::pdf::objects::resolve;

/// Counts the characters in the ranges `first last width` of a font's `W` array, where `numbers` is 1, or in the ranges
/// `first last width x y` of its `W2` array, where it is 3 (ISO 32000-1, 9.7.4.3).
pub(super) fn codes_in_widths(widths: &Array<'_>, numbers: usize, xref: &XRef) -> u64 {
    let mut objects = widths.raw_iter().map(|object| resolve(xref, object));
    let mut codes = 0_u64;
    while let Some(first) = objects.next() {
        let Some(Object::Number(first)) = first else {
            continue;
        };
        match objects.next() {
            Some(Some(Object::Number(last))) => {
                // The widths are numbers; an array there begins the next entry, which then is counted too low by what
                // it lists.
                objects.by_ref().take(numbers).for_each(drop);
                codes = codes.saturating_add(range_codes(first.as_f64(), last.as_f64()));
            }
            Some(_) => {}
            None => break,
        }
    }
    codes
}

fn range_codes(first: f64, last: f64) -> u64 {
    // A range the wrong way round is empty; the cast saturates.
    (last - first + 1.0).max(0.0) as u64
}
