//! Tables of cases for the detection of text formats.

mod heads;
mod names;

use super::{Format, mail, markup, table, text};

#[test]
fn delimited_values_have_equal_fields_on_each_line() {
    for (text, expected) in [
        ("a\tb\n1\t2\n3\t4\n", Some(Format::Tsv)),
        ("a;b\n1;2\n3;4\n", Some(Format::Csv)),
        ("a,b,c\n1,2,3\n4,5,6\n", Some(Format::Csv)),
        ("a,b\n1,2\n3,4\n", None),
        ("a;b\n1;2\n3\n", None),
        ("a;b\n1;2\n", None),
        ("\"a;b\";c\n1;2\n3;4\n", Some(Format::Csv)),
        ("a;b\n1;2\n3;4\n\n\n", Some(Format::Csv)),
        ("prose\nof\nlines\n", None),
        ("", None),
    ] {
        assert_eq!(table::detect(text, true), expected, "{text:?}");
    }
    // The last line of a beginning may be cut off.
    assert_eq!(
        table::detect("a;b;c\n1;2;3\n4;5;6\n7;8", false),
        Some(Format::Csv)
    );
}

#[test]
fn messages_begin_with_fields_of_transport() {
    for (text, named, expected) in [
        ("Received: by x\nFrom: a@b\nTo: c@d\n\nHello", false, true),
        (
            "From a@b Mon\nMessage-ID: <1>\nFrom: a@b\nTo: c@d\n\nHello",
            false,
            true,
        ),
        ("From: a@b\nTo: c@d\nSubject: x\n\nA memo", false, false),
        ("From: a@b\nTo: c@d\n\nA memo", true, true),
        (
            "Received: by x\n continued\nDate: today\nFrom: a@b\n",
            false,
            true,
        ),
        ("Title: a text\nwith: colons\n", true, false),
        ("No header at all", true, false),
    ] {
        assert_eq!(mail::is_message(text, named), expected, "{text:?}");
    }
}

#[test]
fn json_is_parsed_and_notebooks_are_told_by_their_keys() {
    for (text, whole, expected) in [
        ("{\"a\": 1}", true, Some(Format::Json)),
        ("[1, 2]", true, Some(Format::Json)),
        ("{\"cells\": [], \"nbformat\": 4}", true, Some(Format::Ipynb)),
        ("{\"a\": ", true, None),
        ("{\"a\": ", false, Some(Format::Json)),
        ("{a: 1}", true, None),
        ("[link] in a text", false, None),
        ("plain", true, None),
    ] {
        assert_eq!(markup::json(text, whole), expected, "{text:?}");
    }
}

#[test]
fn tags_tell_html_from_xml() {
    for (text, named, expected) in [
        ("<!DOCTYPE html><html></html>", None, Some(Format::Html)),
        ("<!-- a --><p>text</p>", None, Some(Format::Html)),
        ("<?xml version=\"1.0\"?><a/>", None, Some(Format::Xml)),
        ("<?xml version=\"1.0\"?><html/>", None, Some(Format::Html)),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", None, Some(Format::Xml)),
        ("<order>1</order>", None, Some(Format::Xml)),
        ("<order>1", None, None),
        ("<p>a paragraph", Some(Format::Markdown), None),
        ("<p>1</p>", Some(Format::Xml), Some(Format::Xml)),
        ("<3 you", None, None),
        ("text <b>", None, None),
    ] {
        assert_eq!(markup::tagged(text, true, named), expected, "{text:?}");
    }
}

#[test]
fn few_control_characters_are_text_and_many_are_not() {
    let many = [b'a', 1, 2, 3].repeat(20);
    for (bytes, is_text) in [
        (&b"plain"[..], true),
        (b"one bell \x07", true),
        (b"", true),
        (b"\xff\xfea\0b\0", true),
        (many.as_slice(), false),
    ] {
        assert_eq!(text::head(bytes, 1024).is_some(), is_text, "{bytes:?}");
    }
}

#[test]
fn utf_16_is_told_by_its_mark_or_its_zeros() {
    for (bytes, expected) in [
        (&b"\xff\xfea\0"[..], Some(encoding_rs::UTF_16LE)),
        (b"\xfe\xff\0a", Some(encoding_rs::UTF_16BE)),
        (b"a\0b\0c\0d\0", Some(encoding_rs::UTF_16LE)),
        (b"\0a\0b\0c\0d", Some(encoding_rs::UTF_16BE)),
        (b"abcdefgh", None),
        (b"a\0\0b\0\0c\0", None),
    ] {
        assert_eq!(text::utf16(bytes), expected, "{bytes:?}");
    }
}
