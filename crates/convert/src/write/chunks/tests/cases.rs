use std::fmt::Write as _;

use serde_json::json;

use super::{characters, chunks, page, read, texts};
use crate::ir::{
    Block, BlockId, BlockKind, Cell, Doubt, DoubtCode, Footnote, HeaderKind, Inline, Item, List, ListStyle,
    Region, Severity, Table,
};
use crate::options::{ChunkContext, ChunkOptions, TableChunks, Tables, Tokenizer, WriteOptions};

#[test]
fn blocks_below_one_heading_are_together_while_they_fit() {
    let pages = read(&["# One\n\naaaa\n\nbbbb\n\n## Two\n\ncccc\n\n# Three\n\ndddd"]);
    let chunks = chunks(pages, &characters(64));
    assert_eq!(
        texts(&chunks),
        ["# One\n\naaaa\n\nbbbb\n\n## Two\n\ncccc", "# Three\n\ndddd"]
    );
    assert_eq!(
        chunks[0]["blocks"],
        json!(["p1b1", "p1b2", "p1b3", "p1b4", "p1b5"])
    );
    assert_eq!(
        (&chunks[0]["range"], &chunks[0]["kind"]),
        (&json!([0, 31]), &json!("text"))
    );
}

#[test]
fn a_chunk_ends_before_a_heading_of_the_same_or_a_higher_level() {
    let pages = read(&["## One\n\naaaa\n\n### Two\n\nbbbb\n\n### Three\n\ncccc\n\n# Four\n\ndddd"]);
    let chunks = chunks(pages, &characters(64));
    let contexts: Vec<_> = chunks.iter().map(|chunk| chunk["context"].clone()).collect();
    assert_eq!(
        texts(&chunks),
        [
            "## One\n\naaaa\n\n### Two\n\nbbbb",
            "### Three\n\ncccc",
            "# Four\n\ndddd"
        ]
    );
    assert_eq!(contexts, [json!([]), json!(["One"]), json!([])]);
}

#[test]
fn a_heading_stays_with_what_follows_it() {
    let pages = read(&["aaaaaaaaaaaaaaaaaaaa\n\n# One\n\nbbbbbbbbbbbbbbbbbbbb"]);
    assert_eq!(
        texts(&chunks(pages, &characters(32))),
        ["aaaaaaaaaaaaaaaaaaaa", "# One\n\nbbbbbbbbbbbbbbbbbbbb"]
    );
}

#[test]
fn long_text_is_cut_between_sentences_and_long_words_between_characters() {
    let text =
        "The first **sentence. The** second one. A third.\n\nSupercalifragilisticexpialidocious indeed";
    let chunks = chunks(read(&[text]), &characters(32));
    assert_eq!(
        texts(&chunks),
        [
            "The first **sentence.**",
            "**The** second one. A third.",
            "Supercalifragilisticexpialidocio",
            "us",
            "indeed"
        ]
    );
    assert!(chunks[..2].iter().all(|chunk| chunk["blocks"] == json!(["p1b1"])));
}

#[test]
fn rows_repeat_the_header() {
    let mut markdown = "| Name | Value |\n| --- | --- |\n".to_owned();
    for row in 1..=4 {
        let _ = writeln!(markdown, "| row {row} | {row}{row}{row} |");
    }
    let chunks = chunks(read(&[&markdown]), &characters(70));
    assert_eq!(
        texts(&chunks),
        [
            "| Name | Value |\n| --- | --- |\n| row 1 | 111 |\n| row 2 | 222 |",
            "| Name | Value |\n| --- | --- |\n| row 3 | 333 |\n| row 4 | 444 |"
        ]
    );
    assert!(chunks.iter().all(|chunk| chunk["kind"] == "table"));
}

#[test]
fn a_table_can_be_lines_of_row_column_and_value() {
    let header = |row, column, text: &str, kind| Cell {
        header: Some(kind),
        ..Cell::plain(row, column, text)
    };
    let table = Table {
        rows: 3,
        columns: 3,
        cells: vec![
            header(0, 0, "Bay", HeaderKind::Column),
            header(0, 1, "2024", HeaderKind::Column),
            header(0, 2, "2025", HeaderKind::Column),
            header(1, 0, "North", HeaderKind::Row),
            Cell::plain(1, 1, "3"),
            Cell::plain(1, 2, "4\nabout"),
            Cell::plain(2, 0, "South"),
            Cell::plain(2, 2, "5"),
        ],
        ..Table::default()
    };
    let mut options = characters(512);
    options.chunks.tables = TableChunks::Pairs;
    let block = Block::new(BlockId { page: 1, place: 1 }, BlockKind::Table(table));
    assert_eq!(
        texts(&chunks(vec![page(1, vec![block])], &options)),
        ["North, 2024 = 3\nNorth, 2025 = 4 about\n2, Bay = South\n2, 2025 = 5"]
    );
}

#[test]
fn code_is_cut_between_lines_within_its_fences() {
    let chunks = chunks(
        read(&["```rust\nlet one = 1;\nlet two = 2;\nlet three = 3;\n```"]),
        &characters(40),
    );
    assert_eq!(
        texts(&chunks),
        [
            "```rust\nlet one = 1;\nlet two = 2;\n```",
            "```rust\nlet three = 3;\n```"
        ]
    );
    assert!(chunks.iter().all(|chunk| chunk["kind"] == "code"));
}

#[test]
fn items_keep_their_numbers() {
    let chunks = chunks(
        read(&["1. The first item\n2. The second item\n3. The third item"]),
        &characters(40),
    );
    assert_eq!(
        texts(&chunks),
        ["1. The first item\n2. The second item", "3. The third item"]
    );
}

#[test]
fn headings_can_be_in_front() {
    let mut options = characters(64);
    options.chunks.context = ChunkContext::Prepend;
    let text = "# One\n\n## Two\n\nThe first sentence of it. The second sentence. And the third one.";
    let chunks = chunks(read(&[text]), &options);
    assert_eq!(
        texts(&chunks),
        [
            "# One\n\n## Two\n\nThe first sentence of it.",
            "# One\n\n## Two\n\nThe second sentence. And the third one."
        ]
    );
    assert_eq!(chunks[1]["context"], json!(["One", "Two"]));
}

#[test]
fn a_chunk_can_repeat_the_end_of_the_one_before() {
    let mut options = characters(40);
    options.chunks.overlap = 16;
    let text = "The first part. And more of it.\n\nThe second one.\n\n# New\n\nText";
    assert_eq!(
        texts(&chunks(read(&[text]), &options)),
        [
            "The first part. And more of it.",
            "And more of it.\n\nThe second one.",
            "# New\n\nText"
        ]
    );
}

#[test]
fn what_goes_on_over_a_page_end_is_one_block() {
    let paragraph = |page, place, text: &str| {
        let kind = BlockKind::Paragraph(vec![Inline::plain(text)]);
        let mut block = Block::new(BlockId { page, place }, kind);
        block.regions = vec![Region::new(page, [0.0, 0.0, 10.0, 10.0])];
        block
    };
    let note = Footnote {
        label: "1".into(),
        blocks: vec![paragraph(1, 3, "note")],
    };
    let note = Block::new(BlockId { page: 1, place: 2 }, BlockKind::Footnote(note));
    let mut rest = paragraph(2, 1, "goes on.");
    rest.continues = Some(BlockId { page: 1, place: 1 });
    let mut end = paragraph(3, 1, "And ends.");
    end.continues = Some(BlockId { page: 2, place: 1 });
    let mut first = page(1, vec![paragraph(1, 1, "It"), note]);
    first.doubts = vec![Doubt {
        code: DoubtCode::LowConfidence,
        severity: Severity::Low,
        message: String::new(),
        share: None,
        blocks: vec![BlockId { page: 1, place: 1 }],
    }];
    let pages = vec![
        first,
        page(2, vec![rest]),
        page(3, vec![end, paragraph(3, 2, "Next.")]),
    ];
    let chunks = chunks(pages, &characters(64));
    assert_eq!(texts(&chunks), ["It goes on. And ends.\n\n[^1]: note\n\nNext."]);
    let chunk = &chunks[0];
    assert_eq!(chunk["pages"], json!([1, 2, 3]));
    assert_eq!(chunk["blocks"], json!(["p1b1", "p2b1", "p3b1", "p1b2", "p3b2"]));
    assert_eq!(chunk["regions"].as_array().unwrap().len(), 4);
    assert_eq!(chunk["doubts"], json!(["low_confidence"]));
    assert!(chunk["range"].is_null());
}

#[test]
fn parts_of_a_table_over_pages_name_their_page() {
    let table = |page: u32, rows: &[&str]| {
        let cells = (0..).zip(["Bay"].iter().chain(rows)).map(|(row, text)| Cell {
            header: (row == 0).then_some(HeaderKind::Column),
            ..Cell::plain(row, 0, *text)
        });
        let kind = BlockKind::Table(Table {
            rows: u32::try_from(rows.len()).unwrap() + 1,
            columns: 1,
            cells: cells.collect(),
            ..Table::default()
        });
        let mut block = Block::new(BlockId { page, place: 1 }, kind);
        block.continues = (page > 1).then_some(BlockId {
            page: page - 1,
            place: 1,
        });
        super::page(page, vec![block])
    };
    let pages = vec![table(1, &["aaaaaa", "bbbbbb"]), table(2, &["cccccc", "dddddd"])];
    let chunks = chunks(pages, &characters(40));
    let head = "| Bay |\n| --- |\n";
    assert_eq!(
        texts(&chunks),
        [
            format!("{head}| aaaaaa |\n| bbbbbb |"),
            format!("{head}| cccccc |\n| dddddd |")
        ]
    );
    assert_eq!(
        (&chunks[0]["pages"], &chunks[1]["pages"]),
        (&json!([1]), &json!([2]))
    );
}

#[test]
fn hostile_text_is_cut_in_time() {
    let options = WriteOptions {
        chunks: ChunkOptions {
            tokens: 32,
            tokenizer: Tokenizer::O200kBase,
            ..ChunkOptions::default()
        },
        ..WriteOptions::default()
    };
    for text in [
        "a".repeat(200_000),
        "東".repeat(60_000),
        "A. ".repeat(60_000),
        format!("```\n{}\n```", " ".repeat(200_000)),
        format!("# {}\n\n{}", "t".repeat(50_000), "b\n\n".repeat(10_000)),
        format!(
            "| {} |\n| --- |\n{}",
            "h".repeat(20_000),
            "| c |\n".repeat(10_000)
        ),
    ] {
        let chunks = chunks(read(&[&text]), &options);
        assert!(chunks.iter().all(|chunk| chunk["tokens"].as_u64().unwrap() <= 32));
        let length: usize = texts(&chunks).iter().map(|text| text.len()).sum();
        assert!(length <= text.len() * 2, "{length}");
    }
}

#[test]
fn a_table_of_one_row_that_is_longer_as_html_is_in_a_chunk() {
    let cells = (0..2).map(|column| Cell::plain(0, column, "a"));
    let table = Table {
        rows: 1,
        columns: 2,
        cells: cells.collect(),
        ..Table::default()
    };
    let block = Block::new(BlockId { page: 1, place: 1 }, BlockKind::Table(table));
    let options = WriteOptions {
        tables: Tables::Html,
        ..characters(48)
    };
    let chunks = chunks(vec![page(1, vec![block])], &options);
    assert_eq!(texts(&chunks), ["| a | a |\n| --- | --- |"]);
    assert_eq!(chunks[0]["blocks"], json!(["p1b1"]));
}

#[test]
fn all_items_of_a_list_with_the_last_number_are_in_chunks() {
    let item = |place, text: &str| Item {
        id: BlockId { page: 1, place },
        marker: None,
        checked: None,
        blocks: vec![Block::new(
            BlockId {
                page: 1,
                place: place + 1,
            },
            BlockKind::Paragraph(vec![Inline::plain(text)]),
        )],
    };
    let list = List {
        ordered: true,
        style: ListStyle::Decimal,
        start: u32::MAX,
        items: vec![item(2, "aaaaaaaaaa"), item(4, "bbbbbbbbbb")],
    };
    let block = Block::new(BlockId { page: 1, place: 1 }, BlockKind::List(list));
    let chunks = chunks(vec![page(1, vec![block])], &characters(32));
    assert_eq!(texts(&chunks), ["999999999. aaaaaaaaaa", "999999999. bbbbbbbbbb"]);
}
