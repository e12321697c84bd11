//! Blocks of mail, notebooks, data and plain text.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by a panic, also in what its functions share"
)]

use ilios_convert::ir::{Block, BlockKind, HeaderKind, plain_text};
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
