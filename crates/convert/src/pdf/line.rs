use unpdf::parser::{TextLine, TextSpan};

/// One line of text and where it stands.
pub(super) struct Line {
    pub(super) source: TextLine,
    pub(super) text: String,
    /// Where its ink begins and ends.
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) baseline: f32,
    /// The size that most of its characters have.
    pub(super) size: f32,
    /// 1 to 6 for a heading, 0 otherwise.
    pub(super) level: u8,
}

impl Line {
    /// `None` for a line without ink.
    pub(super) fn new(source: TextLine) -> Option<Self> {
        let text = source.text();
        if text.trim().is_empty() {
            return None;
        }
        let inked = || source.spans.iter().filter(|span| !span.text.trim().is_empty());
        let left = inked().map(|span| span.x).fold(f32::INFINITY, f32::min);
        let right = inked().map(ink_end).fold(left, f32::max);
        Some(Self {
            left,
            right,
            baseline: source.y,
            size: main_size(&source),
            level: if source.is_heading {
                source.heading_level
            } else {
                0
            },
            text,
            source,
        })
    }

    /// Takes up a line of the same row, as a bullet drawn in a size of its own makes one.
    pub(super) fn absorb(&mut self, other: Self) {
        let mut spans = std::mem::take(&mut self.source.spans);
        spans.extend(other.source.spans);
        let (level, heading) = (self.source.heading_level, self.source.is_heading);
        let mut source = TextLine::from_spans(spans);
        (source.heading_level, source.is_heading) = (level, heading);
        let (baseline, size) = (self.baseline, self.size);
        if let Some(joined) = Self::new(source) {
            *self = Self {
                baseline,
                size,
                ..joined
            };
        }
    }

    pub(super) fn is_heading(&self) -> bool {
        self.level > 0
    }

    /// Whether its text runs in another direction than from left to right.
    pub(super) fn is_rotated(&self) -> bool {
        self.source.spans.iter().any(TextSpan::is_rotated)
    }

    pub(super) fn is_bold(&self) -> bool {
        self.source.is_all_bold()
    }

    /// Whether all of it is set in a font of fixed pitch, as programs are.
    pub(super) fn is_code(&self) -> bool {
        let mut inked = self
            .source
            .spans
            .iter()
            .filter(|span| !span.text.trim().is_empty());
        inked.all(|span| span.is_monospace)
    }

    /// Whether it reads as a row of columns: several runs of text, each further from the next than words are.
    pub(super) fn is_row(&self) -> bool {
        let apart = |pair: &&[TextSpan]| match pair {
            [left, right] => right.x - ink_end(left) > 0.8 * self.size,
            _ => false,
        };
        self.source.spans.windows(2).filter(apart).count() > 1
    }

    /// Whether one of its runs begins at that place, as the text behind a label does.
    pub(super) fn has_run_at(&self, left: f32) -> bool {
        let spans = self.source.spans.iter();
        spans
            .map(|span| span.x)
            .any(|x| (x - left).abs() < 0.5 * self.size)
    }

    /// How wide its first word is: the room that the line before it would have needed.
    pub(super) fn first_word_width(&self) -> f32 {
        let text = self.text.trim_start();
        let word = text.split_whitespace().next().unwrap_or_default();
        self.width_of(word.chars().count())
    }

    /// The width of so many of its characters, by their average.
    pub(super) fn width_of(&self, characters: usize) -> f32 {
        let all = self.text.chars().count().max(1);
        #[expect(clippy::cast_precision_loss, reason = "lines are short")]
        let share = characters as f32 / all as f32;
        (self.right - self.left) * share
    }

    /// Whether its last letter ends a sentence or a clause that something follows.
    pub(super) fn ends_sentence(&self) -> bool {
        let text = self
            .text
            .trim_end()
            .trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
        text.ends_with(['.', ':', ';', '!', '?', '…', '。', '：', '！', '？'])
    }

    pub(super) fn starts_lowercase(&self) -> bool {
        self.text.trim_start().starts_with(char::is_lowercase)
    }
}

/// Where the ink of a run ends; its trailing spaces are not ink.
pub(super) fn ink_end(span: &TextSpan) -> f32 {
    if let (true, Some(ink)) = (span.width_measured, span.ink_width) {
        return span.x + ink;
    }
    let all = span.text.chars().count().max(1);
    let inked = span.text.trim_end().chars().count();
    #[expect(clippy::cast_precision_loss, reason = "runs are short")]
    let share = inked as f32 / all as f32;
    span.x + span.width * share
}

/// The size of most characters. An average would move with every superscript.
fn main_size(line: &TextLine) -> f32 {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for span in &line.spans {
        let count = span.text.trim().chars().count();
        match sizes
            .iter_mut()
            .find(|(size, _)| (*size - span.font_size).abs() < 0.25)
        {
            Some((_, sum)) => *sum += count,
            None => sizes.push((span.font_size, count)),
        }
    }
    let most = sizes.into_iter().max_by_key(|&(_, count)| count);
    most.map_or(line.font_size, |(size, _)| size).max(1.0)
}
