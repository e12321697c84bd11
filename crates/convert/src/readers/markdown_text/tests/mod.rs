//! Markdown as blocks.

mod html;
mod markdown;

use crate::Limits;
use crate::ir::{Block, BlockKind, Builder, Inline, Run, Table};

fn blocks(markdown: &str) -> Vec<Block> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    super::read_blocks(markdown, &mut builder).expect("within the limits");
    builder.finish_page().expect("within the limits").0
}

/// The kinds and texts of blocks, with what they hold.
fn outline(markdown: &str) -> String {
    let mut out = String::new();
    for block in blocks(markdown) {
        describe(&block, 0, &mut out);
    }
    out
}

fn describe(block: &Block, depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(block.kind.name());
    if let Some(inlines) = block.kind.inlines() {
        out.push_str(&format!(" {}", line(inlines)));
    }
    match &block.kind {
        BlockKind::Heading { level, .. } => out.push_str(&format!(" ({level})")),
        BlockKind::Code { language, text } => out.push_str(&format!(" {language:?} {text:?}")),
        BlockKind::List(list) => out.push_str(&format!(" {} {}", list.ordered, list.start)),
        BlockKind::Figure(figure) => out.push_str(&format!(" {:?} {:?}", figure.image, figure.alt)),
        BlockKind::Footnote(note) => out.push_str(&format!(" {}", note.label)),
        _ => {}
    }
    out.push('\n');
    let items = match &block.kind {
        BlockKind::List(list) => list.items.iter().map(|item| item.checked).collect(),
        _ => Vec::new(),
    };
    for (index, part) in block.parts().into_iter().enumerate() {
        match items.get(index) {
            Some(Some(checked)) => out.push_str(&format!("{}  - {checked}\n", "  ".repeat(depth))),
            Some(None) => out.push_str(&format!("{}  -\n", "  ".repeat(depth))),
            None => {}
        }
        for block in part {
            describe(block, depth + 2, out);
        }
    }
}

/// Runs in brackets with their style, link and marks.
fn line(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Break => out.push('/'),
            Inline::Run(run) if run.looks_like(&Run::default()) => out.push_str(&format!("[{}]", run.text)),
            Inline::Run(run) => out.push_str(&format!("[{}{}]", run.text, looks(run))),
        }
    }
    out
}

fn looks(run: &Run) -> String {
    let style = run.style;
    let mut out = String::from("|");
    for (has, sign) in [
        (style.bold, 'b'),
        (style.italic, 'i'),
        (style.underline, 'u'),
        (style.strike, 's'),
        (style.code, 'c'),
        (style.superscript, '^'),
        (style.subscript, 'v'),
        (style.highlight, 'h'),
    ] {
        if has {
            out.push(sign);
        }
    }
    if let Some(link) = &run.link {
        out.push_str(&format!(" {link:?}"));
    }
    if let Some(name) = run.image() {
        out.push_str(&format!(" image {name:?}"));
    }
    if let Some(note) = run.marks.as_ref().and_then(|marks| marks.note) {
        out.push_str(&format!(" note {note}"));
    }
    out
}

fn table(markdown: &str) -> Table {
    let found = blocks(markdown).into_iter().find_map(|block| match block.kind {
        BlockKind::Table(table) => Some(table),
        _ => None,
    });
    found.expect("a table")
}
