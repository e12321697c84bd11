//! Properties of every format, and formats with few cases of their own.

use ilios_convert::{ConvertError, Limits};

use crate::documents::{markdown, read, read_within};

#[test]
fn input_and_output_have_their_limits() {
    let limits = Limits {
        input_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.txt", b"eleven byte").unwrap_err(),
        ConvertError::TooLarge { bytes: 11, limit: 10 }
    );
    let limits = Limits {
        output_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.txt", b"eleven byte").unwrap_err().code(),
        "limit_exceeded"
    );
}

#[test]
fn nesting_beyond_the_limit_is_refused_in_every_format() {
    let deep = 200_000;
    for (name, bytes) in [
        ("a.html", "<div>".repeat(deep)),
        ("a.html", format!("<html>{}", "<b>".repeat(deep))),
        ("a.json", "[".repeat(deep) + &"]".repeat(deep)),
        (
            "a.xml",
            format!(
                "<?xml version='1.0'?>{}x{}",
                "<a>".repeat(deep),
                "</a>".repeat(deep)
            ),
        ),
        (
            "a.ipynb",
            format!(
                "{{\"cells\":[],\"nbformat\":4,\"metadata\":{}{}}}",
                "[".repeat(deep),
                "]".repeat(deep)
            ),
        ),
        (
            "a.eml",
            format!(
                "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n{}x",
                "<i>".repeat(deep)
            ),
        ),
    ] {
        match read(name, bytes.as_bytes()) {
            Err(error) => assert_eq!(error.code(), "limit_exceeded", "{name}"),
            // A message is more than its body.
            Ok(conversion) => assert!(name == "a.eml" && !conversion.markdown().is_empty(), "{name}"),
        }
    }
}

#[test]
fn one_wide_record_does_not_make_a_table_beyond_the_limit() {
    let csv = format!("{}x\n{}", ",".repeat(10_000), "x\n".repeat(20_000));
    let error = read("a.csv", csv.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
}

#[test]
fn two_bytes_of_a_picture_are_a_broken_picture() {
    assert_eq!(read("a.jpg", b"\xff\xd8").unwrap_err().code(), "invalid_document");
}

#[test]
fn files_cut_or_changed_anywhere_never_panic() {
    let folder = std::path::Path::new(".").join("tests/fixtures/corpus");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        for part in 1..8 {
            let _ = read(&name, &bytes[..bytes.len() * part / 8]);
            let mut changed = bytes.clone();
            for at in (part..changed.len()).step_by(97) {
                changed[at] ^= 0x55;
            }
            let _ = read(&name, &changed);
        }
    }
}

#[test]
fn what_was_found_before_is_not_found_again() {
    let folder = std::path::Path::new(".").join("tests/fixtures/findings");
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let shown = match read(&name, &std::fs::read(&path).unwrap()) {
            Ok(conversion) => conversion.markdown(),
            Err(error) => error.to_string(),
        };
        assert!(!shown.contains(hidden), "{name}: {shown:?}");
    }
}

#[test]
fn control_characters_neither_hide_a_page_nor_reach_the_result() {
    let controls: Vec<u8> = (0..32).collect();
    let page = [b"<p>seen".as_slice(), &controls, b"\x1b[31mred\x1b[0m\x7f</p>"].concat();
    let text = markdown("a.html", &page);
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(
        text.contains("seen") && text.contains("[31mred") && !text.contains(hidden),
        "{text:?}"
    );
    assert!(!markdown("a.txt", b"plain \x1b[31mred\n").contains('\x1b'));
}

#[test]
fn titles_and_authors_steer_no_terminal() {
    let page =
        "<html><head><title>a\u{1b}[2J\u{9b}b</title><meta name=author content='c\u{85}d'></head>text</html>";
    let metadata = read("a.html", page.as_bytes()).unwrap().metadata;
    assert_eq!(metadata.title.as_deref(), Some("a[2Jb"));
    assert_eq!(metadata.author.as_deref(), Some("cd"));
}
