//! Values of form fields among the words of a page.

use super::content::{PageContent, PaintedWidget};
use super::frame::Frame;
use crate::ir::FieldKind;
use crate::layout::fields::FormField;
use crate::layout::word::Word;
use crate::pdf::fields::WidgetKind;

/// Signs for an empty box that a page prints below its check boxes.
const PRINTED_BOXES: [&str; 8] = ["☐", "□", "▢", "❏", "❑", "❐", "❒", "○"];
/// Words of a field that are put together anew, at most.
const MAX_LETTERS: usize = 10_000;

/// Gives the words of values the numbers of their fields, puts values in combs together, and drops boxes that are
/// printed below check boxes.
pub(super) fn mark(words: &mut Vec<Word>, page: &PageContent, frame: &Frame) {
    let widgets = &page.widgets;
    if widgets.is_empty() {
        return;
    }
    for word in words.iter_mut() {
        let after = widgets.partition_point(|painted| painted.orders.start <= word.order);
        let number = after.checked_sub(1);
        let painted = number.and_then(|number| widgets.get(number));
        if painted.is_some_and(|painted| painted.orders.contains(&word.order)) {
            word.field = number.and_then(|number| u32::try_from(number).ok());
        }
    }
    let boxes = widgets
        .iter()
        .filter(|painted| painted.widget.mark().is_some())
        .map(|painted| frame.extent(painted.widget.extent));
    let boxes: Vec<_> = boxes.collect();
    words.retain(|word| {
        let (x, y) = (word.middle(), word.baseline + 0.3 * word.size);
        let is_below = |place: &crate::layout::Extent| {
            (place.left..=place.right).contains(&x) && (place.bottom..=place.top).contains(&y)
        };
        word.field.is_some() || !PRINTED_BOXES.contains(&word.text.as_str()) || !boxes.iter().any(is_below)
    });
    join_letters(words, page);
}

/// Puts the words of values together whose letters stand apart.
fn join_letters(words: &mut Vec<Word>, page: &PageContent) {
    let mut start = 0;
    while start < words.len() {
        let field = words.get(start).and_then(|word| word.field);
        let own = words.iter().skip(start).take(MAX_LETTERS);
        let end = start + own.take_while(|word| word.field == field).count().max(1);
        let widget = field.and_then(|number| page.widgets.get(usize::try_from(number).ok()?));
        let value = widget.and_then(|painted| painted.widget.value.as_deref());
        let joined = value.and_then(|value| joined(value, words.get(start..end)?));
        start = match joined {
            Some(joined) => {
                let length = joined.len();
                drop(words.splice(start..end, joined));
                start + length
            }
            None => end,
        };
    }
}

/// Words of a value out of pieces of them; `None` if they are other words, or already right.
fn joined(value: &str, pieces: &[Word]) -> Option<Vec<Word>> {
    let mut pieces = pieces.iter();
    let count = pieces.len();
    let mut words = Vec::new();
    for text in value.split_whitespace() {
        let mut word = pieces.next()?.clone();
        while word.text != text {
            let next = pieces.next()?;
            if !text.starts_with(&word.text) || (next.baseline - word.baseline).abs() > 0.1 * word.size {
                return None;
            }
            word.text.push_str(&next.text);
            word.right = word.right.max(next.right);
        }
        words.push(word);
    }
    (pieces.next().is_none() && words.len() < count).then_some(words)
}

/// Fields of a page in a frame, by their numbers.
pub(in crate::pdf) fn form_fields(widgets: &[PaintedWidget], frame: &Frame) -> Vec<FormField> {
    let fields = widgets.iter().map(|painted| {
        let widget = &painted.widget;
        let (kind, checked) = match widget.kind {
            WidgetKind::Checkbox { on } => (FieldKind::Checkbox, Some(on)),
            WidgetKind::Radio { on } => (FieldKind::Radio, Some(on)),
            WidgetKind::Choice => (FieldKind::Choice, None),
            WidgetKind::Signature => (FieldKind::Signature, None),
            WidgetKind::Text if widget.is_date => (FieldKind::Date, None),
            WidgetKind::Text | WidgetKind::Button => (FieldKind::Text, None),
        };
        FormField {
            kind,
            name: widget.name.clone(),
            value: widget.value.clone(),
            checked,
            options: std::rc::Rc::clone(&widget.options),
            extent: frame.extent(widget.extent),
        }
    });
    fields.collect()
}
