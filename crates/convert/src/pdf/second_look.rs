//! Second look at pages that are a picture and have a text layer all the same.
//!
//! ```text
//!   text without ink over a scan     another program has recognized it, well or badly. Some pages of a document are
//!                                    recognized again; where the words differ, so are all those to come.
//!   a picture, and a little text     the text is a caption or a stamp. The page is recognized, and the text that says
//!                                    more is taken.
//! ```

use std::collections::HashMap;

use super::page_text::PageFacts;

/// Share of the page from which on a picture is the page.
const WHOLE_PAGE: f32 = 0.6;
/// Letters and digits up to which text may be a caption or a stamp.
const MAX_CAPTION_LETTERS: usize = 200;
/// Letters of a word that is compared, at least: short ones occur in any text.
const MIN_WORD_LETTERS: usize = 3;
/// Words by which a layer is judged, at least.
const MIN_WORDS: usize = 20;
/// Words in a hundred that a sound layer shares with another recognition, at least.
const SOUND_PERCENT: usize = 70;
/// Ratio of the numbers of pages of two looks at a document.
const NEXT_LOOK: u32 = 8;

/// Reason for a second look at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Its text was recognized by another program.
    Recognized,
    /// It is a picture with little text.
    Picture,
}

/// Text layers of a document that other programs have recognized.
#[derive(Debug)]
pub(super) struct ForeignLayers {
    /// Pages that have one.
    seen: u32,
    /// Number of the page that is looked at next.
    next: u32,
    trusted: bool,
}

impl Default for ForeignLayers {
    fn default() -> Self {
        Self {
            seen: 0,
            next: 1,
            trusted: true,
        }
    }
}

impl ForeignLayers {
    /// Returns true if the next page that has one is to be recognized.
    pub(super) fn is_looked_at(&mut self) -> bool {
        self.seen = self.seen.saturating_add(1);
        if self.seen == self.next {
            self.next = self.next.saturating_mul(NEXT_LOOK);
            return true;
        }
        !self.trusted
    }

    /// Compares the text of a layer with the words that were recognized. Returns true if the layer is to be taken.
    pub(super) fn is_sound(&mut self, layer: &str, recognized: &[String]) -> bool {
        if let Some(sound) = is_sound(layer, recognized) {
            self.trusted = sound;
        }
        self.trusted
    }
}

/// Reason to look again at a page with so many letters.
pub(super) fn reason(facts: &PageFacts, letters: usize) -> Option<Look> {
    match facts.image_coverage > WHOLE_PAGE {
        true if facts.recognized => Some(Look::Recognized),
        true if letters < MAX_CAPTION_LETTERS => Some(Look::Picture),
        _ => None,
    }
}

/// Returns true if a layer is less than half of the text of its page.
pub(super) fn is_minor(layer: &str, recognized: &[String]) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let read: usize = recognized.iter().map(|word| letters(word)).sum();
    2 * letters(layer) < read
}

/// Verdict on a layer; `None` if too little was recognized for one.
fn is_sound(layer: &str, recognized: &[String]) -> Option<bool> {
    let mut own: HashMap<String, usize> = HashMap::new();
    for word in words(layer) {
        *own.entry(word).or_default() += 1;
    }
    let (mut all, mut shared) = (0, 0);
    for word in recognized.iter().flat_map(|text| words(text)) {
        all += 1;
        if let Some(count @ 1..) = own.get_mut(&word) {
            *count -= 1;
            shared += 1;
        }
    }
    (all >= MIN_WORDS).then(|| 100 * shared >= SOUND_PERCENT * all)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= MIN_WORD_LETTERS)
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{ForeignLayers, is_minor};

    const TEXT: &str = "Every page of this report was scanned and recognized by a program of its time, whose words \
                        are compared with those that another one reads, and they agree on nearly all of them.";

    fn recognized(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_layer_with_the_words_of_the_page_is_sound_until_another_page_shows_otherwise() {
        let mut layers = ForeignLayers::default();
        assert!(layers.is_looked_at());
        assert!(layers.is_sound(&TEXT.replace("report", "rep0rt"), &recognized(TEXT)));
        assert!((2..8).all(|_| !layers.is_looked_at()));
        assert!(layers.is_looked_at());
        assert!(layers.is_sound("", &recognized("too few words")), "no verdict");
        assert!(!layers.is_sound(&TEXT.replace('e', "c"), &recognized(TEXT)));
        assert!(layers.is_looked_at(), "each page from now on");
    }

    #[test]
    fn a_caption_is_minor_beside_the_text_of_its_picture() {
        assert!(is_minor("Figure 1: a page", &recognized(TEXT)));
        assert!(!is_minor(TEXT, &recognized(TEXT)));
        assert!(!is_minor("Figure 1: a page", &[]));
    }
}
