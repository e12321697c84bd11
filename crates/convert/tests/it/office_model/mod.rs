//! Blocks of Office documents: pages, spans, notes, comments, hidden content.

mod cell_lines;
mod hidden_text;
mod sheets;

use ilios_convert::ir::{BlockKind, plain_text};
use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, convert};

use crate::documents::{package, read};

const WORD: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(relations: &[(&str, &str)]) -> String {
    let relations: String = (0..)
        .zip(relations)
        .map(|(id, (kind, target))| {
            format!("<Relationship Id='r{id}' Type='{OFFICE}/{kind}' Target='{target}'/>")
        })
        .collect();
    format!("<Relationships xmlns='{RELATIONS}'>{relations}</Relationships>")
}

fn types(part: &str, kind: &str) -> String {
    format!(
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/{part}' \
         ContentType='application/vnd.openxmlformats-officedocument.{kind}.main+xml'/></Types>"
    )
}

fn word_package(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let part = "word/document.xml";
    let document = format!("<w:document {WORD}><w:body>{body}</w:body></w:document>");
    let (types, root) = (
        types(part, "wordprocessingml.document"),
        relations(&[("officeDocument", part)]),
    );
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        (part, document.as_bytes()),
    ];
    parts.extend(more.iter().map(|(name, text)| (*name, text.as_bytes())));
    package(&parts)
}

fn presentation(titles: &[&str]) -> Vec<u8> {
    let pages: String = titles
        .iter()
        .map(|title| {
            format!(
                "<draw:page draw:name='p'><draw:frame presentation:class='title'><draw:text-box><text:p>{title}</text:p></draw:text-box>\
                 </draw:frame><draw:frame><draw:text-box><text:p>about {title}</text:p></draw:text-box></draw:frame></draw:page>"
            )
        })
        .collect();
    let oasis = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        "<office:document-content xmlns:office='{oasis}:office:1.0' xmlns:text='{oasis}:text:1.0' xmlns:draw='{oasis}:drawing:1.0' \
         xmlns:presentation='{oasis}:presentation:1.0'><office:body><office:presentation>{pages}</office:presentation></office:body>\
         </office:document-content>"
    );
    package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.presentation"),
        ("content.xml", content.as_bytes()),
    ])
}

fn read_pages(name: &str, bytes: &[u8], pages: &str) -> Result<Conversion, ConvertError> {
    let options = Options {
        pages: Some(pages.parse().unwrap()),
        ..Options::default()
    };
    convert(Input { bytes, name }, &options, &Limits::default(), &mut NoOcr)
}

fn messages(conversion: &Conversion) -> Vec<&str> {
    conversion
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect()
}

#[test]
fn each_slide_is_a_page_with_its_title_as_the_label() {
    let conversion = read("a.odp", &presentation(&["One", "Two", "Three"])).unwrap();
    let labels: Vec<_> = conversion
        .pages
        .iter()
        .map(|page| (page.number, page.label.as_deref()))
        .collect();
    assert_eq!(labels, [(1, Some("One")), (2, Some("Two")), (3, Some("Three"))]);
    assert_eq!(conversion.pages[1].markdown, "## Two\n\nabout Two");
}

#[test]
fn chosen_slides_alone_are_converted_and_all_are_counted() {
    let conversion = read_pages("a.odp", &presentation(&["One", "Two", "Three"]), "2-3").unwrap();
    let numbers: Vec<u32> = conversion.pages.iter().map(|page| page.number).collect();
    assert_eq!(numbers, [2, 3]);
    assert_eq!(conversion.metadata.page_count, Some(3));
    assert!(!conversion.markdown().contains("One"));
}

#[test]
fn slides_beyond_the_last_are_an_error_that_tells_the_count() {
    let error = read_pages("a.odp", &presentation(&["One"]), "2").unwrap_err();
    assert_eq!(error.code(), "empty_document");
    assert!(error.to_string().contains("the document has 1"), "{error}");
}

#[test]
fn pages_of_a_document_without_pages_are_refused() {
    let word = word_package("<w:p><w:r><w:t>x</w:t></w:r></w:p>", &[]);
    for (name, bytes) in [
        ("a.docx", word.as_slice()),
        ("a.txt", b"x"),
        ("a.csv", b"a,b\n1,2\n"),
    ] {
        assert_eq!(
            read_pages(name, bytes, "1").unwrap_err().code(),
            "pages_not_supported",
            "{name}"
        );
    }
}

#[test]
fn raised_and_lowered_text_of_a_word_document_is_marked() {
    let run = |place: &str, text: &str| {
        format!("<w:r><w:rPr><w:vertAlign w:val='{place}'/></w:rPr><w:t>{text}</w:t></w:r>")
    };
    let body = format!(
        "<w:p><w:r><w:t>H</w:t></w:r>{}<w:r><w:t>O, m</w:t></w:r>{}</w:p>",
        run("subscript", "2"),
        run("superscript", "3")
    );
    let conversion = read("a.docx", &word_package(&body, &[])).unwrap();
    assert_eq!(conversion.markdown(), "H<sub>2</sub>O, m<sup>3</sup>\n");
}

#[test]
fn a_comment_of_a_word_document_is_a_block_that_the_text_leaves_out() {
    let comments = format!(
        "<w:comments {WORD}><w:comment w:id='0' w:author='Ann' w:date='2024-01-02T03:04:05Z'><w:p><w:r><w:t>Is this </w:t></w:r>\
         <w:r><w:t>true?</w:t></w:r></w:p><w:p><w:r><w:t>Ask.</w:t></w:r></w:p></w:comment></w:comments>"
    );
    let related = relations(&[("comments", "comments.xml")]);
    let more = [
        ("word/comments.xml", comments.as_str()),
        ("word/_rels/document.xml.rels", related.as_str()),
    ];
    let conversion = read(
        "a.docx",
        &word_package("<w:p><w:r><w:t>Body.</w:t></w:r></w:p>", &more),
    )
    .unwrap();
    assert_eq!(conversion.markdown(), "Body.\n");
    let BlockKind::Comment(comment) = &conversion.pages[0].blocks[1].kind else {
        panic!("{:?}", conversion.pages[0].blocks);
    };
    assert_eq!(
        (
            comment.author.as_deref(),
            comment.date.as_deref(),
            comment.text.as_str()
        ),
        (Some("Ann"), Some("2024-01-02T03:04:05Z"), "Is this true?\nAsk.")
    );
    assert_eq!(messages(&conversion), ["comments left out of the text: 1"]);
}

#[test]
fn a_footnote_is_a_block_that_its_reference_leads_to() {
    let notes = format!(
        "<w:footnotes {WORD}><w:footnote w:id='2'><w:p><w:r><w:t>Small print.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    );
    let related = relations(&[("footnotes", "footnotes.xml")]);
    let more = [
        ("word/footnotes.xml", notes.as_str()),
        ("word/_rels/document.xml.rels", related.as_str()),
    ];
    let body = "<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>";
    let conversion = read("a.docx", &word_package(body, &more)).unwrap();
    assert_eq!(conversion.markdown(), "Text[^1]\n\n[^1]: Small print.\n");
    let blocks = &conversion.pages[0].blocks;
    let run = blocks[0].kind.inlines().unwrap().last().unwrap();
    let ilios_convert::ir::Inline::Run(run) = run else {
        panic!("{run:?}");
    };
    assert_eq!(run.marks.as_ref().unwrap().note, Some(blocks[1].id));
}

#[test]
fn paragraphs_with_check_boxes_are_items_of_one_list() {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body: String = ["☒ done", "☐ open", "after"]
        .iter()
        .map(|text| paragraph(text))
        .collect();
    let conversion = read("a.docx", &word_package(&body, &[])).unwrap();
    let BlockKind::List(list) = &conversion.pages[0].blocks[0].kind else {
        panic!("{:?}", conversion.pages[0].blocks);
    };
    let items: Vec<_> = list
        .items
        .iter()
        .map(|item| {
            (
                item.checked,
                item.blocks.iter().map(plain_text).collect::<String>(),
            )
        })
        .collect();
    assert_eq!(
        items,
        [(Some(true), "done".to_owned()), (Some(false), "open".to_owned())]
    );
    assert_eq!(conversion.markdown(), "- [x] done\n- [ ] open\n\nafter\n");
}
