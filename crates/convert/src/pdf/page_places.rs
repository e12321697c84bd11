use super::page_text::PageText;
use crate::layout::characters::Characters;
use crate::layout::line::LEFT_TO_RIGHT;
use crate::layout::word::Word;
use crate::places::WordBox;

/// Words of a page with their places as a viewer shows it, those of its running headers and footers included. Words that
/// run along no axis have no place.
pub(super) fn of(page: &PageText) -> Vec<WordBox> {
    let mut characters = Characters::default();
    let mut places = Vec::new();
    let furniture = page.groups.first().map(|group| (group, &page.furniture));
    let groups = page.groups.iter().map(|group| (group, &group.words));
    for (group, words) in groups.chain(furniture) {
        let Some(viewport) = group.frame.viewport(page.number) else {
            continue;
        };
        places.extend(words.iter().filter_map(|word: &Word| {
            Some(WordBox {
                text: characters.normalized(&word.text).into_owned(),
                region: viewport.region(word.letters(), LEFT_TO_RIGHT)?,
                confidence: None,
            })
        }));
    }
    places
}
