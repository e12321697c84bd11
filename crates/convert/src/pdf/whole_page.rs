//! Pages as the text library reads them, without places.

use unpdf::model::{InlineContent, ListStyle, NumberStyle, TextStyle};
use unpdf::{Block as Element, Page, Paragraph};

use super::table_cells;
use crate::layout::block::ListItem;
use crate::layout::line::RunLink;
use crate::layout::{Block, BlockKind, Line, Run};

/// Columns by which an item is indented for each of its levels.
const LEVEL_COLUMNS: usize = 2;
/// Bullet in front of an item.
const BULLET: &str = "\u{2022} ";

/// Converts the elements of a page.
pub(super) fn blocks(page: &Page) -> Vec<Block> {
    page.elements.iter().flat_map(of_element).collect()
}

fn of_element(element: &Element) -> Vec<Block> {
    match element {
        Element::Paragraph(paragraph) => of_paragraph(paragraph).into_iter().collect(),
        Element::Table(table) => vec![Block::table(table_cells::table(table, None, &[]))],
        Element::Code { content } => code(content).into_iter().collect(),
        Element::Raw { content } => line(vec![Run {
            text: content.replace('\n', " "),
            ..Run::default()
        }])
        .map(|line| Block::of_line(BlockKind::Paragraph, line))
        .into_iter()
        .collect(),
        _ => Vec::new(),
    }
}

fn of_paragraph(paragraph: &Paragraph) -> Option<Block> {
    let mut runs: Vec<Run> = paragraph.content.iter().map(run).collect();
    let kind = match (&paragraph.style.heading_level, &paragraph.style.list_info) {
        (Some(level), _) => BlockKind::Heading((*level).clamp(1, 6)),
        (None, Some(info)) => {
            let number = info.item_number.unwrap_or(1);
            let (mark, label) = match &info.style {
                ListStyle::Unordered { .. } => ("-".to_owned(), BULLET.to_owned()),
                ListStyle::Ordered { number_style, .. } if *number_style == NumberStyle::Decimal => {
                    (format!("{number}."), format!("{number}. "))
                }
                ListStyle::Ordered { .. } => ("-".to_owned(), label(paragraph)),
            };
            let item = ListItem {
                skip: if mark == "-" && label != BULLET {
                    0
                } else {
                    label.len()
                },
                mark,
                indent: LEVEL_COLUMNS * usize::from(info.level),
                left: 0.0,
                content_left: 0.0,
            };
            let label = Run {
                text: label,
                ..Run::default()
            };
            runs.insert(0, label);
            BlockKind::ListItem(item)
        }
        (None, None) => BlockKind::Paragraph,
    };
    line(runs).map(|line| Block::of_line(kind, line))
}

/// Label of an item as the library writes it: what its text has in front of its content.
fn label(paragraph: &Paragraph) -> String {
    let content = Paragraph {
        content: paragraph.content.clone(),
        style: unpdf::model::ParagraphStyle::default(),
    };
    let (all, own) = (paragraph.plain_text(), content.plain_text());
    all.strip_suffix(own.as_str()).unwrap_or_default().to_owned()
}

fn run(part: &InlineContent) -> Run {
    let styled = |text: &str, style: &TextStyle| Run {
        text: text.replace('\n', " "),
        bold: style.bold,
        italic: style.italic,
        struck: style.strikethrough,
        ..Run::default()
    };
    match part {
        InlineContent::Text(run) => styled(&run.text, &run.style),
        InlineContent::Link { text, url, style, .. } => Run {
            links: vec![RunLink {
                range: 0..text.len(),
                uri: url.clone(),
            }],
            ..styled(text, style)
        },
        InlineContent::LineBreak => styled(" ", &TextStyle::default()),
        InlineContent::Image { alt_text, .. } => {
            styled(alt_text.as_deref().unwrap_or_default(), &TextStyle::default())
        }
    }
}

/// Line of runs without a place.
fn line(runs: Vec<Run>) -> Option<Line> {
    let text = runs.iter().map(|run| run.text.as_str()).collect();
    Line::new(text, runs, 0.0, 0)
}

/// Code whose lines have their indents already.
fn code(content: &str) -> Option<Block> {
    content.lines().find(|line| !line.trim().is_empty())?;
    Some(Block {
        kind: BlockKind::Code,
        lines: Vec::new(),
        joined_text: Some(content.to_owned()),
    })
}
