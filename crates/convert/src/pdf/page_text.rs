use super::annotations::Annotation;
use super::page::{ContentPart, ContentReader, Direction, PaintedWidget, ReadPage, Stamp, WordGroup};
use super::source::catch_panics;
use crate::ir::Origin;
use crate::layout::Extent;
use crate::layout::drawing::Drawing;
use crate::layout::furniture::{Furniture, PageRuns, PlacedText};
use crate::layout::line::LEFT_TO_RIGHT;
use crate::layout::text_styles::TextStyles;
use crate::layout::word::Word;
use crate::places::WordBox;

/// Text layer of one page: its words, before any order is found in them.
pub(super) struct PageText {
    /// 1-based number of the page.
    pub(super) number: u32,
    /// Width and height in points, as a viewer shows the page.
    pub(super) size: (f32, f32),
    /// Clockwise rotation for display in degrees, a multiple of 90.
    pub(super) rotation: u16,
    /// Words of each direction, most text first.
    pub(super) groups: Vec<WordGroup>,
    /// Words that a reader does not see.
    pub(super) hidden: Vec<WordGroup>,
    /// Running headers, footers and page numbers.
    pub(super) furniture: Vec<Word>,
    /// Remarks of readers.
    pub(super) comments: Vec<Annotation>,
    pub(super) stamps: Vec<Stamp>,
    pub(super) drawing: Drawing,
    /// Fields of the form that the page shows.
    pub(super) widgets: Vec<PaintedWidget>,
    /// Parts of its content by their marks.
    pub(super) parts: Vec<ContentPart>,
    /// Words with their places on the shown page, if these are wanted.
    pub(super) places: Vec<WordBox>,
    pub(super) facts: PageFacts,
}

/// Facts about a page that tell what its text layer is good for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageFacts {
    /// Part of the page that images cover, 0 to 1.
    pub(super) image_coverage: f32,
    pub(super) has_image: bool,
    /// Set if it has images and most of its text has no ink: another program has recognized it.
    pub(super) recognized: bool,
    /// Paths that are filled with something else than a rectangle.
    pub(super) filled_shapes: u32,
    /// Glyphs that are painted, blank ones aside.
    pub(super) glyphs: u32,
    /// Those of them without a text.
    pub(super) unknown: u32,
    /// Glyphs of fonts that the document lacks, whose texts are guesses.
    pub(super) guessed: u32,
    /// Letters outside the page.
    pub(super) outside: usize,
    /// Set if the content is damaged, and was read up to the damage.
    pub(super) damaged: bool,
    /// Set if a limit on work cut the content off.
    pub(super) cut_off: bool,
}

impl PageText {
    /// Reads the text layer of the 1-based page `number`.
    ///
    /// # Errors
    /// Reason for the warning: the page is missing, or its content is broken.
    pub(super) fn read(reader: &mut ContentReader<'_>, number: u32) -> Result<Self, String> {
        catch_panics(|| {
            let page = reader.read(number)?;
            Some(Self::of(number, page))
        })
        .ok_or("its content is broken")?
        .ok_or_else(|| "the page is missing".to_owned())
    }

    fn of(number: u32, page: ReadPage) -> Self {
        let ReadPage {
            content,
            words,
            stamps,
            comments,
        } = page;
        let facts = content.facts;
        Self {
            number,
            size: (content.width, content.height),
            rotation: content.rotation,
            groups: words.groups,
            hidden: words.hidden,
            furniture: Vec::new(),
            comments,
            places: Vec::new(),
            stamps,
            facts: PageFacts {
                image_coverage: content.image_coverage(),
                has_image: !content.images.is_empty(),
                recognized: facts.recognized,
                filled_shapes: facts.filled_shapes,
                glyphs: facts.glyphs,
                unknown: facts.unknown,
                damaged: facts.damaged,
                cut_off: facts.cut_off,
                guessed: facts.guessed,
                outside: words.outside,
            },
            parts: content.parts,
            drawing: content.drawing,
            widgets: content.widgets,
        }
    }

    /// Text with positions, for the comparison with other pages.
    pub(super) fn runs(&self) -> PageRuns<'_> {
        let group = self.groups.first();
        let height = group.map_or(self.size.1, |group| group.frame.height);
        let words = group.map_or(&[][..], |group| &group.words);
        let runs = words.iter().map(|word| PlacedText {
            text: &word.text,
            left: word.left,
            baseline: word.baseline,
            size: word.size,
            rotated: false,
        });
        PageRuns {
            number: self.number,
            bottom: 0.0,
            top: height,
            height,
            rotated: false,
            runs: runs.collect(),
        }
    }

    /// Sets the running headers, footers and page numbers of the page apart, which is the one at `index` in
    /// `furniture`. Returns true if there are any.
    pub(super) fn part_furniture(&mut self, furniture: &Furniture, index: usize) -> bool {
        let Some(kept) = furniture.kept_runs(index, &self.runs()) else {
            return false;
        };
        let Some(group) = self.groups.first_mut() else {
            return false;
        };
        let mut kept = kept.into_iter();
        let words = std::mem::take(&mut group.words);
        let (text, apart) = words.into_iter().partition(|_| kept.next().unwrap_or(true));
        (group.words, self.furniture) = (text, apart);
        true
    }

    /// Place of a box of the shown page.
    pub(super) fn place_of(&self, extent: Extent) -> Origin {
        let viewport = Direction::Right
            .frame(self.size.0, self.size.1)
            .viewport(self.number);
        let region = viewport.and_then(|viewport| viewport.region(extent, LEFT_TO_RIGHT));
        Origin {
            regions: region.into_iter().collect(),
            ..Origin::default()
        }
    }

    /// Adds the words that a reader does not see to the text.
    pub(super) fn show_hidden(&mut self) {
        for hidden in std::mem::take(&mut self.hidden) {
            let same = |group: &&mut WordGroup| group.frame.direction == hidden.frame.direction;
            match self.groups.iter_mut().find(same) {
                Some(group) => group.words.extend(hidden.words),
                None => self.groups.push(hidden),
            }
        }
    }

    /// Number of words that a reader does not see.
    pub(super) fn hidden_words(&self) -> usize {
        self.hidden.iter().map(|group| group.words.len()).sum()
    }

    /// Number of its words, lines and areas, by which its memory grows.
    pub(super) fn weight(&self) -> usize {
        let groups = self.groups.iter().chain(&self.hidden);
        let words: usize = groups.map(|group| group.words.len()).sum();
        words + self.drawing.rules.len() + self.drawing.areas.len()
    }

    /// Adds the sizes and fonts of its text to those of the document.
    pub(super) fn add_styles(&self, styles: &mut TextStyles) {
        for word in self.groups.iter().flat_map(|group| &group.words) {
            styles.add_word(word);
        }
    }

    /// Text in the order of painting, for judging its characters.
    pub(super) fn text(&self) -> String {
        let words = self.groups.iter().flat_map(|group| &group.words);
        words.map(|word| word.text.as_str()).collect()
    }
}
