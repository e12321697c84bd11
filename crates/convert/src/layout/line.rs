use std::ops::Range;

/// Direction of upright text.
pub(crate) const LEFT_TO_RIGHT: [f32; 2] = [1.0, 0.0];

/// Runs further apart than this, in multiples of the text size, are columns rather than words.
const COLUMN_GAP_EM: f32 = 0.8;
/// Gap in multiples of the text size from which on the text on its sides is apart.
const DIVIDING_GAP_EM: f32 = 4.0;
/// Letters in front of such a gap, at most, that number what is behind it.
const MAX_LABEL_LETTERS: usize = 3;
/// Two text sizes that differ by less, in points, are the same size.
const SAME_SIZE_POINTS: f32 = 0.25;

/// Run: a stretch of text in one style, as it stands on the page.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) text: String,
    /// Left edge in points.
    pub(crate) left: f32,
    /// Right edge of the ink in points; trailing spaces are not ink.
    pub(crate) ink_right: f32,
    /// Font size in points.
    pub(crate) size: f32,
    pub(crate) font_name: String,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    /// Struck through.
    pub(crate) struck: bool,
    pub(crate) monospace: bool,
    /// Reads in another direction than left to right.
    pub(crate) rotated: bool,
    /// Direction in which it reads, as a vector of length 1; upwards is positive.
    pub(crate) direction: [f32; 2],
    pub(crate) links: Vec<RunLink>,
    pub(crate) raise: Raise,
    /// Number of the form field on its page whose value it is a part of.
    pub(crate) field: Option<u32>,
}

/// Height of text beside that of its line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Raise {
    #[default]
    None,
    Superscript,
    Subscript,
}

/// Link on a part of a run.
#[derive(Debug, Clone)]
pub(crate) struct RunLink {
    /// Bytes of the run's text.
    pub(crate) range: Range<usize>,
    pub(crate) uri: String,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            text: String::new(),
            left: 0.0,
            ink_right: 0.0,
            size: 0.0,
            font_name: String::new(),
            bold: false,
            italic: false,
            struck: false,
            monospace: false,
            rotated: false,
            direction: LEFT_TO_RIGHT,
            links: Vec::new(),
            raise: Raise::None,
            field: None,
        }
    }
}

impl Run {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Line of text with its position on the page.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    /// Text of the runs with the spaces between them, in logical order.
    pub(crate) text: String,
    /// Left edge of the ink in points.
    pub(crate) left: f32,
    /// Right edge of the ink in points.
    pub(crate) right: f32,
    /// Height of the baseline above the bottom of the page in points.
    pub(crate) baseline: f32,
    /// Font size of most of the characters in points.
    pub(crate) size: f32,
    /// Heading level 1 to 6; 0 for other text.
    pub(crate) level: u8,
}

impl Line {
    /// Makes a line of runs in reading order; `None` when it has no ink. `text` is the text of the runs with the
    /// spaces between them.
    pub(crate) fn new(text: String, runs: Vec<Run>, baseline: f32, level: u8) -> Option<Self> {
        if text.trim().is_empty() {
            return None;
        }
        // Blank runs are drawn for spacing and would move the edges that indents and margins are measured by.
        let inked = || runs.iter().filter(|run| !run.is_blank());
        let left = inked().map(|run| run.left).fold(f32::INFINITY, f32::min);
        let right = inked().map(|run| run.ink_right).fold(left, f32::max);
        Some(Self {
            left,
            right,
            baseline,
            size: main_size(&runs),
            level,
            text,
            runs,
        })
    }

    pub(crate) fn is_heading(&self) -> bool {
        self.level > 0
    }

    /// Returns true if some of its text reads in another direction than left to right.
    pub(crate) fn is_rotated(&self) -> bool {
        self.runs.iter().any(|run| run.rotated)
    }

    /// Returns true if all its visible text is bold.
    pub(crate) fn is_bold(&self) -> bool {
        let mut inked = self.runs.iter().filter(|run| !run.is_blank()).peekable();
        inked.peek().is_some() && inked.all(|run| run.bold)
    }

    /// Returns true if it has letters and all of them are capitals.
    pub(crate) fn is_uppercase(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some() && letters.all(char::is_uppercase)
    }

    /// Returns true if all its visible text is in a fixed-pitch font, as source code is set.
    pub(crate) fn is_code(&self) -> bool {
        let mut inked = self.runs.iter().filter(|run| !run.is_blank());
        inked.all(|run| run.monospace)
    }

    /// Returns true if it reads as a table row: at least three runs, set further apart than words are.
    pub(crate) fn is_row(&self) -> bool {
        let is_column_gap = |pair: &&[Run]| match pair {
            [left, right] => right.left - left.ink_right > COLUMN_GAP_EM * self.size,
            _ => false,
        };
        self.runs.windows(2).filter(is_column_gap).count() > 1
    }

    /// Returns true if a wide gap divides it, as it does the two ends of a running header: what stands in front of the
    /// gap is more than the number of a section.
    pub(crate) fn is_divided(&self) -> bool {
        let mut letters = 0;
        self.runs.windows(2).any(|pair| match pair {
            [left, right] => {
                letters += left.text.chars().filter(|c| c.is_alphabetic()).count();
                letters > MAX_LABEL_LETTERS && right.left - left.ink_right > DIVIDING_GAP_EM * self.size
            }
            _ => false,
        })
    }

    /// Returns true if one of its runs begins at `left`, as the text after a label does.
    pub(crate) fn has_run_at(&self, left: f32) -> bool {
        self.runs
            .iter()
            .any(|run| (run.left - left).abs() < 0.5 * self.size)
    }

    /// Width of its first word in points: the room that it would have needed at the end of the line above.
    pub(crate) fn first_word_width(&self) -> f32 {
        let text = self.text.trim_start();
        let word = text.split_whitespace().next().unwrap_or_default();
        self.width_of(word.chars().count())
    }

    /// Width of `characters` of its characters in points, estimated by their average.
    pub(crate) fn width_of(&self, characters: usize) -> f32 {
        let all = self.text.chars().count().max(1);
        #[expect(clippy::cast_precision_loss, reason = "lines are short")]
        let share = characters as f32 / all as f32;
        (self.right - self.left) * share
    }

    /// Returns true if it ends a sentence, or a clause that announces what follows.
    pub(crate) fn ends_sentence(&self) -> bool {
        // Closing quotes and brackets come after the full stop in most styles.
        let text = self
            .text
            .trim_end()
            .trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
        text.ends_with(['.', ':', ';', '!', '?', '…', '。', '：', '！', '？'])
    }

    pub(crate) fn starts_lowercase(&self) -> bool {
        self.text.trim_start().starts_with(char::is_lowercase)
    }
}

/// Font size of most characters in points. An average would shift with every superscript, and with it every
/// threshold that is a multiple of the size.
fn main_size(runs: &[Run]) -> f32 {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for run in runs {
        let count = run.text.trim().chars().count();
        match sizes
            .iter_mut()
            .find(|(size, _)| (*size - run.size).abs() < SAME_SIZE_POINTS)
        {
            Some((_, sum)) => *sum += count,
            None => sizes.push((run.size, count)),
        }
    }
    let most = sizes.into_iter().max_by_key(|&(_, count)| count);
    // A size of zero, which damaged fonts have, would make every threshold zero.
    most.map_or(1.0, |(size, _)| size).max(1.0)
}
