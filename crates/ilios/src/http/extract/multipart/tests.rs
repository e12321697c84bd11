use bytes::Bytes;
use proptest::prelude::*;

use super::boundary;
use super::fault::Fault;
use super::limits::MAX_HEAD;
use super::scanner::{Event, Scanner};

/// The parts of a form: names, file names and contents.
type Parts = Vec<(Option<String>, Option<String>, Vec<u8>)>;

fn read(form: &[u8], pieces: impl IntoIterator<Item = usize>) -> Result<Parts, Fault> {
    let mut scanner = Scanner::new("b");
    let (mut parts, mut rest) = (Parts::new(), form);
    let mut pieces = pieces.into_iter();
    while !rest.is_empty() {
        let length = pieces.next().unwrap_or(rest.len()).clamp(1, rest.len());
        scanner.feed(Bytes::copy_from_slice(&rest[..length]));
        rest = &rest[length..];
        while let Some(event) = scanner.next()? {
            match event {
                Event::Part(head) => parts.push((head.name, head.file_name, Vec::new())),
                Event::Data(bytes) => parts.last_mut().expect("a part").2.extend_from_slice(&bytes),
                Event::PartEnd => {}
            }
        }
    }
    scanner.end().map(|()| parts)
}

fn whole(form: &str) -> Result<Parts, Fault> {
    let form = form.as_bytes();
    let whole = read(form, []);
    assert_eq!(read(form, std::iter::repeat(1)), whole, "in single bytes");
    if form.len() < 600 {
        for at in 1..form.len() {
            assert_eq!(read(form, [at]), whole, "in two pieces, at {at}");
        }
    }
    whole
}

fn part(head: &str, content: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
}

#[test]
fn parts_are_found_whatever_looks_like_a_boundary() {
    let contents = [
        "",
        "text",
        "\r\n",
        "\r",
        "\r\n-",
        "\r\n--",
        "\r\n--c",
        "\r\r\n--\r\n--",
        "--b",
        "\n--b\n",
        "-\r\n--\r\n-b\r\n",
    ];
    let form: String = contents
        .iter()
        .map(|content| part("name=\"x\"", content))
        .collect();
    let parts = whole(&format!("{form}--b--\r\n")).expect("a form");
    let read: Vec<_> = parts.iter().map(|(_, _, content)| content.as_slice()).collect();
    assert_eq!(read, contents.map(str::as_bytes));
}

#[test]
fn names_preamble_padding_and_epilogue_are_read_as_written() {
    let form = "This is a form.\r\n--b \t \r\ncontent-type: a/b\r\nCONTENT-DISPOSITION:form-data;name=x;\
                filename*=UTF-8''na%C3%AFve.txt\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b-- and more\r\n--b\r\n";
    let expected = vec![
        (
            Some("x".to_owned()),
            Some("naïve.txt".to_owned()),
            b"one".to_vec(),
        ),
        (None, None, b"two".to_vec()),
    ];
    assert_eq!(whole(form), Ok(expected));
    assert_eq!(whole("--b--"), Ok(Parts::new()));
}

#[test]
fn each_limit_is_exact() {
    let end = "--b--";
    let head = |bytes: usize| {
        let start = "--b\r\nX: ";
        format!("{start}{}\r\n\r\n\r\n{end}", "x".repeat(bytes - 3))
    };
    let headers = |count: usize| format!("--b\r\n{}\r\n\r\n{end}", "X: y\r\n".repeat(count));
    let file = |bytes: usize| {
        let name = "n".repeat(bytes);
        format!(
            "{}{end}",
            part(&format!("name=\"file\"; filename=\"{name}\""), "text")
        )
    };
    for (largest, over, fault) in [
        (head(MAX_HEAD), head(MAX_HEAD + 1), Fault::Head),
        (headers(20), headers(21), Fault::Headers),
        (file(4096), file(4097), Fault::FileName),
        (
            format!("{}\r\n{end}", "p".repeat(1022)),
            format!("{}\r\n{end}", "p".repeat(1025)),
            Fault::Preamble,
        ),
        (
            format!("{end}{}", "e".repeat(64 << 10)),
            format!("{end}{}", "e".repeat((64 << 10) + 1)),
            Fault::Epilogue,
        ),
        (
            format!("{}{end}", part("name=x", "").repeat(1000)),
            format!("{}{end}", part("name=x", "").repeat(1001)),
            Fault::Parts,
        ),
    ] {
        assert!(whole(&largest).is_ok(), "{fault}: {:?}", whole(&largest));
        assert_eq!(whole(&over), Err(fault));
    }
}

#[test]
fn what_is_no_form_is_refused() {
    let part = part("name=x", "text");
    for (form, fault) in [
        (part.as_str(), Fault::Incomplete),
        ("", Fault::Incomplete),
        ("--b\r\nX: y", Fault::Incomplete),
        ("--bc\r\n\r\n", Fault::Boundary),
        ("--b\n\n", Fault::Boundary),
        ("--b-\r\n", Fault::Boundary),
        ("--b\r\nno colon\r\n\r\n", Fault::Header),
        ("--b\r\n: nameless\r\n\r\n", Fault::Header),
        ("--b\r\nX: y\r\n folded\r\n\r\n", Fault::Header),
        ("--b\r\nX: a\0b\r\n\r\n", Fault::Header),
        (
            "--b\r\nContent-Disposition: form-data; name=a\r\ncontent-disposition: form-data; name=b\r\n\r\n",
            Fault::Header,
        ),
    ] {
        assert_eq!(whole(form), Err(fault), "{form:?}");
    }
}

#[test]
fn the_media_type_names_the_boundary() {
    for (media_type, expected) in [
        ("multipart/form-data; boundary=b", Some("b")),
        ("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"", Some("a b")),
        ("multipart/form-data", None),
        ("multipart/form-data; boundary=", None),
        ("multipart/form-data; boundary=a; boundary=b", None),
        ("multipart/mixed; boundary=b", None),
        ("text/plain; x=multipart/form-data; boundary=b", None),
    ] {
        let value = media_type.parse().expect("a header");
        assert_eq!(boundary(&value).as_deref(), expected, "{media_type}");
    }
}

proptest! {
    /// Bytes of what forms are made of, cut anywhere.
    #[test]
    fn pieces_make_no_difference(
        form in "(--b|-|b|\r\n|\r|\n|\r\n--b|\r\n\r\n|--b\r\nX: y\r\n\r\n|--b--|: | |x){0,40}",
        pieces in prop::collection::vec(1_usize..12, 0..80),
    ) {
        prop_assert_eq!(read(form.as_bytes(), pieces), read(form.as_bytes(), []));
    }

    #[test]
    fn what_was_put_in_comes_out(
        contents in prop::collection::vec("(--|b|\r\n|\r|\n|\r\n--|\r\n-|x|\\PC){0,20}", 0..6),
        pieces in prop::collection::vec(1_usize..40, 0..80),
    ) {
        let holds_boundary = |content: &String| format!("{content}\r\n").contains("\r\n--b");
        prop_assume!(!contents.iter().any(holds_boundary));
        let mut form: String = contents.iter().map(|content| part("name=x", content)).collect();
        form.push_str("--b--\r\n");
        let read = read(form.as_bytes(), pieces).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        let read: Vec<_> = read.into_iter().map(|(_, _, content)| content).collect();
        let contents: Vec<_> = contents.into_iter().map(String::into_bytes).collect();
        prop_assert_eq!(read, contents);
    }
}
