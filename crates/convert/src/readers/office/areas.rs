/// Separate areas of a sheet, at most; with more, the sheet is one sparse table.
const MAX_AREAS: usize = 200;

/// Area of cells: rows and columns, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Area {
    pub(super) top: u32,
    pub(super) left: u32,
    pub(super) bottom: u32,
    pub(super) right: u32,
}

impl Area {
    pub(super) fn slots(&self) -> u64 {
        u64::from(self.bottom - self.top + 1) * u64::from(self.right - self.left + 1)
    }

    pub(super) fn contains(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }

    fn touches(&self, other: &Self) -> bool {
        self.top <= other.bottom + 1
            && other.top <= self.bottom + 1
            && self.left <= other.right + 1
            && other.left <= self.right + 1
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.top = self.top.min(other.top);
        self.left = self.left.min(other.left);
        self.bottom = self.bottom.max(other.bottom);
        self.right = self.right.max(other.right);
    }
}

/// Finds the connected areas of cells, which are given row by row; cells that touch at a corner are connected.
pub(super) fn islands(runs: &[Area]) -> Vec<Area> {
    let mut done: Vec<Area> = Vec::new();
    let mut open: Vec<Area> = Vec::new();
    for row in runs.chunk_by(|a, b| a.top == b.top) {
        let mut next: Vec<Area> = Vec::new();
        for run in row {
            let mut area = *run;
            for above in open.extract_if(.., |above| above.touches(run)) {
                area.join(&above);
            }
            match next.last_mut() {
                Some(last) if last.touches(&area) => last.join(&area),
                _ => next.push(area),
            }
        }
        done.append(&mut open);
        open = next;
        if done.len() + open.len() > MAX_AREAS {
            return whole(runs);
        }
    }
    done.extend(open);
    join_overlapping(&mut done);
    done.sort_unstable();
    done
}

fn join_overlapping(areas: &mut Vec<Area>) {
    let mut index = 0;
    while let Some(&area) = areas.get(index) {
        let rest = areas.iter().skip(index + 1);
        match rest.clone().position(|other| other.touches(&area)) {
            Some(position) => {
                let other = areas.swap_remove(index + 1 + position);
                if let Some(area) = areas.get_mut(index) {
                    area.join(&other);
                }
                index = 0;
            }
            None => index += 1,
        }
    }
}

/// The area of all cells.
pub(super) fn whole(runs: &[Area]) -> Vec<Area> {
    let joined = runs.iter().copied().reduce(|mut whole, run| {
        whole.join(&run);
        whole
    });
    joined.into_iter().collect()
}
