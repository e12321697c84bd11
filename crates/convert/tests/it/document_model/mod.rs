//! The JSON of documents, its schema and its documentation say the same.
//!
//! `UPDATE_EXPECT=1` writes the schema and the examples of the documentation anew.

mod specimen;

use std::fmt::Write as _;
use std::fs;

use ilios_convert::ir::{Block, BlockKind, DoubtCode};
use ilios_convert::{
    AttachedFile, Comments, DocumentHead, DocumentTail, Furniture, Images, Metadata, OutputFormat, Page,
    PageKind, Partial, Places, Revisions, Warning, WriteOptions, document_writer, json_page, json_schema,
};
use serde_json::Value;

use crate::schema::Schema;

const SCHEMA: &str = "../../docs/document-model.schema.json";
const PAGE: &str = "../../docs/document-model.md";

fn document(pages: Vec<Page>, format: OutputFormat, options: &WriteOptions) -> String {
    let head = DocumentHead {
        title: "Title".into(),
        metadata: Some(Metadata {
            title: Some("Title".into()),
            author: Some("A. Writer".into()),
            created: Some("2026-11-30T08:00:00Z".into()),
            modified: Some("2026-11-30T09:00:00Z".into()),
            page_count: Some(3),
            attachments: vec![AttachedFile {
                name: "a.csv".into(),
                mime_type: Some("text/csv".into()),
                size: Some(12),
            }],
        }),
    };
    let tail = DocumentTail {
        images: vec![specimen::picture()],
        warnings: vec![
            Warning::page(3, "a picture is missing"),
            Warning::document("late"),
        ],
        partial: Some(Partial {
            reason: "timeout".into(),
            last_page: 3,
        }),
    };
    let mut writer = document_writer(format, options);
    let mut out = String::new();
    writer.start(&head, &mut out);
    for page in pages {
        writer.page(page, &mut out).unwrap();
    }
    writer.finish(&tail, &mut out).unwrap();
    out
}

#[test]
fn a_document_with_every_field_is_valid_and_has_all_that_the_schema_names() {
    let mut page = specimen::page();
    let note = page
        .blocks
        .iter()
        .position(|block| block.kind.name() == "footnote");
    page.blocks.rotate_left(note.unwrap());
    let options = WriteOptions {
        places: Places::Word,
        ..WriteOptions::default()
    };
    let json = document(vec![page], OutputFormat::Json, &options);
    let mut schema = Schema::new(json_schema());
    schema.validate(&serde_json::from_str(&json).unwrap()).unwrap();
    assert_eq!(unseen(&schema), Vec::<String>::new());
}

/// Fields of definitions that no document had.
fn unseen(schema: &Schema) -> Vec<String> {
    let definitions = schema.root["$defs"].as_object().unwrap();
    let fields = definitions.iter().flat_map(|(name, definition)| {
        let fields = definition["properties"].as_object().into_iter().flatten();
        fields.map(move |(field, _)| (format!("#/$defs/{name}"), field.clone()))
    });
    let unseen = fields.filter(|place| !schema.seen.contains(place));
    unseen.map(|(name, field)| format!("{name}: {field}")).collect()
}

#[test]
fn what_is_no_document_is_refused() {
    let json = document(
        vec![specimen::page()],
        OutputFormat::Json,
        &WriteOptions::default(),
    );
    let valid: Value = serde_json::from_str(&json).unwrap();
    for (place, value) in [
        ("/model", Value::from("2.0")),
        ("/pages/0/kind", Value::from("paper")),
        ("/pages/0/blocks/0/id", Value::from("b1")),
        ("/pages/0/blocks/0/hash", Value::from("1234")),
        ("/pages/0/blocks/0/type", Value::from("poem")),
        ("/pages/0/blocks/0/bbox", Value::from(vec![1, 2, 3])),
        ("/pages/0/blocks/0/confidence", Value::from(1.5)),
        ("/pages/0/number", Value::from(-1)),
        ("/pages/0/markdown", Value::Null),
    ] {
        let mut document = valid.clone();
        *document.pointer_mut(place).unwrap() = value;
        assert!(Schema::new(json_schema()).validate(&document).is_err(), "{place}");
    }
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let schema = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    compare(SCHEMA, &schema);
}

#[test]
fn the_examples_of_the_documentation_are_what_is_written() {
    let published = fs::read_to_string(PAGE).unwrap();
    let (before, rest) = published.split_once("<!-- examples -->\n").unwrap();
    let (_, behind) = rest.split_once("<!-- end of the examples -->\n").unwrap();
    let examples = examples();
    compare(
        PAGE,
        &format!("{before}<!-- examples -->\n{examples}<!-- end of the examples -->\n{behind}"),
    );
}

#[test]
fn the_documentation_has_a_line_for_each_type_and_each_doubt() {
    let published = fs::read_to_string(PAGE).unwrap();
    let (_, mapping) = published.split_once("## Other models").unwrap();
    for kind in specimen::examples() {
        let row = format!("| `{}` |", kind.name());
        let rows = mapping.lines().filter(|line| line.starts_with(&row));
        assert_eq!(rows.count(), 1, "{row}");
    }
    for code in DoubtCode::ALL {
        let row = format!("| `{}` |", code.as_str());
        assert_eq!(published.matches(&row).count(), 1, "{row}");
    }
}

fn examples() -> String {
    let options = WriteOptions {
        furniture: Furniture::Keep,
        comments: Comments::Keep,
        images: Images::Extract,
        revisions: Revisions::All,
        ..WriteOptions::default()
    };
    let mut out = String::new();
    for kind in specimen::examples() {
        let name = kind.name();
        let block = Block::new(specimen::id(7), kind);
        let page = Page {
            blocks: vec![block],
            ..Page::new(3, PageKind::Structure)
        };
        let mut json = String::new();
        json_page(&page, &mut json);
        let (_, block) = json.split_once("\"blocks\":[").unwrap();
        let block = block.strip_suffix("],\"doubts\":[]}").unwrap();
        let markdown = document(vec![page], OutputFormat::Markdown, &options);
        let fence = if markdown.contains("```") { "````" } else { "```" };
        let _ = write!(
            out,
            "\n### {name}\n\n```json\n{block}\n```\n\n{fence}markdown\n{markdown}{fence}\n"
        );
    }
    out.push('\n');
    out
}

#[test]
fn every_form_is_written_page_by_page() {
    let options = WriteOptions::default();
    let paragraph = |number: u32, text: &str| {
        let id = format!("p{number}b1").parse().unwrap();
        let kind = BlockKind::Paragraph(vec![ilios_convert::ir::Inline::plain(text)]);
        Page {
            blocks: vec![Block::new(id, kind)],
            ..Page::new(number, PageKind::Structure)
        }
    };
    let pages = || {
        vec![
            paragraph(1, "One"),
            Page::new(2, PageKind::Empty),
            paragraph(3, "*Two*"),
        ]
    };
    for (format, expected) in [
        (OutputFormat::Markdown, "One\n\n---\n\n\\*Two\\*\n"),
        (OutputFormat::Text, "One\n\n---\n\n*Two*\n"),
    ] {
        assert_eq!(document(pages(), format, &options), expected);
    }
    let html = document(pages(), OutputFormat::Html, &options);
    assert!(
        html.contains("<title>Title</title>")
            && html.ends_with("<p id=\"p3b1\">*Two*</p>\n</body>\n</html>\n"),
        "{html}"
    );
    let chunks = document(pages(), OutputFormat::Chunks, &options);
    assert!(
        chunks.starts_with("{\"index\":0,\"text\":\"One\\n\\n\\\\*Two\\\\*\""),
        "{chunks}"
    );
    let anchors = WriteOptions {
        page_breaks: ilios_convert::PageBreaks::Anchor,
        ..options
    };
    assert_eq!(
        document(pages(), OutputFormat::Markdown, &anchors),
        "<!-- page 1 -->\n\nOne\n\n<!-- page 2 -->\n\n<!-- page 3 -->\n\n\\*Two\\*\n"
    );
}

#[test]
fn pages_without_blocks_are_read_from_their_markdown() {
    let options = WriteOptions::default();
    let pages = || {
        vec![Page {
            markdown: "# One\n\ntext".into(),
            ..Page::new(1, PageKind::Structure)
        }]
    };
    assert_eq!(document(pages(), OutputFormat::Text, &options), "One\n\ntext\n");
    assert_eq!(
        document(pages(), OutputFormat::Markdown, &options),
        "# One\n\ntext\n"
    );
    let html = document(pages(), OutputFormat::Html, &options);
    assert!(html.contains("<h1 id=\"p1b1\">One</h1>"), "{html}");
    let json: Value = serde_json::from_str(&document(pages(), OutputFormat::Json, &options)).unwrap();
    assert_eq!(json["pages"][0]["doubts"][0]["code"], "no_places");
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration module")]
fn compare(path: &str, text: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, text).unwrap();
    }
    let published = fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == text,
        "{path} is out of date; UPDATE_EXPECT=1 writes it"
    );
}
