//! Blocks of mail, notebooks, data and plain text.

use ilios_convert::ir::{Block, BlockKind, HeaderKind, Place, plain_text};
use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, convert};

fn read(name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    let limits = Limits::default();
    convert(Input { bytes, name }, &Options::default(), &limits, &mut NoOcr)
}

fn blocks(name: &str, bytes: &[u8]) -> Vec<Block> {
    read(name, bytes).unwrap().pages.remove(0).blocks
}

fn kinds(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().map(|block| block.kind.name()).collect()
}

fn texts(blocks: &[Block]) -> Vec<String> {
    blocks.iter().map(plain_text).collect()
}

const MIXED: &str = "From: A <a@x.example>\r\nTo: b@x.example\r\nSubject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
    --m\r\nContent-Type: multipart/alternative; boundary=n\r\n\r\n--n\r\nContent-Type: text/plain\r\n\r\nplain\r\n--n\r\nContent-Type: text/html\r\n\r\n<p>first</p><p style='display:none'>unseen</p><table><tr><td>cell</table>\r\n--n--\r\n\
    --m\r\nContent-Type: text/plain\r\n\r\n> second\r\n\
    --m\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=t.csv\r\n\r\na,b\r\n--m--\r\n";

#[test]
fn a_message_is_its_fields_its_parts_in_order_and_its_attachments() {
    let conversion = read("a.eml", MIXED.as_bytes()).unwrap();
    let blocks = &conversion.pages[0].blocks;
    assert_eq!(
        kinds(blocks),
        [
            "heading",
            "list",
            "paragraph",
            "paragraph",
            "quote",
            "heading",
            "list"
        ]
    );
    assert_eq!(
        texts(blocks),
        [
            "Hi",
            "From: A (a@x.example)\nTo: b@x.example",
            "first",
            "cell",
            "second",
            "Attachments",
            "t.csv"
        ]
    );
    let BlockKind::List(list) = &blocks[6].kind else {
        panic!("{:?}", blocks[6]);
    };
    assert!(matches!(
        &list.items[0].blocks[0].kind,
        BlockKind::Attachment { name, mime_type: Some(kind), size: Some(_) } if name == "t.csv" && kind == "text/csv"
    ));
    assert_eq!(conversion.warnings[0].message, "hidden text left out: 1");
}

#[test]
fn a_notebook_is_its_cells_and_their_outputs() {
    let notebook = br##"{"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "r"}}, "cells": [
        {"cell_type": "markdown", "source": ["# T\n", "*x*"]},
        {"cell_type": "code", "source": "f()", "outputs": [{"data": {"text/html": "<table><tr><th>a<th>b<tr><td>1<td>2</table>", "text/plain": "a b"}}]},
        {"cell_type": "raw", "source": "<raw>"}]}"##;
    let blocks = blocks("a.ipynb", notebook);
    assert_eq!(kinds(&blocks), ["heading", "paragraph", "code", "table", "code"]);
    assert!(
        matches!(&blocks[2].kind, BlockKind::Code { language: Some(name), text } if name == "r" && text == "f()")
    );
}

#[test]
fn records_are_rows_below_their_header() {
    let blocks = blocks("a.csv", b"n,v\n\n x ,1\n,\n");
    let BlockKind::Table(table) = &blocks[0].kind else {
        panic!("{blocks:?}");
    };
    assert_eq!((table.rows, table.columns), (2, 2));
    let cells: Vec<&str> = table.cells.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(cells, ["n", "v", "x", "1"]);
    let headers: Vec<bool> = table
        .cells
        .iter()
        .map(|cell| cell.header == Some(HeaderKind::Column))
        .collect();
    assert_eq!(headers, [true, true, false, false]);
}

#[test]
fn elements_of_xml_are_items_within_each_other() {
    let blocks = blocks(
        "a.xml",
        b"<?xml version='1.0'?><a><b x='1'>t</b><b><c>u</c></b></a>",
    );
    assert_eq!(kinds(&blocks), ["list"]);
    assert_eq!(texts(&blocks), ["a\nb (x: 1): t\nb\nc: u"]);
}

#[test]
fn plain_text_is_paragraphs_lists_quotes_and_what_is_aligned() {
    let text = "One\ntwo\n\n- a\n  - b\n  c\n- d\n\n3. x\n4. y\n\n> q\n> > r\n\na    1\nb    2\n";
    let blocks = blocks("a.txt", text.as_bytes());
    assert_eq!(kinds(&blocks), ["line_block", "list", "list", "quote", "code"]);
    assert_eq!(
        texts(&blocks),
        ["One\ntwo", "a\nb\nc\nd", "x\ny", "q\nr", "a    1\nb    2"]
    );
    let BlockKind::List(list) = &blocks[1].kind else {
        panic!("{blocks:?}");
    };
    assert_eq!(list.items.len(), 2);
    assert_eq!(kinds(&list.items[0].blocks), ["paragraph", "list", "paragraph"]);
    assert!(matches!(&blocks[2].kind, BlockKind::List(list) if list.ordered && list.start == 3));
    let BlockKind::Quote(quoted) = &blocks[3].kind else {
        panic!("{blocks:?}");
    };
    assert_eq!(kinds(quoted), ["paragraph", "quote"]);
}

#[test]
fn lines_of_text_that_were_wrapped_go_on_and_others_end() {
    let text = "This paragraph was wrapped by its author at some\ncolumn, which happens to most of the plain texts\nthat are sent around.\n\nA line of more than forty characters in a row.\nAnd another one.\n";
    assert_eq!(
        texts(&blocks("a.txt", text.as_bytes())),
        [
            "This paragraph was wrapped by its author at some column, which happens to most of the plain texts that are sent around.",
            "A line of more than forty characters in a row.\nAnd another one."
        ]
    );
}

/// A message with these parts, each of a head and a body.
fn message_of(subject: &str, parts: &[(&str, &str)]) -> String {
    let boundary = format!("b-{subject}");
    let mut mail = format!(
        "From: a@x.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n"
    );
    for (head, body) in parts {
        mail.push_str(&format!("--{boundary}\r\n{head}\r\n\r\n{body}\r\n"));
    }
    mail.push_str(&format!("--{boundary}--\r\n"));
    mail
}

fn converting() -> Options {
    let mut options = Options::default();
    options.output.set("attachments", "convert").unwrap();
    options
}

const CSV: &str = "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=t.csv";
const HTML: &str = "Content-Type: text/html\r\nContent-Disposition: attachment; filename=p.html";

#[test]
fn files_in_an_envelope_of_outlook_are_those_of_the_message() {
    let input = Input {
        bytes: include_bytes!("../suite/mail-parts/winmail.eml"),
        name: "winmail.eml",
    };
    let conversion = convert(input, &converting(), &Limits::default(), &mut NoOcr).unwrap();
    let markdown = conversion.markdown();
    assert!(!markdown.contains("winmail.dat"), "{markdown}");
    let places: Vec<Option<usize>> = [
        "## Attachments",
        "- Older (message/rfc822",
        "### prices of drinks.csv",
        "| coffee | 3 |",
        "### Older message",
        "It was here first.",
    ]
    .iter()
    .map(|text| markdown.find(text))
    .collect();
    assert!(places.is_sorted() && places[0].is_some(), "{markdown}");
}

#[test]
fn attached_files_are_converted_below_the_message_if_they_are_to_be() {
    let inner = message_of(
        "Inner",
        &[("Content-Type: text/plain", "deep"), (CSV, "c,d\r\n3,4")],
    );
    let mail = message_of(
        "Outer",
        &[
            ("Content-Type: text/plain", "text"),
            (HTML, "<h1>Page</h1><p>see <a href='#n'>there</a><p id=n>here"),
            (
                "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=x.bin",
                "\u{1}\u{2}",
            ),
            (
                "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=inner.eml",
                &inner,
            ),
        ],
    );
    let input = Input {
        bytes: mail.as_bytes(),
        name: "a.eml",
    };
    let conversion = convert(input, &converting(), &Limits::default(), &mut NoOcr).unwrap();
    let markdown = conversion.markdown();
    let (_, files) = markdown.split_once("## Attachments").unwrap();
    let places: Vec<usize> = [
        "x.bin",
        "### p.html",
        "#### Page",
        "here",
        "### Inner",
        "deep",
        "##### t.csv",
        "| c | d |",
    ]
    .iter()
    .map(|text| {
        files
            .find(text)
            .unwrap_or_else(|| panic!("{text} is not in {files}"))
    })
    .collect();
    assert!(places.is_sorted(), "{markdown}");
    // Ids are those of one document, and each is there once.
    let mut ids = Vec::new();
    for block in &conversion.pages[0].blocks {
        block.visit(&mut |block| ids.push(block.id));
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), ids[0].page), (count, 1));
    let listed = read("a.eml", mail.as_bytes()).unwrap().markdown();
    assert!(
        !listed.contains("#### Page") && !listed.contains("deep"),
        "{listed}"
    );
}

#[test]
fn blocks_say_which_message_they_are_of() {
    let inner = message_of("Inner", &[("Content-Type: text/plain", "deep")]);
    let mail = message_of(
        "Outer",
        &[
            ("Content-Type: text/plain", "text"),
            ("Content-Type: message/rfc822", &inner),
        ],
    );
    let mut places = Vec::new();
    for block in &blocks("a.eml", mail.as_bytes()) {
        block.visit(&mut |block| {
            if matches!(block.kind, BlockKind::Paragraph(_)) {
                places.push((plain_text(block), block.at.clone()));
            }
        });
    }
    let of = |text: &str| {
        places
            .iter()
            .find(|(own, _)| own == text)
            .map(|(_, at)| at.clone())
    };
    assert_eq!(of("text"), Some(Some(Place::Message(1))));
    assert_eq!(of("deep"), Some(Some(Place::Message(2))));
}

#[test]
fn messages_within_messages_are_read_to_a_bounded_depth_and_number() {
    let mut mail = String::new();
    for depth in 0..5_000 {
        mail.push_str(&format!(
            "From: a@x.example\r\nSubject: s{depth}\r\nContent-Type: message/rfc822\r\n\r\n"
        ));
    }
    mail.push_str("From: a@x.example\r\nSubject: last\r\n\r\ntext");
    let conversion = read("a.eml", mail.as_bytes()).unwrap();
    let markdown = conversion.markdown();
    assert!(
        markdown.contains("# s4") && !markdown.contains("# s5"),
        "{markdown}"
    );
    let warnings: Vec<&str> = conversion
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert!(warnings[0].starts_with("messages left out: 1 "), "{warnings:?}");
}

#[test]
fn files_beyond_those_that_are_converted_are_counted() {
    let parts: Vec<(&str, &str)> = std::iter::repeat_n((CSV, "a,b"), 60).collect();
    let mail = message_of("Many", &parts);
    let input = Input {
        bytes: mail.as_bytes(),
        name: "a.eml",
    };
    let conversion = convert(input, &converting(), &Limits::default(), &mut NoOcr).unwrap();
    assert_eq!(conversion.markdown().matches("### t.csv").count(), 50);
    let warnings: Vec<&str> = conversion
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(warnings, ["attachments not converted: 10 (more than 50)"]);
}

#[test]
fn a_broken_file_is_a_warning_and_the_budgets_are_those_of_the_message() {
    let broken = "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.docx";
    let mail = message_of("Broken", &[(broken, "PK\u{3}\u{4}broken"), (CSV, "a,b")]);
    let input = || Input {
        bytes: mail.as_bytes(),
        name: "a.eml",
    };
    let conversion = convert(input(), &converting(), &Limits::default(), &mut NoOcr).unwrap();
    assert!(conversion.markdown().contains("| a | b |"));
    assert!(
        conversion
            .warnings
            .iter()
            .any(|warning| warning.message.starts_with("attachment a.docx: ")),
        "{:?}",
        conversion.warnings
    );
    let limits = Limits {
        blocks: 8,
        ..Limits::default()
    };
    assert!(matches!(
        convert(input(), &converting(), &limits, &mut NoOcr),
        Err(ConvertError::LimitExceeded { .. })
    ));
}
