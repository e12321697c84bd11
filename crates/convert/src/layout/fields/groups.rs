use crate::layout::line::{Line, Run};

/// Gap in a line of labels from which on two labels stand beside each other, in multiples of the text size.
const LABEL_GAP_EM: f32 = 0.8;
/// Characters of a label, at most: of one that ends with a colon, and of any other.
const MAX_LABEL: usize = 160;
const MAX_BARE_LABEL: usize = 60;
/// Words of a label without a colon, at most.
const MAX_BARE_WORDS: usize = 8;

/// Neighbouring runs of a line that are of one field, or of none.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) field: Option<u32>,
    pub(super) text: String,
    pub(super) left: f32,
    runs: Vec<Run>,
}

impl Group {
    /// Groups of a line.
    pub(super) fn of(line: &Line) -> Vec<Self> {
        Self::cut(line, |before, run| before.field != run.field)
    }

    /// Parts of a line between wide gaps.
    pub(super) fn parts_of(line: &Line) -> Vec<Self> {
        let gap = LABEL_GAP_EM * line.size;
        Self::cut(line, |before, run| run.left - before.ink_right > gap)
    }

    fn cut(line: &Line, is_apart: impl Fn(&Run, &Run) -> bool) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut rest = line.text.as_str();
        for run in &line.runs {
            let text = run.text.trim();
            // Text of mixed directions is in another order than the runs: then they are set apart.
            let (spaced, after) = match rest.split_once(text) {
                Some((gap, after)) if gap.trim().is_empty() => (!gap.is_empty(), after),
                _ => (true, rest),
            };
            rest = after;
            match groups.last_mut() {
                Some(last) if !last.runs.last().is_some_and(|before| is_apart(before, run)) => {
                    last.text.push_str(if spaced { " " } else { "" });
                    last.text.push_str(text);
                    last.runs.push(run.clone());
                }
                _ => groups.push(Self {
                    field: run.field,
                    text: text.to_owned(),
                    left: run.left,
                    runs: vec![run.clone()],
                }),
            }
        }
        groups
    }

    /// Returns true for text that may be the label of a field.
    pub(super) fn is_label(&self) -> bool {
        let (characters, words) = (self.text.chars().count(), self.text.split_whitespace().count());
        let is_bare = characters <= MAX_BARE_LABEL && words <= MAX_BARE_WORDS;
        let goes_on = self.text.ends_with([',', ';']) || words > 3 && self.text.ends_with('.');
        self.field.is_none()
            && self.text.chars().any(char::is_alphanumeric)
            && match self.text.ends_with(':') {
                true => characters <= MAX_LABEL,
                false => is_bare && !goes_on,
            }
    }
}

/// Line of some groups.
pub(super) fn line_of(groups: &[Group], baseline: f32) -> Option<Line> {
    let texts: Vec<&str> = groups.iter().map(|group| group.text.as_str()).collect();
    let runs = groups.iter().flat_map(|group| group.runs.iter().cloned());
    Line::new(texts.join(" "), runs.collect(), baseline, 0)
}
