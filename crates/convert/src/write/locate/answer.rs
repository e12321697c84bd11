use super::letters::letters;
use super::passage::Passage;
use super::span::Match;
use super::text::Text;
use crate::ir::{PlacedLine, Region, text_hash};
use crate::write::json::Object;
use crate::write::json::{at, integer, object, region};

/// Place that was found.
#[derive(Debug)]
pub(super) struct Found {
    parts: Vec<Part>,
    score: f32,
    exact: bool,
}

/// Passage with the part of it that was meant.
#[derive(Debug)]
struct Part {
    passage: Passage,
    text: String,
    regions: Vec<Region>,
    /// Range in code points of the text of the block.
    within: Option<(u32, u32)>,
}

impl Found {
    /// A passage as a whole.
    pub(super) fn whole(passage: Passage) -> Self {
        let part = Part {
            text: passage.text.clone(),
            regions: passage.regions.clone(),
            within: None,
            passage,
        };
        Self {
            parts: vec![part],
            score: 1.0,
            exact: true,
        }
    }

    /// Place of a quotation.
    pub(super) fn quoted(text: &Text, found: Match) -> Option<Self> {
        let passages = &text.stream(found.aside).passages;
        let parts = found.spans.iter().filter_map(|span| {
            let passage = passages.get(span.passage)?;
            let quoted = passage.text.get(span.bytes.clone())?;
            let before = passage.text.get(..span.bytes.start)?;
            let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let start = count(before);
            Some(Part {
                regions: regions(passage, letters(before).len(), letters(quoted).len()),
                text: quoted.to_owned(),
                within: passage.is_text.then(|| (start, start + count(quoted))),
                passage: passage.clone(),
            })
        });
        let parts: Vec<Part> = parts.collect();
        (!parts.is_empty()).then_some(Self {
            parts,
            score: found.score,
            exact: found.exact,
        })
    }
}

/// Regions of the letters of a passage from `start` on: boxes of the words or lines that have them, where they are known,
/// else those of the block.
fn regions(passage: &Passage, start: usize, count: usize) -> Vec<Region> {
    let known: usize = passage.lines.iter().map(|line| letters(&line.text).len()).sum();
    // Lines that do not have the letters of the block, such as those of a table, do not tell where they are.
    if passage.lines.is_empty() || known != letters(&passage.text).len() {
        return passage.regions.clone();
    }
    let (mut at, end, mut regions) = (0, start + count, Vec::new());
    for line in &passage.lines {
        let length = letters(&line.text).len();
        if at < end && start < at + length {
            regions.push(part_of_line(line, start.saturating_sub(at), end - at));
        }
        at += length;
    }
    regions
}

/// Region of the words of a line that have letters between `start` and `end`.
fn part_of_line(line: &PlacedLine, start: usize, end: usize) -> Region {
    let mut at = 0;
    let mut around: Option<[f32; 4]> = None;
    for word in &line.words {
        let length = letters(&word.text).len();
        if at < end && start < at + length {
            let [left, top, right, bottom] = around.unwrap_or(word.bbox);
            let own = word.bbox;
            around = Some([
                left.min(own[0]),
                top.min(own[1]),
                right.max(own[2]),
                bottom.max(own[3]),
            ]);
        }
        at += length;
    }
    Region {
        bbox: around.unwrap_or(line.region.bbox),
        ..line.region
    }
}

/// Writes the answer.
pub(super) fn write_answer(document: &str, found: &[Found], more: bool, out: &mut String) {
    object(out, |json| {
        json.array("matches", found, |found, out| {
            object(out, |json| write_found(document, found, json));
        });
        json.boolean("more", more);
    });
}

fn write_found(document: &str, found: &Found, json: &mut Object<'_>) {
    json.boolean("exact", found.exact);
    json.decimal("score", found.score);
    let texts: Vec<&str> = found.parts.iter().map(|part| part.text.as_str()).collect();
    json.text("text", &texts.join(" "));
    if let Some(first) = found.parts.first() {
        json.text("locator", &format!("ilios:{document}#{}", first.passage.id));
        let page = first
            .regions
            .first()
            .map_or(first.passage.page, |region| region.page);
        json.integer("page", page);
    }
    json.array(
        "regions",
        found.parts.iter().flat_map(|part| &part.regions),
        region,
    );
    json.array("blocks", &found.parts, |part, out| {
        object(out, |json| write_part(part, json))
    });
}

fn write_part(part: &Part, json: &mut Object<'_>) {
    let passage = &part.passage;
    json.id("id", passage.id);
    json.text("type", passage.kind);
    let hash = passage.hash.clone();
    json.text(
        "hash",
        &hash.unwrap_or_else(|| text_hash(passage.kind, &passage.text)),
    );
    json.integer("page", passage.page);
    json.array("regions", &passage.regions, region);
    if let Some(place) = &passage.at {
        at(place, json);
    }
    if let Some((row, column)) = passage.cell {
        json.object("cell", |json| {
            json.integer("row", row);
            json.integer("column", column);
        });
    }
    if let Some((start, end)) = passage.range {
        json.array("range", [start, end], integer);
    }
    if let Some((start, end)) = part.within {
        json.array("within", [start, end], integer);
    }
}
