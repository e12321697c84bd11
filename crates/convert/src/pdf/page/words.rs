use std::rc::Rc;

use super::content::{Flags, Glyph, PageContent};
use super::fonts::Fonts;
pub(in crate::pdf) use super::frame::{Direction, Frame};
use super::hidden::{Judge, Unseen};
use super::letters::logical;
use super::printed::Printed;
use super::{fields, marks};
use crate::layout::direction::is_right_to_left;
use crate::layout::word::{SPACE_EM, Word, WordStyle};

/// Overlap of two letters of a word, at most, in multiples of the text size.
const MAX_OVERLAP_EM: f32 = 0.35;
/// Difference in height of two letters of a word, at most, in multiples of the text size.
const SAME_BASELINE_EM: f32 = 0.08;
/// Distance from white space, at most, of the word that it stands before, in multiples of the text size.
const SPACE_REACH_EM: f32 = 3.0;
/// Character for a glyph without a text.
const UNKNOWN: &str = "\u{fffd}";

/// Words of a page.
#[derive(Default)]
pub(in crate::pdf) struct PageWords {
    /// Text of each direction, most text first.
    pub(in crate::pdf) groups: Vec<WordGroup>,
    /// Words that a reader does not see.
    pub(in crate::pdf) hidden: Vec<WordGroup>,
    /// Letters outside the page.
    pub(in crate::pdf) outside: usize,
}

/// Words that read in one direction.
pub(in crate::pdf) struct WordGroup {
    pub(in crate::pdf) frame: Frame,
    /// Words in the order of painting, in the frame.
    pub(in crate::pdf) words: Vec<Word>,
}

/// Puts the glyphs of a page together to words.
pub(in crate::pdf) fn page_words(page: &PageContent, fonts: &Fonts<'_>, printed: &mut Printed) -> PageWords {
    let mut judge = Judge::new(page, printed);
    let mut groups = Groups::new(page, fonts);
    let mut hidden = Groups::new(page, fonts);
    let mut outside = 0;
    for glyph in &page.glyphs {
        let text = fonts.text(glyph.text);
        let unknown = glyph.flags.contains(Flags::UNKNOWN);
        let blank = !unknown && fonts.is_blank(glyph.text);
        let letter = Letter {
            glyph,
            text: if unknown { UNKNOWN } else { text },
            blank,
        };
        match judge.unseen(glyph, blank) {
            Some(Unseen::Outside) => outside += usize::from(!blank),
            Some(Unseen::Twice) => {}
            Some(Unseen::Hidden) => hidden.add(letter),
            None => groups.add(letter),
        }
    }
    PageWords {
        groups: groups.finish(),
        hidden: hidden.finish(),
        outside,
    }
}

/// Glyph with its text.
#[derive(Clone, Copy)]
struct Letter<'f> {
    glyph: &'f Glyph,
    text: &'f str,
    /// Its text is white space, or none.
    blank: bool,
}

/// Words of each direction under construction.
struct Groups<'f, 'a> {
    page: &'f PageContent,
    fonts: &'f Fonts<'a>,
    open: Vec<Assembly<'f, 'a>>,
}

impl<'f, 'a> Groups<'f, 'a> {
    fn new(page: &'f PageContent, fonts: &'f Fonts<'a>) -> Self {
        Self {
            page,
            fonts,
            open: Vec::new(),
        }
    }

    fn add(&mut self, letter: Letter<'f>) {
        let direction = Direction::of(letter.glyph.direction);
        // Turned letters are few, and there are only so many angles.
        let known = self
            .open
            .iter()
            .position(|group| group.frame.direction == direction);
        let index = known.unwrap_or_else(|| {
            let frame = direction.frame(self.page.width, self.page.height);
            self.open.push(Assembly::new(self.fonts, frame));
            self.open.len() - 1
        });
        if let Some(group) = self.open.get_mut(index) {
            group.add(letter);
        }
    }

    /// Groups of words, the one with most text first.
    fn finish(self) -> Vec<WordGroup> {
        let page = self.page;
        let groups = self.open.into_iter().map(|group| {
            let frame = group.frame;
            let mut words = group.finish();
            marks::link(&mut words, page, &frame);
            marks::strike(&mut words, page, &frame);
            fields::mark(&mut words, page, &frame);
            WordGroup { frame, words }
        });
        let mut groups: Vec<WordGroup> = groups.filter(|group| !group.words.is_empty()).collect();
        groups.sort_by_cached_key(|group| {
            let letters = group.words.iter().map(|word| word.text.chars().count());
            std::cmp::Reverse(letters.sum::<usize>())
        });
        groups
    }
}

/// Words under construction.
struct Assembly<'f, 'a> {
    fonts: &'f Fonts<'a>,
    frame: Frame,
    words: Vec<Word>,
    open: Option<OpenWord>,
    /// Letters of the open word with their left edges.
    letters: Vec<(f32, &'f str)>,
    /// Place in the frame of the end of white space after the last word.
    space: Option<[f32; 2]>,
    /// Letter spacing of the text state and the distance that it left between two letters of a word.
    pitch: Option<[f32; 2]>,
    /// Style of the last font.
    style: Option<(u32, WordStyle)>,
}

/// Word that the next letter may belong to.
struct OpenWord {
    /// Left edge and end of the last letter, and its spacing.
    last: [f32; 3],
    left: f32,
    right: f32,
    baseline: f32,
    size: f32,
    font: u32,
    order: u32,
    /// Part of an annotation or form field.
    added: bool,
    spaced: bool,
}

impl<'f, 'a> Assembly<'f, 'a> {
    fn new(fonts: &'f Fonts<'a>, frame: Frame) -> Self {
        Self {
            fonts,
            frame,
            words: Vec::new(),
            open: None,
            letters: Vec::new(),
            space: None,
            pitch: None,
            style: None,
        }
    }

    fn add(&mut self, Letter { glyph, text, blank }: Letter<'f>) {
        let [along, up] = self.frame.place(glyph.origin);
        if blank {
            if text.is_empty() {
                // A letter of a ligature that another one tells.
                if let Some(open) = &mut self.open {
                    open.right = open.right.max(along + glyph.advance);
                    open.last[1] = open.last[1].max(along + glyph.advance);
                }
                return;
            }
            self.close();
            self.space = Some([along + glyph.advance, up]);
            return;
        }
        let (start, end) = (along, along + glyph.advance);
        match &mut self.open {
            Some(open) if open.accepts(glyph, [start, end], up, text, self.pitch) => {
                self.pitch = Some([open.last[2], start - open.last[1]]);
                self.letters.push((start, text));
                open.last = [start, end, glyph.spacing];
                open.left = open.left.min(start);
                open.right = open.right.max(end);
            }
            _ => {
                self.close();
                let spaced = self.space.take().is_some_and(|[end, baseline]| {
                    (baseline - up).abs() < 0.5 * glyph.size
                        && (start - end).abs() < SPACE_REACH_EM * glyph.size
                });
                self.letters.push((start, text));
                self.open = Some(OpenWord {
                    last: [start, end, glyph.spacing],
                    left: start,
                    right: end,
                    baseline: up,
                    size: glyph.size,
                    font: glyph.font,
                    order: glyph.order,
                    added: glyph.flags.contains(Flags::ANNOTATION),
                    spaced,
                });
            }
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        let style = self.style_of(open.font);
        let heights = self.fonts.look(open.font).map(|look| look.heights);
        self.words.push(Word {
            text: logical(&self.letters),
            left: open.left,
            right: open.right,
            baseline: open.baseline,
            size: open.size,
            heights: heights.unwrap_or_default(),
            style,
            spaced: open.spaced,
            link: None,
            order: open.order,
            field: None,
        });
        self.letters.clear();
    }

    fn style_of(&mut self, font: u32) -> WordStyle {
        if let Some((known, style)) = &self.style
            && *known == font
        {
            return style.clone();
        }
        let style = self.fonts.look(font).map_or_else(
            || WordStyle {
                font: Rc::from(""),
                bold: false,
                italic: false,
                monospace: false,
                struck: false,
            },
            |look| WordStyle {
                font: look.name.clone(),
                bold: look.bold,
                italic: look.italic,
                monospace: look.monospace,
                struck: false,
            },
        );
        self.style = Some((font, style.clone()));
        style
    }

    fn finish(mut self) -> Vec<Word> {
        self.close();
        self.words
    }
}

impl OpenWord {
    /// Returns true if the letter continues the word.
    ///
    /// Letters that are spaced out are still one word. Producers that take the spacing back between letters leave it
    /// between words alone: `pitch` tells what it left between the last two letters of a word.
    fn accepts(
        &self,
        glyph: &Glyph,
        [start, end]: [f32; 2],
        up: f32,
        text: &str,
        pitch: Option<[f32; 2]>,
    ) -> bool {
        let size = self.size.max(glyph.size).max(0.01);
        let same = self.font == glyph.font
            && self.added == glyph.flags.contains(Flags::ANNOTATION)
            && (self.size - glyph.size).abs() < 0.05 * size
            && (self.baseline - up).abs() < SAME_BASELINE_EM * size;
        if !same {
            return false;
        }
        let [last_start, last_end, spacing] = self.last;
        let spacing = match pitch {
            Some([same, left]) if (same - spacing).abs() < 0.01 * size => left.clamp(0.0, spacing.max(0.0)),
            _ => spacing.max(0.0),
        };
        let near = |gap: f32| gap >= -MAX_OVERLAP_EM * size && gap - spacing <= SPACE_EM * size;
        near(start - last_end) || is_right_to_left(text) && near(last_start - end)
    }
}
