//! Reads written Markdown back by a parser, which has to show the text as it was, and nothing else.

use pulldown_cmark::{Event, Parser, Tag};

use crate::write::markdown::{EXTENSIONS, code, code_span, escape, escape_line};

/// Texts that look like markup of every kind.
const TEXTS: &[&str] = &[
    "plain text",
    "1. item",
    "12) item",
    "1986. That was a good year",
    "1.",
    "# heading",
    "#hashtag",
    "- item",
    "-5 degrees",
    "+ item",
    "* item",
    "+",
    "*",
    "-",
    "> quote",
    ">quote",
    "---",
    "- - -",
    "***",
    "* * *",
    "___",
    "_ _ _",
    "===",
    "=",
    "```",
    "````x",
    "~~~",
    "~~~~",
    "| a | b |",
    "a | b",
    "|---|---|",
    ":-- | --:",
    "<b>bold</b>",
    "<!-- hidden -->",
    "<?php echo 1 ?>",
    "<a href=\"x\">",
    "</p>",
    "<https://bay.example>",
    "a < b > c",
    "x<y>z",
    "https://bay.example/a_b_c",
    "office@bay.example",
    "&amp;",
    "&#65;",
    "&#x41;",
    "&nbsp;",
    "&copy 1986",
    "AT&T; R&D",
    "*emphasis*",
    "**strong**",
    "2*3*4",
    "5 * 3 * 2",
    "a footnote*",
    "_emphasis_",
    "__init__",
    "snake_case_name",
    "_private and public_",
    "`code`",
    "a ` b ` c",
    "one ` tick",
    "``",
    "~~struck~~",
    "about ~ 5",
    "[link](target)",
    "[link](<target> 'title')",
    "[a][b]",
    "[a]",
    "[a]: target",
    "[^1]",
    "[^1]: note",
    "![picture](target)",
    "array[0](x)",
    "\\",
    "a\\",
    "\\*",
    "\\\\server\\share",
    "C:\\dir\\file",
    "\\[a](b)",
    "\\<b>",
    "$x_1$ and $x_2$",
    "x^2^",
    "Grüße \u{2013} 東京 \u{1f600}",
];

/// The text as a reader sees it, and before it the blocks that it stands in. Anything else that the parser finds is
/// shown as well, so that it differs from what is expected.
fn seen(markdown: &str) -> String {
    let (mut blocks, mut text) = (Vec::new(), String::new());
    for event in Parser::new_ext(markdown, EXTENSIONS) {
        match event {
            Event::Start(Tag::Paragraph) => blocks.push("paragraph".to_owned()),
            Event::Start(Tag::Heading { level, .. }) => blocks.push(level.to_string()),
            Event::Start(Tag::List(None)) => blocks.push("list".to_owned()),
            Event::Start(Tag::Item) => blocks.push("item".to_owned()),
            Event::Text(part) => text.push_str(&part),
            Event::End(_) => {}
            other => blocks.push(format!("{other:?}")),
        }
    }
    format!("{}: {text}", blocks.join(" "))
}

/// Markdown of the texts that a reader sees otherwise than as `expected`.
fn misread(write: impl Fn(&str) -> String, expected: impl Fn(&str) -> String) -> Vec<String> {
    let misread = TEXTS.iter().filter(|text| seen(&write(text)) != expected(text));
    misread.map(|text| write(text)).collect()
}

#[test]
fn any_text_is_a_paragraph() {
    let misread = misread(escape_line, |text| format!("paragraph: {text}"));
    assert!(misread.is_empty(), "{misread:#?}");
}

#[test]
fn any_text_goes_on_in_the_middle_of_a_line() {
    let misread = misread(
        |text| format!("see {} here", escape(text)),
        |text| format!("paragraph: see {text} here"),
    );
    assert!(misread.is_empty(), "{misread:#?}");
}

#[test]
fn any_text_is_an_item() {
    let misread = misread(
        |text| format!("- {}", escape_line(text)),
        |text| format!("list item: {text}"),
    );
    assert!(misread.is_empty(), "{misread:#?}");
}

#[test]
fn any_text_is_code() {
    for &text in TEXTS {
        let listing = format!("{text}\n\n    {text}\n\tend\n");
        let written = code("text", &listing);
        let mut events = Parser::new_ext(&written, EXTENSIONS);
        let first = events.next();
        assert!(
            matches!(first, Some(Event::Start(Tag::CodeBlock(_)))),
            "{first:?}"
        );
        let read: String = events
            .filter_map(|event| match event {
                Event::Text(part) => Some(part.into_string()),
                Event::End(_) => None,
                other => Some(format!("{other:?}")),
            })
            .collect();
        assert_eq!(read, listing);
    }
}

#[test]
fn any_text_is_a_code_span() {
    for &text in TEXTS {
        let written = code_span(text);
        let events: Vec<Event<'_>> = Parser::new_ext(&written, EXTENSIONS).collect();
        let [Event::Start(Tag::Paragraph), Event::Code(code), Event::End(_)] = events.as_slice() else {
            panic!("{written}: {events:?}");
        };
        assert_eq!(&**code, text);
    }
}
