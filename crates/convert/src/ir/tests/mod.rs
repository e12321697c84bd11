//! The builder and the ids, through the public types.

use super::*;
use crate::{ConvertError, Limits};

fn built(make: impl FnOnce(&mut Builder<'_>) -> Result<(), ConvertError>) -> Vec<Block> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    make(&mut builder).expect("within the limits");
    builder.finish_page().expect("within the limits").0
}

fn paragraph(text: &str) -> BlockKind {
    BlockKind::Paragraph(vec![Inline::plain(text)])
}

fn list() -> BlockKind {
    BlockKind::List(List {
        ordered: false,
        style: ListStyle::Decimal,
        start: 1,
        items: Vec::new(),
    })
}

#[test]
fn ids_are_written_as_page_and_place_and_read_back() {
    let id = BlockId { page: 3, place: 7 };
    assert_eq!((id.to_string(), "p3b7".parse()), ("p3b7".to_owned(), Ok(id)));
    for wrong in [
        "",
        "p3",
        "b7",
        "p3b",
        "pb7",
        "p03b7",
        "p3b+7",
        "P3b7",
        "p3b7 ",
        "p3b99999999999",
    ] {
        assert!(wrong.parse::<BlockId>().is_err(), "{wrong:?}");
    }
}

#[test]
fn blocks_are_numbered_in_reading_order_and_an_outer_one_before_its_content() {
    let blocks = built(|b| {
        b.add(paragraph("first"))?;
        b.open(list())?;
        b.open_item(ItemStart::default())?;
        b.add(paragraph("item"))?;
        b.close()?;
        b.close()?;
        b.add(paragraph("last"))?;
        Ok(())
    });
    let mut ids = Vec::new();
    for block in &blocks {
        block.visit(&mut |block| ids.push(block.id.to_string()));
    }
    assert_eq!(ids, ["p1b1", "p1b2", "p1b4", "p1b5"]);
}

#[test]
fn containers_without_content_are_left_out_and_open_ones_are_closed() {
    let blocks = built(|b| {
        b.open(list())?;
        b.close()?;
        b.add(paragraph("  \n "))?;
        b.open(BlockKind::Quote(Vec::new()))?;
        b.add(paragraph("quoted"))?;
        Ok(())
    });
    assert_eq!(blocks.len(), 1);
    assert_eq!(plain_text(&blocks[0]), "quoted");
}

#[test]
fn text_has_no_control_characters_and_removed_directions_are_a_doubt() {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    builder
        .add(paragraph("a\u{1b}[31m\u{202e}b\r\nc\u{200f}"))
        .expect("a block");
    let (blocks, doubts) = builder.finish_page().expect("a page");
    assert_eq!(plain_text(&blocks[0]), "a[31mb c\u{200f}");
    assert_eq!(doubts[0].code, DoubtCode::DirectionControls);
}

#[test]
fn no_word_of_a_block_has_control_characters() {
    let dirty = || "a\0\u{1b}b".to_owned();
    let formula = || Formula {
        tex: Some(dirty()),
        mathml: Some(dirty()),
        text: dirty(),
    };
    let marked = |marks: Marks| {
        BlockKind::Paragraph(vec![Inline::Run(Run {
            marks: Some(Box::new(marks)),
            ..Run::styled(dirty(), Style::default())
        })])
    };
    let kinds = [
        BlockKind::Heading {
            level: 1,
            number: Some(dirty()),
            inlines: vec![Inline::plain(dirty())],
        },
        BlockKind::Code {
            language: Some(dirty()),
            text: dirty(),
        },
        BlockKind::Formula(formula()),
        BlockKind::Attachment {
            name: dirty(),
            mime_type: Some(dirty()),
            size: None,
        },
        marked(Marks {
            ruby: Some(dirty()),
            ..Marks::default()
        }),
        marked(Marks {
            formula: Some(formula()),
            ..Marks::default()
        }),
    ];
    for kind in kinds {
        let blocks = built(|b| b.add(kind).map(drop));
        let json = serde_json::to_string(&blocks).expect("JSON");
        assert!(json.contains("ab") && !json.contains("\\u00"), "{json}");
    }
}

#[test]
fn runs_that_look_alike_are_one() {
    let blocks = built(|b| {
        let bold = Style {
            bold: true,
            ..Style::default()
        };
        b.add(BlockKind::Paragraph(vec![
            Inline::plain(" a"),
            Inline::plain("b "),
            Inline::Run(Run::styled("c", bold)),
            Inline::Break,
        ]))?;
        Ok(())
    });
    let BlockKind::Paragraph(inlines) = &blocks[0].kind else {
        panic!("a paragraph");
    };
    let texts: Vec<_> = inlines.iter().map(Inline::text).collect();
    assert_eq!(texts, ["ab ", "c"]);
}

#[test]
fn cells_that_overlap_are_separated_and_none_is_lost() {
    let blocks = built(|b| {
        b.open(BlockKind::Table(Table::default()))?;
        for (row, column, rows, columns, text) in [
            (0, 0, 2, 2, "a"),
            (0, 1, 1, 1, "b"),
            (1, 0, 1, 1, "c"),
            (1, 0, 1, 1, "d"),
        ] {
            let start = CellStart {
                row_span: rows,
                column_span: columns,
                ..CellStart::at(row, column)
            };
            b.cell(start, text)?;
        }
        b.close()
    });
    let BlockKind::Table(table) = &blocks[0].kind else {
        panic!("a table");
    };
    let mut taken = std::collections::HashSet::new();
    for cell in &table.cells {
        for row in cell.row..cell.row + cell.row_span {
            for column in cell.column..cell.column + cell.column_span {
                assert!(row < table.rows && column < table.columns);
                assert!(taken.insert((row, column)), "{cell:?} overlaps");
            }
        }
    }
    let texts: Vec<_> = table.cells.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(texts, ["a", "b", "c", "d"]);
}

#[test]
fn a_reference_ahead_becomes_the_id_of_its_block_or_is_taken_back() {
    let blocks = built(|b| {
        let (known, lost) = (b.forward("1"), b.forward("2"));
        for note in [known, lost] {
            let mut run = Run::plain("x");
            run.marks = Some(Box::new(Marks {
                note: Some(note),
                ..Marks::default()
            }));
            b.add(BlockKind::Paragraph(vec![Inline::Run(run)]))?;
        }
        let id = b.open(BlockKind::Footnote(Footnote {
            label: "1".into(),
            blocks: Vec::new(),
        }))?;
        b.define("1", id);
        b.add(paragraph("note"))?;
        b.close()
    });
    let note = |index: usize| match &blocks[index].kind {
        BlockKind::Paragraph(inlines) => match &inlines[0] {
            Inline::Run(run) => run.marks.as_ref().and_then(|marks| marks.note),
            Inline::Break => None,
        },
        _ => None,
    };
    assert_eq!((note(0), note(1)), (Some(blocks[2].id), None));
}

#[test]
fn budgets_are_spent_and_named() {
    let limits = Limits {
        blocks: 2,
        depth: 3,
        inlines: 4,
        table_cells: 100,
        ..Limits::default()
    };
    let mut builder = Builder::new(&limits);
    let lines = vec![Inline::Break; 5];
    let error = builder
        .add(BlockKind::Paragraph(lines))
        .expect_err("too many inlines");
    assert!(error.to_string().contains("4 runs"), "{error}");
    let mut builder = Builder::new(&limits);
    builder.add(paragraph("1")).expect("a block");
    builder.add(paragraph("2")).expect("a block");
    let error = builder.add(paragraph("3")).expect_err("too many blocks");
    assert!(error.to_string().contains("2 blocks"), "{error}");

    let limits = Limits {
        depth: 3,
        table_cells: 100,
        ..Limits::default()
    };
    let mut builder = Builder::new(&limits);
    for _ in 0..3 {
        builder.open(BlockKind::Quote(Vec::new())).expect("three levels");
    }
    let error = builder.open(BlockKind::Quote(Vec::new())).expect_err("too deep");
    assert!(error.to_string().contains("3 levels"), "{error}");
    let mut builder = Builder::new(&limits);
    builder.open(BlockKind::Table(Table::default())).expect("a table");
    builder.cell(CellStart::at(10, 9), "far").expect("a cell");
    let error = builder.close().expect_err("too large");
    assert!(error.to_string().contains("100 cells"), "{error}");
}

#[test]
fn links_are_to_addresses_that_cannot_run_anything() {
    for fine in [
        "https://a.example/b c",
        "HTTP://a",
        "mailto:a@b",
        "tel:1",
        "#part",
    ] {
        assert!(Link::to(fine).is_some(), "{fine}");
    }
    for wrong in [
        "javascript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://x",
        "//x",
        "x",
        "#",
        "",
        "http:",
        "java\nscript:x",
    ] {
        assert_eq!(Link::to(wrong), None, "{wrong}");
    }
}

#[test]
fn a_relative_link_is_a_path_that_no_scheme_hides_in() {
    for path in ["a/b.html", "/home", "?page=2", "a b.html#c", "../x", "./a:b"] {
        let written = path.replace(' ', "%20");
        assert_eq!(Link::of_page(path), Some(Link::Path(written)), "{path}");
    }
    let whole = Some(Link::Href("https://a.example/b".into()));
    assert_eq!(Link::of_page("//a.example/b"), whole);
    for wrong in [
        "javascript:x",
        " javascript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "java\nscript:x",
        "\\\\host\\share",
        "\u{1}javascript:x",
        "//",
        "#",
        "",
    ] {
        assert_eq!(Link::of_page(wrong), None, "{wrong:?}");
    }
}

#[test]
fn a_grid_puts_cells_beside_those_that_cover_rows_above() {
    let mut grid = Grid::default();
    grid.next_row();
    assert_eq!(
        (grid.place(2, 1), grid.place(1, 2), grid.place(1, 1)),
        ((0, 0), (0, 1), (0, 3))
    );
    grid.next_row();
    assert_eq!((grid.place(1, 1), grid.place(1, 1)), ((1, 1), (1, 2)));
}

#[test]
fn hashes_tell_text_and_type_but_not_white_space() {
    let hash = |kind| block_hash(&built(|b| b.add(kind).map(drop))[0]);
    let quoted = hash(paragraph("a  b"));
    assert_eq!((quoted.len(), &quoted), (12, &hash(paragraph("a b"))));
    assert_ne!(quoted, hash(paragraph("a c")));
    assert_ne!(quoted, hash(BlockKind::Title(vec![Inline::plain("a b")])));
}
