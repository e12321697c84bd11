use std::collections::HashMap;

use super::Parted;
use crate::ir::{Block, BlockId, BlockKind, Inline, Link, Page, Run};
use crate::options::{SeparateTables, WriteOptions};
use crate::write::html::html_table;
use crate::write::json::{array, object};
use crate::write::markdown::{Labels, write_part};

/// Tables of a page that were taken out of its text.
#[derive(Debug, Default)]
pub(super) struct Tables {
    taken: Vec<TakenTable>,
    by_block: HashMap<BlockId, usize>,
}

/// Table beside the text.
#[derive(Debug)]
pub(super) struct TakenTable {
    pub(super) id: String,
    pub(super) content: String,
    format: &'static str,
}

impl Tables {
    /// Puts a link to its name in the place of each table of the page.
    pub(super) fn take(
        page: &mut Page,
        form: Option<SeparateTables>,
        labels: &Labels,
        options: &WriteOptions,
        count: &mut u64,
    ) -> Self {
        let mut tables = Self::default();
        let Some(form) = form else {
            return tables;
        };
        for block in &mut page.blocks {
            block.visit_mut(&mut |block| {
                let BlockKind::Table(table) = &block.kind else {
                    return;
                };
                let (extension, format) = match form {
                    SeparateTables::Markdown => ("md", "markdown"),
                    SeparateTables::Html => ("html", "html"),
                };
                let content = match form {
                    SeparateTables::Markdown => {
                        write_part(&mut [Block::new(block.id, block.kind.clone())], labels, options)
                    }
                    SeparateTables::Html => html_table(table, options),
                };
                let id = format!("tbl-{count}.{extension}");
                *count += 1;
                block.kind = BlockKind::Paragraph(vec![Inline::Run(Run {
                    text: id.clone(),
                    link: Some(Link::Path(id.clone())),
                    ..Run::default()
                })]);
                tables.by_block.insert(block.id, tables.taken.len());
                tables.taken.push(TakenTable { id, content, format });
            });
        }
        tables
    }

    /// The table that a block was.
    pub(super) fn of(&self, block: &Block) -> Option<&TakenTable> {
        self.taken.get(*self.by_block.get(&block.id)?)
    }
}

pub(super) fn write_tables(parted: &Parted, out: &mut String) {
    array(out, &parted.tables.taken, |table, out| {
        object(out, |json| {
            json.text("id", &table.id);
            json.text("content", &table.content);
            json.text("format", table.format);
        });
    });
}
