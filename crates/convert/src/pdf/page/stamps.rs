//! Stamps that annotations put onto a page.

use super::content::PageContent;
use super::words::WordGroup;
use crate::layout::Extent;
use crate::pdf::annotations::{Annotation, AnnotationKind};

/// Stamps of a page whose words are told from the text, at most.
const MAX_STAMPS: usize = 100;

/// Stamp on a page.
#[derive(Debug, PartialEq)]
pub(in crate::pdf) struct Stamp {
    pub(in crate::pdf) text: String,
    pub(in crate::pdf) author: Option<String>,
    pub(in crate::pdf) date: Option<String>,
    /// Box on the shown page.
    pub(in crate::pdf) extent: Extent,
}

/// Takes the words of stamps out of the text. A stamp that shows none is an image; one without an appearance shows its
/// name.
pub(super) fn take(groups: &mut [WordGroup], page: &PageContent, annotations: &[Annotation]) -> Vec<Stamp> {
    let stamps = annotations
        .iter()
        .filter_map(|annotation| match &annotation.kind {
            AnnotationKind::Stamp { name } if !annotation.is_hidden => Some((annotation, name)),
            _ => None,
        });
    let mut taken = Vec::new();
    for (annotation, name) in stamps.take(MAX_STAMPS) {
        let own = page
            .stamps
            .iter()
            .filter(|(_, extent)| *extent == annotation.extent);
        let mut words: Vec<String> = Vec::new();
        for (orders, _) in own {
            for group in groups.iter_mut() {
                group.words.retain_mut(|word| {
                    let is_own = orders.contains(&word.order);
                    if is_own {
                        words.push(std::mem::take(&mut word.text));
                    }
                    !is_own
                });
            }
        }
        let text = match annotation.has_appearance {
            true => words.join(" "),
            false => name.clone().unwrap_or_default(),
        };
        if !text.is_empty() {
            taken.push(Stamp {
                text,
                author: annotation.author.clone(),
                date: annotation.date.clone(),
                extent: annotation.extent,
            });
        }
    }
    taken
}
