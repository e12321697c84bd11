//! Marks on words: links, and lines through them.

use super::content::PageContent;
use super::frame::Frame;
use crate::layout::extent::Extent;
use crate::layout::word::Word;
use crate::pdf::annotations::{Annotation, AnnotationKind, MarkKind};

/// Height of a line through a word above its baseline, in multiples of the text size.
const STRIKE_EM: std::ops::RangeInclusive<f32> = 0.16..=0.42;
/// Thickness of a line through a word, in multiples of the text size, at most.
const MAX_STRIKE_WIDTH_EM: f32 = 0.15;
/// Part of a word that a line through it covers, at least.
const MIN_STRUCK_SHARE: f32 = 0.8;
/// Length that a line through words sticks out of the words around it, at most, in multiples of the text size.
const MAX_EXCESS_EM: f32 = 1.5;
/// Lines that words are compared with, at most: drawings have more, marked text does not.
const MAX_LINES: usize = 500;
/// Comparisons of words with the areas of annotations on a page, at most. A page of 2,000 words has 10,000 links before it
/// comes to that.
const MAX_COMPARISONS: usize = 20_000_000;

/// Links the words whose middle is in the area of a link.
pub(super) fn link(words: &mut [Word], page: &PageContent, frame: &Frame) {
    if page.links.is_empty() {
        return;
    }
    let areas: Vec<(Extent, _)> = page
        .links
        .iter()
        .map(|link| (frame.extent(link.extent), &link.uri))
        .collect();
    let compared = MAX_COMPARISONS / words.len().max(1);
    for word in words {
        let (x, y) = (word.middle(), word.baseline + 0.3 * word.size);
        let holds = |extent: &Extent| {
            (extent.left..=extent.right).contains(&x) && (extent.bottom..=extent.top).contains(&y)
        };
        // The last one is on top.
        let area = areas
            .iter()
            .rev()
            .take(compared)
            .find(|(extent, _)| holds(extent));
        word.link = area.map(|(_, uri)| std::rc::Rc::clone(uri));
    }
}

/// Marks the words that a line goes through. A line longer than the words is a border that they cross.
pub(super) fn strike(words: &mut [Word], page: &PageContent, frame: &Frame) {
    let drawing = &page.drawing;
    if drawing.rules.is_empty() || drawing.rules.len() > MAX_LINES {
        return;
    }
    let rules = frame.drawing(drawing).rules;
    for rule in rules.iter().filter(|rule| rule.is_horizontal()) {
        let [left, right] = [rule.from[0], rule.to[0]];
        let crosses = |word: &Word| {
            let above = (rule.from[1] - word.baseline) / word.size.max(0.1);
            let covered = right.min(word.right) - left.max(word.left);
            STRIKE_EM.contains(&above)
                && rule.width <= MAX_STRIKE_WIDTH_EM * word.size
                && covered >= MIN_STRUCK_SHARE * (word.right - word.left).max(0.1)
        };
        let struck = || words.iter().filter(|word| crosses(word));
        let Some(size) = struck().map(|word| word.size).reduce(f32::max) else {
            continue;
        };
        let from = struck().map(|word| word.left).fold(f32::INFINITY, f32::min);
        let to = struck().map(|word| word.right).fold(f32::NEG_INFINITY, f32::max);
        if from - left > MAX_EXCESS_EM * size || right - to > MAX_EXCESS_EM * size {
            continue;
        }
        for word in words.iter_mut().filter(|word| crosses(word)) {
            word.style.struck = true;
        }
    }
}

/// Marks the words that annotations strike out.
pub(super) fn strike_by_annotations(words: &mut [Word], frame: &Frame, annotations: &[Annotation]) {
    let struck = annotations.iter().filter(|annotation| {
        annotation.kind == AnnotationKind::Mark(MarkKind::StrikeOut) && !annotation.is_hidden
    });
    let compared = MAX_COMPARISONS / words.len().max(1);
    for area in struck.flat_map(Annotation::areas).take(compared) {
        let area = frame.extent(*area);
        for word in &mut *words {
            let (x, y) = (word.middle(), word.baseline + 0.3 * word.size);
            word.style.struck |=
                (area.left..=area.right).contains(&x) && (area.bottom..=area.top).contains(&y);
        }
    }
}
