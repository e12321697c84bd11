/// Grid of a table that is read row by row: gives each cell the first column that no cell above or before it covers, as
/// HTML and the formats of Office do.
#[derive(Debug, Default)]
pub struct Grid {
    row: u32,
    column: u32,
    started: bool,
    /// For each column, the first row that no cell above covers.
    free_from: Vec<u32>,
}

/// Columns that are remembered, at most: more covers a hostile table only.
const MAX_COLUMNS: u32 = 1 << 16;

impl Grid {
    /// Begins the next row.
    pub fn next_row(&mut self) {
        if self.started {
            self.row = self.row.saturating_add(1);
        }
        self.started = true;
        self.column = 0;
    }

    /// Takes a cell of this many rows and columns, and returns its row and column.
    pub fn place(&mut self, row_span: u32, column_span: u32) -> (u32, u32) {
        while self.covered(self.column) {
            self.column += 1;
        }
        let at = (self.row, self.column);
        let end = self.column.saturating_add(column_span.max(1)).min(MAX_COLUMNS);
        let below = self.row.saturating_add(row_span.max(1));
        for column in self.column..end {
            let index = usize::try_from(column).unwrap_or(usize::MAX);
            if index >= self.free_from.len() {
                self.free_from.resize(index + 1, 0);
            }
            if let Some(free) = self.free_from.get_mut(index) {
                *free = below;
            }
        }
        self.column = end.max(self.column.saturating_add(1));
        at
    }

    fn covered(&self, column: u32) -> bool {
        let index = usize::try_from(column).unwrap_or(usize::MAX);
        self.free_from.get(index).is_some_and(|free| *free > self.row)
    }
}
