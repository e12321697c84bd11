use crate::markup::{Token, Tokens};

/// The tokens of a page in short.
fn tokens(html: &str) -> Vec<String> {
    let short = |token: Token<'_>| match token {
        Token::Text(text) => format!("text {text}"),
        Token::RawText => "raw".to_owned(),
        Token::Start(tag) => format!("start {}", tag.name),
        Token::End(name) => format!("end {name}"),
        Token::Hidden => "hidden".to_owned(),
    };
    Tokens::of(html).map(|(_, token)| short(token)).collect()
}

/// Pages and their tokens.
const PAGES: &[(&str, &[&str])] = &[
    ("", &[]),
    ("plain text", &["text plain text"]),
    ("<p>text</p>", &["start p", "text text", "end p"]),
    ("<P>text</P>", &["start P", "text text", "end P"]),
    ("<br/>x", &["start br", "text x"]),
    ("<a title=\"a > b\">x", &["start a", "text x"]),
    ("<a title='>'>x", &["start a", "text x"]),
    ("<a title=a\">x", &["start a", "text x"]),
    ("</p >x", &["end p", "text x"]),
    ("<!-- <p> -->x", &["hidden", "text x"]),
    ("<!-- a --!>x", &["hidden", "text x"]),
    ("<!-->x", &["hidden", "text x"]),
    ("<!--->x", &["hidden", "text x"]),
    ("<!-- never closed <p>", &["hidden"]),
    ("<!doctype html><p>", &["hidden", "start p"]),
    ("<?php echo 1 ?>x", &["hidden", "text x"]),
    (
        "<script>if (a < b) </script>x",
        &["start script", "raw", "end script", "text x"],
    ),
    ("<STYLE>p > a</style>", &["start STYLE", "raw", "end style"]),
    ("<script></script>x", &["start script", "end script", "text x"]),
    ("<script>never closed <p>", &["start script", "raw"]),
    ("1 < 2", &["text 1 ", "text < 2"]),
    ("<3 you", &["text <3 you"]),
    ("<p never closed", &["text <p never closed"]),
    ("<a title=\"never closed>x", &["text <a title=\"never closed>x"]),
    ("a<b>c", &["text a", "start b", "text c"]),
    ("\u{e9}<\u{e9}>\u{e9}", &["text \u{e9}", "text <\u{e9}>\u{e9}"]),
];

#[test]
fn pages_are_read_as_browsers_read_them() {
    for (html, expected) in PAGES {
        assert_eq!(tokens(html), *expected, "{html}");
    }
}

#[test]
fn tokens_cover_a_page_without_gaps() {
    for (html, _) in PAGES {
        let mut end = 0;
        for (range, token) in Tokens::of(html) {
            assert_eq!(range.start, end, "{html}");
            assert!(range.end > range.start, "{html}");
            if let Token::Text(text) = token {
                assert_eq!(html.get(range.clone()), Some(text), "{html}");
            }
            end = range.end;
        }
        assert_eq!(end, html.len(), "{html}");
    }
}
