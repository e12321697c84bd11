use super::{Format, mail, markup, table, text};

#[test]
fn what_stands_before_the_first_tag_is_skipped() {
    for (text, expected) in [
        ("<!-- <order> --><html>", Some(Format::Html)),
        ("<!-- one -->\n<!-- two -->\n<p>x", Some(Format::Html)),
        ("<?xml-stylesheet href=\"a\"?><order/>", Some(Format::Xml)),
        (
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\n<p>x",
            Some(Format::Html),
        ),
        ("<!doctype html>", Some(Format::Html)),
        ("<!DOCTYPE order SYSTEM \"order.dtd\"><order>", Some(Format::Xml)),
        (
            "<!DOCTYPE order [<!ELEMENT order (#PCDATA)>]>\n<order>",
            Some(Format::Xml),
        ),
        ("<!-- never closed <p>x", None),
        ("<!DOCTYPE order", None),
    ] {
        assert_eq!(markup::tagged(text, true, None), expected, "{text:?}");
    }
}

#[test]
fn the_first_tag_tells_the_format() {
    for (text, expected) in [
        ("<HTML>", Some(Format::Html)),
        ("<html\n lang=\"en\">", Some(Format::Html)),
        ("<xhtml:html xmlns:xhtml=\"x\">", Some(Format::Html)),
        ("<h1>Tides</h1>", Some(Format::Html)),
        ("<br/>", Some(Format::Html)),
        ("<svg><path/></svg>", Some(Format::Xml)),
        ("<tide height=\"4\"/>", Some(Format::Xml)),
        ("<a:tide></a:tide>\n", Some(Format::Xml)),
        ("<Überschrift>x</Überschrift>", Some(Format::Xml)),
        ("<tide></wave>", None),
        ("<tide> is an element of our format", None),
        ("<>", None),
        ("< p>", None),
        ("</p>", None),
        ("<-- an arrow", None),
    ] {
        assert_eq!(markup::tagged(text, true, None), expected, "{text:?}");
    }
}

#[test]
fn only_a_whole_file_shows_that_its_root_is_closed() {
    for (text, whole, expected) in [
        ("<tide><height>4</height></tide>", true, Some(Format::Xml)),
        ("<tide><height>4</height></tide>", false, None),
        ("<?xml version=\"1.0\"?><tide><hei", false, Some(Format::Xml)),
        ("<p>a paragraph", false, Some(Format::Html)),
    ] {
        assert_eq!(markup::tagged(text, whole, None), expected, "{text:?} {whole}");
    }
}

#[test]
fn json_may_be_cut_off_only_where_more_follows() {
    for (text, whole, expected) in [
        ("[]", true, Some(Format::Json)),
        ("{}", true, Some(Format::Json)),
        ("{\"a\": \"b", false, Some(Format::Json)),
        ("[1, 2", false, Some(Format::Json)),
        ("[1, 2", true, None),
        ("[1, 2] and more", true, None),
        ("[1] A reference.", false, None),
        ("{\"cells\": [{\"cell_type\": \"mark", false, Some(Format::Ipynb)),
        ("{\"cells\": [1, 2]}", true, Some(Format::Json)),
        ("[{\"cells\": 1, \"nbformat\": 4}]", true, Some(Format::Json)),
        ("\"a string\"", true, None),
        ("42", true, None),
    ] {
        assert_eq!(markup::json(text, whole), expected, "{text:?} {whole}");
    }
}

#[test]
fn fields_of_messages_are_told_from_other_lines_with_colons() {
    for (text, named, expected) in [
        ("received: by x\nFROM: a@b\nsubject: tides\n\nHello", false, true),
        ("Received: by x\r\nFrom: a@b\r\nTo: c@d\r\n\r\nHello", false, true),
        ("Received : by x\nFrom : a@b\nTo : c@d\n", false, true),
        (
            "Received: by x\nMessage-ID: <1>\nMIME-Version: 1.0\n",
            false,
            false,
        ),
        ("\nReceived: by x\nFrom: a@b\nTo: c@d\n", false, false),
        ("Received: by x\n\nFrom: a@b\nTo: c@d\n", false, false),
        (
            "Received by us\nFrom: a@b\nTo: c@d\nMessage-ID: <1>\n",
            false,
            false,
        ),
        ("Two words: a\nReceived: by x\nFrom: a@b\nTo: c@d\n", false, false),
        ("Subject: tides\n\nHello", true, false),
        ("Subject: tides\nDate: today\n\nHello", true, true),
        ("", true, false),
    ] {
        assert_eq!(mail::is_message(text, named), expected, "{text:?}");
    }
}

#[test]
fn lines_of_values_are_told_from_prose() {
    for (text, whole, expected) in [
        ("a,b,c\n1,\"2,5\",3\n4,\"5,5\",6", true, Some(Format::Csv)),
        ("a\t\"b\tc\"\n1\t2\n3\t4", true, Some(Format::Tsv)),
        ("a\tb;c\n1\t2;3\n4\t5;6", true, Some(Format::Tsv)),
        ("a,b,c\r\n1,2,3\r\n4,5,6\r\n", true, Some(Format::Csv)),
        ("First, second.\nThird, fourth.\nFifth, sixth.", true, None),
        ("a,b,c\n1,2,3\n4,5", true, None),
        ("a,b,c\n1,2,3\n4,5,6\n7,8", false, Some(Format::Csv)),
        ("a,b,c\n1,2,3\n4,5", false, None),
    ] {
        assert_eq!(table::detect(text, whole), expected, "{text:?} {whole}");
    }
    let long = "1;2\n".repeat(20) + "and a note below the values";
    assert_eq!(table::detect(&long, true), Some(Format::Csv));
}

#[test]
fn the_beginning_of_a_text_is_decoded() {
    for (bytes, length, expected) in [
        (&b"plain text"[..], 5, Some("plain")),
        (b"\xef\xbb\xbfmarked", 99, Some("marked")),
        (b"\xff\xfeh\0i\0", 99, Some("hi")),
        (b"\xfe\xff\0h\0i", 99, Some("hi")),
        (
            b"tab\tline\r\nform\x0cfeed \x1b[0m",
            99,
            Some("tab\tline\r\nform\x0cfeed \x1b[0m"),
        ),
        (b"a zero\0 byte", 99, Some("a zero byte")),
        (b"\x01\x02\x03", 99, None),
    ] {
        assert_eq!(text::head(bytes, length).as_deref(), expected, "{bytes:?}");
    }
}

#[test]
fn broken_pages_are_told_by_their_first_tag() {
    for (bytes, is_page) in [
        (&b"<html>\x01\x02\x03\x04"[..], true),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>\x01\x02", true),
        (b"\0<\0p\0>", true),
        (b"<\x01\x02\x03", false),
        (b"text <p>", false),
        (b"", false),
    ] {
        assert_eq!(text::tagged_head(bytes, 99).is_some(), is_page, "{bytes:?}");
    }
}
