use std::collections::HashMap;
use std::rc::Rc;

use super::split::pairs;
use crate::ir::{Block, BlockId, BlockKind, DoubtCode, Footnote, Inline, Page, Region, Run, Style};
use crate::options::{TableChunks, WriteOptions};
use crate::write::markdown::{Labels, labels, write_page};

/// Block with its Markdown: the smallest part of a chunk, where it fits into one.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// The block, without the blocks of a group, which are units themselves.
    pub(super) block: Block,
    /// Its Markdown.
    pub(super) text: String,
    /// Text between it and the unit before, if both are on one page.
    lead: Option<String>,
    /// Level of a heading; that of a title is 0.
    pub(super) heading: Option<u8>,
    pub(super) source: Source,
    /// Places of the block itself, without those of its rests.
    own: Source,
    /// Labels of the footnotes of its pages.
    pub(super) labels: Rc<Labels>,
    /// Places of the blocks that go on with it, each with the number of pieces before it.
    pub(super) rests: Vec<(usize, Source)>,
    /// It is not the whole block.
    pub(super) part: bool,
}

/// Places from which a unit is.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    pub(super) ids: Vec<BlockId>,
    pub(super) pages: Vec<u32>,
    pub(super) regions: Vec<Region>,
    /// Range in the Markdown of its page, if it is on one.
    pub(super) range: Option<(u32, u32)>,
    pub(super) doubts: Vec<DoubtCode>,
}

impl Source {
    /// Adds the places of what follows.
    pub(super) fn extend(&mut self, other: &Self) {
        self.ids.extend(&other.ids);
        self.pages.extend(&other.pages);
        self.regions.extend(&other.regions);
        self.doubts.extend(&other.doubts);
    }
}

impl Unit {
    /// Text between it and the unit before.
    pub(super) fn lead(&self) -> &str {
        self.lead.as_deref().unwrap_or("\n\n")
    }

    /// Id of the block that may go on.
    pub(super) fn last_id(&self) -> Option<BlockId> {
        self.source.ids.last().copied()
    }

    /// Id of the block of which this is the rest.
    pub(super) fn continues(&self) -> Option<BlockId> {
        self.block.continues
    }

    pub(super) fn is_footnote(&self) -> bool {
        matches!(self.block.kind, BlockKind::Footnote(_))
    }

    /// The unit with a part of its text, that of these pieces.
    pub(super) fn part(&self, text: String, pieces: std::ops::Range<usize>) -> Self {
        Self {
            // What a part is made of is needed no more.
            block: Block::new(self.block.id, empty(&self.block.kind)),
            text,
            lead: self.lead.clone(),
            heading: self.heading,
            own: Source::default(),
            source: self.source_of(pieces),
            labels: Rc::clone(&self.labels),
            rests: Vec::new(),
            part: true,
        }
    }

    /// Places of these pieces.
    fn source_of(&self, pieces: std::ops::Range<usize>) -> Source {
        if self.rests.iter().any(|(before, _)| *before == 0) || self.rests.is_empty() {
            return self.source.clone();
        }
        let ends = self.rests.iter().map(|(before, _)| *before).chain([usize::MAX]);
        let starts = std::iter::once(0).chain(self.rests.iter().map(|(before, _)| *before));
        let sources = std::iter::once(&self.own).chain(self.rests.iter().map(|(_, source)| source));
        let mut found = Source::default();
        for ((start, end), source) in starts.zip(ends).zip(sources) {
            if start < pieces.end && pieces.start < end {
                found.range = source.range.filter(|_| found.ids.is_empty());
                found.extend(source);
            }
        }
        found
    }
}

/// A block of the same type without content, as far as chunks tell types apart.
fn empty(kind: &BlockKind) -> BlockKind {
    match kind {
        BlockKind::Table(_) => BlockKind::Table(crate::ir::Table::default()),
        BlockKind::List(_) | BlockKind::DefinitionList(_) | BlockKind::Toc(_) => BlockKind::Toc(Vec::new()),
        BlockKind::Figure(_) => BlockKind::Figure(crate::ir::Figure::default()),
        BlockKind::Code { .. } => BlockKind::Code {
            language: None,
            text: String::new(),
        },
        BlockKind::Footnote(_) => BlockKind::Footnote(Footnote {
            label: String::new(),
            blocks: Vec::new(),
        }),
        _ => BlockKind::Paragraph(Vec::new()),
    }
}

/// Units of a page in reading order: its blocks that have text in its Markdown, those of groups one by one.
pub(super) fn units_of(mut page: Page, options: &WriteOptions) -> Vec<Unit> {
    write_page(&mut page, options);
    let labels = Rc::new(labels(&page.blocks));
    let blocks = std::mem::take(&mut page.blocks);
    let mut collector = Collector {
        page: &page,
        cursor: Cursor {
            text: &page.markdown,
            chars: 0,
            bytes: 0,
        },
        options,
        labels,
        page_doubts: Vec::new(),
        doubts: HashMap::new(),
        last_end: None,
        units: Vec::new(),
    };
    for doubt in &page.doubts {
        if doubt.blocks.is_empty() {
            collector.page_doubts.push(doubt.code);
        }
        for id in &doubt.blocks {
            collector.doubts.entry(*id).or_default().push(doubt.code);
        }
    }
    collector.blocks(blocks);
    collector.units
}

struct Collector<'a> {
    page: &'a Page,
    cursor: Cursor<'a>,
    options: &'a WriteOptions,
    labels: Rc<Labels>,
    /// Doubts about the whole page.
    page_doubts: Vec<DoubtCode>,
    /// Doubts about blocks of it.
    doubts: HashMap<BlockId, Vec<DoubtCode>>,
    /// End of the unit before, in bytes.
    last_end: Option<usize>,
    units: Vec<Unit>,
}

impl Collector<'_> {
    fn blocks(&mut self, blocks: Vec<Block>) {
        for mut block in blocks {
            let Some((start, end)) = block.range else {
                continue;
            };
            match &mut block.kind {
                BlockKind::Rule => {}
                BlockKind::Group(group) => {
                    let inner = std::mem::take(&mut group.blocks);
                    let first = inner.iter().find_map(|block| block.range);
                    if let Some(title) = group.title.take() {
                        block.kind = BlockKind::Paragraph(vec![bold(title)]);
                        block.range = Some((start, first.map_or(end, |(start, _)| start)));
                        self.unit(block);
                    }
                    self.blocks(inner);
                }
                _ => self.unit(block),
            }
        }
    }

    fn unit(&mut self, block: Block) {
        let Some((start, end)) = block.range else {
            return;
        };
        let start = self.cursor.seek(start);
        let end = self.cursor.seek(end);
        let slice = |from, to| self.page.markdown.get(from..to).unwrap_or_default();
        let text = match &block.kind {
            BlockKind::Table(table) if self.options.chunks.tables == TableChunks::Pairs => {
                pairs(table, self.options)
            }
            _ => slice(start, end).trim().to_owned(),
        };
        if text.is_empty() {
            return;
        }
        let lead = self.last_end.map(|last| slice(last, start).to_owned());
        let heading = match &block.kind {
            BlockKind::Title(_) => Some(0),
            BlockKind::Heading { level, .. } => Some((*level).clamp(1, 6)),
            _ => None,
        };
        let source = self.source(&block);
        self.units.push(Unit {
            own: source.clone(),
            source,
            block,
            text,
            lead: lead.filter(|lead| !lead.is_empty()),
            heading,
            labels: Rc::clone(&self.labels),
            rests: Vec::new(),
            part: false,
        });
        self.last_end = Some(end);
    }

    fn source(&self, block: &Block) -> Source {
        let mut pages = vec![self.page.number];
        for region in &block.regions {
            if !pages.contains(&region.page) {
                pages.push(region.page);
            }
        }
        let mut doubts = self.page_doubts.clone();
        doubts.extend(self.doubts.get(&block.id).into_iter().flatten());
        Source {
            ids: vec![block.id],
            pages,
            regions: block.regions.clone(),
            range: block.range,
            doubts,
        }
    }
}

fn bold(text: String) -> Inline {
    Inline::Run(Run::styled(
        text,
        Style {
            bold: true,
            ..Style::default()
        },
    ))
}

/// Place in a text that goes forward, by code points.
struct Cursor<'a> {
    text: &'a str,
    chars: u32,
    bytes: usize,
}

impl Cursor<'_> {
    /// Goes to a code point, and returns its place in bytes.
    fn seek(&mut self, target: u32) -> usize {
        if target < self.chars {
            (self.chars, self.bytes) = (0, 0);
        }
        let rest = self.text.get(self.bytes..).unwrap_or_default();
        let steps = usize::try_from(target - self.chars).unwrap_or(usize::MAX);
        self.bytes += rest.char_indices().nth(steps).map_or(rest.len(), |(at, _)| at);
        self.chars = target;
        self.bytes
    }
}
