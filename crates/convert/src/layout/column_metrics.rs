use super::line::Line;

/// Lines before and after a line that are compared for the right margin of its column.
const MARGIN_WINDOW_LINES: usize = 12;
/// Line pitch, in multiples of the text size, from which on the space between two lines is a gap whatever surrounds it.
const MAX_PITCH_EM: f32 = 2.2;
/// Line pitch in multiples of the text size, at most, that two or three lines show: a larger one parts paragraphs.
const MAX_RARE_PITCH_EM: f32 = 1.6;
/// Sizes that differ by less, in points, count as text of one size.
const SIMILAR_SIZE_POINTS: f32 = 0.6;
/// Pitches that differ by no more, in points, count as one pitch.
const PITCH_TOLERANCE_POINTS: f32 = 0.5;

/// Metrics of the column that each line stands in, derived from its neighbours: the page says nothing about columns,
/// paragraphs or margins, so all of them are inferred from the positions of the lines.
pub(super) struct ColumnMetrics<'a> {
    lines: &'a [Line],
    /// Usual distance from baseline to baseline in text of each line's size, in points.
    pitches: Vec<f32>,
    /// Right margin of each line's column in points.
    right_margins: Vec<f32>,
}

impl<'a> ColumnMetrics<'a> {
    pub(super) fn measure(lines: &'a [Line]) -> Self {
        Self {
            lines,
            pitches: line_pitches(lines),
            right_margins: (0..lines.len()).map(|index| right_margin(lines, index)).collect(),
        }
    }

    /// Returns true if the line at `index` stands below the one before it in the same column. The order of the lines
    /// alone does not tell: after the last line of a column comes the first of the next.
    pub(super) fn continues_column(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return false;
        };
        let down = above.baseline - line.baseline;
        let overlaps = line.left < above.right && above.left < line.right;
        let indented = (line.left - above.left).abs() < 4.0 * line.size;
        // Less than that is the same row, or a superscript.
        down > 0.3 * line.size.min(above.size) && (overlaps || indented)
    }

    /// Returns true if the space above the line is larger than the usual line pitch.
    pub(super) fn has_gap_above(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return true;
        };
        let down = above.baseline - line.baseline;
        let size = line.size.max(above.size);
        let pitch = self.pitches[index].max(self.pitches[index - 1]);
        if down <= (1.2 * pitch).max(pitch + 0.18 * size) {
            return false;
        }
        // Widely spaced text on a page of closer text (an abstract, a quotation): full lines at an even distance are
        // one paragraph, although each has a gap above it.
        let same = |from: usize| {
            self.distance_above(from)
                .is_some_and(|other| (other - down).abs() < 0.08 * down)
        };
        let even = same(index + 1) || index > 1 && same(index - 1);
        let continues = even && down < (MAX_PITCH_EM + 0.4) * size && self.reaches_right_margin(index - 1);
        !continues || above.ends_sentence()
    }

    fn distance_above(&self, index: usize) -> Option<f32> {
        self.pair(index)
            .map(|(above, line)| above.baseline - line.baseline)
            .filter(|&down| down > 0.0)
    }

    /// Returns true if the line before had room for the first word of this one: the author ended it there.
    pub(super) fn previous_ends_early(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return true;
        };
        let room = self.right_margins[index - 1].max(line.right) - above.right;
        let needed = line.first_word_width() + 1.2 * above.size;
        // Ragged text leaves room, too; an unfinished sentence needs half a column of it before it counts as ended.
        let mid_sentence = line.starts_lowercase() && !above.ends_sentence();
        let width = (self.right_margins[index - 1] - above.left).max(1.0);
        room > needed && (!mid_sentence || room > 0.5 * width)
    }

    /// Returns true if the line reaches the right margin of its column.
    pub(super) fn reaches_right_margin(&self, index: usize) -> bool {
        let line = &self.lines[index];
        self.right_margins[index] - line.right < 4.0 * line.size
    }

    /// Returns true if this line and the one before are centred on one axis.
    pub(super) fn is_centred_with_previous(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return false;
        };
        let axis = |line: &Line| (line.left + line.right) / 2.0;
        // Two lines of one left edge and one length share an axis as well, and say nothing.
        let aside = (line.left - above.left).abs();
        aside > 0.8 * line.size && (axis(above) - axis(line)).abs() < 0.4 * line.size
    }

    fn pair(&self, index: usize) -> Option<(&'a Line, &'a Line)> {
        Some((self.lines.get(index.checked_sub(1)?)?, self.lines.get(index)?))
    }
}

/// Usual pitch in text of each line's size, in points. Headings are left out: their spacing is their own.
fn line_pitches(lines: &[Line]) -> Vec<f32> {
    let mut distances: Vec<(f32, f32)> = Vec::with_capacity(lines.len());
    for pair in lines.windows(2) {
        if let [above, line] = pair {
            let down = above.baseline - line.baseline;
            let alike = (above.size - line.size).abs() < SIMILAR_SIZE_POINTS;
            let headings = line.is_heading() || above.is_heading();
            if alike && !headings && down > 0.8 * line.size && down < MAX_PITCH_EM * line.size {
                distances.push((line.size, down));
            }
        }
    }
    // A page has few sizes and many lines, so each size is computed once.
    let mut known: Vec<(f32, f32)> = Vec::new();
    let mut pitch_of = |size: f32| match known.iter().find(|(other, _)| (other - size).abs() < 0.25) {
        Some(&(_, pitch)) => pitch,
        None => {
            let pitch = pitch_for(size, &distances);
            known.push((size, pitch));
            pitch
        }
    };
    lines.iter().map(|line| pitch_of(line.size)).collect()
}

/// Pitch of text of one size: the smallest of its common distances, since paragraphs are set apart by more; without a
/// common one the smallest distance, and without any 1.3 times the size.
fn pitch_for(size: f32, distances: &[(f32, f32)]) -> f32 {
    let alike = || {
        distances
            .iter()
            .filter(move |(other, _)| (other - size).abs() < SIMILAR_SIZE_POINTS)
            .map(|&(_, down)| down)
    };
    let mut bins: Vec<(f32, usize)> = Vec::new();
    for down in alike() {
        match bins
            .iter_mut()
            .find(|(bin, _)| (*bin - down).abs() <= PITCH_TOLERANCE_POINTS)
        {
            Some((_, count)) => *count += 1,
            None => bins.push((down, 1)),
        }
    }
    let most = bins.iter().map(|&(_, count)| count).max().unwrap_or(0);
    // Of several common distances the smallest counts: the larger ones are those of double-spaced parts.
    let common = bins
        .iter()
        .filter(|&&(_, count)| most >= 3 && count * 10 >= most * 7);
    let common = common.map(|&(bin, _)| bin).fold(f32::INFINITY, f32::min);
    let least = alike().fold(f32::INFINITY, f32::min);
    match (common.is_finite(), least.is_finite()) {
        (true, _) => common,
        (false, true) if least <= MAX_RARE_PITCH_EM * size => least,
        _ => 1.3 * size,
    }
}

/// Right margin of the column of the line at `index`: the rightmost end of the lines around it. The second one counts
/// if there are several, since a single line that sticks out is no margin.
fn right_margin(lines: &[Line], index: usize) -> f32 {
    let own = &lines[index];
    let near = lines
        .iter()
        .take(index + MARGIN_WINDOW_LINES)
        .skip(index.saturating_sub(MARGIN_WINDOW_LINES))
        .filter(|line| !line.is_heading() || own.is_heading())
        .filter(|line| (line.size - own.size).abs() < SIMILAR_SIZE_POINTS)
        .filter(|line| line.left < own.right && own.left < line.right);
    let (mut first, mut second, mut count) = (own.right, f32::NEG_INFINITY, 0);
    for line in near {
        count += 1;
        if line.right > first {
            second = first;
            first = line.right;
        } else if line.right < first || count > 1 {
            second = second.max(line.right);
        }
    }
    if count > 3 { second.max(own.right) } else { first }
}
