//! Blocks of web pages.

mod blocks;
mod text;
mod whole_page;

use ilios_convert::ir::{Block, BlockKind, Inline, List, Run, Table, inlines_text, plain_text};
use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, convert};

fn read(name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    read_within(&Limits::default(), name, bytes)
}

fn read_within(limits: &Limits, name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    convert(Input { bytes, name }, &Options::default(), limits, &mut NoOcr)
}

fn blocks(body: &str) -> Vec<Block> {
    let conversion = read("a.html", format!("<html><body>{body}</body></html>").as_bytes()).unwrap();
    assert_eq!(conversion.pages.len(), 1);
    conversion.pages[0].blocks.clone()
}

/// Types of blocks with those inside, and the text of the innermost: `quote(paragraph:x)`.
fn outline(blocks: &[Block]) -> String {
    let one = |block: &Block| {
        let inside: Vec<String> = match &block.kind {
            BlockKind::List(list) => list
                .items
                .iter()
                .map(|item| format!("[{}]", outline(&item.blocks)))
                .collect(),
            BlockKind::DefinitionList(items) => items
                .iter()
                .map(|item| format!("{}=[{}]", inlines_text(&item.term), outline(&item.blocks)))
                .collect(),
            BlockKind::Quote(blocks) => vec![outline(blocks)],
            BlockKind::Figure(figure) => vec![format!(
                "{} {}",
                figure.alt.as_deref().unwrap_or_default(),
                outline(&figure.blocks)
            )],
            BlockKind::Group(group) => vec![format!(
                "{}: {}",
                group.title.as_deref().unwrap_or_default(),
                outline(&group.blocks)
            )],
            BlockKind::Table(table) => table
                .cells
                .iter()
                .map(|cell| format!("{},{}:{}", cell.row, cell.column, cell.text.replace('\n', "/")))
                .collect(),
            _ => return format!("{}:{}", block.kind.name(), plain_text(block).replace('\n', "/")),
        };
        format!("{}({})", block.kind.name(), inside.join(" ").trim())
    };
    blocks.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn runs(block: &Block) -> Vec<&Run> {
    let found = block
        .kind
        .inlines()
        .unwrap()
        .iter()
        .filter_map(|inline| match inline {
            Inline::Run(run) => Some(run),
            Inline::Break => None,
        });
    found.collect()
}

fn run<'b>(block: &'b Block, text: &str) -> &'b Run {
    let found = runs(block).into_iter().find(|run| run.text.trim() == text);
    found.unwrap_or_else(|| panic!("no run {text:?} in {:?}", block.kind))
}

fn list(block: &Block) -> &List {
    match &block.kind {
        BlockKind::List(list) => list,
        other => panic!("{other:?}"),
    }
}

fn table(block: &Block) -> &Table {
    match &block.kind {
        BlockKind::Table(table) => table,
        other => panic!("{other:?}"),
    }
}

fn warnings(body: &str) -> Vec<String> {
    let conversion = read("a.html", format!("<html><body><p>x</p>{body}").as_bytes()).unwrap();
    conversion
        .warnings
        .into_iter()
        .map(|warning| warning.message)
        .collect()
}
