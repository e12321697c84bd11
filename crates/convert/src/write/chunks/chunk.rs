use super::count::Counter;
use super::open::Open;
use super::unit::Unit;
use crate::ir::{BlockKind, text_hash};
use crate::write::json::{integer, object, region, string};

/// Writes a chunk as a line of JSON.
pub(super) fn write(open: &Open, index: u64, counter: &Counter, out: &mut String) {
    let text = open.text();
    let units = || open.units.iter().map(|(unit, _)| unit);
    let mut pages: Vec<u32> = units()
        .flat_map(|unit| unit.source.pages.iter().copied())
        .collect();
    pages.sort_unstable();
    pages.dedup();
    let mut ids: Vec<_> = units().flat_map(|unit| unit.source.ids.iter().copied()).collect();
    ids.dedup();
    let mut doubts: Vec<_> = units()
        .flat_map(|unit| unit.source.doubts.iter().copied())
        .collect();
    doubts.sort_unstable();
    doubts.dedup();
    object(out, |json| {
        json.integer("index", index);
        json.text("text", &text);
        json.array("context", &open.context, |title, out| string(title, out));
        json.integer("tokens", counter.count(&text));
        json.text("kind", kind(open));
        json.array("pages", pages.iter().copied(), integer);
        json.array("blocks", &ids, |id, out| out.push_str(&format!("\"{id}\"")));
        json.text("hash", &text_hash("chunk", &text));
        if units().any(|unit| !unit.source.regions.is_empty()) {
            json.array("regions", units().flat_map(|unit| &unit.source.regions), region);
        }
        if let Some((start, end)) = range(open, &pages) {
            json.array("range", [start, end], integer);
        }
        if !doubts.is_empty() {
            json.array("doubts", &doubts, |code, out| string(code.as_str(), out));
        }
    });
    out.push('\n');
}

/// Range of its blocks in the Markdown of its page, if it is on one.
fn range(open: &Open, pages: &[u32]) -> Option<(u32, u32)> {
    let (first, last) = (&open.units.first()?.0, &open.units.last()?.0);
    let range = (first.source.range?.0, last.source.range?.1);
    (pages.len() == 1).then_some(range)
}

/// Kind of what the chunk holds beside headings and captions; text, if there are several.
fn kind(open: &Open) -> &'static str {
    let mut kinds = open.units.iter().filter_map(|(unit, _)| kind_of(unit));
    let first = kinds.next().unwrap_or("text");
    if kinds.all(|kind| kind == first) {
        first
    } else {
        "text"
    }
}

fn kind_of(unit: &Unit) -> Option<&'static str> {
    match &unit.block.kind {
        BlockKind::Title(_) | BlockKind::Heading { .. } | BlockKind::Caption(_) => None,
        _ if unit.heading.is_some() => None,
        BlockKind::Table(_) => Some("table"),
        BlockKind::Code { .. } => Some("code"),
        BlockKind::List(_) | BlockKind::DefinitionList(_) | BlockKind::Toc(_) => Some("list"),
        BlockKind::Figure(_) => Some("figure"),
        _ => Some("text"),
    }
}
