use anydoc::model::{Block, Inline};

use super::{Line, Mapper, Picture, anchor_key, formula};
use crate::ConvertError;
use crate::ir::{self, BlockId, BlockKind, Figure, Formula, ItemStart, Link, ListStyle};
use crate::readers::office::signs;

impl Mapper<'_, '_> {
    /// Adds blocks to the innermost open container. Lists that continue each other are one list, and so are paragraphs
    /// with check boxes.
    pub(in super::super) fn blocks(&mut self, blocks: &[Block]) -> Result<(), ConvertError> {
        let blocks: Vec<&Block> = blocks.iter().collect();
        self.block_row(&blocks)
    }

    /// Adds the blocks of a cell that is a link as a whole.
    pub(in super::super) fn linked(
        &mut self,
        blocks: &[Block],
        link: Option<&Link>,
    ) -> Result<(), ConvertError> {
        if link.is_none() {
            return self.blocks(blocks);
        }
        for block in blocks {
            match block {
                Block::Paragraph(content) => {
                    let line = self.linked_line(content, link);
                    self.text_block(line)?;
                }
                other => self.blocks(std::slice::from_ref(other))?,
            }
        }
        Ok(())
    }

    pub(in super::super) fn block_row(&mut self, blocks: &[&Block]) -> Result<(), ConvertError> {
        let depth = self.builder.depth();
        let mut rest = blocks;
        while let Some(block) = rest.first() {
            let mut length = 1;
            match block {
                Block::Paragraph(content) => self.paragraph(content, depth)?,
                Block::List(list) => {
                    self.builder.close_to(depth)?;
                    let mut lists = vec![list];
                    lists.extend(
                        rest.iter()
                            .skip(1)
                            .map_while(|block| super::list::continuation(block)),
                    );
                    length = lists.len();
                    self.lists(&lists)?;
                }
                other => {
                    self.builder.close_to(depth)?;
                    self.block(other)?;
                }
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        self.builder.close_to(depth)
    }

    fn block(&mut self, block: &Block) -> Result<(), ConvertError> {
        match block {
            Block::Heading {
                level,
                anchor,
                content,
            } => {
                let mut line = self.line(content);
                line.anchors.extend(anchor.clone());
                let inlines = std::mem::take(&mut line.inlines);
                let id = self.builder.add(BlockKind::Heading {
                    level: (*level).clamp(1, 6),
                    number: None,
                    inlines,
                })?;
                self.finish(line, id)
            }
            Block::Table(table) => self.table(table),
            Block::BlockQuote(blocks) => {
                self.builder.open(BlockKind::Quote(Vec::new()))?;
                self.blocks(blocks)?;
                self.builder.close()
            }
            Block::CodeBlock { lang, text } => self.leaf(text, |text| BlockKind::Code {
                language: lang.clone(),
                text,
            }),
            Block::Math(tex) => self.leaf(tex, |tex| {
                let tex = formula::tidy(&tex);
                BlockKind::Formula(Formula {
                    tex: Some(tex.clone()),
                    mathml: None,
                    text: tex,
                })
            }),
            Block::Rule => self.builder.add(BlockKind::Rule).map(drop),
            Block::Paragraph(_) | Block::List(_) => self.block_row(&[block]),
        }
    }

    fn leaf(&mut self, text: &str, kind: impl FnOnce(String) -> BlockKind) -> Result<(), ConvertError> {
        if signs::is_blank(text) {
            return Ok(());
        }
        self.ledger.placed();
        self.builder.add(kind(signs::plain(text).into_owned())).map(drop)
    }

    /// Adds a paragraph; one that begins with a check box is an item of the list that is open above `depth`, or of a new
    /// one.
    fn paragraph(&mut self, content: &[Inline], depth: usize) -> Result<(), ConvertError> {
        let mut line = self.line(content);
        let Some(checked) = line.take_check_box() else {
            self.builder.close_to(depth)?;
            return self.text_block(line);
        };
        if self.builder.depth() == depth {
            self.builder.open(BlockKind::List(ir::List {
                ordered: false,
                style: ListStyle::default(),
                start: 1,
                items: Vec::new(),
            }))?;
        }
        self.builder.open_item(ItemStart {
            marker: None,
            checked: Some(checked),
        })?;
        self.text_block(line)?;
        self.builder.close()
    }

    /// Adds a line as a paragraph, with its pictures behind it.
    pub(super) fn text_block(&mut self, mut line: Line) -> Result<(), ConvertError> {
        let inlines = std::mem::take(&mut line.inlines);
        let id = self.builder.add(BlockKind::Paragraph(inlines))?;
        self.finish(line, id)
    }

    /// Adds the pictures of a line, and says where links to it lead.
    fn finish(&mut self, line: Line, mut id: Option<BlockId>) -> Result<(), ConvertError> {
        for Picture { name, alt } in line.pictures {
            let figure = self.builder.add(BlockKind::Figure(Figure {
                image: name,
                alt,
                ..Figure::default()
            }))?;
            id = id.or(figure);
        }
        for name in line.anchors {
            match id {
                Some(id) => self.builder.define(&anchor_key(&name), id),
                None => self.pending.push(name),
            }
        }
        if let Some(id) = id {
            for name in std::mem::take(&mut self.pending) {
                self.builder.define(&anchor_key(&name), id);
            }
        }
        Ok(())
    }
}

impl Line {
    /// Takes the check box at the beginning, in any of its forms, if text follows.
    pub(super) fn take_check_box(&mut self) -> Option<bool> {
        const SIGNS: [(&str, bool); 7] = [
            ("☐", false),
            ("❏", false),
            ("❑", false),
            ("[ ]", false),
            ("☒", true),
            ("☑", true),
            ("[x]", true),
        ];
        let is_blank = |inline: &ir::Inline| inline.text().trim().is_empty();
        let at = self.inlines.iter().position(|inline| !is_blank(inline))?;
        let (before, rest) = self.inlines.split_at_mut(at + 1);
        let Some(ir::Inline::Run(run)) = before.last_mut() else {
            return None;
        };
        let text = run.text.trim_start();
        let (sign, checked) = SIGNS.into_iter().find(|(sign, _)| text.starts_with(sign))?;
        let behind = text.get(sign.len()..)?;
        let next = behind
            .chars()
            .next()
            .or_else(|| rest.first()?.text().chars().next())?;
        if !next.is_whitespace() || behind.trim().is_empty() && rest.iter().all(is_blank) {
            return None;
        }
        run.text = behind.trim_start().to_owned();
        Some(checked)
    }
}
