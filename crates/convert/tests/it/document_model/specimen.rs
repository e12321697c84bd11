//! A block of each type, with every field that it can have.

use ilios_convert::ir::{
    Alignment, Annotation, Block, BlockId, BlockKind, Caption, Cell, CellDetails, Confidence, ContentsEntry,
    Definition, Direction, Doubt, DoubtCode, Field, FieldKind, Figure, FigureKind, Footnote, Formula, Group,
    GroupKind, HeaderKind, Image, Inline, Item, Link, List, ListStyle, Marks, Page, PageKind, Place,
    PlacedLine, PlacedWord, Region, Revision, Run, Severity, Style, Table, ValueType,
};

pub(crate) fn id(place: u32) -> BlockId {
    BlockId { page: 3, place }
}

fn plain(text: &str) -> Vec<Inline> {
    vec![Inline::plain(text)]
}

fn paragraph(place: u32, text: &str) -> Block {
    Block::new(id(place), BlockKind::Paragraph(plain(text)))
}

fn marked(text: &str, set: impl FnOnce(&mut Marks)) -> Inline {
    let mut marks = Marks::default();
    set(&mut marks);
    Inline::Run(Run {
        marks: Some(Box::new(marks)),
        ..Run::plain(text)
    })
}

fn linked(text: &str, link: Link) -> Inline {
    Inline::Run(Run {
        link: Some(link),
        ..Run::plain(text)
    })
}

/// Runs with every property.
fn runs() -> Vec<Inline> {
    let style = |set: fn(&mut Style)| {
        let mut style = Style::default();
        set(&mut style);
        Inline::Run(Run::styled("styled", style))
    };
    let revision = Revision {
        author: Some("A. Writer".into()),
        date: Some("2026-11-30".into()),
    };
    let formula = Formula {
        tex: Some("x^2".into()),
        mathml: Some("<math/>".into()),
        text: "x²".into(),
    };
    vec![
        style(|style| style.bold = true),
        style(|style| style.italic = true),
        style(|style| style.underline = true),
        style(|style| style.strike = true),
        style(|style| style.code = true),
        style(|style| style.superscript = true),
        style(|style| style.subscript = true),
        style(|style| style.small_caps = true),
        style(|style| style.highlight = true),
        Inline::Break,
        linked("there", Link::Href("https://bay.example/".into())),
        linked("beside", Link::Path("tides.html".into())),
        linked("above", Link::Block(id(2))),
        marked("ici", |marks| marks.lang = Some("fr".into())),
        marked("1", |marks| marks.note = Some(id(30))),
        marked("said", |marks| marks.comment = Some(id(40))),
        marked("a boat", |marks| marks.image = Some("p3-1.png".into())),
        marked("x²", |marks| marks.formula = Some(formula)),
        marked("東京", |marks| marks.ruby = Some("とうきょう".into())),
        marked("new", |marks| marks.inserted = Some(revision.clone())),
        marked("old", |marks| marks.deleted = Some(revision)),
    ]
}

fn table() -> Table {
    let header = |column, text: &str| Cell {
        header: Some(HeaderKind::Column),
        ..Cell::plain(0, column, text)
    };
    Table {
        rows: 2,
        columns: 2,
        align: vec![None, Some(Alignment::Right)],
        cells: vec![
            header(0, "Bay"),
            header(1, "Whales"),
            Cell {
                header: Some(HeaderKind::Row),
                ..Cell::plain(1, 0, "North")
            },
            Cell::plain(1, 1, "12"),
        ],
        ..Table::default()
    }
}

/// Examples of all types in the order of their documentation.
pub(crate) fn examples() -> Vec<BlockKind> {
    let mut examples = text_examples();
    examples.extend(structured_examples());
    examples.extend(other_examples());
    examples
}

fn text_examples() -> Vec<BlockKind> {
    vec![
        BlockKind::Title(plain("Annual Report 2025")),
        BlockKind::Heading {
            level: 2,
            number: Some("1.2".into()),
            inlines: plain("Observing"),
        },
        BlockKind::Paragraph(vec![
            Inline::plain("Twelve whales were "),
            Inline::Run(Run::styled(
                "seen",
                Style {
                    bold: true,
                    ..Style::default()
                },
            )),
            Inline::plain("; see "),
            linked("the log", Link::Href("https://bay.example/log".into())),
            Inline::plain("."),
        ]),
        BlockKind::LineBlock(vec![
            Inline::plain("Harbour Office"),
            Inline::Break,
            Inline::plain("1 Quay Street"),
        ]),
        BlockKind::Aside(plain("A word in the margin.")),
    ]
}

fn structured_examples() -> Vec<BlockKind> {
    let item = |place, text: &str, checked, marker: Option<&str>| Item {
        id: id(place),
        marker: marker.map(str::to_owned),
        checked,
        blocks: vec![paragraph(place + 1, text)],
    };
    vec![
        BlockKind::List(List {
            ordered: true,
            style: ListStyle::Decimal,
            start: 3,
            items: vec![
                item(8, "Count the boats.", None, None),
                item(10, "Close the gate.", Some(true), Some("(b)")),
            ],
        }),
        BlockKind::DefinitionList(vec![Definition {
            term: plain("Spout"),
            blocks: vec![paragraph(8, "What is seen first.")],
        }]),
        BlockKind::Table(table()),
        BlockKind::Figure(Figure {
            kind: FigureKind::Chart,
            image: Some("p3-1.png".into()),
            alt: Some("Whales by year".into()),
            blocks: vec![paragraph(8, "2025")],
            data: Some(table()),
        }),
        BlockKind::Caption(Caption {
            inlines: plain("Figure 1: Whales by year"),
            target: Some(id(6)),
        }),
        BlockKind::Code {
            language: Some("sh".into()),
            text: "count --whales\n".into(),
        },
        BlockKind::Quote(vec![paragraph(8, "There she blows.")]),
        BlockKind::Formula(Formula {
            tex: Some("E = mc^2".into()),
            mathml: Some("<math><mi>E</mi></math>".into()),
            text: "E = mc²".into(),
        }),
        BlockKind::Footnote(Footnote {
            label: "1".into(),
            blocks: vec![paragraph(8, "Seen from the pier.")],
        }),
        BlockKind::Reference(plain("Melville, H. (1851). The Whale.")),
        BlockKind::Toc(vec![ContentsEntry {
            level: 1,
            inlines: plain("Observing"),
            page: Some("7".into()),
            target: Some(id(2)),
        }]),
    ]
}

fn other_examples() -> Vec<BlockKind> {
    let note = Annotation {
        author: Some("A. Writer".into()),
        date: Some("2026-11-30".into()),
        text: "Is this so?".into(),
    };
    vec![
        BlockKind::Field(Field {
            kind: FieldKind::Choice,
            name: Some("bay".into()),
            label: Some("Bay".into()),
            value: "North".into(),
            checked: Some(false),
            options: vec!["North".into(), "South".into()],
        }),
        BlockKind::Group(Group {
            kind: GroupKind::Section,
            title: Some("Part one".into()),
            blocks: vec![paragraph(8, "Its text.")],
        }),
        BlockKind::Comment(note.clone()),
        BlockKind::Attachment {
            name: "log.csv".into(),
            mime_type: Some("text/csv".into()),
            size: Some(1200),
        },
        BlockKind::Stamp(Annotation {
            text: "RECEIVED".into(),
            ..note
        }),
        BlockKind::Rule,
        BlockKind::Header(plain("Annual Report 2025")),
        BlockKind::Footer(plain("Bay Office")),
        BlockKind::PageNumber(plain("7")),
        BlockKind::Watermark(plain("DRAFT")),
    ]
}

/// A page of all examples, each with every fact that a block may have.
pub(crate) fn page() -> Page {
    let places = [
        Place::Cells("Sheet1!B3:D9".into()),
        Place::Path("html/body/p[1]".into()),
        Place::Lines(10, 14),
        Place::Message(2),
    ];
    let blocks = (1..).zip(examples()).map(|(place, kind)| Block {
        regions: vec![Region {
            page: 3,
            bbox: [72.0, 100.5, 300.25, 120.0],
            angle: Some(90.0),
        }],
        lines: vec![line()],
        at: places.get(place as usize % 4).cloned(),
        range: Some((0, 4)),
        continues: Some(BlockId { page: 2, place }),
        lang: Some("en".into()),
        dir: Some(Direction::Ltr),
        confidence: Some(0.98),
        type_confidence: Some(0.5),
        ..Block::new(id(place * 100), kind)
    });
    let mut page = Page {
        label: Some("iii".into()),
        width: Some(612.0),
        height: Some(792.0),
        confidence: Some(Confidence {
            mean: 0.98,
            min: 0.61,
        }),
        hidden: true,
        engine: Some("local".into()),
        lang: Some("en".into()),
        header: Some("Annual Report".into()),
        footer: Some("Bay Office".into()),
        markdown: "text".into(),
        blocks: blocks.collect(),
        ..Page::new(3, PageKind::Ocr)
    };
    page.blocks
        .push(Block::new(id(9000), BlockKind::Paragraph(runs())));
    page.blocks.push(Block::new(id(9001), BlockKind::Table(sheet())));
    let chart = Figure {
        data: Some(sheet()),
        ..Figure::default()
    };
    page.blocks.push(Block::new(id(9003), BlockKind::Figure(chart)));
    page.doubts = DoubtCode::ALL.map(doubt).to_vec();
    page
}

fn line() -> PlacedLine {
    PlacedLine {
        region: Region {
            angle: Some(90.0),
            ..Region::new(3, [72.0, 100.5, 300.25, 110.0])
        },
        text: "Annual Report".into(),
        words: vec![PlacedWord {
            text: "Annual".into(),
            bbox: [72.0, 100.5, 120.25, 110.0],
            confidence: Some(0.98),
        }],
    }
}

fn doubt(code: DoubtCode) -> Doubt {
    Doubt {
        code,
        severity: Severity::Medium,
        message: "12 characters could not be decoded".into(),
        share: Some(0.0125),
        blocks: vec![id(100)],
    }
}

/// A table of a sheet.
fn sheet() -> Table {
    let details = CellDetails {
        region: Some(Region::new(3, [0.0, 0.0, 10.0, 10.0])),
        value: Some("0.5".into()),
        value_type: Some(ValueType::Number),
        formula: Some("A1/2".into()),
        number_format: Some("0%".into()),
    };
    Table {
        cells: vec![Cell {
            blocks: vec![paragraph(9002, "50%")],
            details: Some(Box::new(details)),
            ..Cell::plain(0, 0, "50%")
        }],
        rows: 1,
        columns: 1,
        hidden_rows: vec![0],
        hidden_columns: vec![0],
        ..Table::default()
    }
}

pub(crate) fn picture() -> Image {
    Image {
        name: "p3-1.png".into(),
        mime_type: "image/png".into(),
        width: 640,
        height: 480,
        bytes: Vec::new(),
    }
}
