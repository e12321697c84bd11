//! Random models.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::ir::{
    Alignment, Block, BlockId, BlockKind, Caption, Cell, ContentsEntry, Definition, Field, FieldKind, Figure,
    Footnote, Group, GroupKind, Inline, Item, Link, List, ListStyle, Marks, Run, Style, Table,
};

/// Parts of texts: markup of every kind, and what stands around it.
const PARTS: &[&str] = &[
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "``",
    "```",
    "[",
    "]",
    "(",
    ")",
    "](",
    "[^",
    "<",
    ">",
    "<b>",
    "</i>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&#35;",
    "#",
    "##",
    "|",
    "\\",
    "-",
    "---",
    "+",
    ".",
    "!",
    "![",
    ":",
    "1.",
    "2)",
    "=",
    "===",
    "[ ]",
    "[x]",
    "$",
    "0",
    "12",
    "'",
    "\"",
    " ",
    " ",
    " ",
    " ",
    "  ",
    "\u{a0}",
    "a",
    "b",
    "word",
    "Wort",
    "é",
    "東",
    "京都",
    "。",
    "「",
    "」",
    "\u{2013}",
    "😀",
    "www.a.b",
    "http://a.b/c_d",
    "x@y.z",
    ",",
    ";",
    "\t",
    "Ⓐ",
    "²",
    "\u{301}",
    "/",
    "%",
    "{",
    "}",
    "^",
    "@",
];

fn text() -> impl Strategy<Value = String> {
    vec(prop::sample::select(PARTS), 1..7).prop_map(|parts| parts.concat())
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        3 => Just([false; 6]),
        4 => (any::<[bool; 2]>()).prop_map(|[bold, italic]| [bold, italic, false, false, false, false]),
        1 => any::<[bool; 6]>(),
    ]
    .prop_map(|[bold, italic, strike, superscript, subscript, code]| Style {
        bold,
        italic,
        strike,
        superscript,
        subscript,
        code,
        ..Style::default()
    })
}

/// Ends of addresses.
const ENDS: &[&str] = &[
    "",
    "b_c",
    "(d)",
    "?a=b&copy=1",
    "&amp;",
    "<x>",
    "a`b",
    "|",
    "\\",
    "*",
    "]",
    "\"",
    " e",
];

fn address() -> impl Strategy<Value = String> {
    vec(prop::sample::select(ENDS), 0..3).prop_map(|ends| format!("https://a.example/{}", ends.concat()))
}

fn inline() -> impl Strategy<Value = Inline> {
    let run = (text(), style(), option::weighted(0.2, address())).prop_map(|(text, style, link)| {
        Inline::Run(Run {
            link: link.and_then(|link| Link::to(&link)),
            ..Run::styled(text, style)
        })
    });
    let image = (text(), style()).prop_map(|(alt, style)| {
        marked(alt, style, |marks| {
            marks.image = Some("p1-1.png".into());
        })
    });
    let note = (text(), 1..4_u32).prop_map(|(text, place)| {
        marked(text, Style::default(), |marks| {
            marks.note = Some(BlockId { page: 9, place });
        })
    });
    prop_oneof![12 => run, 2 => Just(Inline::Break), 1 => image, 1 => note]
}

fn marked(text: String, style: Style, set: impl FnOnce(&mut Marks)) -> Inline {
    let mut marks = Marks::default();
    set(&mut marks);
    Inline::Run(Run {
        marks: Some(Box::new(marks)),
        ..Run::styled(text, style)
    })
}

/// Inlines with text, since the builder makes no block without any.
fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let shows = |inline: &Inline| inline.text().chars().any(|c| !c.is_whitespace());
    vec(inline(), 1..6).prop_filter("text", move |inlines| inlines.iter().any(shows))
}

fn code_text() -> impl Strategy<Value = String> {
    vec(option::of(text()), 1..4).prop_map(|lines| {
        let lines: Vec<String> = lines.into_iter().map(Option::unwrap_or_default).collect();
        format!("x{}", lines.join("\n"))
    })
}

fn leaf() -> impl Strategy<Value = BlockKind> {
    let number = prop::sample::select(&["1", "1.2", "A."][..]).prop_map(str::to_owned);
    prop_oneof![
        10 => inlines().prop_map(BlockKind::Paragraph),
        2 => inlines().prop_map(BlockKind::Title),
        2 => (0..8_u8, option::weighted(0.2, number), inlines())
            .prop_map(|(level, number, inlines)| BlockKind::Heading { level, number, inlines }),
        1 => inlines().prop_map(BlockKind::LineBlock),
        1 => inlines().prop_map(|inlines| BlockKind::Caption(Caption { inlines, target: None })),
        1 => inlines().prop_map(BlockKind::Header),
        2 => (option::of(prop::sample::select(&["rust", "c++", "a b"][..])), code_text())
            .prop_map(|(language, text)| BlockKind::Code { language: language.map(str::to_owned), text }),
        1 => Just(BlockKind::Rule),
        1 => (option::of(text()), any::<bool>()).prop_map(|(alt, named)| BlockKind::Figure(Figure {
            alt,
            image: named.then(|| "p1-2.png".into()),
            ..Figure::default()
        })),
        1 => (text(), text(), any::<bool>()).prop_map(|(label, value, check)| BlockKind::Field(Field {
            kind: if check { FieldKind::Checkbox } else { FieldKind::Text },
            name: None,
            label: Some(label),
            value,
            checked: Some(true),
            options: Vec::new(),
        })),
        1 => vec((1..4_u8, inlines(), option::of(Just("7".to_owned()))), 1..4).prop_map(|entries| {
            let entry = |(level, inlines, page)| ContentsEntry { level, inlines, page, target: None };
            BlockKind::Toc(entries.into_iter().map(entry).collect())
        }),
    ]
}

fn table() -> impl Strategy<Value = BlockKind> {
    let align = option::of(prop::sample::select(
        &[Alignment::Left, Alignment::Center, Alignment::Right][..],
    ));
    (
        1..4_u32,
        1..4_u32,
        vec(align, 0..3),
        vec(option::of((text(), option::of(inlines()))), 9),
    )
        .prop_map(|(rows, columns, align, contents)| {
            let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
            let cells = places.zip(contents).filter_map(|((row, column), content)| {
                let (text, inlines) = content?;
                let blocks = inlines.map(|inlines| block(BlockKind::Paragraph(without_images(inlines))));
                Some(Cell {
                    blocks: blocks.into_iter().collect(),
                    ..Cell::plain(row, column, text)
                })
            });
            BlockKind::Table(Table {
                rows,
                columns,
                align,
                cells: cells.collect(),
                ..Table::default()
            })
        })
}

/// A picture alone in a cell would be a figure.
fn without_images(inlines: Vec<Inline>) -> Vec<Inline> {
    let plain = |inline: Inline| match inline {
        Inline::Run(run) if run.image().is_some() => Inline::plain("x"),
        inline => inline,
    };
    inlines.into_iter().map(plain).collect()
}

pub(in crate::write) fn block(kind: BlockKind) -> Block {
    Block::new(BlockId { page: 1, place: 1 }, kind)
}

fn item(blocks: Vec<Block>, checked: Option<bool>, marker: Option<&str>) -> Item {
    Item {
        id: BlockId { page: 1, place: 1 },
        marker: marker.map(str::to_owned),
        checked,
        blocks,
    }
}

pub(in crate::write) fn kind() -> impl Strategy<Value = BlockKind> {
    let small = prop_oneof![6 => leaf(), 1 => table()];
    small.prop_recursive(3, 12, 3, |inner| {
        let blocks = vec(inner.prop_map(block), 1..4).boxed();
        let marker = option::weighted(0.1, prop::sample::select(&["(a)", "•", "1.", "§ 3"][..]));
        let items = vec((blocks.clone(), option::weighted(0.2, any::<bool>()), marker), 1..4);
        prop_oneof![
            4 => (any::<bool>(), prop_oneof![3 => Just(1), 1 => 0..2000_u32, 1 => Just(u32::MAX)], items)
                .prop_map(|(ordered, start, items)| BlockKind::List(List {
                    ordered,
                    style: ListStyle::Alpha,
                    start,
                    items: items.into_iter().map(|(blocks, checked, marker)| item(blocks, checked, marker)).collect(),
                })),
            2 => blocks.clone().prop_map(BlockKind::Quote),
            1 => (option::of(text()), blocks.clone()).prop_map(|(title, blocks)| BlockKind::Group(Group {
                kind: GroupKind::Section,
                title,
                blocks,
            })),
            1 => (inlines(), blocks).prop_map(|(term, blocks)| BlockKind::DefinitionList(vec![Definition { term, blocks }])),
        ]
    })
}

/// Blocks of a page with a few footnotes, to which references lead.
pub(in crate::write) fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let label = prop::sample::select(&["1", "2", "*", "a b", "A"][..]);
    let note = (label, vec(leaf().prop_map(block), 1..3));
    (vec(kind().prop_map(block), 1..5), vec(note, 0..3)).prop_map(|(mut blocks, notes)| {
        for ((label, mut content), place) in notes.into_iter().zip(1..) {
            content.insert(0, block(BlockKind::Paragraph(vec![Inline::plain("x")])));
            let note = Footnote {
                label: label.to_owned(),
                blocks: content,
            };
            blocks.push(Block::new(BlockId { page: 9, place }, BlockKind::Footnote(note)));
        }
        blocks
    })
}

/// Blocks with ids counted anew.
pub(in crate::write) fn counted(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut ids = HashMap::new();
    let mut place = 0;
    for block in &mut blocks {
        block.visit_mut(&mut |block| {
            place += 1;
            let id = BlockId { page: 1, place };
            if matches!(block.kind, BlockKind::Footnote(_)) {
                ids.insert(block.id, id);
            }
            block.id = id;
            if let BlockKind::List(list) = &mut block.kind {
                list.items
                    .iter_mut()
                    .for_each(|item| item.id = BlockId { page: 1, place: 0 });
            }
        });
    }
    for block in &mut blocks {
        block.visit_inlines_mut(&mut |inlines| {
            for inline in inlines {
                if let Inline::Run(run) = inline
                    && let Some(marks) = &mut run.marks
                    && let Some(note) = &mut marks.note
                {
                    *note = ids.get(note).copied().unwrap_or(*note);
                }
            }
        });
    }
    blocks
}
