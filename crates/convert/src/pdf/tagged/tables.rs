//! Tables by their tags: rows and cells in the order of the tree, with what they cover.

use std::collections::{HashMap, HashSet};

use super::PageTags;
use crate::layout::table::Table;
use crate::layout::tables::{GivenCell, given};
use crate::layout::word::Word;

/// Places of a table, at most.
const MAX_PLACES: usize = 200_000;
/// Elements of a table that are looked at, at most.
const MAX_ELEMENTS: usize = 20_000;
/// Share of the cells that hold text, at least: others are layout grids.
const MIN_FILLED_SHARE: usize = 4;

/// Makes the table of an element of its words on the page; `None` if it has no rows and columns.
pub(super) fn table(tags: &PageTags<'_>, element: u32, words: &[(Word, u32)]) -> Option<Table> {
    let mut held: HashMap<u32, Vec<Word>> = HashMap::new();
    for (word, own) in words {
        held.entry(cell_of(tags, element, *own)?)
            .or_default()
            .push(word.clone());
    }
    let mut rows = rows(tags, element)?;
    let has_words = |row: &Vec<u32>| row.iter().any(|cell| held.contains_key(cell));
    // A table that goes on over pages has rows on the others.
    let first = rows.iter().position(has_words)?;
    let last = rows.iter().rposition(has_words)?;
    rows.truncate(last + 1);
    rows.drain(..first);
    let cells = placed(tags, &rows, &mut held)?;
    let count = |end: fn(&GivenCell) -> u32| cells.iter().map(end).max().unwrap_or(0);
    let (height, width) = (
        count(|cell| cell.row + cell.row_span),
        count(|cell| cell.column + cell.column_span),
    );
    let filled = cells.iter().filter(|cell| !cell.words.is_empty()).count();
    // Words outside of every cell would be lost.
    let is_whole = held.is_empty();
    (height >= 2 && width >= 2 && MIN_FILLED_SHARE * filled >= cells.len() && is_whole).then(|| given(cells))
}

/// Outermost cell of the table that an element is in.
fn cell_of(tags: &PageTags<'_>, table: u32, element: u32) -> Option<u32> {
    let path = tags.structure.path(element).take_while(|id| *id != table);
    let cells = path.filter(|id| matches!(role(tags, *id), "TD" | "TH"));
    cells.last()
}

fn role<'a>(tags: &'a PageTags<'_>, element: u32) -> &'a str {
    tags.structure
        .element(element)
        .map_or("", |element| &*element.role)
}

/// Cells of each row of a table; those of tables within it are left out.
fn rows(tags: &PageTags<'_>, table: u32) -> Option<Vec<Vec<u32>>> {
    let mut rows: Vec<Vec<u32>> = Vec::new();
    let mut row_numbers: HashMap<u32, usize> = HashMap::new();
    // Elements come after their parents, so that those of the table are one stretch of the list.
    let mut own: HashSet<u32> = HashSet::from([table]);
    for id in (table.checked_add(1)?..).take(MAX_ELEMENTS) {
        let Some(element) = tags.structure.element(id) else {
            break;
        };
        let Some(parent) = element.parent.filter(|parent| *parent >= table) else {
            break;
        };
        if !own.contains(&parent) {
            continue;
        }
        match &*element.role {
            "TR" => {
                row_numbers.insert(id, rows.len());
                rows.push(Vec::new());
                own.insert(id);
            }
            "TD" | "TH" => {
                let row = row_numbers.get(&parent).and_then(|row| rows.get_mut(*row));
                row?.push(id);
            }
            "THead" | "TBody" | "TFoot" => _ = own.insert(id),
            _ => {}
        }
    }
    Some(rows)
}

/// Puts the cells at their places; `None` if there are too many.
fn placed(
    tags: &PageTags<'_>,
    rows: &[Vec<u32>],
    held: &mut HashMap<u32, Vec<Word>>,
) -> Option<Vec<GivenCell>> {
    let mut taken: HashSet<(u32, u32)> = HashSet::new();
    let mut cells = Vec::new();
    let height = u32::try_from(rows.len()).ok()?;
    for (row, ids) in (0..).zip(rows) {
        let is_header = ids.iter().all(|id| role(tags, *id) == "TH");
        let mut column = 0;
        for id in ids {
            while taken.contains(&(row, column)) {
                column += 1;
            }
            let [column_span, row_span] = tags.structure.element(*id)?.spans;
            let row_span = row_span.min(height - row);
            for covered_row in row..row + row_span {
                for covered in column..column + column_span {
                    // Cells that overlap are an error of the tags.
                    if !taken.insert((covered_row, covered)) || taken.len() > MAX_PLACES {
                        return None;
                    }
                }
            }
            cells.push(GivenCell {
                row,
                column,
                row_span,
                column_span,
                header: is_header,
                words: held.remove(id).unwrap_or_default(),
            });
            column += column_span;
        }
    }
    Some(cells)
}
