use std::collections::BTreeSet;

use anydoc::model::{Block, CellSlot, Table};

use super::areas::{Area, islands, whole};
use super::cell_facts::CellFacts;
use super::cell_names;
use super::mapping::{Mapper, units};
use crate::ConvertError;
use crate::ir::{
    self, BlockKind, Caption, CellDetails, CellStart, HeaderKind, Inline, Link, Origin, Place, ValueType,
};

/// Positions of one area, at most, including empty ones; a larger area loses its empty rows and columns.
const MAX_SLOTS: u64 = 10_000_000;
/// Captions above one table, at most.
const MAX_CAPTIONS: usize = 3;

/// Adds what stands before a cell, given by its row and column.
pub(super) type Before<'f> = dyn FnMut((u32, u32), &mut Mapper<'_, '_>) -> Result<(), ConvertError> + 'f;

/// Cells of a sheet that have content, row by row.
#[derive(Debug, Default)]
pub(super) struct Sheet<'a> {
    pub(super) name: String,
    pub(super) cells: Vec<SheetCell<'a>>,
    pub(super) hidden_rows: Vec<u32>,
    pub(super) hidden_columns: Vec<u32>,
}

/// Cell of a sheet.
#[derive(Debug)]
pub(super) struct SheetCell<'a> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) row_span: u32,
    pub(super) column_span: u32,
    pub(super) content: Content<'a>,
    pub(super) details: Option<Box<CellDetails>>,
    /// Link that the cell is.
    pub(super) link: Option<Box<Link>>,
}

/// Content of a cell.
#[derive(Debug)]
pub(super) enum Content<'a> {
    Text(Box<str>),
    Blocks(&'a [Block]),
}

impl<'a> Sheet<'a> {
    /// Takes the cells of a sheet as the library reports them. Its table begins at the first cell with a value, whose
    /// place `facts` knows.
    pub(super) fn of(name: &str, table: &'a Table, facts: &mut CellFacts) -> Self {
        let mut cells = Vec::new();
        for (row, slots) in (0..).zip(&table.grid) {
            for (column, slot) in (0..).zip(slots) {
                if let CellSlot::Origin(cell) = slot
                    && !cell.is_empty()
                {
                    cells.push(SheetCell {
                        row,
                        column,
                        row_span: cell.row_span.max(1),
                        column_span: cell.col_span.max(1),
                        content: Content::Blocks(&cell.blocks),
                        details: None,
                        link: None,
                    });
                }
            }
        }
        let (top, left) = facts.first.unwrap_or_default();
        let first_row = cells.iter().map(|cell| cell.row).min().unwrap_or(0);
        let first_column = cells.iter().map(|cell| cell.column).min().unwrap_or(0);
        if facts.first.is_some() {
            for cell in &mut cells {
                cell.row = facts.gaps.original(cell.row - first_row + facts.gaps.closed(top));
                cell.column = cell.column - first_column + left;
                cell.link = facts.link(cell.row, cell.column).map(Box::new);
                cell.details = facts.take(cell.row, cell.column);
            }
        }
        Self {
            name: name.to_owned(),
            cells,
            hidden_rows: std::mem::take(&mut facts.hidden_rows),
            hidden_columns: std::mem::take(&mut facts.hidden_columns),
        }
    }

    /// Adds one table for each connected area of cells, in reading order. An area of one cell is text. `before` adds what
    /// stands before the cell at which an area begins.
    pub(super) fn add(
        mut self,
        mapper: &mut Mapper<'_, '_>,
        before: &mut Before<'_>,
    ) -> Result<(), ConvertError> {
        let mut runs = self.runs();
        let mut areas = islands(&runs);
        let mut places = true;
        if areas.iter().any(|area| area.slots() > MAX_SLOTS) {
            self.close_up();
            places = false;
            runs = self.runs();
            areas = whole(&runs);
        }
        drop(runs);
        let cells = std::mem::take(&mut self.cells);
        for (area, cells) in by_area(cells, &areas) {
            if places {
                before((area.top, area.left), mapper)?;
            }
            self.add_area(area, cells, places, mapper)?;
        }
        Ok(())
    }

    /// Runs of neighbouring cells in one row, in order.
    fn runs(&self) -> Vec<Area> {
        let mut runs: Vec<Area> = Vec::new();
        let mut below = Vec::new();
        for cell in &self.cells {
            let run = Area {
                top: cell.row,
                left: cell.column,
                bottom: cell.row,
                right: cell.column.saturating_add(cell.column_span - 1),
            };
            match runs.last_mut() {
                Some(last) if last.top == run.top && last.right + 1 == run.left => last.right = run.right,
                _ => runs.push(run),
            }
            below.extend((1..cell.row_span).map(|step| Area {
                top: run.top + step,
                bottom: run.top + step,
                ..run
            }));
        }
        if !below.is_empty() {
            runs.extend(below);
            runs.sort_unstable();
        }
        runs
    }

    /// Removes rows and columns without text.
    fn close_up(&mut self) {
        let rows = used(&self.cells, |cell| cell.row);
        let columns = used(&self.cells, |cell| cell.column);
        for cell in &mut self.cells {
            (cell.row, cell.column) = (place(&rows, cell.row), place(&columns, cell.column));
            (cell.row_span, cell.column_span) = (1, 1);
        }
        let kept = |hidden: &[u32], used: &[u32]| {
            let kept = hidden.iter().filter(|place| used.binary_search(place).is_ok());
            kept.map(|hidden| place(used, *hidden)).collect()
        };
        self.hidden_rows = kept(&self.hidden_rows, &rows);
        self.hidden_columns = kept(&self.hidden_columns, &columns);
    }

    /// Adds one area: up to [`MAX_CAPTIONS`] leading rows with a single text are captions, the rest is a table. A column
    /// of texts is a table of one column.
    fn add_area(
        &self,
        area: Area,
        mut cells: Vec<SheetCell<'a>>,
        places: bool,
        mapper: &mut Mapper<'_, '_>,
    ) -> Result<(), ConvertError> {
        let captions = match cells.len() {
            1 => 1,
            _ if area.left == area.right => 0,
            _ => captions(&cells, area),
        };
        let table = cells.len() > captions;
        let key = mapper.key();
        for cell in cells.drain(..captions) {
            let target = table.then(|| mapper.builder.forward(&key));
            cell.add_text(target, mapper)?;
        }
        let Some(top) = cells.first().map(|cell| cell.row) else {
            return Ok(());
        };
        let area = Area { top, ..area };
        let inside = |hidden: &[u32], first: u32, last: u32| {
            let hidden = hidden.iter().filter(|place| (first..=last).contains(*place));
            hidden.map(|place| place - first).collect()
        };
        let at = places.then(|| Place::Cells(self.range(area)));
        let id = mapper.builder.open_from(
            BlockKind::Table(ir::Table {
                hidden_rows: inside(&self.hidden_rows, area.top, area.bottom),
                hidden_columns: inside(&self.hidden_columns, area.left, area.right),
                ..ir::Table::default()
            }),
            Origin {
                at,
                ..Origin::default()
            },
        )?;
        mapper.builder.define(&key, id);
        let head = head_rows(&cells, area);
        for cell in cells {
            let header = (cell.row - top < head).then_some(HeaderKind::Column);
            cell.add(area, header, mapper)?;
        }
        mapper.builder.close()
    }

    fn range(&self, area: Area) -> String {
        let (first, last) = (
            cell_names::name(area.top, area.left),
            cell_names::name(area.bottom, area.right),
        );
        format!("{}!{first}:{last}", self.name)
    }
}

impl SheetCell<'_> {
    /// Adds the cell to the table that is open.
    fn add(
        self,
        area: Area,
        header: Option<HeaderKind>,
        mapper: &mut Mapper<'_, '_>,
    ) -> Result<(), ConvertError> {
        let start = CellStart {
            row: self.row - area.top,
            column: self.column - area.left,
            row_span: self.row_span,
            column_span: self.column_span,
            header,
            details: self.details,
        };
        match self.content {
            Content::Text(text) => {
                mapper.ledger.found(1);
                mapper.ledger.placed();
                mapper.builder.cell(start, &text)
            }
            Content::Blocks(blocks) => {
                mapper.ledger.found(units(blocks));
                mapper.builder.open_cell(start)?;
                mapper.linked(blocks, self.link.as_deref())?;
                mapper.builder.close()
            }
        }
    }

    /// Adds the cell as text: a caption if there is something that it belongs to.
    fn add_text(self, target: Option<ir::BlockId>, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        let inlines = match self.content {
            Content::Text(text) => {
                mapper.ledger.found(1);
                mapper.ledger.placed();
                vec![Inline::plain(text)]
            }
            Content::Blocks(blocks) if target.is_some() => {
                mapper.ledger.found(units(blocks));
                let mut inlines = Vec::new();
                for block in blocks {
                    if let Block::Paragraph(content) = block {
                        if !inlines.is_empty() {
                            inlines.push(Inline::plain(" "));
                        }
                        inlines.extend(mapper.linked_line(content, self.link.as_deref()).inlines);
                    }
                }
                inlines
            }
            Content::Blocks(blocks) => {
                mapper.ledger.found(units(blocks));
                return mapper.linked(blocks, self.link.as_deref());
            }
        };
        let kind = match target {
            Some(_) => BlockKind::Caption(Caption { inlines, target }),
            None => BlockKind::Paragraph(inlines),
        };
        mapper.builder.add(kind).map(drop)
    }

    /// Returns true for a text that can be the name of a column.
    fn is_label(&self) -> bool {
        let value_type = self.details.as_ref().and_then(|details| details.value_type);
        let text = match &self.content {
            Content::Text(text) => text.to_string(),
            Content::Blocks([Block::Paragraph(content)]) => anydoc::model::inlines_to_plain_text(content),
            Content::Blocks(_) => return true,
        };
        value_type.is_none_or(|kind| kind == ValueType::Text) && text.trim().parse::<f64>().is_err()
    }

    /// Returns true for a cell whose content is lines of text.
    fn is_text(&self) -> bool {
        match &self.content {
            Content::Text(_) => true,
            Content::Blocks(blocks) => blocks.iter().all(|block| matches!(block, Block::Paragraph(_))),
        }
    }
}

/// Counts the leading rows whose only text stands in the first column or across all of them.
fn captions(cells: &[SheetCell<'_>], area: Area) -> usize {
    let rows = cells.chunk_by(|a, b| a.row == b.row);
    let captions = (area.top..).zip(rows).take(MAX_CAPTIONS).take_while(|(row, cells)| {
        matches!(cells, [cell] if cell.row == *row && cell.column == area.left && cell.row_span == 1 && cell.is_text())
    });
    captions.count()
}

/// Counts the rows that name the columns: the first one, with those that its merged cells reach down to, if none of them
/// holds a value and rows are below.
fn head_rows(cells: &[SheetCell<'_>], area: Area) -> u32 {
    let first = cells.iter().take_while(|cell| cell.row == area.top);
    let head = first.map(|cell| cell.row_span).max().unwrap_or(1);
    let mut rows = cells.iter().take_while(|cell| cell.row - area.top < head);
    let is_head = head <= area.bottom - area.top && rows.all(SheetCell::is_label);
    if is_head { head } else { 0 }
}

/// Divides the cells by the areas that they are in.
fn by_area<'a>(cells: Vec<SheetCell<'a>>, areas: &[Area]) -> Vec<(Area, Vec<SheetCell<'a>>)> {
    if let [area] = areas {
        return vec![(*area, cells)];
    }
    let mut divided: Vec<(Area, Vec<SheetCell<'a>>)> = areas.iter().map(|area| (*area, Vec::new())).collect();
    let mut last = 0;
    for cell in cells {
        let within = |area: &Area| area.contains(cell.row, cell.column);
        if !areas.get(last).is_some_and(within) {
            last = areas.iter().position(within).unwrap_or(last);
        }
        if let Some((_, cells)) = divided.get_mut(last) {
            cells.push(cell);
        }
    }
    divided
}

/// Rows or columns in which cells begin, in order.
fn used(cells: &[SheetCell<'_>], place: fn(&SheetCell<'_>) -> u32) -> Vec<u32> {
    let used: BTreeSet<u32> = cells.iter().map(place).collect();
    used.into_iter().collect()
}

fn place(used: &[u32], at: u32) -> u32 {
    let index = used.partition_point(|place| *place < at);
    u32::try_from(index).unwrap_or(u32::MAX)
}
