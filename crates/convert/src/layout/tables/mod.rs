//! Tables of a page, from its words and its drawing.
//!
//! ```text
//!   drawing   borders      rules and the edges of areas, snapped and joined
//!                lattice       borders that touch each other, and the faces between them
//!   words     lines        words of one baseline, in pieces between wide gaps
//!
//!   ruled        faces of a lattice are cells; refine divides rows that hold several
//!   half_ruled   horizontal rules bound the table and part its rows      ┐ columns: strips that hold for all rows
//!   unruled      aligned text alone; columns of the page apart: gutters  ┘ rows; assemble; evidence decides
//!
//!   given        cells that are known, by the tags of a document
//!   cells        the words of each cell become its text
//! ```
//!
//! A table takes words by their place alone: each word is in one cell of one table, or is left over.

mod assemble;
mod borders;
mod cells;
mod columns;
mod evidence;
mod given;
mod gutters;
mod half_ruled;
mod lattice;
mod lines;
mod refine;
mod rows;
mod ruled;
mod sketch;
mod strips;
mod unruled;

pub(crate) use self::given::{GivenCell, given};

use self::borders::Borders;
use self::lines::lines_of;
use self::sketch::Sketch;
use super::drawing::Drawing;
use super::extent::Extent;
use super::table::Table;
use super::word::Word;

/// Words of a page, at most, for a search for tables.
const MAX_WORDS: usize = 30_000;

/// Tables of a page, and the words that are in none.
pub(crate) struct Found {
    pub(crate) tables: Vec<FoundTable>,
    pub(crate) rest: Vec<Word>,
    /// Set if the page has too many words to look for tables.
    pub(crate) cut_off: bool,
}

impl Found {
    /// Result without tables.
    pub(crate) fn none(words: Vec<Word>) -> Self {
        Self {
            tables: Vec::new(),
            rest: words,
            cut_off: false,
        }
    }
}

/// Table with its place.
pub(crate) struct FoundTable {
    pub(crate) extent: Extent,
    /// Bounded by drawn lines.
    pub(crate) ruled: bool,
    pub(crate) table: Table,
}

/// Finds the tables of a page.
pub(crate) fn find(words: Vec<Word>, drawing: &Drawing) -> Found {
    let cut_off = words.len() > MAX_WORDS;
    let sketches = if cut_off {
        Vec::new()
    } else {
        sketches(&words, drawing)
    };
    if sketches.is_empty() {
        return Found {
            cut_off,
            ..Found::none(words)
        };
    }
    let vocabulary = cells::vocabulary(&sketches, &words);
    let tables = sketches.iter().map(|sketch| FoundTable {
        extent: sketch.extent,
        ruled: sketch.ruled,
        table: cells::table(sketch, &words, &vocabulary),
    });
    let tables = tables.collect();
    let mut free = vec![true; words.len()];
    sketches.iter().for_each(|sketch| take(sketch, &mut free));
    let mut free = free.into_iter();
    let mut rest = words;
    rest.retain(|_| free.next().unwrap_or(true));
    Found {
        tables,
        rest,
        cut_off,
    }
}

/// Tables of the page as numbers of words, each word in one cell at most.
fn sketches(words: &[Word], drawing: &Drawing) -> Vec<Sketch> {
    let mut free: Vec<bool> = words.iter().map(is_placed).collect();
    let borders = Borders::of(drawing);
    let mut found = ruled::tables(words, &lattice::lattices(&borders), &mut free);
    let mut across = borders.across;
    across.retain(|rule| !found.iter().any(|table| holds(&table.extent, rule)));
    let mut lines = lines_of(words, free_words(&free));
    let before = found.len();
    for table in half_ruled::tables(words, &lines, &across) {
        add(table, &mut free, &mut found);
    }
    if found.len() > before {
        lines = lines_of(words, free_words(&free));
    }
    for stream in gutters::streams(lines) {
        for table in unruled::tables(words, &stream, &across) {
            add(table, &mut free, &mut found);
        }
    }
    found
}

/// Adds a table if all its words are free, and takes these.
fn add(table: Sketch, free: &mut [bool], found: &mut Vec<Sketch>) {
    let mut words = table.cells.iter().flat_map(|cell| &cell.words);
    if words.all(|index| free.get(*index).copied().unwrap_or(false)) {
        take(&table, free);
        found.push(table);
    }
}

fn take(table: &Sketch, free: &mut [bool]) {
    for index in table.cells.iter().flat_map(|cell| &cell.words) {
        free.get_mut(*index).into_iter().for_each(|free| *free = false);
    }
}

fn free_words(free: &[bool]) -> impl Iterator<Item = usize> + '_ {
    let numbered = free.iter().enumerate();
    numbered.filter(|(_, free)| **free).map(|(index, _)| index)
}

/// Returns true for a word with ink at a place: damaged files have others.
fn is_placed(word: &Word) -> bool {
    let numbers = [word.left, word.right, word.baseline, word.size];
    numbers.iter().all(|number| number.is_finite()) && !word.text.trim().is_empty()
}

/// Returns true for a rule inside a box.
fn holds(extent: &Extent, rule: &borders::Stroke) -> bool {
    let height = extent.bottom - borders::SNAP <= rule.at && rule.at <= extent.top + borders::SNAP;
    height && rule.from >= extent.left - borders::SNAP && rule.to <= extent.right + borders::SNAP
}
