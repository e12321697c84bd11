use std::collections::HashMap;

use anydoc::model::{Block, Document, inlines_to_plain_text};

use super::workbook::Sheet;
use super::{blocks, grid};
use crate::write::markdown;

/// Separate areas of a sheet, at most; with more, the sheet is one sparse table.
const MAX_AREAS: usize = 200;
/// Cells of one area that are written, at most, including empty ones; a larger area loses its empty rows and columns.
const MAX_SLOTS: usize = 10_000_000;
/// Captions above one table, at most.
const MAX_CAPTIONS: usize = 3;

/// Writes a workbook as Markdown: a heading for each sheet and, below it, one table for each connected area of cells, in
/// reading order, and its charts. An area of one cell is text; an empty sheet is left out.
///
/// `sheets` has facts about the sheets that `document` lacks: it leaves out the name of a single sheet.
pub(super) fn render(document: &Document, sheets: &[Sheet]) -> String {
    let mut contents = contents(document);
    let single = match sheets {
        [sheet] => Some(sheet.name.clone()),
        _ => None,
    };
    let mut parts = Vec::new();
    for sheet in sheets {
        let found = contents
            .iter()
            .position(|(name, _)| single.is_some() || *name == sheet.name);
        let body = found.map(|index| contents.remove(index).1).unwrap_or_default();
        push(&sheet.name, body, &sheet.charts, &mut parts);
    }
    for (name, body) in contents {
        push(&name, body, &[], &mut parts);
    }
    parts.join("\n\n")
}

pub(super) fn push(name: &str, body: Vec<String>, charts: &[String], parts: &mut Vec<String>) {
    if body.is_empty() && charts.is_empty() {
        return;
    }
    if !name.trim().is_empty() {
        parts.push(markdown::heading(2, &markdown::escape(name)));
    }
    parts.extend(body);
    parts.extend_from_slice(charts);
}

/// Collects the sheets with cells: their names, empty for a single one, and their blocks.
fn contents(document: &Document) -> Vec<(String, Vec<String>)> {
    let notes = HashMap::new();
    let mut contents: Vec<(String, Vec<String>)> = Vec::new();
    for block in &document.blocks {
        if let Block::Heading { content, .. } = block {
            contents.push((inlines_to_plain_text(content), Vec::new()));
            continue;
        }
        if contents.is_empty() {
            contents.push((String::new(), Vec::new()));
        }
        let Some((_, parts)) = contents.last_mut() else {
            continue;
        };
        if let Block::Table(table) = block {
            parts.extend(tables(grid::texts(table, &notes, blocks::render_block)));
        } else {
            parts.push(blocks::render_blocks(std::slice::from_ref(block), &notes));
        }
        parts.retain(|part| !part.is_empty());
    }
    contents
}

/// Writes the connected areas of a sheet's cells, in reading order.
pub(super) fn tables(mut cells: Vec<Vec<String>>) -> Vec<String> {
    grid::trim(&mut cells);
    let mut areas = islands(&cells);
    if areas.iter().any(|area| area.slots() > MAX_SLOTS) {
        close_up(&mut cells);
        areas = whole(&cells);
    }
    areas.into_iter().map(|area| render_area(&cells, area)).collect()
}

/// Removes rows and columns without text.
fn close_up(cells: &mut Vec<Vec<String>>) {
    cells.retain(|row| row.iter().any(|text| !text.is_empty()));
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
    let mut used = vec![false; columns];
    for row in cells.iter() {
        for (used, text) in used.iter_mut().zip(row) {
            *used |= !text.is_empty();
        }
    }
    for row in cells.iter_mut() {
        let mut columns = used.iter();
        row.retain(|_| columns.next() == Some(&true));
    }
}

/// Area of cells: rows and columns, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Area {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

impl Area {
    fn slots(&self) -> usize {
        (self.bottom - self.top + 1).saturating_mul(self.right - self.left + 1)
    }

    fn touches(&self, other: &Self) -> bool {
        self.top <= other.bottom + 1
            && other.top <= self.bottom + 1
            && self.left <= other.right + 1
            && other.left <= self.right + 1
    }

    fn join(&mut self, other: &Self) {
        self.top = self.top.min(other.top);
        self.left = self.left.min(other.left);
        self.bottom = self.bottom.max(other.bottom);
        self.right = self.right.max(other.right);
    }
}

/// Finds the connected areas of cells with text, in one pass over the rows; cells that touch at a corner are connected.
fn islands(cells: &[Vec<String>]) -> Vec<Area> {
    let mut done: Vec<Area> = Vec::new();
    let mut open: Vec<Area> = Vec::new();
    for (row, texts) in cells.iter().enumerate() {
        let mut next: Vec<Area> = Vec::new();
        for (left, right) in runs(texts) {
            let run = Area {
                top: row,
                left,
                bottom: row,
                right,
            };
            let mut area = run;
            for above in open.extract_if(.., |above| above.touches(&run)) {
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
            return whole(cells);
        }
    }
    done.extend(open);
    join_overlapping(&mut done);
    done.sort_unstable();
    done
}

/// Iterates over the runs of neighbouring cells with text in one row.
fn runs(texts: &[String]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut column = 0;
    std::iter::from_fn(move || {
        let left = column + texts.get(column..)?.iter().position(|text| !text.is_empty())?;
        let length = texts
            .get(left..)?
            .iter()
            .take_while(|text| !text.is_empty())
            .count();
        column = left + length;
        Some((left, column - 1))
    })
}

fn join_overlapping(areas: &mut Vec<Area>) {
    let mut index = 0;
    while index < areas.len() {
        let area = areas[index];
        match (index + 1..areas.len()).find(|&other| areas[other].touches(&area)) {
            Some(other) => {
                let other = areas.swap_remove(other);
                areas[index].join(&other);
                index = 0;
            }
            None => index += 1,
        }
    }
}

fn whole(cells: &[Vec<String>]) -> Vec<Area> {
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
    vec![Area {
        top: 0,
        left: 0,
        bottom: cells.len().saturating_sub(1),
        right: columns.saturating_sub(1),
    }]
}

/// Writes one area: up to [`MAX_CAPTIONS`] leading rows with a single text are captions, the rest is a table. A column of
/// texts is a table of one column.
fn render_area(cells: &[Vec<String>], area: Area) -> String {
    let rows: Vec<Vec<&str>> = cells
        .iter()
        .take(area.bottom + 1)
        .skip(area.top)
        .map(|row| {
            (area.left..=area.right)
                .map(|column| row.get(column).map_or("", String::as_str))
                .collect()
        })
        .collect();
    if area.left == area.right && area.top < area.bottom {
        return markdown::table(&rows);
    }
    let captions: Vec<&str> = rows
        .iter()
        .take(MAX_CAPTIONS)
        .map_while(|row| caption(row))
        .collect();
    let mut parts: Vec<String> = captions
        .iter()
        .map(|text| markdown::guard_line(&text.replace('\n', " ")))
        .collect();
    match rows.get(captions.len()..) {
        Some(rest) if !rest.is_empty() => parts.push(markdown::table(rest)),
        _ => {}
    }
    parts.join("\n\n")
}

/// Returns the only text of a row: in its first cell, or merged across it.
fn caption<'a>(row: &[&'a str]) -> Option<&'a str> {
    let mut texts = row.iter().copied().filter(|text| !text.is_empty());
    let first = texts.next()?;
    let alone = row.first() == Some(&first) && texts.clone().next().is_none();
    let merged = row.iter().all(|text| *text == first);
    (alone || merged).then_some(first)
}
