use super::line::Line;

/// Lines this near in the order are compared for the margins of a column.
const NEAR: usize = 12;
/// A line pitch beyond so many times the size is a gap, whatever stands around it.
const WIDEST_PITCH: f32 = 2.2;

/// What the neighbours of a line tell about the column that it stands in.
pub(super) struct Flow<'a> {
    lines: &'a [Line],
    /// For each line: the usual distance from baseline to baseline in text of its size.
    pitches: Vec<f32>,
    /// For each line: where its column's text ends on the right.
    rights: Vec<f32>,
}

impl<'a> Flow<'a> {
    pub(super) fn of(lines: &'a [Line]) -> Self {
        Self {
            lines,
            pitches: pitches(lines),
            rights: (0..lines.len()).map(|index| right_margin(lines, index)).collect(),
        }
    }

    /// Whether the line at `index` stands right below the one before it in the order, in the same column.
    pub(super) fn follows(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return false;
        };
        let down = above.baseline - line.baseline;
        let beside = line.left < above.right && above.left < line.right;
        let indented = (line.left - above.left).abs() < 4.0 * line.size;
        down > 0.3 * line.size.min(above.size) && (beside || indented)
    }

    /// Whether more than the usual room lies above the line.
    pub(super) fn gap_above(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return true;
        };
        let down = above.baseline - line.baseline;
        let size = line.size.max(above.size);
        let pitch = self.pitches[index].max(self.pitches[index - 1]);
        if down <= (1.2 * pitch).max(pitch + 0.18 * size) {
            return false;
        }
        // Spaced out text in a page of closer text: full lines at one distance from each other.
        let same = |from: usize| {
            self.down_to(from)
                .is_some_and(|other| (other - down).abs() < 0.08 * down)
        };
        let even = same(index + 1) || index > 1 && same(index - 1);
        !(even && down < (WIDEST_PITCH + 0.4) * size && self.is_full(index - 1) && !above.ends_sentence())
    }

    fn down_to(&self, index: usize) -> Option<f32> {
        self.pair(index)
            .map(|(above, line)| above.baseline - line.baseline)
            .filter(|&down| down > 0.0)
    }

    /// Whether the line before could have taken up the first word of this one: somebody ended it there.
    pub(super) fn ends_early(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return true;
        };
        let room = self.rights[index - 1].max(line.right) - above.right;
        let needed = line.first_word_width() + 1.2 * above.size;
        let goes_on = line.starts_lowercase() && !above.ends_sentence();
        let width = (self.rights[index - 1] - above.left).max(1.0);
        room > needed && (!goes_on || room > 0.5 * width)
    }

    /// Whether the line reaches the right margin.
    pub(super) fn is_full(&self, index: usize) -> bool {
        let line = &self.lines[index];
        self.rights[index] - line.right < 4.0 * line.size
    }

    /// Whether this line and the one before are centred on one axis.
    pub(super) fn is_centred(&self, index: usize) -> bool {
        let Some((above, line)) = self.pair(index) else {
            return false;
        };
        let axis = |line: &Line| (line.left + line.right) / 2.0;
        let aside = (line.left - above.left).abs();
        aside > 0.8 * line.size && (axis(above) - axis(line)).abs() < 0.4 * line.size
    }

    fn pair(&self, index: usize) -> Option<(&'a Line, &'a Line)> {
        Some((self.lines.get(index.checked_sub(1)?)?, self.lines.get(index)?))
    }
}

/// The commonest distance between lines of about each line's size; the smallest where none is common.
fn pitches(lines: &[Line]) -> Vec<f32> {
    let mut downs: Vec<(f32, f32)> = Vec::with_capacity(lines.len());
    for pair in lines.windows(2) {
        if let [above, line] = pair {
            let down = above.baseline - line.baseline;
            let alike = (above.size - line.size).abs() < 0.6 && !line.is_heading() && !above.is_heading();
            if alike && down > 0.8 * line.size && down < WIDEST_PITCH * line.size {
                downs.push((line.size, down));
            }
        }
    }
    let mut known: Vec<(f32, f32)> = Vec::new();
    let mut pitch_of = |size: f32| match known.iter().find(|(other, _)| (other - size).abs() < 0.25) {
        Some(&(_, pitch)) => pitch,
        None => {
            let pitch = pitch_for(size, &downs);
            known.push((size, pitch));
            pitch
        }
    };
    lines.iter().map(|line| pitch_of(line.size)).collect()
}

fn pitch_for(size: f32, downs: &[(f32, f32)]) -> f32 {
    let alike = || {
        downs
            .iter()
            .filter(move |(other, _)| (other - size).abs() < 0.6)
            .map(|&(_, down)| down)
    };
    let mut bins: Vec<(f32, usize)> = Vec::new();
    for down in alike() {
        match bins.iter_mut().find(|(bin, _)| (*bin - down).abs() <= 0.5) {
            Some((_, count)) => *count += 1,
            None => bins.push((down, 1)),
        }
    }
    let most = bins.iter().map(|&(_, count)| count).max().unwrap_or(0);
    let common = bins
        .iter()
        .filter(|&&(_, count)| most >= 3 && count * 10 >= most * 7);
    let common = common.map(|&(bin, _)| bin).fold(f32::INFINITY, f32::min);
    let least = alike().fold(f32::INFINITY, f32::min);
    match (common.is_finite(), least.is_finite()) {
        (true, _) => common,
        (false, true) => least.min(2.0 * size),
        (false, false) => 1.3 * size,
    }
}

/// Where lines near the one at `index` end at most. One line that sticks out alone is no margin.
fn right_margin(lines: &[Line], index: usize) -> f32 {
    let own = &lines[index];
    let near = lines
        .iter()
        .take(index + NEAR)
        .skip(index.saturating_sub(NEAR))
        .filter(|line| !line.is_heading() || own.is_heading())
        .filter(|line| (line.size - own.size).abs() < 0.6)
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
